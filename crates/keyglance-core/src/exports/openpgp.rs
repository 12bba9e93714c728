//! The fingerprint of the other person's OpenPGP key, for gpg.

use super::{Export, Target};
use crate::identifiers::{Identifier, IdentifierKind};

const KIND: IdentifierKind = IdentifierKind::OpenPgp;

pub(super) const TARGET: Target = Target {
    name: "openpgp",
    summary: "the fingerprint of the other person's OpenPGP key",
    extension: "openpgp.txt",
    binary: false,
    post_quantum: false,
    labels: &[],
    danger: "Once it is certified, gpg takes signatures of this key for theirs.",
    usage: &[
        "gpg --import THEIRS.asc",
        "gpg --fingerprint {fpr}",
        "gpg --quick-lsign-key {fpr}",
        "In other programs: the fingerprint in {path} must be that of their key",
    ],
    undo: &["gpg --quick-revoke-sig {fpr} OWN"],
    shared: Some(KIND),
    scanned_by: None,
    options: &[],
    build: |context| {
        let Identifier::OpenPgp(fingerprint) = context.shared(KIND)? else {
            return Err(context.not_shared(KIND));
        };
        let digits = fingerprint.to_hex();
        let export = Export::from_text(&[&digits, "\n"]);
        Ok(Export { places: vec![("{fpr}", digits)], ..export })
    },
};
