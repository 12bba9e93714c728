//! The two identities that open sealed files, for age and rage where Keyglance is
//! not at hand. Which of them opens a file tells who sealed it; so their recipients
//! are never shown, and there is no public file.

use super::age::identity;
use super::{Export, Target};
use crate::crypto::labels;

pub(super) const TARGET: Target = Target {
    name: "sealed-files",
    summary: "the identities that open sealed files with age and rage",
    extension: "sealed-files.txt",
    binary: false,
    post_quantum: false,
    labels: &[labels::SEAL_FROM_INITIATOR, labels::SEAL_FROM_RESPONDER],
    danger: "Anyone with this file can open what either of you sealed, and can seal in both your names.",
    usage: &["age -d -i {file} SECRET.age"],
    undo: &["Nothing takes it back: pair again, and encrypt with the new key"],
    shared: None,
    scanned_by: None,
    options: &[],
    build: |context| {
        let created = context.key.created.to_string();
        let block = |label| identity(context.exporter, label, context.purpose);
        let initiator = block(labels::SEAL_FROM_INITIATOR)?;
        let responder = block(labels::SEAL_FROM_RESPONDER)?;
        Ok(Export::from_text(&[
            "# created: ",
            &created,
            "\n# sealed by the initiator\n",
            &initiator,
            "\n# created: ",
            &created,
            "\n# sealed by the responder\n",
            &responder,
            "\n",
        ]))
    },
};
