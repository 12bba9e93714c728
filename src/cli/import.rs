//! `keyglance import`.

use jiff::Timestamp;
use serde_json::json;

use super::args::ImportArgs;
use super::failure::Failure;
use super::keys::read;
use super::output::json_time;
use super::{Context, input};
use crate::messages;
use keyglance_profile::IdentityState;

pub fn run(context: &Context, args: &ImportArgs) -> Result<(), Failure> {
    let subject = input::name(&args.file);
    let (key, _) = read(&args.file, args.passphrase_file.as_deref())
        .map_err(|failure| failure.about(&subject))?;
    let profile = context.open_profile()?;
    let own = match profile.identity()? {
        IdentityState::Plain(identity) => Some(*identity.key.public() == key.local.identity),
        // Only its passphrase would tell, which is not worth asking for.
        IdentityState::Sealed(_) | IdentityState::Missing => None,
    };
    let now = Timestamp::now();
    let (future, acknowledged) = (key.created > now, key.is_acknowledged());
    let kept = profile.import(key, args.name.as_deref(), now)?;

    if own == Some(false) {
        context
            .output
            .tell("Note: another device than this one made this key. It works all the same.");
    }
    if let Some(claim) = kept.claim {
        context.output.tell(format!("Note: {}", messages::claim(claim, now)));
    }
    if future {
        context.output.tell(format!("Note: {}", messages::IN_THE_FUTURE));
    }
    if let Some(other) = &kept.key_changed {
        context.output.tell(format!(
            "Note: {other} has a different key than this one. Both are kept, under different names."
        ));
    }
    let state = if acknowledged { "not compared" } else { "unconfirmed" };
    context.output.result(
        || {
            let contact = if kept.new_contact { "a new contact" } else { "a contact you had" };
            format!("Imported {} ({state}) of {}, {contact}.\n", kept.key_name, kept.contact_name)
        },
        &json!({
            "key_id": kept.key_id.to_string(),
            "key": kept.key_name,
            "contact": kept.contact_name,
            "new_contact": kept.new_contact,
            "key_changed": kept.key_changed,
            "verified": false,
            "claim": kept.claim.map(|c| json!({ "method": c.method.as_str(), "at": json_time(c.at) })),
        }),
    )
}
