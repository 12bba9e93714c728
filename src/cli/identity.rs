//! `keyglance identity`, and the identity for other commands.

use std::path::Path;

use getrandom::SysRng;
use jiff::Timestamp;
use rand_core::UnwrapErr;
use serde_json::json;

use super::args::IdentityArgs;
use super::failure::Failure;
use super::keys::confirm_loss;
use super::{Context, input, output, passphrase};
use crate::messages;
use keyglance_core::crypto::Fingerprint;
use keyglance_core::keyfile::{MAX_BYTES, Passphrase, WorkFactor};
use keyglance_core::pairing::DisplayName;
use keyglance_profile::{
    Identity, IdentityBackup, IdentityState, PreparedIdentity, Profile, Protection, StoreError,
    printable_path, shell_path,
};

pub fn run(context: &Context, args: &IdentityArgs) -> Result<(), Failure> {
    if let Some(path) = &args.backup {
        return back_up(context, args, path);
    }
    if args.new || args.restore.is_some() {
        return replace(context, args);
    }
    let name = args.name.as_deref().map(DisplayName::new).transpose()?;
    let profile = context.open_profile()?;
    let sealed = matches!(profile.identity()?, IdentityState::Sealed(_));
    let mut identity =
        load_or_create(context, &profile, name.as_ref(), args.passphrase_file.as_deref())?;

    let renamed = name.filter(|name| *name != identity.name);
    let changed = renamed.is_some();
    if let Some(name) = renamed {
        identity.name = name;
    }
    let passphrase = if args.protect {
        Some(passphrase::new(args.new_passphrase_file.as_deref(), "this device")?)
    } else if changed && sealed && !args.unprotect {
        let file = args.passphrase_file.as_deref();
        let same = passphrase::existing(file, "this device, once more")?;
        // A typing error must not become the new passphrase.
        profile.unlock_identity(Some(&same))?;
        Some(same)
    } else {
        None
    };
    let protected = passphrase.is_some() || (sealed && !args.unprotect);
    if !changed && !args.protect && !args.unprotect {
        return report(context, &profile, &identity, protected);
    }
    let prepared = PreparedIdentity::new(identity, &protection(passphrase.as_ref()))?;
    profile.store_changed_identity(&prepared, args.unprotect)?;
    report(context, &profile, prepared.identity(), protected)
}

const fn protection(passphrase: Option<&Passphrase>) -> Protection<'_> {
    match passphrase {
        Some(passphrase) => Protection::Passphrase(passphrase, WorkFactor::Standard),
        None => Protection::Plain,
    }
}

fn report(
    context: &Context,
    profile: &Profile,
    identity: &Identity,
    protected: bool,
) -> Result<(), Failure> {
    let digits = Fingerprint::of(identity.key.public()).digits();
    let half = groups(&digits);
    context.output.result(
        || {
            format!(
                "Name         {}\nFingerprint  {half}\n             (this half of every safety number)\nPublic key   {}\nCreated      {}\nPassphrase   {}\nProfile      {}\n",
                identity.name,
                identity.key.public(),
                messages::date::moment(identity.created),
                if protected { "yes" } else { "none" },
                printable_path(profile.folder()),
            )
        },
        &json!({
            "name": identity.name.as_str(),
            "fingerprint": digits,
            "public_key": identity.key.public().to_base64url(),
            "public_key_bech32": identity.key.public().to_string(),
            "created": output::json_time(identity.created),
            "protected": protected,
            "profile": output::json_path(profile.folder()),
        }),
    )
}

/// The profile's identity, which must exist.
pub fn own(
    context: &Context,
    profile: &Profile,
    passphrase_file: Option<&Path>,
) -> Result<Identity, Failure> {
    match profile.identity()? {
        IdentityState::Missing => Err(StoreError::NoIdentity.into()),
        _ => load_or_create(context, profile, None, passphrase_file),
    }
}

/// Writes the identity to a new file under a passphrase.
fn back_up(context: &Context, args: &IdentityArgs, path: &Path) -> Result<(), Failure> {
    let profile = context.open_profile()?;
    let identity = own(context, &profile, args.passphrase_file.as_deref())?;
    let passphrase = passphrase::new(args.backup_passphrase_file.as_deref(), "the backup")?;
    let sealed = identity.seal(&passphrase, WorkFactor::Standard)?;
    IdentityBackup::write(path, &sealed)?;
    context.output.result(
        || {
            format!(
                "Wrote {}\nIt holds what this device is known by, encrypted. Contacts and keys are \
                 not in it.\nTo restore: keyglance identity --restore {}\n",
                printable_path(path),
                shell_path(path)
            )
        },
        &json!({ "file": output::json_path(path), "public_key": identity.key.public().to_base64url() }),
    )
}

/// Takes the identity of a backup, or a new one.
fn replace(context: &Context, args: &IdentityArgs) -> Result<(), Failure> {
    let now = Timestamp::now();
    // The backup first, so that one that cannot be read creates no profile.
    let restored = args.restore.as_deref().map(|path| restored(args, path)).transpose()?;
    let profile = context.open_profile()?;
    let identity = match restored {
        Some(identity) => identity,
        None => profile.successor_identity(&mut UnwrapErr(SysRng), now)?,
    };
    become_device(context, args, &profile, identity)
}

/// This device is this one from now on: what came from elsewhere than a file.
pub fn take(context: &Context, args: &IdentityArgs, identity: Identity) -> Result<(), Failure> {
    become_device(context, args, &context.open_profile()?, identity)
}

fn become_device(
    context: &Context,
    args: &IdentityArgs,
    profile: &Profile,
    identity: Identity,
) -> Result<(), Failure> {
    if profile.gives_up_identity(&identity)? {
        context.output.tell(format!("Attention. {}", messages::NEW_IDENTITY));
        confirm_loss(
            args.yes,
            "Become another device? What this one is known by is lost without a backup.",
        )?;
    }
    // What was protected stays protected.
    let sealed = matches!(profile.identity()?, IdentityState::Sealed(_));
    let can_learn = args.new_passphrase_file.is_some() || output::can_ask();
    let passphrase = if args.protect || (sealed && can_learn) {
        Some(passphrase::new(args.new_passphrase_file.as_deref(), "this device")?)
    } else if sealed && args.passphrase_file.is_some() {
        // With the passphrase of the present one, which must be right: a typing error
        // is no passphrase to keep.
        let present = passphrase::existing(args.passphrase_file.as_deref(), "this device")?;
        profile.unlock_identity(Some(&present))?;
        Some(present)
    } else {
        None
    };
    let prepared = PreparedIdentity::new(identity, &protection(passphrase.as_ref()))?;
    profile.take_identity(&prepared, Timestamp::now())?;
    report(context, profile, prepared.identity(), prepared.is_protected())
}

fn restored(args: &IdentityArgs, path: &Path) -> Result<Identity, Failure> {
    let bytes =
        input::read(path, MAX_BYTES).map_err(|failure| failure.about(&input::name(path)))?;
    let backup = IdentityBackup::from_bytes(bytes);
    let passphrase = if backup.is_protected() {
        let passphrase =
            passphrase::existing(args.backup_passphrase_file.as_deref(), "the backup")?;
        passphrase::note_cost(backup.bytes());
        Some(passphrase)
    } else {
        None
    };
    Ok(backup.open(passphrase.as_ref())?)
}

/// The profile's identity; a new one if it has none.
pub fn load_or_create(
    context: &Context,
    profile: &Profile,
    name: Option<&DisplayName>,
    passphrase_file: Option<&Path>,
) -> Result<Identity, Failure> {
    match profile.identity()? {
        IdentityState::Plain(identity) => Ok(identity),
        IdentityState::Sealed(bytes) => {
            let passphrase = passphrase::existing(passphrase_file, "this device")?;
            passphrase::note_cost(&bytes);
            Ok(Identity::unseal(&bytes, &passphrase)?)
        }
        IdentityState::Missing => {
            match profile.new_identity(name.cloned(), &mut UnwrapErr(SysRng), Timestamp::now()) {
                Ok(identity) => {
                    context.output.tell(format!(
                        "This device is called “{}”, and kept in {}. Nothing leaves this computer.",
                        identity.name.as_str(),
                        printable_path(profile.folder())
                    ));
                    Ok(identity)
                }
                // Another program was faster, so its identity counts.
                Err(StoreError::IdentityExists) => {
                    load_or_create(context, profile, name, passphrase_file)
                }
                Err(error) => Err(error.into()),
            }
        }
    }
}

/// Digits in groups of five.
pub fn groups(digits: &str) -> String {
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && i % 5 == 0 {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}
