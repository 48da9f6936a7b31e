//! The sentences that people read when a command of retention is refused.

use std::fmt;

use super::RetentionRefusal;

impl fmt::Display for RetentionRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RetentionRefusal::Erased { id, erasure } => write!(
                f,
                "`{id}` was erased by `{erasure}`, and nothing more is recorded of it (hint: what arrives about the same \
                 person now is registered as new: leave this id out)"
            ),
            RetentionRefusal::Held { hold, cause } => write!(
                f,
                "hold `{hold}` ({cause}) keeps it from being erased (hint: counsel lifts the hold when its cause has ended, \
                 with `lift-hold`; `candor retention` lists the holds)"
            ),
            RetentionRefusal::HoldIsLifted { hold } => {
                write!(f, "hold `{hold}` is lifted already (hint: there is nothing to do)")
            }
            RetentionRefusal::NamesOthers { request } => write!(
                f,
                "the paper of `{request}` names others than who is to be erased, and one person of a paper cannot be erased alone \
                 (hint: name `{request}` too if all of the paper may go, or wait until it may)"
            ),
            RetentionRefusal::NothingNamed => {
                write!(f, "nothing is named to be erased (hint: name individuals, requests or inquiries under `of`)")
            }
            RetentionRefusal::SamePerson { erasure, by } => write!(
                f,
                "`{by}` proposed `{erasure}` and cannot confirm it (hint: a second person does, who looks at it themselves)"
            ),
            RetentionRefusal::NotWaiting { erasure } => write!(
                f,
                "`{erasure}` was carried out or given up (hint: `candor retention` says which; propose it anew if need be)"
            ),
            RetentionRefusal::ReachDoesNotFit { erasure } => {
                write!(f, "what was found for `{erasure}` is not all that it reaches (hint: give the command again)")
            }
        }
    }
}
