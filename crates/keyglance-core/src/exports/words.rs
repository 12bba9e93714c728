//! Words, for programs that have a password field and nothing else.

use zeroize::Zeroizing;

use super::{Export, OptionKind, Target, TargetOption};
use crate::crypto::labels;
use crate::words::phrase;

const COUNT: TargetOption = TargetOption {
    name: "words",
    summary: "how many words: 12 have 128 bits, 24 have 256",
    kind: OptionKind::Choice(&["12", "24"]),
};

pub(super) const TARGET: Target = Target {
    name: "words",
    summary: "twelve words, for any program with a password field",
    extension: "words.txt",
    binary: false,
    post_quantum: false,
    labels: &[labels::WORDS],
    danger: "Anyone with this file can open what is protected with these words.",
    usage: &["In the program, where it asks for a password: type the words in {path}"],
    undo: &["In the program: change its password to the words of a new export"],
    shared: None,
    scanned_by: Some("any code scanner, which shows the words to copy"),
    options: &[COUNT],
    build: |context| {
        let words = match context.options.choice(&COUNT)? {
            "24" => phrase(&*context.derive(labels::WORDS)?),
            _ => {
                let mut secret = Zeroizing::new([0; 16]);
                context.fill(labels::WORDS, &mut secret[..])?;
                phrase(&secret)
            }
        };
        let export = Export::from_text(&[&words]);
        Ok(Export { notes: vec!["These words are no wallet. Put no money on them."], ..export })
    },
};
