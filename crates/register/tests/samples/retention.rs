//! Samples of retention.

use register::event::Event;
use register::retention::{
    Hold, HoldCause, Lifting, Proposal, Reached, RetentionEvent, Target, Thing, Tombstone, Under,
};

use super::text;

/// What must be kept, and what was erased.
pub(super) fn events() -> Vec<(&'static str, Event)> {
    let hold = |hold, of: &[&str], cause| Hold {
        hold: text(hold),
        of: of.iter().map(|id| text::<Target>(id)).collect(),
        cause,
        reference: text("note_8"),
    };
    let schedule = Under::Schedule { item: text("Item 7.2"), approval: text("note_7") };
    let order = Under::Order { docket: text("note_10") };
    let proposal = |erasure, of: &[&str], under: &Under| Proposal {
        erasure: text(erasure),
        of: of.iter().map(|id| text::<Target>(id)).collect(),
        under: under.clone(),
    };
    let tombstone = |erasure, erased: &[&str], entries: &[u64], under: &Under| Tombstone {
        reached: Reached {
            erasure: text(erasure),
            erased: erased.iter().map(|id| text::<Thing>(id)).collect(),
            entries: entries.iter().copied().collect(),
        },
        under: under.clone(),
        approved_by: [text("person_desk"), text("person_2")],
    };
    [
        (
            "retention-hold-placed-1.named",
            RetentionEvent::HoldPlaced(hold("keep_1", &["ind_1", "req_1", "inq_1"], HoldCause::RecordsRequest)),
        ),
        ("retention-hold-placed-1.all", RetentionEvent::HoldPlaced(hold("keep_2", &[], HoldCause::Litigation))),
        (
            "retention-hold-lifted-1",
            RetentionEvent::HoldLifted(Lifting { hold: text("keep_1"), reason: text("note_9") }),
        ),
        (
            "erasure-proposed-1.schedule",
            RetentionEvent::ErasureProposed(proposal("erasure_1", &["ind_1", "inq_1"], &schedule)),
        ),
        ("erasure-proposed-1.order", RetentionEvent::ErasureProposed(proposal("erasure_2", &["req_2"], &order))),
        ("erasure-proposed-1.dropped", RetentionEvent::ErasureProposed(proposal("erasure_3", &["req_2"], &schedule))),
        ("erasure-dropped-1", RetentionEvent::ErasureDropped(text("erasure_3"))),
        (
            "record-erased-1.schedule",
            RetentionEvent::RecordErased(tombstone(
                "erasure_1",
                &["ind_1", "req_1", "inq_1", "paper_1", "note_1"],
                &[5, 24, 36],
                &schedule,
            )),
        ),
        ("record-erased-1.order", RetentionEvent::RecordErased(tombstone("erasure_2", &["req_2"], &[], &order))),
    ]
    .map(|(name, event)| (name, Event::Retention(event)))
    .to_vec()
}
