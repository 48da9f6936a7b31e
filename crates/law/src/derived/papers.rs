//! From the papers shown with a request to three facts: the strongest paper that a judge signed, whether the court has
//! confirmed it, and whether a warrant signed by an immigration officer is there.
//!
//! **The order of strength**, strongest first: ICE's criminal warrant, another agency's criminal warrant, a judge's order
//! or warrant of another kind, an immigration judge's order. Among the first three, a paper that its court has confirmed
//! goes before every one that is not: an answer rests on what is known, and a call to the court can still make the
//! stronger one count. An immigration judge's order, confirmed or not, comes after them all, so that it never hides a
//! court's paper.
//!
//! INVARIANT: a paper that no judge signed never becomes a judge's paper. I-200, I-203, I-205, I-286 and a hit in the
//! Immigration Violator File are administrative by their form, whatever is said of the signature. A paper by a
//! clerk-magistrate, or by nobody knows whom, is not guessed at: where it could be the strongest, no answer is given and
//! a person must settle the fact.

use std::cmp::Reverse;
use std::fmt;

use crate::words::{Word, words};

words! {
    /// The strongest paper that a judge signed, as the fact `judge_paper` has it. Strongest first, after `none`.
    JudgePaper {
        /// No judge's paper.
        None = "none",
        /// A criminal warrant held by ICE.
        IceCriminalWarrant = "ice_criminal_warrant",
        /// Another agency's criminal warrant.
        OtherCriminalWarrant = "other_criminal_warrant",
        /// A judge's order or warrant of another kind: civil warrants, court orders, judicial subpoenas.
        JudicialOrder = "judicial_order",
        /// An immigration judge's order.
        ImmigrationJudgeOrder = "immigration_judge_order",
    }
}

words! {
    /// What a paper is.
    PaperKind {
        /// A warrant; who signed it decides what it is worth.
        Warrant = "warrant",
        /// An order.
        Order = "order",
        /// A subpoena.
        Subpoena = "subpoena",
        /// Immigration detainer.
        I247a = "i-247a",
        /// Warrant for arrest of alien.
        I200 = "i-200",
        /// Order to detain or release alien.
        I203 = "i-203",
        /// Warrant of removal.
        I205 = "i-205",
        /// Notice of custody determination.
        I286 = "i-286",
        /// A hit in the Immigration Violator File of the National Crime Information Center.
        ViolatorFile = "ncic-immigration-violator",
    }
}

words! {
    /// Who signed a paper.
    Signer {
        /// A federal district judge.
        DistrictJudge = "district_judge",
        /// A federal magistrate judge.
        MagistrateJudge = "magistrate_judge",
        /// A judge of a state.
        StateJudge = "state_judge",
        /// A clerk-magistrate: an officer of a court, and no judge.
        ClerkMagistrate = "clerk_magistrate",
        /// An immigration judge, who sits in the executive branch.
        ImmigrationJudge = "immigration_judge",
        /// An immigration officer.
        ImmigrationOfficer = "immigration_officer",
        /// Not known.
        Unknown = "unknown",
    }
}

words! {
    /// What a warrant is about.
    PaperMatter {
        /// A crime.
        Criminal = "criminal",
        /// Anything else.
        Civil = "civil",
    }
}

words! {
    /// Who holds a criminal warrant.
    PaperHolder {
        /// ICE.
        Ice = "ice",
        /// Another agency.
        Other = "other",
    }
}

/// One paper, as a person read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paper {
    /// What it is.
    pub kind: PaperKind,
    /// Who signed it.
    pub signed_by: Signer,
    /// What it is about.
    pub matter: PaperMatter,
    /// Who holds it.
    pub held_by: PaperHolder,
    /// Whether the court that issued it has confirmed it.
    pub confirmed: bool,
}

/// What one paper is worth.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Worth {
    /// Signed by a judge, or by an immigration judge.
    Judge(JudgePaper),
    /// A warrant of an immigration officer, or what statutes count as one.
    Administrative,
    /// Neither.
    Nothing,
    /// Depends on who signed it: at best this.
    Unsettled(JudgePaper),
}

impl PaperKind {
    /// Whether the paper is a federal form or file, which no judge signs.
    #[must_use]
    pub fn is_federal_form(self) -> bool {
        match self {
            PaperKind::Warrant | PaperKind::Order | PaperKind::Subpoena => false,
            PaperKind::I247a
            | PaperKind::I200
            | PaperKind::I203
            | PaperKind::I205
            | PaperKind::I286
            | PaperKind::ViolatorFile => true,
        }
    }
}

impl Signer {
    /// Whether this is a judge of a court, or an immigration judge.
    #[must_use]
    pub fn is_called_judge(self) -> bool {
        match self {
            Signer::DistrictJudge | Signer::MagistrateJudge | Signer::StateJudge | Signer::ImmigrationJudge => true,
            Signer::ClerkMagistrate | Signer::ImmigrationOfficer | Signer::Unknown => false,
        }
    }
}

impl Paper {
    fn worth(&self) -> Worth {
        match self.kind {
            PaperKind::I247a => Worth::Nothing,
            PaperKind::I200 | PaperKind::I203 | PaperKind::I205 | PaperKind::I286 | PaperKind::ViolatorFile => {
                Worth::Administrative
            }
            PaperKind::Warrant | PaperKind::Order | PaperKind::Subpoena => self.worth_by_signer(),
        }
    }

    fn worth_by_signer(&self) -> Worth {
        match self.signed_by {
            Signer::DistrictJudge | Signer::MagistrateJudge | Signer::StateJudge => Worth::Judge(self.by_a_court()),
            Signer::ImmigrationJudge => Worth::Judge(JudgePaper::ImmigrationJudgeOrder),
            Signer::ImmigrationOfficer if self.kind == PaperKind::Subpoena => Worth::Nothing,
            Signer::ImmigrationOfficer => Worth::Administrative,
            Signer::ClerkMagistrate | Signer::Unknown => Worth::Unsettled(self.by_a_court()),
        }
    }

    /// What the paper is if a judge of a court signed it.
    fn by_a_court(&self) -> JudgePaper {
        match (self.kind, self.matter, self.held_by) {
            (PaperKind::Warrant, PaperMatter::Criminal, PaperHolder::Ice) => JudgePaper::IceCriminalWarrant,
            (PaperKind::Warrant, PaperMatter::Criminal, PaperHolder::Other) => JudgePaper::OtherCriminalWarrant,
            _ => JudgePaper::JudicialOrder,
        }
    }

    /// The place of a judge's paper in the order of strength; greater is stronger.
    fn strength(&self, paper: JudgePaper) -> (bool, bool, Reverse<JudgePaper>) {
        let of_a_court = paper != JudgePaper::ImmigrationJudgeOrder;
        (of_a_court, self.confirmed, Reverse(paper))
    }
}

/// The strongest paper that a judge signed. `None` where a paper whose signer is not settled could be stronger.
#[must_use]
pub fn strongest_paper(papers: &[Paper]) -> Option<JudgePaper> {
    Some(strongest(papers)?.map_or(JudgePaper::None, |(_, paper)| paper))
}

/// Whether the court has confirmed the strongest paper; without any, no. `None` where the strongest is not settled.
#[must_use]
pub fn paper_confirmed(papers: &[Paper]) -> Option<bool> {
    Some(strongest(papers)?.is_some_and(|(paper, _)| paper.confirmed))
}

/// Whether a warrant signed by an immigration officer is among the papers, or what statutes count as one (I-203, I-286,
/// a hit in the Immigration Violator File). `None` where it hangs on a warrant or order whose signer is not known.
#[must_use]
pub fn administrative_warrant(papers: &[Paper]) -> Option<bool> {
    if papers.iter().any(|paper| paper.worth() == Worth::Administrative) {
        return Some(true);
    }
    let may_be = |paper: &Paper| {
        paper.signed_by == Signer::Unknown && matches!(paper.kind, PaperKind::Warrant | PaperKind::Order)
    };
    if papers.iter().any(may_be) { None } else { Some(false) }
}

/// The strongest judge's paper, if there is one; `None` where that is not settled.
fn strongest(papers: &[Paper]) -> Option<Option<(&Paper, JudgePaper)>> {
    let settled = papers.iter().filter_map(|paper| match paper.worth() {
        Worth::Judge(worth) => Some((paper, worth)),
        Worth::Administrative | Worth::Nothing | Worth::Unsettled(_) => None,
    });
    let strongest = settled.max_by_key(|(paper, worth)| paper.strength(*worth));
    let strength = strongest.map(|(paper, worth)| paper.strength(worth));
    let could_be_stronger = |paper: &Paper| match paper.worth() {
        Worth::Unsettled(at_best) => strength.is_none_or(|strength| paper.strength(at_best) > strength),
        Worth::Judge(_) | Worth::Administrative | Worth::Nothing => false,
    };
    if papers.iter().any(could_be_stronger) { None } else { Some(strongest) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Papers, `;` between them: kind, signer, and of a warrant its matter and holder; `confirmed` where the court
    /// confirmed it. Then `judge_paper`, `verified`, `administrative_warrant`; `?` where a person must settle it.
    const TABLE: &[(&str, &str)] = &[
        ("", "none false false"),
        ("i-247a immigration_officer", "none false false"),
        // Administrative by their form.
        ("i-200 immigration_officer", "none false true"),
        ("i-203 immigration_officer", "none false true"),
        ("i-205 immigration_officer", "none false true"),
        ("i-286 immigration_officer", "none false true"),
        ("ncic-immigration-violator unknown", "none false true"),
        ("warrant immigration_officer civil ice", "none false true"),
        ("warrant immigration_officer criminal ice confirmed", "none false true"),
        ("order immigration_officer", "none false true"),
        ("subpoena immigration_officer", "none false false"),
        // One judge's paper.
        ("warrant district_judge criminal ice confirmed", "ice_criminal_warrant true false"),
        ("warrant district_judge criminal ice", "ice_criminal_warrant false false"),
        ("warrant magistrate_judge criminal ice confirmed", "ice_criminal_warrant true false"),
        ("warrant state_judge criminal other confirmed", "other_criminal_warrant true false"),
        ("warrant district_judge civil ice confirmed", "judicial_order true false"),
        ("order state_judge confirmed", "judicial_order true false"),
        ("subpoena district_judge", "judicial_order false false"),
        ("order immigration_judge", "immigration_judge_order false false"),
        ("warrant immigration_judge criminal ice confirmed", "immigration_judge_order true false"),
        // The strongest wins, in any order of the list.
        (
            "order district_judge confirmed; warrant district_judge criminal ice confirmed",
            "ice_criminal_warrant true false",
        ),
        (
            "warrant district_judge criminal other confirmed; warrant district_judge criminal ice confirmed",
            "ice_criminal_warrant true false",
        ),
        ("order state_judge; warrant state_judge criminal other", "other_criminal_warrant false false"),
        ("order immigration_judge confirmed; order state_judge", "judicial_order false false"),
        ("i-200 immigration_officer; warrant district_judge criminal ice confirmed", "ice_criminal_warrant true true"),
        ("i-205 immigration_officer; order immigration_judge", "immigration_judge_order false true"),
        // A confirmed weaker paper of a court goes before an unconfirmed stronger one, and an immigration judge's does not.
        ("warrant district_judge criminal ice; order district_judge confirmed", "judicial_order true false"),
        (
            "warrant district_judge criminal ice; warrant state_judge criminal other confirmed",
            "other_criminal_warrant true false",
        ),
        ("warrant district_judge criminal ice; order immigration_judge confirmed", "ice_criminal_warrant false false"),
        (
            "warrant district_judge criminal ice; warrant magistrate_judge criminal ice confirmed",
            "ice_criminal_warrant true false",
        ),
        // Nobody guesses who signed.
        ("warrant unknown criminal ice", "? ? ?"),
        ("warrant unknown criminal ice; i-200 immigration_officer", "? ? true"),
        ("warrant clerk_magistrate criminal other confirmed", "? ? false"),
        ("subpoena unknown", "? ? false"),
        ("order unknown; warrant district_judge criminal ice confirmed", "ice_criminal_warrant true ?"),
        ("warrant unknown criminal ice; warrant state_judge criminal other", "? ? ?"),
        ("warrant unknown criminal ice; warrant state_judge criminal other confirmed", "other_criminal_warrant true ?"),
        ("order clerk_magistrate; order immigration_judge confirmed", "? ? false"),
    ];

    #[test]
    fn the_strongest_judges_paper_wins_and_is_the_one_that_must_be_confirmed() {
        for (papers, expected) in TABLE {
            assert_eq!(told(&read(papers)), *expected, "{papers}");
        }
    }

    #[test]
    fn the_order_in_which_papers_lie_on_the_desk_does_not_matter() {
        for (papers, expected) in TABLE {
            let mut papers = read(papers);
            papers.reverse();
            assert_eq!(told(&papers), *expected);
        }
    }

    #[test]
    fn no_paper_that_no_judge_signed_becomes_a_judges_paper_whatever_else_is_said_of_it() {
        let signers = Signer::ALL.iter().filter(|signer| !signer.is_called_judge());
        let unsigned = signers.flat_map(|signer| PaperKind::ALL.iter().map(move |kind| (*kind, *signer)));
        let forms = PaperKind::ALL.iter().filter(|kind| kind.is_federal_form());
        let forms = forms.flat_map(|kind| Signer::ALL.iter().map(move |signer| (*kind, *signer)));
        for (kind, signed_by) in unsigned.chain(forms) {
            for (matter, held_by) in
                [(PaperMatter::Criminal, PaperHolder::Ice), (PaperMatter::Civil, PaperHolder::Other)]
            {
                let found = strongest_paper(&[Paper { kind, signed_by, matter, held_by, confirmed: true }]);
                assert!(matches!(found, None | Some(JudgePaper::None)), "{kind} by {signed_by}: {found:?}");
            }
        }
    }

    fn told(papers: &[Paper]) -> String {
        let truth = |truth: Option<bool>| truth.map_or("?".to_owned(), |truth| truth.to_string());
        let strongest = strongest_paper(papers).map_or("?".to_owned(), |paper| paper.to_string());
        format!("{strongest} {} {}", truth(paper_confirmed(papers)), truth(administrative_warrant(papers)))
    }

    fn read(papers: &str) -> Vec<Paper> {
        let papers = papers.split(';').map(|paper| paper.split_whitespace().collect::<Vec<_>>());
        papers.filter(|words| !words.is_empty()).map(|words| read_one(&words)).collect()
    }

    fn read_one(words: &[&str]) -> Paper {
        Paper {
            kind: PaperKind::parse(words[0]).unwrap(),
            signed_by: Signer::parse(words[1]).unwrap(),
            matter: words.iter().find_map(|word| PaperMatter::parse(word)).unwrap_or(PaperMatter::Civil),
            held_by: words.iter().find_map(|word| PaperHolder::parse(word)).unwrap_or(PaperHolder::Other),
            confirmed: words.contains(&"confirmed"),
        }
    }
}
