//! A member of staff: what they have been, from which day until which.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Post, Role};
use crate::ids::AgencyId;

/// Somebody who may log in.
#[derive(Debug, Clone)]
pub struct Member {
    /// Whose staff; none of who opened the register and was not registered since.
    pub agency: Option<AgencyId>,
    /// First day.
    pub from: Date,
    /// Spans of each post, the first one first; they do not overlap.
    pub posts: BTreeMap<Post, Vec<Span>>,
}

/// From a day on, at midnight of the register's zone, until another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub from: Date,
    /// First day without it; none while nobody has ended it.
    pub until: Option<Date>,
}

impl Span {
    /// Whether it is in force on a day.
    pub fn holds(&self, on: Date) -> bool {
        self.from <= on && self.until.is_none_or(|until| on < until)
    }
}

impl Member {
    /// A member without any post.
    pub(super) fn new(agency: Option<AgencyId>, from: Date) -> Member {
        Member { agency, from, posts: BTreeMap::new() }
    }

    /// The posts in force on a day, each with its first day.
    pub fn on(&self, day: Date) -> impl Iterator<Item = (Post, Date)> {
        let holds = move |spans: &Vec<Span>| spans.iter().find(|span| span.holds(day)).map(|span| span.from);
        self.posts.iter().filter_map(move |(post, spans)| Some((*post, holds(spans)?)))
    }

    /// Whether a role is in force on a day.
    pub fn is(&self, role: Role, on: Date) -> bool {
        self.from <= on && self.on(on).any(|(post, _)| post == Post::Role(role))
    }

    /// The span that has not ended when one begins on this day, if there is one.
    pub(super) fn overlaps(&self, post: Post, from: Date) -> Option<Span> {
        let spans = self.posts.get(&post)?;
        spans.iter().copied().find(|span| span.until.is_none_or(|until| from < until))
    }

    /// The span that nobody has ended.
    pub(super) fn open(&self, post: Post) -> Option<Span> {
        self.posts.get(&post)?.last().copied().filter(|span| span.until.is_none())
    }

    /// Begins a post.
    pub(super) fn begin(&mut self, post: Post, from: Date) {
        self.posts.entry(post).or_default().push(Span { from, until: None });
    }

    /// Ends the one that is open.
    pub(super) fn end(&mut self, post: Post, on: Date) {
        if let Some(span) = self.posts.get_mut(&post).and_then(|spans| spans.last_mut()) {
            span.until = Some(on);
        }
    }
}
