//! Words of what keeps a register and what takes away from it: backups, retention, the master key.

use std::path::PathBuf;

use clap::Args;

use super::Viewing;

#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// Folder of the register
    pub(crate) dir: PathBuf,
    /// Folder of the backup; new or empty. The vault's keys go to a file of this name with `.keys`
    #[arg(long, value_name = "BACKUP")]
    pub(crate) to: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// Folder of the backup
    pub(crate) backup: PathBuf,
    /// The file of the vault's keys; `BACKUP.keys` where left out
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Option<PathBuf>,
    /// Folder with the copies of `master.key` and `log.key`, which no backup holds
    #[arg(long, value_name = "FOLDER")]
    pub(crate) secrets: PathBuf,
    /// Folder of the register; new or empty
    #[arg(long, value_name = "DIR")]
    pub(crate) to: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ShowRetention {
    /// Folder of the register
    pub(crate) dir: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) viewing: Viewing,
}

#[derive(Debug, Args)]
pub(crate) struct RotateMasterKey {
    /// Folder of the register
    pub(crate) dir: PathBuf,
    /// Where the new key is written, if the master key is a credential of the system and no file of the register
    #[arg(long, value_name = "FILE")]
    pub(crate) to: Option<PathBuf>,
    /// File that describes a token (PKCS#11), whose key is to seal the new key. Left out, what sealed the old one seals it
    #[arg(long, value_name = "FILE")]
    pub(crate) token: Option<PathBuf>,
    /// Let no token seal the new key: the file is the key
    #[arg(long, conflicts_with = "token")]
    pub(crate) no_token: bool,
}
