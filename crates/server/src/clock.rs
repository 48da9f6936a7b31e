//! The real clock. Nothing else in the program reads it.

use register::time::Timestamp;

/// Now, to the millisecond: finer times would say nothing and lengthen every event.
pub(crate) fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}
