//! `keyglance identity`, and the identity for other commands.

use std::path::Path;

use getrandom::SysRng;
use jiff::Timestamp;
use rand_core::UnwrapErr;
use serde_json::json;

use super::args::IdentityArgs;
use super::failure::Failure;
use super::{Context, passphrase};
use crate::crypto::{Fingerprint, IdentityKey};
use crate::keyfile::WorkFactor;
use crate::pairing::DisplayName;
use crate::store::{Identity, IdentityState, Profile, StoreError, machine_name};

pub(super) fn run(context: &Context, args: &IdentityArgs) -> Result<(), Failure> {
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

    let digits = Fingerprint::of(identity.key.public()).digits();
    let half = groups(&digits);
    context.output.result(
        || {
            format!(
                "Name         {}\nFingerprint  {half}\n             (this half of every safety number)\nPublic key   {}\nCreated      {}\nPassphrase   {}\nProfile      {}\n",
                identity.name,
                identity.key.public().to_base64url(),
                identity.created,
                if protected { "yes" } else { "none" },
                profile.folder().display(),
            )
        },
        &json!({
            "name": identity.name.as_str(),
            "fingerprint": digits,
            "public_key": identity.key.public().to_base64url(),
            "created": identity.created.to_string(),
            "protected": protected,
            "profile": profile.folder().to_string_lossy(),
        }),
    )
}

/// The profile's identity; a new one where it has none.
pub(super) fn load_or_create(
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
            let now = Timestamp::now();
            let identity = Identity {
                name: name.cloned().unwrap_or_else(machine_name),
                created: Timestamp::from_second(now.as_second()).unwrap_or(now),
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
pub(super) fn groups(digits: &str) -> String {
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && i % 5 == 0 {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}
