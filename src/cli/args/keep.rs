//! Arguments of what is kept: contacts, keys, this device.

use std::path::PathBuf;

use clap::{Args as Group, Subcommand};

use super::IdentityPassphrase;
use crate::cli::source::SourceArg;

#[derive(Group)]
pub struct ImportArgs {
    /// A key file, plain or protected; - is standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// What to call it
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Open a protected file with the passphrase on the first line of this file
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

#[derive(Group)]
pub struct BackupArgs {
    /// The new file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Protect it with the passphrase on the first line of this file
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    pub identity_passphrase: IdentityPassphrase,
}

#[derive(Group)]
pub struct RestoreArgs {
    /// A backup of a profile
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Open it with the passphrase on the first line of this file
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    pub identity_passphrase: IdentityPassphrase,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}

#[derive(Group, Default)]
pub struct IdentityArgs {
    /// Change the name that this device suggests for itself, at most 63 bytes
    #[arg(long, value_name = "NAME", conflicts_with = "act")]
    pub name: Option<String>,
    /// Protect the identity with a passphrase, or change the passphrase
    #[arg(long, conflicts_with_all = ["unprotect", "backup"])]
    pub protect: bool,
    /// Remove the passphrase
    #[arg(long, conflicts_with = "act")]
    pub unprotect: bool,
    /// Read the current passphrase from the first line of this file
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// Read the new passphrase from the first line of this file
    #[arg(long, value_name = "FILE")]
    pub new_passphrase_file: Option<PathBuf>,
    /// Write the identity to a new file, encrypted with a passphrase of its own
    #[arg(long, value_name = "FILE", group = "act")]
    pub backup: Option<PathBuf>,
    /// Take the identity from a backup. Contacts that know another one must verify again
    #[arg(long, value_name = "FILE", group = "act")]
    pub restore: Option<PathBuf>,
    /// Make a new identity. All contacts must verify again, on both sides
    #[arg(long, group = "act")]
    pub new: bool,
    /// Read the backup's passphrase from the first line of this file
    #[arg(long, value_name = "FILE")]
    pub backup_passphrase_file: Option<PathBuf>,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}

#[derive(Group)]
pub struct DeviceArgs {
    #[command(subcommand)]
    pub command: Option<DeviceCommand>,
    /// Read this device's passphrase from the first line of this file
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

#[derive(Subcommand)]
pub enum DeviceCommand {
    /// Show what this device is known by
    Show,
    /// Change the name that this device suggests for itself
    Name {
        /// At most 63 bytes
        name: String,
        /// Read this device's passphrase from the first line of this file
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
    },
    /// Protect this device's profile with a passphrase, change it, or take it away
    Protect {
        /// Take the passphrase away
        #[arg(long, conflicts_with = "new_passphrase_file")]
        undo: bool,
        /// Read the current passphrase from the first line of this file
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
        /// Read the new passphrase from the first line of this file
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
    },
    /// Back up this device: its contacts and keys, under a passphrase
    Backup(BackupArgs),
    /// Restore a backup: what is missing comes back, nothing that is there is replaced
    Restore(RestoreArgs),
    /// Begin anew as another device. All contacts must compare again, on both sides
    Reset {
        /// Read the current passphrase from the first line of this file
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
        /// Read the new passphrase from the first line of this file
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

impl DeviceArgs {
    /// The same in the words of earlier builds, where they have some.
    pub fn act(self) -> DeviceAct {
        let args = match self.command {
            None | Some(DeviceCommand::Show) => {
                IdentityArgs { passphrase_file: self.passphrase_file, ..IdentityArgs::default() }
            }
            Some(DeviceCommand::Name { name, passphrase_file }) => {
                IdentityArgs { name: Some(name), passphrase_file, ..IdentityArgs::default() }
            }
            Some(DeviceCommand::Protect { undo, passphrase_file, new_passphrase_file }) => {
                IdentityArgs {
                    protect: !undo,
                    unprotect: undo,
                    passphrase_file,
                    new_passphrase_file,
                    ..IdentityArgs::default()
                }
            }
            Some(DeviceCommand::Reset { passphrase_file, new_passphrase_file, yes }) => {
                IdentityArgs {
                    new: true,
                    passphrase_file,
                    new_passphrase_file,
                    yes,
                    ..IdentityArgs::default()
                }
            }
            Some(DeviceCommand::Backup(args)) => return DeviceAct::Backup(args),
            Some(DeviceCommand::Restore(args)) => return DeviceAct::Restore(args),
        };
        DeviceAct::Identity(args)
    }
}

/// What `keyglance device` does.
pub enum DeviceAct {
    Identity(IdentityArgs),
    Backup(BackupArgs),
    Restore(RestoreArgs),
}

#[derive(Group)]
pub struct KeysArgs {
    #[command(subcommand)]
    pub command: Option<KeysCommand>,
}

#[derive(Subcommand)]
pub enum KeysCommand {
    /// List the keys
    List,
    /// Show a key without its secret
    Show {
        /// The contact's name, the key's name or its id
        name: String,
    },
    /// Check key files: undamaged, of a known version, and with which key
    Check {
        /// Key files, plain or protected; - is standard input
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Open protected files with the passphrase on the first line of this file
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
    },
    /// Unlock an unconfirmed key, since the other device shows Same key
    Confirm {
        /// The contact's name, the key's name or its id
        name: String,
    },
    /// Write down what a key is for, such as "family backup"
    #[command(alias = "purpose")]
    Label {
        /// The contact's name, the key's name or its id
        name: String,
        /// What it is for; empty to remove that
        text: String,
    },
    /// Stop using a key: it stays, but nothing is made of it any more
    #[command(alias = "retire")]
    Stop {
        /// The contact's name, the key's name or its id
        name: String,
        /// Use it again
        #[arg(long)]
        undo: bool,
    },
    /// Overwrite and delete a key for good
    #[command(aliases = ["remove", "shred"])]
    Delete {
        /// The contact's name, the key's name or its id
        name: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Group)]
pub struct ContactsArgs {
    #[command(subcommand)]
    pub command: Option<ContactsCommand>,
}

#[derive(Subcommand)]
pub enum ContactsCommand {
    /// List the contacts
    List,
    /// Show a contact, its safety number and its keys
    Show {
        /// The contact's name, or that of its key
        name: String,
    },
    /// Add a contact before pairing with it
    Add {
        /// What to call it
        name: String,
        /// Its public key, keyglance1…, or the verification code that it shows us
        #[arg(required_unless_present = "scan")]
        who: Option<String>,
        /// Scan either of them instead: camera, camera:N, screen, a picture file, or -
        /// for a line of text
        #[arg(long, value_name = "SOURCE", conflicts_with = "who")]
        scan: Option<SourceArg>,
        #[command(flatten)]
        identity_passphrase: IdentityPassphrase,
    },
    /// Decide about a contact that came under a known name with another key
    Decide {
        /// The known contact's name, or the new one's
        name: String,
        #[command(flatten)]
        decision: DecisionArgs,
    },
    /// Rename a contact
    Rename {
        /// The contact's name, or that of its key
        name: String,
        /// Its new name
        to: String,
    },
    /// Delete a contact and all its keys for good
    #[command(alias = "remove")]
    Delete {
        /// The contact's name, or that of its key
        name: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Group)]
#[group(required = true, multiple = false)]
pub struct DecisionArgs {
    /// It is their new device: once compared, it takes the name, and the old key is stopped
    #[arg(long, alias = "replace")]
    pub new_device: bool,
    /// They have two devices: once compared, both are used
    #[arg(long, alias = "keep-both")]
    pub another_device: bool,
    /// It is somebody else, called so; its key is held back until compared
    #[arg(long, value_name = "NAME")]
    pub somebody_else: Option<String>,
    /// It is somebody else: nothing is ever done with its key
    #[arg(long)]
    pub block: bool,
}
