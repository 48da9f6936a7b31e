//! How events of the module [`crate::watch`] are written.

use super::event::EventWire;
use crate::watch::WatchEvent;

/// The event as it is written.
pub(super) fn write(event: &WatchEvent) -> EventWire {
    match *event {}
}
