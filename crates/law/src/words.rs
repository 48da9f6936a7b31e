//! The closed word lists and the names of the law: what a pack may say, and how each word is spelt in files.

use std::fmt;

/// A closed list of words: every enum of this module, so that one reader and one message serve them all.
pub trait Word: Copy + 'static {
    /// Every word of the list, in its order.
    fn all() -> &'static [Self];
    /// The word as files spell it.
    fn spelling(self) -> &'static str;
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $word:ident = $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$word_doc])* $word,)+ }

        impl $name {
            /// Every word of the list, in its order.
            pub const ALL: &'static [$name] = &[$($name::$word,)+];

            /// The word as files, events and reports spell it.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $($name::$word => $code,)+ }
            }

            /// The word that is spelt so, if there is one.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($code => Some($name::$word),)+ _ => None }
            }
        }

        impl Word for $name {
            fn all() -> &'static [Self] { Self::ALL }
            fn spelling(self) -> &'static str { self.code() }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.code()) }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }
    };
}

pub(crate) use words;

words! {
    /// What federal immigration authorities may ask of a city. One request has one or more of these.
    Ask {
        /// Keep a person in custody after release is due.
        Hold = "hold",
        /// Hand a person over.
        Transfer = "transfer",
        /// Tell when a person is released.
        Notify = "notify",
        /// Let a person in custody be questioned.
        Interview = "interview",
        /// Give information about a person.
        Information = "information",
        /// Let federal officers into a place or a system.
        Access = "access",
        /// Arrest a person.
        Arrest = "arrest",
        /// Work together in an operation.
        JointOperation = "joint-operation",
        /// Lend people, places or money.
        Support = "support",
        /// Ask a person about immigration status.
        Inquire = "inquire",
        /// Is this paper a request that the report counts?
        Count = "count",
    }
}

words! {
    /// What the law says of one ask, strictest first. There is no "must hold", and `not-regulated` is not "allowed".
    Says {
        /// The law forbids it.
        Prohibited = "prohibited",
        /// The text is missing, unclear, or at odds with itself: a lawyer decides.
        NeedsLegalReview = "needs-legal-review",
        /// The law does not forbid it, and says so; it never requires it.
        Permitted = "permitted",
        /// The law that was asked is silent; other law may apply.
        NotRegulated = "not-regulated",
    }
}

words! {
    /// How well the text of a section, and so an answer, is known: strongest first.
    Basis {
        /// Certified text from the office that keeps it.
        Certified = "certified",
        /// Exact words seen in a copy or a quotation.
        Quoted = "quoted",
        /// Reported in somebody else's words.
        Reported = "reported",
        /// Not found, or not loaded.
        Missing = "missing",
    }
}

words! {
    /// Whose law a section is.
    Layer {
        /// The United States.
        Federal = "federal",
        /// The state.
        State = "state",
        /// The county.
        County = "county",
        /// The city.
        City = "city",
        /// An order of the city's executive.
        Order = "order",
    }
}

words! {
    /// What a rule does when its boxes hold.
    Effect {
        /// Prohibits its asks.
        Forbids = "forbids",
        /// Permits its asks.
        Permits = "permits",
        /// Lifts named prohibitions (or, with `unclear`, makes them doubtful).
        Excepts = "excepts",
        /// Sends its asks to a lawyer.
        Doubts = "doubts",
        /// Sets a derived fact.
        Defines = "defines",
    }
}

words! {
    /// What a report item counts in.
    Unit {
        /// Requests, not papers or persons.
        Requests = "requests",
        /// Distinct persons.
        Individuals = "individuals",
        /// Cases.
        Cases = "cases",
        /// Custody episodes: one person may have several.
        Episodes = "episodes",
    }
}

words! {
    /// Which leaves of the log a report item counts.
    Counted {
        /// Requests received.
        Requests = "requests",
        /// Persons held.
        Held = "held",
        /// Persons transferred.
        Transferred = "transferred",
        /// Costs reimbursed.
        Reimbursed = "reimbursed",
    }
}

words! {
    /// How a report item is broken down.
    Breakdown {
        /// By the ground ticked on the form.
        Ground = "ground",
        /// By the authority relied on.
        Authority = "authority",
        /// By kind of form.
        Form = "form",
    }
}

words! {
    /// The year in which a yearly day falls, seen from the year covered.
    DueYear {
        /// The year covered itself.
        Same = "same",
        /// The year after it.
        Next = "next",
    }
}

words! {
    /// What a report says when there was nothing to count.
    NilRule {
        /// Every item appears, zero included.
        ReportZero = "report-zero",
        /// No rule is known.
        NotStated = "not-stated",
    }
}

words! {
    /// How well a figure of the history is known.
    Certainty {
        /// Its words were seen in the letter itself.
        Quoted = "quoted",
        /// A newspaper or an office reports it.
        Reported = "reported",
        /// The source is weak: a rewrite, or a copy that nobody answers for.
        Weak = "weak",
    }
}

words! {
    /// Who published a figure of the history.
    Reporter {
        /// The city or its police.
        City = "city",
        /// Immigration and Customs Enforcement.
        Ice = "ice",
    }
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident)+) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// A name: ASCII letters, digits, `-`, `_` and `.`, beginning with a letter or digit, 100 at most.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                is_name(text).then(|| Self(text.to_owned()))
            }

            /// The name as written.
            #[must_use]
            pub fn as_str(&self) -> &str { &self.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
    )+ };
}

names! {
    /// The name of a law pack, such as `us-ma-boston`.
    PackId
    /// The name of a section file's section, such as `detain-2019`.
    SectionId
    /// The name of a rule, such as `P1-2019`.
    RuleId
    /// The name of a fact, such as `custody`.
    FactName
    /// The name of an act whose versions follow each other, such as `trust-act`.
    Act
}

fn is_name(text: &str) -> bool {
    text.len() <= 100
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}
