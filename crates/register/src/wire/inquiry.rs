//! How events of the module [`crate::inquiry`] are written.

use super::event::EventWire;
use crate::inquiry::InquiryEvent;

/// The event as it is written.
pub(super) fn write(event: &InquiryEvent) -> EventWire {
    match *event {}
}
