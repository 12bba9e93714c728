//! `keyglance backup` and `keyglance restore`.

use jiff::Timestamp;
use serde_json::json;

use super::args::{BackupArgs, RestoreArgs};
use super::failure::Failure;
use super::keys::confirm_loss;
use super::{Context, identity, input, output, passphrase};
use crate::messages;
use keyglance_core::keyfile::WorkFactor;
use keyglance_profile::{
    Backup, IdentityState, Restoration, RestoredIdentity, printable_path, shell_path,
};

/// Writes the whole profile to a new file, under a passphrase.
pub fn back_up(context: &Context, args: &BackupArgs) -> Result<(), Failure> {
    let profile = context.open_profile()?;
    let own = identity::own(context, &profile, args.identity_passphrase.file())?;
    let word = passphrase::new(args.passphrase_file.as_deref(), "the backup")?;
    profile.back_up(&args.file, &own, &word, WorkFactor::Standard, Timestamp::now())?;
    context.output.result(
        || {
            format!(
                "Wrote {}\nIt holds this device, its contacts and its keys, encrypted.\n\
                 To restore: keyglance device restore {}\n",
                printable_path(&args.file),
                shell_path(&args.file)
            )
        },
        &json!({ "file": output::json_path(&args.file), "public_key": own.key.public().to_base64url() }),
    )
}

/// Brings back what a backup has and this profile has not.
pub fn restore(context: &Context, args: &RestoreArgs) -> Result<(), Failure> {
    let word = passphrase::existing(args.passphrase_file.as_deref(), "the backup")?;
    // The backup first, so that one that cannot be read creates no profile.
    let bytes = input::read(&args.file, Backup::MAX_BYTES)
        .map_err(|failure| failure.about(&input::name(&args.file)))?;
    let backup = Backup::from_bytes(&bytes, &word)?;
    let profile = context.open_profile()?;
    let own = match profile.identity()? {
        IdentityState::Sealed(_) => {
            let file = args.identity_passphrase.file();
            Some(identity::own(context, &profile, file)?)
        }
        IdentityState::Plain(_) | IdentityState::Missing => None,
    };
    let plan = profile.plan_restoration(&backup, own.as_ref())?;
    context.output.tell(messages::restoration(&plan, &backup).trim_end());
    confirm_loss(args.yes, "Restore it?")?;
    let done = profile.restore(&backup, own.as_ref(), Timestamp::now())?;
    context.output.result(|| summary(&done), &value(&done))
}

fn summary(done: &Restoration) -> String {
    format!("Restored {} contacts and {} keys.\n", done.contacts.len(), done.keys.len())
}

fn value(done: &Restoration) -> serde_json::Value {
    let identity = match done.identity {
        RestoredIdentity::Taken => "taken",
        RestoredIdentity::Same => "same",
        RestoredIdentity::Foreign => "foreign",
    };
    json!({
        "identity": identity,
        "contacts": done.contacts,
        "keys": done.keys,
        "rejected_keys": done.rejected,
        "kept_contacts": done.kept_contacts,
        "kept_keys": done.kept_keys,
    })
}
