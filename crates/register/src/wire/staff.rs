//! How events of the module [`crate::staff`] are written.

use super::event::EventWire;
use crate::staff::StaffEvent;

/// The event as it is written.
pub(super) fn write(event: &StaffEvent) -> EventWire {
    match *event {}
}
