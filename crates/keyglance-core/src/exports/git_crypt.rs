//! The key of a git-crypt repository, in the form of its version 0.4 and later: a header,
//! then fields of a number, a length and a value, each number four bytes, big endian.

use zeroize::Zeroizing;

use super::{Export, Target};
use crate::crypto::labels;

const MAGIC: &[u8] = b"\0GITCRYPTKEY";
const FORMAT: u32 = 2;
/// Ends the header, which may name the key, and each key.
const END: u32 = 0;
const VERSION: u32 = 1;
const AES_KEY: u32 = 3;
const HMAC_KEY: u32 = 5;

pub(super) const TARGET: Target = Target {
    name: "git-crypt",
    summary: "the key of a git repository whose secrets git-crypt encrypts",
    extension: "git-crypt-key",
    binary: true,
    post_quantum: false,
    labels: &[labels::GIT_CRYPT],
    danger: "Anyone with this file can read the secrets in every version of the repository.",
    usage: &[
        "cd REPOSITORY && git-crypt unlock {full}",
        "Needs a repository with nothing left to commit",
        "In its .gitattributes, once: secret/** filter=git-crypt diff=git-crypt (never git-crypt init, which makes a key of its own)",
    ],
    undo: &[
        "Nothing takes it back: who has the file reads every version that it encrypted. Make a new repository with a new file, and change the secrets themselves",
    ],
    shared: None,
    scanned_by: None,
    options: &[],
    build: |context| {
        let mut keys = Zeroizing::new([0; 96]);
        context.fill(labels::GIT_CRYPT, &mut keys[..])?;
        let (aes, hmac) = keys.split_at(32);
        let mut file = Zeroizing::new(Vec::with_capacity(148));
        file.extend_from_slice(MAGIC);
        for number in [FORMAT, END, VERSION, 4, 0, AES_KEY, 32] {
            file.extend_from_slice(&number.to_be_bytes());
        }
        file.extend_from_slice(aes);
        for number in [HMAC_KEY, 64] {
            file.extend_from_slice(&number.to_be_bytes());
        }
        file.extend_from_slice(hmac);
        file.extend_from_slice(&END.to_be_bytes());
        Ok(Export::from_bytes(file))
    },
};
