//! `keyglance identity`, and the identity for other commands.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use getrandom::SysRng;
use jiff::Timestamp;
use rand_core::UnwrapErr;
use serde_json::json;
use zeroize::Zeroizing;

use super::args::IdentityArgs;
use super::failure::Failure;
use super::keys::sure;
use super::show::write_failed;
use super::{Context, passphrase};
use crate::messages;
use keyglance_core::crypto::{Fingerprint, IdentityKey};
use keyglance_core::keyfile::{MAX_BYTES, WorkFactor};
use keyglance_core::pairing::DisplayName;
use keyglance_profile::{
    Access, Identity, IdentityState, Profile, StoreError, create_file, machine_name,
};

pub fn run(context: &Context, args: &IdentityArgs) -> Result<(), Failure> {
    if let Some(path) = &args.backup {
        return back_up(context, args, path);
    }
    if args.new || args.restore.is_some() {
        return become_another(context, args);
    }
    let name = args.name.as_deref().map(DisplayName::new).transpose()?;
    let profile = context.open_profile()?;
    let sealed = matches!(profile.identity()?, IdentityState::Sealed(_));
    let mut identity =
        load_or_create(context, &profile, name.as_ref(), args.passphrase_file.as_deref())?;

    let renamed = name.filter(|name| *name != identity.name);
    if let Some(name) = &renamed {
        identity.name = name.clone();
    }
    let mut protected = sealed;
    if args.protect {
        let new = passphrase::new(args.new_passphrase_file.as_deref(), "this identity")?;
        profile.store_identity(&identity, Some((&new, WorkFactor::OneSecond)))?;
        protected = true;
    } else if args.unprotect {
        profile.store_identity(&identity, None)?;
        protected = false;
    } else if renamed.is_some() && sealed {
        let same =
            passphrase::existing(args.passphrase_file.as_deref(), "this identity, once more")?;
        // A typing error must not become the new passphrase.
        if let IdentityState::Sealed(bytes) = profile.identity()? {
            Identity::unseal(&bytes, &same)?;
        }
        profile.store_identity(&identity, Some((&same, WorkFactor::OneSecond)))?;
    } else if renamed.is_some() {
        profile.store_identity(&identity, None)?;
    }

    report(context, &profile, &identity, protected)
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
                identity.created,
                if protected { "yes" } else { "none" },
                profile.folder().display(),
            )
        },
        &json!({
            "name": identity.name.as_str(),
            "fingerprint": digits,
            "public_key": identity.key.public().to_base64url(),
            "text": identity.key.public().to_string(),
            "created": identity.created.to_string(),
            "protected": protected,
            "profile": profile.folder().to_string_lossy(),
        }),
    )
}

/// The profile's identity, which must be there.
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
    let sealed = identity.seal(&passphrase, WorkFactor::OneSecond)?;
    create_file(path, &sealed, Access::Private).map_err(|error| write_failed(path, &error))?;
    let shown = path.to_string_lossy();
    context.output.result(
        || {
            format!(
                "Wrote {shown}\nIt holds this device's identity, encrypted. Contacts and keys are \
                 not in it.\nTo restore: keyglance identity --restore {shown}\n"
            )
        },
        &json!({ "file": shown, "public_key": identity.key.public().to_base64url() }),
    )
}

/// Becomes who a backup says, or somebody new.
fn become_another(context: &Context, args: &IdentityArgs) -> Result<(), Failure> {
    let now = whole_seconds();
    let identity = match &args.restore {
        Some(path) => {
            let bytes = read_backup(path)?;
            let mut asked = Ok(());
            let file = args.backup_passphrase_file.as_deref();
            let identity =
                Identity::read(&bytes, || match passphrase::existing(file, "the backup") {
                    Ok(passphrase) => Some(passphrase),
                    Err(failure) => {
                        asked = Err(failure);
                        None
                    }
                });
            asked?;
            identity?
        }
        None => Identity {
            name: machine_name(),
            created: now,
            key: IdentityKey::generate(&mut UnwrapErr(SysRng)),
        },
    };
    let profile = context.open_profile()?;
    let present = profile.identity()?;
    let same =
        matches!(&present, IdentityState::Plain(own) if own.key.public() == identity.key.public());
    let replaces = !same && !matches!(present, IdentityState::Missing);
    if replaces {
        context.output.tell(format!("Attention. {}", messages::NEW_IDENTITY));
        sure(
            args.yes,
            "Replace this device's identity? The present one is lost without a backup.",
        )?;
    }
    let identity = match (present, args.new) {
        // Another key is no reason to be called otherwise.
        (IdentityState::Plain(own), true) => Identity { name: own.name, ..identity },
        _ => identity,
    };
    let sealed = if args.protect {
        let new = passphrase::new(args.new_passphrase_file.as_deref(), "this identity")?;
        Some(identity.seal(&new, WorkFactor::OneSecond)?)
    } else {
        None
    };
    profile.replace_identity(&identity, sealed.as_deref(), now)?;
    report(context, &profile, &identity, sealed.is_some())
}

fn read_backup(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let failed = |kind| Failure::error(format!("{} could not be read: {kind}", path.display()));
    let limit = MAX_BYTES as u64;
    let mut bytes = Zeroizing::new(Vec::with_capacity(8192));
    File::open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut bytes))
        .map_err(|error| failed(error.kind()))?;
    Ok(bytes)
}

fn whole_seconds() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// The profile's identity; a new one where it has none.
pub fn load_or_create(
    context: &Context,
    profile: &Profile,
    name: Option<&DisplayName>,
    passphrase_file: Option<&Path>,
) -> Result<Identity, Failure> {
    match profile.identity()? {
        IdentityState::Plain(identity) => Ok(identity),
        IdentityState::Sealed(bytes) => {
            let passphrase = passphrase::existing(passphrase_file, "this identity")?;
            Ok(Identity::unseal(&bytes, &passphrase)?)
        }
        IdentityState::Missing => {
            let identity = Identity {
                name: name.cloned().unwrap_or_else(machine_name),
                created: whole_seconds(),
                key: IdentityKey::generate(&mut UnwrapErr(SysRng)),
            };
            match profile.create_identity(&identity) {
                Ok(()) => {
                    context.output.tell(format!(
                        "Made an identity called {:?} in {}. Nothing leaves this computer.",
                        identity.name.as_str(),
                        profile.folder().display()
                    ));
                    Ok(identity)
                }
                // Another program was faster: its identity is the one.
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
