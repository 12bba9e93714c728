//! `keyglance contacts`.

use std::path::Path;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::args::{ContactsCommand, DecisionArgs};
use super::failure::{Failure, NOTHING_SCANNED};
use super::keys::{confirm_loss, shared_json, shared_text, states};
use super::output::json_time;
use super::source::{FIRST_CAMERA, Source, SourceArg};
use super::{Context, identity};
use crate::messages;
use keyglance_core::contacts::{Contact, PeerIdentity};
use keyglance_core::crypto::{Fingerprint, SafetyNumber};
use keyglance_core::trust::Trust;
use keyglance_profile::{
    Decided, Decision, IdentityState, StoredKey, newcomers, printable, shell_argument,
};

pub fn run(context: &Context, command: ContactsCommand) -> Result<(), Failure> {
    match command {
        ContactsCommand::List => list(context),
        ContactsCommand::Show { name } => show(context, &name),
        ContactsCommand::Add { name, who, scan, identity_passphrase } => {
            let passphrase_file = identity_passphrase.file();
            add(context, &name, who.as_deref(), scan, passphrase_file)
        }
        ContactsCommand::Decide { name, decision } => decide(context, &name, &decision),
        ContactsCommand::Rename { name, to } => {
            let profile = context.open_profile()?;
            let contact = profile.find_contact_or_key(&name)?;
            profile.rename_contact(contact.id(), &to)?;
            context.output.result(
                || format!("{} is called {} now.\n", contact.name, to.trim()),
                &json!({ "renamed": contact.name, "to": to.trim() }),
            )
        }
        ContactsCommand::Delete { name, yes } => {
            let profile = context.open_profile()?;
            let contact = profile.find_contact(&name)?;
            confirm_loss(yes, &format!("Delete “{}” and all its keys for good?", contact.name))?;
            let left = profile.left_behind(contact.id())?;
            let keys = profile.remove_contact(contact.id())?;
            if let Some(left) = messages::shared::left_behind_lines(&left) {
                context.output.tell(left);
            }
            context.output.result(
                || format!("Deleted {} and {} of its keys.\n", contact.name, keys.len()),
                &json!({ "deleted": contact.name, "keys": keys }),
            )
        }
    }
}

/// Decides about a contact that came under the name of another.
fn decide(context: &Context, name: &str, args: &DecisionArgs) -> Result<(), Failure> {
    let decision = match &args.somebody_else {
        Some(name) => Decision::SomebodyElse(name.parse()?),
        None if args.block => Decision::Block,
        None if args.new_device => Decision::NewDevice,
        None => Decision::AnotherDevice,
    };
    let profile = context.open_profile()?;
    let new = profile.find_conflict(name)?;
    let Decided { name, held_back } =
        profile.decide(new.id(), decision.clone(), Timestamp::now())?;
    let (word, done) = match decision {
        Decision::NewDevice if !held_back => (
            "new-device",
            format!(
                "The new one is called {name} now. The old one's keys are not in use any more: \
                 they are still here, and nothing is made of them.\n"
            ),
        ),
        Decision::NewDevice => (
            "new-device",
            "Once it is compared, its key takes the place of the old one.\n".to_owned(),
        ),
        Decision::AnotherDevice => {
            ("another-device", format!("Both are kept. The new one is called {name}.\n"))
        }
        Decision::SomebodyElse(_) => ("somebody-else", format!("It is called {name} now.\n")),
        Decision::Block => ("blocked", format!("{name} is blocked: its key is never used.\n")),
    };
    let wait = held_back && decision != Decision::Block;
    context.output.result(
        || match wait {
            true => format!(
                "{done}Its key is held back until then. Compare: keyglance compare {}\n",
                shell_argument(&name)
            ),
            false => done,
        },
        &json!({
            "contact": name, "decision": word, "held_back": held_back,
            "replaced": decision == Decision::NewDevice && !held_back,
        }),
    )
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
                                context.output.tell(format!(
                                    "Still looking: {}.",
                                    printable(&error.to_string())
                                ));
                            }
                            Ok(None)
                        }
                    },
                )?;
            let what =
                told.map_or("No code was found.".to_owned(), |error| messages::sentence(&error));
            found.ok_or_else(|| Failure::new(NOTHING_SCANNED, what))?
        }
    };
    let contact = profile.add_contact(name, identity, Timestamp::now())?;
    context.output.result(
        || {
            format!(
                "Added {}, not compared. Make sure of it: keyglance compare {}\n",
                contact.name,
                shell_argument(&contact.name)
            )
        },
        &value(&contact, &[]),
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
                    let (sign, words) = (sign(c), messages::contact_state(c));
                    let day = messages::date::day_in_table(c.since);
                    let new = names_of_newcomers(c, &contacts);
                    let notice = if new.is_empty() {
                        String::new()
                    } else {
                        format!("  ▲ {}\n", messages::terminal::newcomers(&new))
                    };
                    format!("{sign} {:<24} {words:<16} {day}\n{notice}", c.name)
                })
                .collect()
        },
        &json!({ "contacts": contacts.iter().map(|one| value(one, &contacts)).collect::<Vec<_>>() }),
    )
}

fn show(context: &Context, name: &str) -> Result<(), Failure> {
    let profile = context.open_profile()?;
    let contact = profile.find_contact_or_key(name)?;
    let (keys, warnings) = profile.keys()?;
    context.output.warn_all(&warnings);
    let keys: Vec<_> = keys.into_iter().filter(|key| key.contact == contact.id()).collect();
    let left: Vec<_> = keys.iter().flat_map(StoredKey::left_behind).collect();
    // Uses the present identity; if that is protected, `keyglance verify` can open it.
    let number = match profile.identity()? {
        IdentityState::Plain(own) => {
            Some(SafetyNumber::new(&Fingerprint::of(own.key.public()), contact.fingerprint()))
        }
        IdentityState::Sealed(_) | IdentityState::Missing => None,
    };
    let half = identity::groups(&contact.fingerprint().digits());
    let (contacts, _) = profile.contacts()?;
    let known = contact.name_conflict.as_ref().filter(|_| contact.is_held_back());
    let known = known.map(|conflict| {
        let known = contacts.iter().find(|other| other.id() == conflict.id);
        known.map_or(&conflict.name, |known| &known.name).to_string()
    });
    let new = names_of_newcomers(&contact, &contacts);
    let mut object = value(&contact, &contacts);
    if let Some(object) = object.as_object_mut() {
        object.insert("safety_number".to_owned(), json!(number.as_ref().map(|n| n.digits())));
        let keys: Vec<_> = keys
            .iter()
            .map(|key| {
                json!({
                    "name": key.name, "key_id": key.file.key_id().to_string(),
                    "trust": key.trust().as_str(), "suite": key.file.suite.noise_name(),
                    "post_quantum": key.file.suite.is_post_quantum(),
                    "shared": shared_json(key),
                })
            })
            .collect();
        object.insert("keys".to_owned(), Value::from(keys));
    }
    context.output.result(
        || {
            let (sign, words) = (sign(&contact), messages::contact_state(&contact));
            let (met, calls) = match contact.suggested_name.as_str() {
                "" => ("Added ", "(not met yet)"),
                name => ("Paired", name),
            };
            let mut text = format!(
                "{sign} {}\nTrust          {words}\nCalls itself   {calls}\n{met}         {}\nFingerprint    {half}\n",
                contact.name,
                messages::date::moment(contact.since)
            );
            if let Some(key) = contact.identity().key {
                text.push_str(&format!("Public key     {key}\n"));
            }
            if let Some(number) = &number {
                text.push_str(&format!("Safety number  {number}\n"));
            }
            for key in &keys {
                text.push_str(&format!("Key            {}  {}  {}\n", key.file.key_id(), key.name, states(key, &contacts)));
                text.push_str(&shared_text(key));
            }
            if contact.trust() == Trust::Broken && let Some(left) = messages::shared::left_behind_lines(&left) {
                text.push_str(&format!("{left}\n"));
            }
            for (i, change) in contact.history().iter().enumerate() {
                text.push_str(&format!("History        {}\n", messages::change(change, i == 0)));
            }
            if let Some(known) = &known {
                text.push_str(&format!(
                    "It came with a different key than “{known}” has, and is held back. Decide: keyglance contacts decide {}\n",
                    shell_argument(&contact.name)
                ));
            }
            if let [first, ..] = &new[..] {
                text.push_str(&format!(
                    "▲ {} Decide: keyglance contacts decide {}\n",
                    messages::terminal::newcomers(&new),
                    shell_argument(first)
                ));
            }
            text
        },
        &object,
    )
}

/// The names of those who came under this contact's name.
fn names_of_newcomers(contact: &Contact, contacts: &[Contact]) -> Vec<String> {
    newcomers(contact.id(), contacts).map(|new| new.name.to_string()).collect()
}

/// A sign for each state, since colour alone says nothing.
fn sign(contact: &Contact) -> &'static str {
    match contact.trust() {
        _ if contact.is_held_back() => "▲",
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

fn value(contact: &Contact, contacts: &[Contact]) -> Value {
    let verified = |trust| match trust {
        Trust::Verified(v) => Some(json!({ "method": v.method.as_str(), "at": json_time(v.at) })),
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
            json!({ "trust": name_of(change.trust), "method": method, "at": json_time(change.at) })
        })
        .collect();
    json!({
        "id": contact.id().to_string(),
        "name": contact.name,
        "suggested_name": contact.suggested_name,
        "public_key": contact.identity().key.map(|key| key.to_base64url()),
        "fingerprint": contact.fingerprint().digits(),
        "trust": name_of(contact.trust()),
        "verified": verified(contact.trust()),
        "since": json_time(contact.since),
        "undecided": contact.name_conflict.as_ref().is_some_and(|c| c.decision.is_none()),
        "held_back": contact.is_held_back(),
        "different_key": names_of_newcomers(contact, contacts),
        "history": history,
    })
}
