//! One-time codes by which two people know each other in a call (RFC 6238): each side has
//! a secret of its own, so that a number that was heard is of no use to answer with.

use data_encoding::BASE32_NOPAD;
use zeroize::Zeroizing;

use super::{Export, Target};
use crate::crypto::labels;
use crate::intake::percent_encoded;
use crate::pairing::Role;

pub(super) const TARGET: Target = Target {
    name: "totp",
    summary: "two one-time codes for a phone: what you say in a call, and what they say",
    extension: "otpauth.txt",
    binary: false,
    post_quantum: false,
    danger: "Anyone with this file can answer for you in a call, and for them.",
    usage: &[
        "On a phone, in Aegis or another authenticator app: scan both codes, or import {path}",
        "In a call, each reads out their own number and compares the other's. Somebody who listens can pass a number on within 30 seconds: ask for it in a question of your own",
    ],
    undo: &["On both phones: delete both entries, and export with another separate key"],
    shared: None,
    scanned_by: Some("an authenticator app, such as Aegis or Google Authenticator"),
    options: &[],
    build: |context| {
        let (own, theirs) = match context.key.role {
            Role::Initiator => (labels::TOTP_INITIATOR, labels::TOTP_RESPONDER),
            Role::Responder => (labels::TOTP_RESPONDER, labels::TOTP_INITIATOR),
        };
        let secret = |label| -> Result<_, super::ExportError> {
            let mut secret = Zeroizing::new([0; 20]);
            context.fill(label, &mut secret[..])?;
            Ok(Zeroizing::new(BASE32_NOPAD.encode(&secret[..])))
        };
        let peer = &context.key.peer.name;
        let (i_say, they_say) = (format!("I say to {peer}"), format!("{peer} says to me"));
        let rest = "&issuer=Keyglance&algorithm=SHA1&digits=6&period=30\n";
        let export = Export::from_text(&[
            "otpauth://totp/Keyglance:",
            &percent_encoded(&i_say),
            "?secret=",
            &secret(own)?,
            rest,
            "otpauth://totp/Keyglance:",
            &percent_encoded(&they_say),
            "?secret=",
            &secret(theirs)?,
            rest,
        ]);
        Ok(Export { captions: vec![i_say, they_say], ..export })
    },
};
