//! `keyglance keys`.

use std::path::Path;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::args::KeysCommand;
use super::failure::Failure;
use super::output::json_time;
use super::{Context, input, output, passphrase};
use crate::messages;
use crate::messages::shared::Shared;
use keyglance_core::contacts::Contact;
use keyglance_core::keyfile::{KeyFile, MAX_BYTES, decrypt_with_passphrase, is_age_file};
use keyglance_core::trust::{Provenance, Verified};
use keyglance_profile::{
    Exported, Refusal, Require, StoredKey, newcomers, refusal, shared_refusal,
};

pub fn run(context: &Context, command: KeysCommand) -> Result<(), Failure> {
    match command {
        KeysCommand::List => list(context),
        KeysCommand::Show { name } => {
            let profile = context.open_profile()?;
            let key = profile.find_key(&name)?;
            let contact = profile.contact_of(&key).map(|contact| contact.name).ok();
            let (contacts, _) = profile.contacts()?;
            context.output.result(
                || {
                    let contact = contact.as_deref().unwrap_or("none");
                    format!(
                        "Name           {}\nContact        {contact}\n{}{}{}{}",
                        key.name,
                        text(&key.file),
                        origin(&key, &contacts),
                        shared_text(&key),
                        use_of(&key)
                    )
                },
                &stored(&key, &contacts),
            )
        }
        KeysCommand::Check { files, passphrase_file } => {
            check(context, &files, passphrase_file.as_deref())
        }
        KeysCommand::Confirm { name } => {
            let profile = context.open_profile()?;
            let key = profile.find_key(&name)?;
            profile.acknowledge(key.file.key_id())?;
            let usable = profile.usable_key(key.file.key_id(), Require::Usable).is_ok();
            let then = if usable { "can be exported now" } else { "is confirmed, and not in use" };
            context
                .output
                .result(|| format!("{} {then}.\n", key.name), &json!({ "confirmed": key.name }))
        }
        KeysCommand::Label { name, text } => {
            let profile = context.open_profile()?;
            let key = profile.find_key(&name)?;
            profile.set_key_purpose(key.file.key_id(), &text)?;
            let text = text.trim();
            context.output.result(
                || match text {
                    "" => format!("{} has no label now.\n", key.name),
                    _ => format!("{} is for: {text}\n", key.name),
                },
                &json!({ "key": key.name, "label": text }),
            )
        }
        KeysCommand::Stop { name, undo } => {
            let profile = context.open_profile()?;
            let key = profile.find_key(&name)?;
            let at = (!undo).then(Timestamp::now);
            profile.retire_key(key.file.key_id(), at)?;
            context.output.result(
                || match undo {
                    true => format!("{} is in use again.\n", key.name),
                    false => format!(
                        "{} is not in use any more: nothing is exported or sealed with it. It is still here: \
                         it opens what was sealed, and keyglance keys delete removes it.\n",
                        key.name
                    ),
                },
                &json!({ "key": key.name, "in_use": undo }),
            )
        }
        KeysCommand::Delete { name, yes } => {
            let profile = context.open_profile()?;
            let key = profile.find_key(&name)?;
            confirm_loss(yes, &format!("Delete the key “{}” for good?", key.name))?;
            profile.remove_key(key.file.key_id())?;
            if let Some(left) = messages::shared::left_behind_lines(&key.left_behind()) {
                context.output.tell(left);
            }
            context.output.result(
                || format!("Deleted {}. {}\n", key.name, messages::SHREDDED),
                &json!({ "deleted": key.name }),
            )
        }
    }
}

/// Asks before something is lost for good.
pub fn confirm_loss(yes: bool, question: &str) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    if !output::can_ask() {
        return Err(Failure::usage("This cannot be undone.").advise("Add --yes to do it unasked."));
    }
    match output::ask_yes_no(question) {
        Some(true) => Ok(()),
        _ => Err(Failure::error("Nothing was changed.")),
    }
}

fn list(context: &Context) -> Result<(), Failure> {
    let profile = context.open_profile()?;
    let ((keys, warnings), (contacts, more)) = (profile.keys()?, profile.contacts()?);
    context.output.warn_all(&warnings);
    context.output.warn_all(&more);
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
                        messages::date::day_in_table(key.file.created),
                        states(key, &contacts),
                        key.name
                    )
                })
                .collect()
        },
        &json!({ "keys": keys.iter().map(|key| stored(key, &contacts)).collect::<Vec<_>>() }),
    )
}

/// The state of a stored key, in words, and whether it is post-quantum.
pub fn states(key: &StoredKey, contacts: &[Contact]) -> String {
    let refusal = refusal(key, contacts, Require::Usable);
    let state = messages::key_state(refusal.as_ref(), key.trust());
    let besides = messages::terminal::post_quantum(key.file.suite);
    [Some(state), besides].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// How a key came here, what is known of it, and what only its file says.
fn origin(key: &StoredKey, contacts: &[Contact]) -> String {
    let mut text = format!(
        "State          {}\nCame by        {}\n",
        match refusal(key, contacts, Require::Usable) {
            None => messages::compared(key.trust()),
            Some(refusal) => messages::key_state(Some(&refusal), key.trust()).to_owned(),
        },
        messages::terminal::provenance(key.provenance)
    );
    let now = Timestamp::now();
    if let Some(claim) = key.claim {
        text.push_str(&format!("Claim          {}\n", messages::claim(claim, now)));
    }
    if key.is_of_the_future(now) {
        text.push_str(&format!("Attention      {}\n", messages::IN_THE_FUTURE));
    }
    if let Some(at) = key.restored_at {
        let at = messages::date::moment(at);
        text.push_str(&format!("Restored       {at}, from a backup of this profile\n"));
    }
    text
}

/// What the other device shared with a key: nothing where it shared nothing.
pub fn shared_text(key: &StoredKey) -> String {
    let shared = messages::shared::shared(key.file.card());
    let mut text = String::new();
    for one in &shared {
        let (Ok(value) | Err(value)) = &one.value;
        text.push_str(&format!("They shared    {}  {value}\n", one.title));
    }
    if !shared.is_empty() && shared_refusal(key).is_some() {
        text.push_str(&format!("               {}\n", messages::shared::THEIRS_IF_COMPARED));
    }
    text
}

/// The same for programs.
pub fn shared_json(key: &StoredKey) -> Value {
    let shared = messages::shared::shared(key.file.card());
    let one = |one: &Shared| {
        json!({
            "kind": one.kind, "value": one.value.as_ref().ok(), "key": one.whole,
            "problem": one.value.as_ref().err(),
        })
    };
    shared.iter().map(one).collect()
}

/// What a key is for, and what it was exported for.
fn use_of(key: &StoredKey) -> String {
    let mut text = String::new();
    if let Some(purpose) = &key.purpose {
        text.push_str(&format!("Label          {purpose}\n"));
    }
    if let Some(at) = key.retired_at {
        let at = messages::date::moment(at);
        text.push_str(&format!("Not in use     since {at}\n"));
    }
    if key.exports.is_empty() {
        text.push_str("Exported       never\n");
    }
    for export in &key.exports {
        let Exported { purpose, to, at, last, .. } = export;
        let program = export.used_with();
        let purpose = if purpose.is_empty() { String::new() } else { format!(" ({purpose})") };
        let at = messages::date::moment(*at);
        let last = last.map(messages::last_given).unwrap_or_default();
        text.push_str(&format!("Exported       {at}  {program}{purpose}  {to}{last}\n"));
    }
    text
}

fn stored(key: &StoredKey, contacts: &[Contact]) -> Value {
    let verified = |v: Verified| json!({ "method": v.method.as_str(), "at": json_time(v.at) });
    let new: Vec<_> = newcomers(key.contact, contacts).map(|new| new.name.to_string()).collect();
    let mut value = with(value(&key.file), "name", &key.name);
    if let Some(object) = value.as_object_mut() {
        object.insert("label".to_owned(), json!(key.purpose));
        object.insert(
            "exports".to_owned(),
            json!(key.exports.iter().map(exported).collect::<Vec<_>>()),
        );
        object.insert("shared".to_owned(), shared_json(key));
        object.insert("contact_id".to_owned(), json!(key.contact.to_string()));
        object.insert("trust".to_owned(), json!(key.trust().as_str()));
        object.insert("provenance".to_owned(), json!(key.provenance.as_str()));
        object.insert("imported".to_owned(), json!(key.provenance == Provenance::Imported));
        object.insert("claim".to_owned(), json!(key.claim.map(verified)));
        object.insert("restored_at".to_owned(), json!(key.restored_at.map(json_time)));
        let refusal = refusal(key, contacts, Require::Usable);
        object.insert("usable".to_owned(), json!(refusal.is_none()));
        object.insert("refusal".to_owned(), json!(refusal.as_ref().map(Refusal::code)));
        object.insert("different_key".to_owned(), json!(new));
        object.insert("not_in_use_since".to_owned(), json!(key.retired_at.map(json_time)));
    }
    value
}

fn exported(export: &Exported) -> Value {
    let Exported { target, program, purpose, to, at, last, undo } = export;
    json!({
        "target": target, "program": program, "separate_key_for": purpose, "to": to,
        "at": json_time(*at), "last_at": last.map(json_time), "undo": undo,
    })
}

fn check(
    context: &Context,
    files: &[impl AsRef<Path>],
    passphrase: Option<&Path>,
) -> Result<(), Failure> {
    for file in files {
        let path = file.as_ref();
        let subject = input::name(path);
        let (key, _) = read(path, passphrase).map_err(|failure| failure.about(&subject))?;
        context.output.result(
            || {
                let claim = key.verified.map(|claim| messages::claim(claim, Timestamp::now()));
                let claim = claim.map(|claim| format!("Claim          {claim}\n"));
                format!("{subject}: a whole key file\n{}{}", text(&key), claim.unwrap_or_default())
            },
            &with(value(&key), "file", &output::json_path(path)),
        )?;
    }
    Ok(())
}

/// The key file at `path`, and whether it was under a passphrase.
pub fn read(path: &Path, passphrase: Option<&Path>) -> Result<(KeyFile, bool), Failure> {
    // Armor makes a protected file a third larger.
    let mut bytes = input::read(path, 2 * MAX_BYTES)?;
    let sealed = is_age_file(&bytes);
    if sealed {
        let passphrase = passphrase::existing(passphrase, &input::name(path))?;
        passphrase::note_cost(&bytes);
        bytes = decrypt_with_passphrase(&bytes, &passphrase)?;
    }
    Ok((KeyFile::from_json(&bytes)?, sealed))
}

fn text(key: &KeyFile) -> String {
    format!(
        "Key id         {}\nCreated        {}\nThis device    {}\nOther device   {}\nSafety number  {}\n{}{}",
        key.key_id(),
        messages::date::moment(key.created),
        key.local.name,
        key.peer.name,
        key.safety_number(),
        messages::also_safe(key.suite).map(|text| format!("{text}\n")).unwrap_or_default(),
        if key.is_acknowledged() { "" } else { "Locked: the other device has not confirmed it.\n" },
    )
}

fn value(key: &KeyFile) -> Value {
    json!({
        "key_id": key.key_id().to_string(),
        "created": json_time(key.created),
        "suite": key.suite.noise_name(),
        "post_quantum": key.suite.is_post_quantum(),
        "role": key.role.as_str(),
        "local": { "name": key.local.name.as_str(), "public_key": key.local.identity.to_base64url() },
        "peer": { "name": key.peer.name.as_str(), "public_key": key.peer.identity.to_base64url() },
        "verified": key.verified.map(|v| json!({ "method": v.method.as_str(), "at": json_time(v.at) })),
        "acknowledged": key.is_acknowledged(),
        "safety_number": key.safety_number().digits(),
    })
}

fn with(mut value: Value, member: &str, text: &str) -> Value {
    if let Some(object) = value.as_object_mut() {
        object.insert(member.to_owned(), Value::from(text));
    }
    value
}
