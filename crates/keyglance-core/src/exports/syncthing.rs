//! Syncthing: the other device's ID, and the password of a folder that an untrusted
//! device keeps encrypted.

use ::base64::Engine as _;
use ::base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::{Export, Target};
use crate::crypto::labels;
use crate::identifiers::{Identifier, IdentifierKind};

const KIND: IdentifierKind = IdentifierKind::Syncthing;

pub(super) const FOLDER: Target = Target {
    name: "syncthing-folder",
    summary: "the password of a folder that a Syncthing device keeps and cannot read",
    extension: "syncthing.passphrase",
    binary: false,
    post_quantum: false,
    labels: &[labels::SYNCTHING_FOLDER],
    danger: "Anyone with this file can read the encrypted copies of the folder.",
    usage: &[
        "In Syncthing's page, in the folder's Sharing, beside the untrusted device: the password in {path}. Write down the folder's ID, which belongs to it",
        "syncthing cli config folders ID devices DEVICE encryption-password set -- \"$(cat {file})\"",
        "syncthing decrypt --to FOLDER --password=\"$(cat {file})\" --folder-id ID COPY",
        "On the command line, other users of this computer can see the password meanwhile; in Syncthing's page they cannot",
    ],
    undo: &[
        "Share a new folder with the new password, and delete the old one; who has the old file still reads the old copies",
    ],
    shared: None,
    scanned_by: None,
    options: &[],
    build: |context| {
        let key = context.derive(labels::SYNCTHING_FOLDER)?;
        let text = Zeroizing::new(URL_SAFE_NO_PAD.encode(&key[..]));
        Ok(Export::from_text(&[&text]))
    },
};

pub(super) const DEVICE: Target = Target {
    name: "syncthing",
    summary: "the ID of the other device's Syncthing",
    extension: "syncthing.txt",
    binary: false,
    post_quantum: false,
    labels: &[],
    danger: "Syncthing then lets whoever has this ID's key connect, and offers them what you share.",
    usage: &[
        "syncthing cli config devices add --device-id {id} --name {name}",
        "In Syncthing's page: Add Remote Device, and the ID in {path}",
    ],
    undo: &["syncthing cli config devices {id} delete"],
    shared: Some(KIND),
    scanned_by: None,
    options: &[],
    build: |context| {
        let Identifier::Syncthing(id) = context.shared(KIND)? else {
            return Err(context.not_shared(KIND));
        };
        let id = id.to_string();
        let export = Export::from_text(&[&id, "\n"]);
        Ok(Export { places: vec![("{id}", id), ("{name}", context.label())], ..export })
    },
};
