//! A crypt remote of rclone. Its configuration holds passwords obscured, which is no
//! encryption: AES-256 in counter mode under a key that is published with rclone
//! (fs/config/obscure), the initialization vector before it.

use ::base64::Engine as _;
use ::base64::engine::general_purpose::URL_SAFE_NO_PAD;
use aes::Aes256;
use ctr::Ctr128BE;
use ctr::cipher::{KeyIvInit as _, StreamCipher as _};
use zeroize::Zeroizing;

use super::{Export, OptionError, OptionKind, Target, TargetOption};
use crate::crypto::labels;

/// Published with rclone.
const KEY: [u8; 32] = [
    0x9c, 0x93, 0x5b, 0x48, 0x73, 0x0a, 0x55, 0x4d, 0x6b, 0xfd, 0x7c, 0x63, 0xc8, 0x86, 0xa9, 0x2b,
    0xd3, 0x90, 0x19, 0x8e, 0xb8, 0x12, 0x8a, 0xfb, 0xf4, 0xde, 0x16, 0x2b, 0x8b, 0x95, 0xf6, 0x38,
];

/// No sensible remote comes near.
const MOST: usize = 1024;

/// Where a file of its own is not enough.
const NAMED: &str = "rclone looks for the remote that you named in its own configuration only: put \
                     the text of this file at its end, then use it without --config.";

const REMOTE: TargetOption = TargetOption {
    name: "remote",
    summary: "the remote and folder that hold the encrypted files, REMOTE:FOLDER",
    kind: OptionKind::Text(""),
};

pub(super) const TARGET: Target = Target {
    name: "rclone",
    summary: "an encrypted cloud folder of rclone, ready to use",
    extension: "rclone.conf",
    binary: false,
    post_quantum: false,
    labels: &[labels::RCLONE_PASSWORD, labels::RCLONE_PASSWORD2, labels::RCLONE_IV],
    danger: "Anyone with this file can read and forge the files in the cloud folder.",
    usage: &[
        "rclone --config {file} copy FOLDER keyglance:",
        "rclone --config {file} copy keyglance: FOLDER",
        "Put the text of {path} at the end of the file that rclone config file names: there it finds your other remotes too",
    ],
    undo: &[
        "Export again with another word and another remote, copy the files there, and delete those in the old one",
    ],
    shared: None,
    scanned_by: None,
    options: &[REMOTE],
    build: |context| {
        let remote = context.options.text(&REMOTE, MOST)?;
        if !is_remote(&remote) {
            return Err(REMOTE.error(OptionError::Remote));
        }
        let mut vectors = Zeroizing::new([0; 32]);
        context.fill(labels::RCLONE_IV, &mut vectors[..])?;
        let (one, two) = vectors.split_at(16);
        let password = obscured(&*context.derive(labels::RCLONE_PASSWORD)?, one);
        let password2 = obscured(&*context.derive(labels::RCLONE_PASSWORD2)?, two);
        // A remote of that name is in the user's own configuration.
        let named = !remote.starts_with([':', '/']);
        let notes = if named { vec![NAMED] } else { Vec::new() };
        let export = Export::from_text(&[
            "[keyglance]\ntype = crypt\nremote = ",
            &remote,
            "\npassword = ",
            &password,
            "\npassword2 = ",
            &password2,
            "\n",
        ]);
        Ok(Export { notes, ..export })
    },
};

/// A path, a remote of rclone's configuration or one that is described on the spot
/// (`:s3,…:`). Quotation marks at the start of a value mean something to its configuration.
fn is_remote(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "_-.+@ ".contains(c);
    text.starts_with('/')
        || text.split_once(':').is_some_and(|(name, rest)| match name.split_once(',') {
            _ if name.is_empty() => !rest.is_empty(),
            Some((name, _)) => !name.is_empty() && name.chars().all(plain),
            None => name.chars().all(plain) && !name.starts_with('-'),
        })
}

/// 43 characters of base64url as a password, as `rclone obscure` writes one.
fn obscured(secret: &[u8; 32], vector: &[u8]) -> Zeroizing<String> {
    let password = Zeroizing::new(URL_SAFE_NO_PAD.encode(secret));
    let mut bytes = Zeroizing::new([vector, password.as_bytes()].concat());
    if let (Ok(mut cipher), Some(text)) =
        (Ctr128BE::<Aes256>::new_from_slices(&KEY, vector), bytes.get_mut(16..))
    {
        cipher.apply_keystream(text);
    }
    Zeroizing::new(URL_SAFE_NO_PAD.encode(&bytes[..]))
}
