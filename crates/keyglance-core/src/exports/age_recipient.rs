//! The other person's age recipient.

use super::{Export, Target};
use crate::identifiers::{Identifier, IdentifierKind};

const KIND: IdentifierKind = IdentifierKind::Age;

pub(super) const TARGET: Target = Target {
    name: "age-recipient",
    summary: "the other person's age recipient, to encrypt for them alone",
    extension: "age.pub",
    binary: false,
    post_quantum: false,
    labels: &[],
    danger: "Whoever holds its identity can decrypt what you encrypt to it.",
    usage: &["age -R {file} -o SECRET.age SECRET"],
    undo: &["rm {file}"],
    shared: Some(KIND),
    scanned_by: None,
    options: &[],
    build: |context| {
        let Identifier::Age(recipient) = context.shared(KIND)? else {
            return Err(context.not_shared(KIND));
        };
        Ok(Export::from_text(&[context.mark(), &recipient.to_string(), "\n"]))
    },
};
