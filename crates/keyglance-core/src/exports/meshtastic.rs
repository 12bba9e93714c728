//! A Meshtastic channel, as the link that its app takes: a protobuf ChannelSet
//! with one ChannelSettings of a key (field 2) and a name (field 3). It holds no settings of
//! the radio, and adds to the channels: the radio's region stays.

use ::base64::Engine as _;
use ::base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use super::{Export, OptionKind, Target, TargetOption};
use crate::crypto::labels;

/// Most bytes of a channel's name: the firmware keeps 12 with the zero at the end.
const MOST: usize = 11;

const CHANNEL: TargetOption = TargetOption {
    name: "channel",
    summary: "the channel's name, at most 11 bytes; the same on both sides",
    kind: OptionKind::Text("Keyglance"),
};

pub(super) const PSK: Target = Target {
    name: "meshtastic-psk",
    summary: "the key of the same Meshtastic channel, for the radio at this computer",
    extension: "meshtastic-psk.txt",
    binary: false,
    post_quantum: false,
    labels: &[labels::MESHTASTIC],
    danger: "Anyone with this file can read and write in the channel.",
    usage: &[
        "meshtastic --ch-add NAME",
        "meshtastic --info",
        "In what it shows, find the number of the channel, N",
        "meshtastic --ch-index N --ch-set psk \"$(cat {file})\"",
        "On the command line, other users of this computer can see the key meanwhile",
    ],
    undo: &["meshtastic --ch-index N --ch-del"],
    shared: None,
    scanned_by: None,
    options: &[],
    build: |context| {
        let key = Zeroizing::new(STANDARD.encode(&context.derive(labels::MESHTASTIC)?[..]));
        Ok(Export::from_text(&["base64:", &key]))
    },
};

pub(super) const TARGET: Target = Target {
    name: "meshtastic",
    summary: "a private channel for Meshtastic radios",
    extension: "meshtastic.txt",
    binary: false,
    post_quantum: false,
    labels: &[labels::MESHTASTIC],
    danger: "Anyone with this file can read and write in the channel.",
    usage: &["On a phone: scan the code, or open the link in {path}, and choose Add"],
    undo: &[
        "In the Meshtastic app, on both sides: delete the channel, and add that of a new export",
    ],
    shared: None,
    scanned_by: Some("the phone's camera, which opens the Meshtastic app"),
    options: &[CHANNEL],
    build: |context| {
        let name = context.options.text(&CHANNEL, MOST)?;
        let key = context.derive(labels::MESHTASTIC)?;
        // Every length is below 128, one byte of a protobuf varint.
        #[allow(clippy::expect_used, reason = "the key has 32 bytes, the name at most 11")]
        let length = |part: &[u8]| u8::try_from(part.len()).expect("short parts only");
        let settings = Zeroizing::new(
            [
                &[0x12, length(&key[..])],
                &key[..],
                &[0x1a, length(name.as_bytes())],
                name.as_bytes(),
            ]
            .concat(),
        );
        let set = Zeroizing::new([&[0x0a, length(&settings)], &settings[..]].concat());
        let text = Zeroizing::new(URL_SAFE_NO_PAD.encode(&set[..]));
        Ok(Export::from_text(&["https://meshtastic.org/e/?add=true#", &text]))
    },
};
