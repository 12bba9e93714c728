//! The key that checks the other person's minisign signatures, as minisign writes it.

use super::{Export, Target};
use crate::identifiers::{Identifier, IdentifierKind};

const KIND: IdentifierKind = IdentifierKind::Minisign;

pub(super) const TARGET: Target = Target {
    name: "minisign",
    summary: "the key that checks the other person's minisign signatures",
    extension: "minisign.pub",
    binary: false,
    post_quantum: false,
    labels: &[],
    danger: "minisign then takes what is signed with this key for theirs.",
    usage: &["minisign -V -p {file} -m DOWNLOAD"],
    undo: &["rm {file}"],
    shared: Some(KIND),
    scanned_by: None,
    options: &[],
    build: |context| {
        let Identifier::Minisign(key) = context.shared(KIND)? else {
            return Err(context.not_shared(KIND));
        };
        // minisign reads two lines; the first may say anything behind its beginning.
        let mark = if context.mark().is_empty() { "" } else { "NOT COMPARED " };
        Ok(Export::from_text(&[
            "untrusted comment: ",
            mark,
            "minisign public key ",
            &key.key_id(),
            "\n",
            &key.to_string(),
            "\n",
        ]))
    },
};
