//! `keyglance import`.

use jiff::Timestamp;
use serde_json::json;

use super::Context;
use super::args::ImportArgs;
use super::failure::Failure;
use super::keys::read;
use crate::messages;
use keyglance_core::trust::Trust;
use keyglance_profile::IdentityState;

pub fn run(context: &Context, args: &ImportArgs) -> Result<(), Failure> {
    let subject = args.file.display().to_string();
    let (mut key, sealed) = read(&args.file, args.passphrase_file.as_deref())
        .map_err(|failure| failure.about(&subject))?;
    let profile = context.open_profile()?;
    let own = match profile.identity()? {
        IdentityState::Plain(identity) => Some(*identity.key.public() == key.local.identity),
        // Only its passphrase would tell, which is not worth asking for.
        IdentityState::Sealed(_) | IdentityState::Missing => None,
    };
    // Anybody can write "verified" into a plain file.
    let believed = key.verified.filter(|_| sealed);
    let doubted = key.verified.is_some() && believed.is_none();
    key.verified = believed;
    let trust = believed.map_or(Trust::Unverified, Trust::Verified);
    let said = messages::key_state(false, key.is_acknowledged(), key.verified.is_some());
    let kept = profile.import(key, args.name.as_deref(), trust, Timestamp::now())?;

    if own == Some(false) {
        context.output.tell(
            "Note: another identity than this profile's made this key. It works all the same.",
        );
    }
    if doubted {
        context.output.tell(
            "Note: anybody can write \"verified\" into a plain file, so it counts as not checked yet.",
        );
    }
    if let Some(other) = &kept.key_changed {
        context.output.tell(format!(
            "Note: {other} has a different key than this one. Both are kept, under different names."
        ));
    }
    context.output.result(
        || {
            let contact = if kept.new_contact { "a new contact" } else { "a contact you had" };
            format!("Imported {} ({said}) of {}, {contact}.\n", kept.key_name, kept.contact_name)
        },
        &json!({
            "key_id": kept.key_id.to_string(),
            "key": kept.key_name,
            "contact": kept.contact_name,
            "new_contact": kept.new_contact,
            "key_changed": kept.key_changed,
            "verified": believed.is_some(),
        }),
    )
}
