//! The other person's SSH key, for `authorized_keys`.

use super::{Export, OptionKind, Target, TargetOption};
use crate::identifiers::{Identifier, IdentifierKind};

const KIND: IdentifierKind = IdentifierKind::SshUser;

const FULL: TargetOption = TargetOption {
    name: "full",
    summary: "with forwarding of ports, the agent and X11 too",
    kind: OptionKind::Flag,
};

pub(super) const TARGET: Target = Target {
    name: "ssh-login",
    summary: "the other person's SSH key, for authorized_keys",
    extension: "authorized_keys",
    binary: false,
    post_quantum: false,
    labels: &[],
    danger: "Whoever holds the key of this line can log in here as you.",
    usage: &["cat {file} >> ~/.ssh/authorized_keys", "chmod 600 ~/.ssh/authorized_keys"],
    undo: &["In ~/.ssh/authorized_keys: delete the line that ends in keyglance:{name}"],
    shared: Some(KIND),
    scanned_by: None,
    options: &[FULL],
    build: |context| {
        let Identifier::SshUser(key) = context.shared(KIND)? else {
            return Err(context.not_shared(KIND));
        };
        let full = context.options.get(FULL.name).is_some();
        let restricted = if full { "" } else { "restrict,pty " };
        let (name, line) = (context.label(), key.to_line());
        let export =
            Export::from_text(&[context.mark(), restricted, &line, " keyglance:", &name, "\n"]);
        Ok(Export { places: vec![("{name}", name)], ..export })
    },
};
