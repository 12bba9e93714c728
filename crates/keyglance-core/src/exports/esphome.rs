//! The key of ESPHome's native API, by which Home Assistant speaks with a device.

use ::base64::Engine as _;
use ::base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::{Export, Target};
use crate::crypto::labels;

pub(super) const TARGET: Target = Target {
    name: "esphome",
    summary: "the key by which Home Assistant controls an ESPHome device",
    extension: "esphome.yaml",
    binary: false,
    post_quantum: false,
    labels: &[labels::ESPHOME_API],
    danger: "Anyone with this file can control the device.",
    usage: &[
        "On the side that builds the device: add the lines of {path} to its YAML, or under packages: kg: !include, and flash it",
        "On the side of Home Assistant: type the key in {path} where it asks for the encryption key",
    ],
    undo: &["Put the new key into the device's YAML, flash it, and type the key in Home Assistant"],
    shared: None,
    scanned_by: None,
    options: &[],
    build: |context| {
        let key = Zeroizing::new(STANDARD.encode(&context.derive(labels::ESPHOME_API)?[..]));
        Ok(Export::from_text(&["api:\n  encryption:\n    key: \"", &key, "\"\n"]))
    },
};
