//! A KeePassXC key file, version 2.0: the second factor of a database.

use data_encoding::HEXUPPER;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::{Export, Target};
use crate::crypto::labels;

pub(super) const TARGET: Target = Target {
    name: "keepassxc",
    summary: "a key file for KeePassXC and KeePass databases",
    extension: "keyx",
    binary: false,
    danger: "Anyone with this file has one half of what opens the database, and all of it where there is no password.",
    usage: &[
        "keepassxc-cli db-create --set-key-file {file} DATABASE.kdbx",
        "keepassxc-cli ls --key-file {file} DATABASE.kdbx",
        "In KeePassXC: Database > Database Security > Add Key File > Browse",
    ],
    scanned_by: None,
    options: &[],
    build: |context| {
        let key = context.derive(labels::KEEPASSXC)?;
        let digits = Zeroizing::new(HEXUPPER.encode(&key[..]));
        let hash = Sha256::digest(&key[..]);
        let hash = HEXUPPER.encode(hash.get(..4).unwrap_or_default());
        let group = |n: usize| digits.get(8 * n..8 * n + 8).unwrap_or_default();
        let line = |n: usize| {
            let groups = [group(n), group(n + 1), group(n + 2), group(n + 3)];
            Zeroizing::new(groups.join(" "))
        };
        Ok(Export::from_text(&[
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<KeyFile>\n\t<Meta>\n\
             \t\t<Version>2.0</Version>\n\t</Meta>\n\t<Key>\n\t\t<Data Hash=\"",
            &hash,
            "\">\n\t\t\t",
            &line(0),
            "\n\t\t\t",
            &line(4),
            "\n\t\t</Data>\n\t</Key>\n</KeyFile>\n",
        ]))
    },
};
