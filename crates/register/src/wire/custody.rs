//! How events of the module [`crate::custody`] are written.

use super::event::EventWire;
use crate::custody::CustodyEvent;

/// The event as it is written.
pub(super) fn write(event: &CustodyEvent) -> EventWire {
    match *event {}
}
