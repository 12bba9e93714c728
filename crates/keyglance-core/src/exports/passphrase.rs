//! A passphrase of 256 bits, in a file of its own.

use ::base64::Engine as _;
use ::base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::{Export, Target};
use crate::crypto::labels;

pub(super) const TARGET: Target = Target {
    name: "passphrase",
    summary: "a passphrase file for restic, borg, gocryptfs, gpg, openssl, ansible-vault",
    extension: "passphrase",
    binary: false,
    post_quantum: false,
    labels: &[labels::PASSPHRASE],
    danger: "Anyone with this file can open what is protected with this passphrase.",
    usage: &[
        "restic -r REPOSITORY --password-file {file} init",
        "restic -r REPOSITORY --password-file {file} backup FOLDER",
        "restic -r REPOSITORY --password-file {file} restore latest --target FOLDER",
        "BORG_PASSCOMMAND={cat} borg init -e repokey REPOSITORY",
        "BORG_PASSCOMMAND={cat} borg create REPOSITORY::ARCHIVE FOLDER",
        "BORG_PASSCOMMAND={cat} borg extract REPOSITORY::ARCHIVE",
        // Its -passfile is a list with commas, in which quotation marks mean something.
        "gocryptfs -init CIPHERFOLDER < {file}",
        "gocryptfs CIPHERFOLDER FOLDER < {file}",
        "gpg --batch --pinentry-mode loopback --passphrase-file {file} -c SECRET",
        "gpg --batch --pinentry-mode loopback --passphrase-file {file} -o SECRET -d SECRET.gpg",
        "openssl enc -aes-256-cbc -pbkdf2 -pass file:{file} -in SECRET -out SECRET.enc",
        "openssl enc -d -aes-256-cbc -pbkdf2 -pass file:{file} -in SECRET.enc -out SECRET",
        "ansible-vault encrypt --vault-password-file {file} SECRET.yml",
        "ansible-vault decrypt --vault-password-file {file} SECRET.yml",
        "CRYFS_FRONTEND=noninteractive cryfs CIPHERFOLDER FOLDER < {file}",
        "PASSPHRASE=\"$(cat {file})\" duplicity FOLDER URL",
        "PASSPHRASE=\"$(cat {file})\" duplicity restore URL FOLDER",
    ],
    undo: &[
        "restic -r REPOSITORY --password-file {file} key passwd --new-password-file NEW",
        "BORG_PASSCOMMAND={cat} BORG_NEW_PASSPHRASE=\"$(cat NEW)\" borg key change-passphrase REPOSITORY",
        "printf '%s\\n%s\\n' \"$(cat {file})\" \"$(cat NEW)\" | gocryptfs -passwd CIPHERFOLDER",
        "ansible-vault rekey --vault-password-file {file} --new-vault-password-file NEW SECRET.yml",
        "For gpg, openssl, cryfs and duplicity: encrypt anew with the new file, and delete what the old one opens",
    ],
    shared: None,
    scanned_by: Some("any code scanner, which shows the passphrase to copy"),
    options: &[],
    build: |context| {
        let key = context.derive(labels::PASSPHRASE)?;
        // No line feed: some programs would take it for a part of the passphrase.
        let text = Zeroizing::new(URL_SAFE_NO_PAD.encode(&key[..]));
        Ok(Export::from_text(&[&text]))
    },
};
