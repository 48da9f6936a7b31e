//! Which registered papers can be one paper with another: looked up by form and date and by the individuals they name, so
//! that a paper is not compared with every one that is there.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::event::Request;
use crate::ids::{IndividualId, RequestId};
use crate::words::Form;

/// The requests by what makes two papers alike. What has neither date nor individual is like nothing (C-4).
#[derive(Debug, Clone, Default)]
pub struct Alike {
    by_date: BTreeMap<(Form, Date), BTreeSet<RequestId>>,
    by_individual: BTreeMap<IndividualId, BTreeSet<RequestId>>,
}

impl Alike {
    /// Takes a request in.
    pub(crate) fn add(&mut self, request: &Request) {
        if let Some(on) = request.issued_on {
            self.by_date.entry((request.form, on)).or_default().insert(request.id.clone());
        }
        for individual in request.subjects.iter().filter_map(|subject| subject.individual.as_ref()) {
            self.by_individual.entry(individual.clone()).or_default().insert(request.id.clone());
        }
    }

    /// Takes a request out, as it was taken in.
    pub(crate) fn remove(&mut self, request: &Request) {
        if let Some(ids) = request.issued_on.and_then(|on| self.by_date.get_mut(&(request.form, on))) {
            ids.remove(&request.id);
        }
        for individual in request.subjects.iter().filter_map(|subject| subject.individual.as_ref()) {
            if let Some(ids) = self.by_individual.get_mut(individual) {
                ids.remove(&request.id);
            }
        }
    }

    /// The requests of the same form and date, or about one of the same individuals, in the order of their ids.
    pub(crate) fn like(&self, paper: &Request) -> BTreeSet<&RequestId> {
        let dated = paper.issued_on.and_then(|on| self.by_date.get(&(paper.form, on)));
        dated.into_iter().flatten().chain(self.about(paper)).collect()
    }

    /// The requests about one of the same individuals.
    pub(crate) fn about(&self, paper: &Request) -> BTreeSet<&RequestId> {
        let individuals = paper.subjects.iter().filter_map(|subject| subject.individual.as_ref());
        individuals.filter_map(|individual| self.by_individual.get(individual)).flatten().collect()
    }
}
