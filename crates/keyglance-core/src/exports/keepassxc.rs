//! A KeePassXC key file, version 2.0: the second factor of a database.

use data_encoding::HEXUPPER;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::{Export, Target, groups};
use crate::crypto::labels;

pub(super) const TARGET: Target = Target {
    name: "keepassxc",
    summary: "a key file for KeePassXC and KeePass databases",
    extension: "keyx",
    binary: false,
    post_quantum: false,
    labels: &[labels::KEEPASSXC],
    danger: "Anyone with this file has one half of what opens the database, and all of it where there is no password.",
    usage: &[
        "keepassxc-cli db-create --set-key-file {file} DATABASE.kdbx",
        "keepassxc-cli ls --no-password --key-file {file} DATABASE.kdbx",
        "In KeePassXC: Database > Database Security > Add Key File > Browse",
    ],
    undo: &[
        "keepassxc-cli db-edit --no-password --key-file {file} --set-key-file NEW DATABASE.kdbx",
        "In KeePassXC: Database > Database Security, and choose the new file as the key file",
    ],
    shared: None,
    scanned_by: None,
    options: &[],
    build: |context| {
        let key = context.derive(labels::KEEPASSXC)?;
        let digits = Zeroizing::new(HEXUPPER.encode(&key[..]));
        let [a, b, c, d, ..]: [u8; 32] = Sha256::digest(&key[..]).into();
        let hash = HEXUPPER.encode(&[a, b, c, d]);
        let groups: Vec<&str> = groups(&digits, 8).collect();
        let lines = groups.chunks(4).map(|line| Zeroizing::new(line.join(" ")));
        let lines: Vec<Zeroizing<String>> = lines.collect();
        let mut parts = vec![
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<KeyFile>\n\t<Meta>\n\
             \t\t<Version>2.0</Version>\n\t</Meta>\n\t<Key>\n\t\t<Data Hash=\"",
            &hash,
            "\">",
        ];
        for line in &lines {
            parts.extend(["\n\t\t\t", line.as_str()]);
        }
        parts.push("\n\t\t</Data>\n\t</Key>\n</KeyFile>\n");
        Ok(Export::from_text(&parts))
    },
};
