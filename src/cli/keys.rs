//! `keyglance keys`.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::args::KeysCommand;
use super::failure::Failure;
use super::{Context, output, passphrase};
use crate::keyfile::{KeyFile, MAX_BYTES, is_sealed, open};
use crate::pairing::Role;

pub(super) fn run(context: &Context, command: KeysCommand) -> Result<(), Failure> {
    match command {
        KeysCommand::List => list(context),
        KeysCommand::Show { name } => {
            let key = context.open_profile()?.key(&name)?;
            context.output.result(
                || format!("Name           {}\n{}", key.name, text(&key.file)),
                &with(value(&key.file), "name", &key.name),
            )
        }
        KeysCommand::Check { files, passphrase_file } => {
            check(context, &files, passphrase_file.as_deref())
        }
        KeysCommand::Confirm { name } => {
            let profile = context.open_profile()?;
            let key = profile.key(&name)?;
            profile.acknowledge(key.file.key_id())?;
            context.output.result(
                || format!("{} can be exported now.\n", key.name),
                &json!({ "confirmed": key.name }),
            )
        }
        KeysCommand::Remove { name, yes } => {
            let profile = context.open_profile()?;
            let key = profile.key(&name)?;
            sure(yes, &format!("Remove the key {:?} for good?", key.name))?;
            profile.remove_key(&key.file.key_id().to_string())?;
            context.output.result(
                || {
                    format!(
                        "Removed {}. Files that were exported from it are still there.\n",
                        key.name
                    )
                },
                &json!({ "removed": key.name }),
            )
        }
    }
}

/// Asks before something is lost.
pub(super) fn sure(yes: bool, question: &str) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    if !output::can_ask() {
        return Err(Failure::usage("this cannot be undone").advise("Add --yes to do it unasked."));
    }
    match output::ask_yes_no(question) {
        Some(true) => Ok(()),
        _ => Err(Failure::error("nothing was removed")),
    }
}

fn list(context: &Context) -> Result<(), Failure> {
    let (keys, warnings) = context.open_profile()?.keys()?;
    context.output.warn_all(&warnings);
    context.output.result(
        || {
            if keys.is_empty() {
                return "No keys yet. Pair a device: keyglance pair\n".to_owned();
            }
            keys.iter()
                .map(|key| {
                    format!(
                        "{}  {}  {}  {}\n",
                        key.file.key_id(),
                        key.file.created.strftime("%Y-%m-%d"),
                        state(&key.file),
                        key.name
                    )
                })
                .collect()
        },
        &keys.iter().map(|key| with(value(&key.file), "name", &key.name)).collect(),
    )
}

fn check(
    context: &Context,
    files: &[impl AsRef<Path>],
    passphrase: Option<&Path>,
) -> Result<(), Failure> {
    for file in files {
        let path = file.as_ref();
        let subject = path.display().to_string();
        let (key, _) = read(path, passphrase).map_err(|failure| failure.about(&subject))?;
        context.output.result(
            || format!("{subject}: a whole key file\n{}", text(&key)),
            &with(value(&key), "file", &subject),
        )?;
    }
    Ok(())
}

/// The key file at `path`, and whether it was under a passphrase.
pub(super) fn read(path: &Path, passphrase: Option<&Path>) -> Result<(KeyFile, bool), Failure> {
    let failed = |kind| Failure::error(format!("could not be read: {kind}"));
    let metadata = std::fs::metadata(path).map_err(|error| failed(error.kind()))?;
    if !metadata.is_file() {
        return Err(Failure::error("not a regular file"));
    }
    // Armor makes a protected file a third larger.
    let limit = 2 * MAX_BYTES as u64;
    // Room for all of it at once: a buffer that grows leaves copies behind.
    let room = usize::try_from(metadata.len().min(limit)).unwrap_or_default() + 1;
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    File::open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut bytes))
        .map_err(|error| failed(error.kind()))?;
    let sealed = is_sealed(&bytes);
    if sealed {
        let passphrase = passphrase::existing(passphrase, &path.display().to_string())?;
        bytes = open(&bytes, &passphrase)?;
    }
    Ok((KeyFile::from_json(&bytes)?, sealed))
}

pub(super) fn state(key: &KeyFile) -> &'static str {
    match (key.acknowledged, key.verified) {
        (false, _) => "not confirmed by the other device",
        (true, Some(_)) => "verified",
        (true, None) => "not checked yet",
    }
}

fn text(key: &KeyFile) -> String {
    let verified = match key.verified {
        Some(verified) => format!("{} at {}", verified.method.as_str(), verified.at),
        None => "not checked yet".to_owned(),
    };
    format!(
        "Key id         {}\nCreated        {}\nThis device    {}\nOther device   {}\nVerified       {verified}\nSafety number  {}\n{}",
        key.key_id(),
        key.created,
        key.local.name,
        key.peer.name,
        key.safety_number(),
        if key.acknowledged { "" } else { "Locked: the other device has not confirmed it.\n" },
    )
}

fn value(key: &KeyFile) -> Value {
    json!({
        "key_id": key.key_id().to_string(),
        "created": key.created.to_string(),
        "role": match key.role { Role::Initiator => "initiator", Role::Responder => "responder" },
        "local": { "name": key.local.name.as_str(), "public_key": key.local.identity.to_base64url() },
        "peer": { "name": key.peer.name.as_str(), "public_key": key.peer.identity.to_base64url() },
        "verified": key.verified.map(|v| json!({ "method": v.method.as_str(), "at": v.at.to_string() })),
        "acknowledged": key.acknowledged,
        "safety_number": key.safety_number().digits(),
    })
}

fn with(mut value: Value, member: &str, text: &str) -> Value {
    if let Some(object) = value.as_object_mut() {
        object.insert(member.to_owned(), Value::from(text));
    }
    value
}
