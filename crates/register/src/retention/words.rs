//! The words of retention.

use crate::words::words;

words!(/// Why something must not be erased.
    HoldCause, "cause" {
    /// A lawsuit, or one that is to be expected.
    Litigation = "litigation",
    /// Somebody asked for records.
    RecordsRequest = "records-request",
    /// An audit is going on.
    Audit = "audit",
    /// A court or another authority ordered it.
    Order = "order",
});
