//! A Wi-Fi network for guests, as the text that every phone's camera joins by.

use data_encoding::BASE32_NOPAD;
use zeroize::Zeroizing;

use super::{Export, OptionKind, Target, TargetOption, groups};
use crate::crypto::labels;

/// Most bytes of a network's name (IEEE 802.11, 9.4.2.2).
const MOST: usize = 32;

const SSID: TargetOption = TargetOption {
    name: "ssid",
    summary: "the network's name, at most 32 bytes",
    kind: OptionKind::Text("Keyglance guest"),
};

pub(super) const TARGET: Target = Target {
    name: "wifi",
    summary: "a Wi-Fi network for guests, whose password comes from the shared key",
    extension: "wifi.txt",
    binary: false,
    post_quantum: false,
    labels: &[labels::WIFI],
    danger: "Anyone with this file can join the network and record what others send in it.",
    usage: &[
        "On the router: make a guest network (WPA2 or WPA3) of that name; its password stands after P: in {path}",
        "On a phone: scan the code",
    ],
    undo: &[
        "On the router: give the guest network the password of a new export, and show the new code",
    ],
    shared: None,
    scanned_by: Some("any phone's camera, which then joins the network"),
    options: &[SSID],
    build: |context| {
        let name = escaped(&context.options.text(&SSID, MOST)?);
        // 120 bits, which people can type where there is no camera.
        let mut secret = Zeroizing::new([0; 15]);
        context.fill(labels::WIFI, &mut secret[..])?;
        let mut letters = Zeroizing::new(BASE32_NOPAD.encode(&secret[..]));
        letters.make_ascii_lowercase();
        let groups: Vec<&str> = groups(&letters, 4).collect();
        let password = Zeroizing::new(groups.join("-"));
        Ok(Export::from_text(&["WIFI:T:WPA;S:", &name, ";P:", &password, ";;"]))
    },
};

/// With a backslash before each character that means something in the text.
fn escaped(name: &str) -> String {
    let mut text = String::with_capacity(2 * name.len());
    for c in name.chars() {
        if matches!(c, '\\' | ';' | ',' | ':' | '"') {
            text.push('\\');
        }
        text.push(c);
    }
    text
}
