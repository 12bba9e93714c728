//! `keyglance contacts`.

use std::path::Path;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::args::ContactsCommand;
use super::failure::{Failure, NOTHING_SCANNED};
use super::keys::{confirm_loss, state};
use super::source::{FIRST_CAMERA, Source, SourceArg};
use super::{Context, identity};
use crate::messages;
use keyglance_core::contacts::{Contact, PeerIdentity};
use keyglance_core::crypto::{Fingerprint, SafetyNumber};
use keyglance_core::trust::Trust;
use keyglance_profile::{Decision, IdentityState, shell_quoted};

pub fn run(context: &Context, command: ContactsCommand) -> Result<(), Failure> {
    match command {
        ContactsCommand::List => list(context),
        ContactsCommand::Show { name } => show(context, &name),
        ContactsCommand::Add { name, who, scan, identity_passphrase_file } => {
            let passphrase_file = identity_passphrase_file.as_deref();
            add(context, &name, who.as_deref(), scan, passphrase_file)
        }
        ContactsCommand::Decide { name, decision } => {
            let decision = if decision.replace { Decision::Replace } else { Decision::KeepBoth };
            let now = context.open_profile()?.decide(&name, decision, Timestamp::now())?;
            context.output.result(
                || match decision {
                    Decision::KeepBoth => format!("Both are kept. The new one is called {now}.\n"),
                    Decision::Replace => format!(
                        "The new one is called {now}. The old one's keys are retired: they are \
                         still here, and nothing is exported from them.\n"
                    ),
                },
                &json!({ "contact": now, "replaced": decision == Decision::Replace }),
            )
        }
        ContactsCommand::Rename { name, to } => {
            context.open_profile()?.rename_contact(&name, &to)?;
            context.output.result(
                || format!("{name} is called {} now.\n", to.trim()),
                &json!({ "renamed": name, "to": to.trim() }),
            )
        }
        ContactsCommand::Remove { name, yes } => {
            let profile = context.open_profile()?;
            let contact = profile.find_contact(&name)?;
            confirm_loss(yes, &format!("Remove {:?} and all its keys for good?", contact.name))?;
            let keys = profile.remove_contact(&name)?;
            context.output.result(
                || format!("Removed {} and {} of its keys.\n", contact.name, keys.len()),
                &json!({ "removed": contact.name, "keys": keys }),
            )
        }
    }
}

/// Adds a contact that we have not paired with yet.
fn add(
    context: &Context,
    name: &str,
    who: Option<&str>,
    scan: Option<SourceArg>,
    passphrase_file: Option<&Path>,
) -> Result<(), Failure> {
    let profile = context.open_profile()?;
    let own = identity::load_or_create(context, &profile, None, passphrase_file)?;
    let own = Fingerprint::of(own.key.public());
    let identity = match (who, scan) {
        (Some(text), _) => PeerIdentity::read(text, &own)?,
        (None, source) => {
            let mut told = None;
            let found =
                Source::open(source.unwrap_or(FIRST_CAMERA))?.until(
                    |text| match PeerIdentity::read(text, &own) {
                        Ok(identity) => Ok(Some(identity)),
                        Err(error) => {
                            if told.replace(error) != Some(error) {
                                context.output.tell(format!("Still looking: {error}."));
                            }
                            Ok(None)
                        }
                    },
                )?;
            let what = told.map_or("no code was found".to_owned(), |error| error.to_string());
            found.ok_or_else(|| Failure::new(NOTHING_SCANNED, what))?
        }
    };
    let contact = profile.add_contact(name, identity, Timestamp::now())?;
    context.output.result(
        || {
            format!(
                "Added {}, not checked yet. Make sure of it: keyglance verify {}\n",
                contact.name,
                shell_quoted(&contact.name)
            )
        },
        &value(&contact),
    )
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
                    let (sign, words) = (sign(c.trust()), messages::trust(c.trust()));
                    format!("{sign} {:<24} {words:<16} {}\n", c.name, c.since.strftime("%Y-%m-%d"))
                })
                .collect()
        },
        &contacts.iter().map(value).collect(),
    )
}

fn show(context: &Context, name: &str) -> Result<(), Failure> {
    let profile = context.open_profile()?;
    let contact = profile.find_contact(name)?;
    let (keys, warnings) = profile.keys()?;
    context.output.warn_all(&warnings);
    let keys: Vec<_> = keys.into_iter().filter(|key| key.contact == contact.id()).collect();
    // Uses the present identity; if that is protected, `keyglance verify` can open it.
    let number = match profile.identity()? {
        IdentityState::Plain(own) => {
            Some(SafetyNumber::new(&Fingerprint::of(own.key.public()), contact.fingerprint()))
        }
        IdentityState::Sealed(_) | IdentityState::Missing => None,
    };
    let half = identity::groups(&contact.fingerprint().digits());
    let (contacts, _) = profile.contacts()?;
    let rival = contacts
        .iter()
        .find(|other| contact.name_conflict.as_ref().is_some_and(|rival| rival.id == other.id()));
    let rival = rival.map(|rival| rival.name.as_str());
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
            let (sign, words) = (sign(contact.trust()), messages::trust(contact.trust()));
            let (met, calls) = match contact.suggested_name.as_str() {
                "" => ("Added ", "(not met yet)"),
                name => ("Paired", name),
            };
            let mut text = format!(
                "{sign} {}\nTrust          {words}\nCalls itself   {calls}\n{met}         {}\nFingerprint    {half}\n",
                contact.name, contact.since
            );
            if let Some(key) = contact.identity().key {
                text.push_str(&format!("Public key     {key}\n"));
            }
            if let Some(number) = &number {
                text.push_str(&format!("Safety number  {number}\n"));
            }
            for key in &keys {
                text.push_str(&format!("Key            {}  {}  {}\n", key.file.key_id(), key.name, state(key)));
            }
            for (i, change) in contact.history().iter().enumerate() {
                text.push_str(&format!("History        {}\n", messages::change(change, i == 0)));
            }
            if let Some(rival) = rival {
                text.push_str(&format!(
                    "It came with another key than {rival:?}. Decide: keyglance contacts decide {}\n",
                    shell_quoted(&contact.name)
                ));
            }
            text
        },
        &object,
    )
}

/// A sign for each state, since colour alone says nothing.
const fn sign(trust: Trust) -> &'static str {
    match trust {
        Trust::Broken => "▲",
        Trust::Unverified | Trust::SeenByCamera => "○",
        Trust::Verified(_) => "✔",
    }
}

/// The state as JSON spells it.
pub const fn name_of(trust: Trust) -> &'static str {
    match trust {
        Trust::Broken => "broken",
        Trust::Unverified => "unverified",
        Trust::SeenByCamera => "seen-by-camera",
        Trust::Verified(_) => "verified",
    }
}

fn value(contact: &Contact) -> Value {
    let verified = |trust| match trust {
        Trust::Verified(v) => Some(json!({ "method": v.method.as_str(), "at": v.at.to_string() })),
        _ => None,
    };
    let history: Vec<Value> = contact
        .history()
        .iter()
        .map(|change| {
            let method = match change.trust {
                Trust::Verified(verified) => Some(verified.method.as_str()),
                _ => None,
            };
            json!({ "trust": name_of(change.trust), "method": method, "at": change.at.to_string() })
        })
        .collect();
    json!({
        "name": contact.name,
        "suggested_name": contact.suggested_name,
        "public_key": contact.identity().key.map(|key| key.to_base64url()),
        "fingerprint": contact.fingerprint().digits(),
        "trust": name_of(contact.trust()),
        "verified": verified(contact.trust()),
        "since": contact.since.to_string(),
        "undecided": contact.name_conflict.is_some(),
        "history": history,
    })
}
