//! One-time codes by which two people know each other in a call (RFC 6238): each side has
//! a secret of its own, so that a number that was heard is of no use to answer with.

use data_encoding::BASE32_NOPAD;
use zeroize::Zeroizing;

use super::{Export, Target};
use crate::challenge;
use crate::crypto::labels;
use crate::intake::percent_encoded;

pub(super) const TARGET: Target = Target {
    name: "totp",
    summary: "two one-time codes for a phone: what you say in a call, and what they say",
    extension: "otpauth.txt",
    binary: false,
    post_quantum: false,
    labels: &[labels::TOTP_INITIATOR, labels::TOTP_RESPONDER],
    danger: "Anyone with this file can answer for you in a call, and for them.",
    usage: &[
        "On a phone, in Aegis or another authenticator app: scan both codes, or import {path}",
        "In a call, each reads out their own number and compares the other's. Somebody who listens can pass a number on within 30 seconds: ask for it in a question of your own",
    ],
    undo: &["Delete both entries on both phones, and scan those of a new export"],
    shared: None,
    scanned_by: Some("an authenticator app, such as Aegis or Google Authenticator"),
    options: &[],
    build: |context| {
        let (own, theirs) =
            challenge::secrets(context.exporter, context.key.role, context.purpose)?;
        let text = |secret: &[u8; 20]| Zeroizing::new(BASE32_NOPAD.encode(secret));
        let peer = &context.key.peer.name;
        let (i_say, they_say) = (format!("I say to {peer}"), format!("{peer} says to me"));
        let rest = "&issuer=Keyglance&algorithm=SHA1&digits=6&period=30\n";
        let export = Export::from_text(&[
            "otpauth://totp/Keyglance:",
            &percent_encoded(&i_say),
            "?secret=",
            &text(&own),
            rest,
            "otpauth://totp/Keyglance:",
            &percent_encoded(&they_say),
            "?secret=",
            &text(&theirs),
            rest,
        ]);
        Ok(Export { captions: vec![i_say, they_say], ..export })
    },
};
