//! Which registered papers can be one paper with another: looked up by form and date and by the individuals they name, so
//! that a paper is not compared with every one that is there.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::individuals;
use crate::event::Request;
use crate::ids::{IndividualId, RequestId};
use crate::words::Form;

/// The requests by what makes two papers alike. What has neither date nor individual is like nothing (C-4).
#[derive(Debug, Clone, Default)]
pub struct Alike {
    by_date: BTreeMap<(Form, Date), Dated>,
    by_individual: BTreeMap<IndividualId, BTreeSet<RequestId>>,
}

/// The requests of one form and date: those of which every individual is established, and the others.
#[derive(Debug, Clone, Default)]
struct Dated {
    established: BTreeSet<RequestId>,
    in_doubt: BTreeSet<RequestId>,
}

impl Alike {
    /// Takes a request in.
    pub(crate) fn add(&mut self, request: &Request) {
        if let Some(on) = request.issued_on {
            self.by_date.entry((request.form, on)).or_default().of(request).insert(request.id.clone());
        }
        for individual in request.subjects.iter().filter_map(|subject| subject.individual.as_ref()) {
            self.by_individual.entry(individual.clone()).or_default().insert(request.id.clone());
        }
    }

    /// Takes a request out, as it was taken in.
    pub(crate) fn remove(&mut self, request: &Request) {
        if let Some(dated) = request.issued_on.and_then(|on| self.by_date.get_mut(&(request.form, on))) {
            dated.of(request).remove(&request.id);
        }
        for individual in request.subjects.iter().filter_map(|subject| subject.individual.as_ref()) {
            if let Some(ids) = self.by_individual.get_mut(individual) {
                ids.remove(&request.id);
            }
        }
    }

    /// The requests that a paper may be one with, in the order of their ids: those about one of its individuals, and those
    /// of its form and date. Where all individuals of both are established, and none is the same, the two are not one by
    /// C-3 whatever the date, so those requests are left out: on one day, a city may get many papers about many people.
    pub(crate) fn like(&self, paper: &Request) -> BTreeSet<&RequestId> {
        let dated = paper.issued_on.and_then(|on| self.by_date.get(&(paper.form, on)));
        let established = dated.filter(|_| individuals(paper).is_none()).map(|dated| &dated.established);
        let in_doubt = dated.map(|dated| &dated.in_doubt);
        established.into_iter().chain(in_doubt).flatten().chain(self.about(paper)).collect()
    }

    /// The requests about one of the same individuals.
    pub(crate) fn about(&self, paper: &Request) -> BTreeSet<&RequestId> {
        let individuals = paper.subjects.iter().filter_map(|subject| subject.individual.as_ref());
        individuals.filter_map(|individual| self.by_individual.get(individual)).flatten().collect()
    }
}

impl Dated {
    fn of(&mut self, request: &Request) -> &mut BTreeSet<RequestId> {
        match individuals(request) {
            Some(_) => &mut self.established,
            None => &mut self.in_doubt,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use law::Ask;

    use super::*;
    use crate::counting::may_be_one;
    use crate::event::Subject;
    use crate::words::Component;

    /// Every two papers of a small world: whatever the rules say something of is found, and about many people on one day no
    /// paper is compared with all.
    #[test]
    fn all_that_may_be_one_paper_is_found_and_strangers_of_one_day_are_not() {
        let papers = papers();
        for other in &papers {
            let mut alike = Alike::default();
            alike.add(other);
            for paper in &papers {
                let found = alike.like(paper).contains(&other.id);
                assert!(found || !may_be_one(paper, other), "{paper:?}\nis not compared with\n{other:?}");
            }
            alike.remove(other);
            assert!(papers.iter().all(|paper| alike.like(paper).is_empty()), "{other:?} stayed");
        }

        let mut alike = Alike::default();
        papers.iter().for_each(|paper| alike.add(paper));
        let named = |paper: &Request| paper.subjects == persons(&[Some("ind_1")]);
        for paper in papers.iter().filter(|paper| named(paper)) {
            let strangers =
                |id: &&RequestId| papers.iter().any(|p| p.id == **id && p.subjects == persons(&[Some("ind_2")]));
            assert_eq!(alike.like(paper).into_iter().filter(strangers).count(), 0, "{paper:?}");
        }
    }

    fn persons(individuals: &[Option<&str>]) -> Vec<Subject> {
        let subject = |id: &Option<&str>| Subject { individual: id.map(|id| id.parse().unwrap()), episode: None };
        individuals.iter().map(subject).collect()
    }

    fn papers() -> Vec<Request> {
        let named: [&[Option<&str>]; 6] = [
            &[None],
            &[Some("ind_1")],
            &[Some("ind_2")],
            &[Some("ind_1"), Some("ind_2")],
            &[Some("ind_2"), Some("ind_1")],
            &[Some("ind_1"), None],
        ];
        let mut papers = Vec::new();
        for form in [Form::I247A, Form::I247D] {
            for issued_on in [None, Some(date(2025, 3, 1)), Some(date(2025, 3, 2))] {
                for component in [Component::Ero, Component::Cbp, Component::NotRecorded] {
                    for individuals in named {
                        papers.push(Request {
                            id: format!("req_{}", papers.len()).parse().unwrap(),
                            paper: "paper_1".parse().unwrap(),
                            form,
                            edition: None,
                            issued_on,
                            component,
                            asks: vec![Ask::Hold],
                            grounds: Vec::new(),
                            papers: Vec::new(),
                            subjects: persons(individuals),
                        });
                    }
                }
            }
        }
        papers
    }
}
