//! Words of `candor bench`: how much of the register is measured, and which part.

use clap::ValueEnum;

/// How much is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Load {
    /// What the goals are stated for: a million events, 512 clients, 27,755 requests. Takes minutes and 4 GB of disk
    Full,
    /// A hundredth of it, to see that it runs
    Small,
    /// Nothing: only the law is measured
    None,
}

/// One thing measured in a process of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// The disk alone.
    Disk,
    /// One client.
    One,
    /// Many clients at once.
    Clients,
    /// ICE's peak month.
    Month,
    /// Makes the register that is opened next.
    Build,
    /// Opens it.
    Restart,
}
