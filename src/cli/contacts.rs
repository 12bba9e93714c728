//! `keyglance contacts`.

use serde_json::{Value, json};

use super::args::ContactsCommand;
use super::failure::Failure;
use super::keys::{state, sure};
use super::{Context, identity};
use crate::contacts::{Contact, Trust};
use crate::crypto::Fingerprint;

pub(super) fn run(context: &Context, command: ContactsCommand) -> Result<(), Failure> {
    match command {
        ContactsCommand::List => list(context),
        ContactsCommand::Show { name } => show(context, &name),
        ContactsCommand::Rename { name, to } => {
            context.open_profile()?.rename_contact(&name, &to)?;
            context.output.result(
                || format!("{name} is called {} now.\n", to.trim()),
                &json!({ "renamed": name, "to": to.trim() }),
            )
        }
        ContactsCommand::Remove { name, yes } => {
            let profile = context.open_profile()?;
            let contact = profile.contact(&name)?;
            sure(yes, &format!("Remove {:?} and all its keys for good?", contact.name))?;
            let keys = profile.remove_contact(&name)?;
            context.output.result(
                || format!("Removed {} and {} of its keys.\n", contact.name, keys.len()),
                &json!({ "removed": contact.name, "keys": keys }),
            )
        }
    }
}

fn list(context: &Context) -> Result<(), Failure> {
    let (contacts, warnings) = context.open_profile()?.contacts()?;
    context.output.warn_all(&warnings);
    context.output.result(
        || {
            if contacts.is_empty() {
                return "No contacts yet. Pair a device: keyglance pair\n".to_owned();
            }
            contacts
                .iter()
                .map(|c| {
                    let (sign, words) = trust(c.trust);
                    format!(
                        "{sign} {:<24} {words:<16} {}\n",
                        c.name,
                        c.paired_at.strftime("%Y-%m-%d")
                    )
                })
                .collect()
        },
        &contacts.iter().map(value).collect(),
    )
}

fn show(context: &Context, name: &str) -> Result<(), Failure> {
    let profile = context.open_profile()?;
    let contact = profile.contact(name)?;
    let (keys, warnings) = profile.keys()?;
    context.output.warn_all(&warnings);
    let keys: Vec<_> = keys.into_iter().filter(|key| key.contact == contact.id()).collect();
    let number = keys.first().map(|key| key.file.safety_number().clone());
    let half = identity::groups(&Fingerprint::of(&contact.identity).digits());
    let mut object = value(&contact);
    if let Some(object) = object.as_object_mut() {
        object.insert("safety_number".to_owned(), json!(number.as_ref().map(|n| n.digits())));
        let keys: Vec<_> = keys
            .iter()
            .map(|key| json!({ "name": key.name, "key_id": key.file.key_id().to_string() }))
            .collect();
        object.insert("keys".to_owned(), Value::from(keys));
    }
    context.output.result(
        || {
            let (sign, words) = trust(contact.trust);
            let mut text = format!(
                "{sign} {}\nTrust          {words}\nCalls itself   {}\nPaired         {}\nFingerprint    {half}\n",
                contact.name, contact.suggested_name, contact.paired_at
            );
            if let Some(number) = &number {
                text.push_str(&format!("Safety number  {number}\n"));
            }
            for key in &keys {
                text.push_str(&format!("Key            {}  {}  {}\n", key.file.key_id(), key.name, state(&key.file)));
            }
            text
        },
        &object,
    )
}

/// A shape and a word for each.
const fn trust(trust: Trust) -> (&'static str, &'static str) {
    match trust {
        Trust::Broken => ("▲", "Does not match"),
        Trust::Unverified => ("○", "Not checked yet"),
        Trust::SeenByCamera => ("○", "Seen by camera"),
        Trust::Verified(_) => ("✔", "Verified"),
    }
}

fn value(contact: &Contact) -> Value {
    let (name, verified) = match contact.trust {
        Trust::Broken => ("broken", None),
        Trust::Unverified => ("unverified", None),
        Trust::SeenByCamera => ("seen-by-camera", None),
        Trust::Verified(v) => ("verified", Some(v)),
    };
    json!({
        "name": contact.name,
        "suggested_name": contact.suggested_name,
        "public_key": contact.identity.to_base64url(),
        "trust": name,
        "verified": verified.map(|v| json!({ "method": v.method.as_str(), "at": v.at.to_string() })),
        "paired_at": contact.paired_at.to_string(),
    })
}
