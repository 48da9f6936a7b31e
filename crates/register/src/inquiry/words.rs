//! The words of inquiries.

use crate::words::words;

words!(/// What a person who presents a paper is told.
    InquiryAnswer, "answer" {
    /// The paper is in the register.
    Registered = "registered",
    /// It is not.
    NotRegistered = "not-registered",
    /// It cannot be told from what is printed and what is registered.
    CannotTell = "cannot-tell",
});

words!(/// From what an answer follows.
    Rule, "rule" {
    /// A paper of the same form and number, and no other date, is registered.
    PaperNumber = "paper-number",
    /// A paper of the same form and date about the same individual is registered.
    IndividualAndDate = "individual-and-date",
    /// Nothing that could be this paper is registered.
    NothingAlike = "nothing-alike",
    /// A paper of the same form about the same individual is registered, and one of the two prints no date.
    DateNotPrinted = "date-not-printed",
    /// What is printed fits several individuals.
    SeveralIndividuals = "several-individuals",
    /// A paper is registered that prints too little to be told from this one.
    Alike = "alike",
    /// The paper presented prints nothing by which it could be found.
    NothingPrinted = "nothing-printed",
    /// A person compared the papers.
    ByHand = "by-hand",
});

impl Rule {
    /// Whether an answer can follow from it.
    pub fn gives(self, answer: InquiryAnswer) -> bool {
        match self {
            Rule::PaperNumber | Rule::IndividualAndDate => answer == InquiryAnswer::Registered,
            Rule::NothingAlike => answer == InquiryAnswer::NotRegistered,
            Rule::DateNotPrinted | Rule::SeveralIndividuals | Rule::Alike | Rule::NothingPrinted => {
                answer == InquiryAnswer::CannotTell
            }
            Rule::ByHand => answer != InquiryAnswer::CannotTell,
        }
    }

    /// The rule in words.
    pub fn title(self) -> &'static str {
        match self {
            Rule::PaperNumber => "a paper of the same form and number, and no other date",
            Rule::IndividualAndDate => "a paper of the same form and date about the same individual",
            Rule::NothingAlike => "nothing registered can be this paper",
            Rule::DateNotPrinted => "there is one to compare with, and a date is missing",
            Rule::SeveralIndividuals => "what is printed fits several individuals",
            Rule::Alike => "there is one to compare with, and too little is printed",
            Rule::NothingPrinted => "nothing is printed by which it could be found",
            Rule::ByHand => "a person compared the papers",
        }
    }
}
