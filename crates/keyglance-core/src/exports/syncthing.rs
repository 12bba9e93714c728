//! The password of a folder that an untrusted Syncthing device keeps encrypted.

use ::base64::Engine as _;
use ::base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::{Export, Target};
use crate::crypto::labels;

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
        "syncthing cli config folders ID devices DEVICE encryption-password set \"$(cat {file})\"",
        "syncthing decrypt --to FOLDER --password \"$(cat {file})\" --folder-id ID COPY",
        "On the command line, other users of this computer can see the password meanwhile; in Syncthing's page they cannot",
    ],
    undo: &[
        "Share a new folder with the new password, and delete the old one; who has the old file still reads the old copies",
    ],
    scanned_by: None,
    options: &[],
    build: |context| {
        let key = context.derive(labels::SYNCTHING_FOLDER)?;
        let text = Zeroizing::new(URL_SAFE_NO_PAD.encode(&key[..]));
        Ok(Export::from_text(&[&text]))
    },
};
