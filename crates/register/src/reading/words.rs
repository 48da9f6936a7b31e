//! The words of reading.

use crate::words::words;

words!(/// What somebody read something for.
    ReadReason, "reason" {
    /// To work on the case.
    Casework = "casework",
    /// To answer somebody who presented a paper.
    Inquiry = "inquiry",
    /// To check the register.
    Audit = "audit",
    /// To advise, or to answer a demand or a lawsuit.
    Counsel = "counsel",
    /// To correct what was read wrongly, or see why something was taken back.
    Correction = "correction",
    /// To see why something is kept, or whether it may be erased.
    Retention = "retention",
});
