//! The verifier against published folders: honest ones, altered ones, and ones that an insider made with the key in hand.
//! No server is needed: [`world`] plays a register, its log and its filings in memory.

mod altered;
mod bag;
mod clock;
mod erased;
mod holds;
mod hostile;
mod insider;
mod lies;
mod receipt;
mod witnessed;
mod world;
