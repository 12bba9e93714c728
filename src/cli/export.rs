//! `keyglance export`.

use std::path::Path;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::args::ExportArgs;
use super::failure::Failure;
use super::{Context, code, output, passphrase};
use crate::messages;
use keyglance_core::crypto::Purpose;
use keyglance_core::exports::{OptionKind, TARGETS, Target};
use keyglance_core::keyfile::{Passphrase, WorkFactor};
use keyglance_profile::{ExportedFiles, UsableKey, printable_path, shell_argument};

pub fn run(context: &Context, args: &ExportArgs) -> Result<(), Failure> {
    if args.list {
        return list(context);
    }
    let target = Target::find(args.target.as_deref().unwrap_or_default())?;
    if args.qr {
        let wanted = code::Wanted {
            names: args.name.as_slice(),
            targets: &[target],
            purpose: &args.purpose,
            choices: &args.choices,
            out: args.out.as_deref(),
            require: args.require.require(),
        };
        return code::show(context, &wanted);
    }
    let purpose = Purpose::new(&args.purpose)?;
    let profile = context.open_profile()?;
    let name = args.name.as_deref().unwrap_or_default();
    let key = profile.find_usable_key(name, args.require.require())?;
    let mut export = profile.prepare_export(key, target, purpose, &args.choices.choices())?;
    if let Some(passphrase) = protection(args)? {
        export = export.protect(&passphrase, WorkFactor::Standard)?;
    }

    note_unverified(context, export.key());
    if args.out.as_deref() == Some(Path::new("-")) {
        if export.is_binary() && output::on_terminal() {
            return Err(Failure::usage("these are raw bytes, which a terminal cannot show")
                .advise("Nothing was exported. Use --out FILE, or --for hex."));
        }
        return Ok(export.write_to(
            output::standard_output(),
            "standard output",
            Timestamp::now(),
        )?);
    }

    let key_id = export.key().file.key_id().to_string();
    let verified = !export.key().is_unverified();
    let newcomers = export.key().newcomers().to_vec();
    let (complete, notes) = (export.is_complete(), export.notes().to_vec());
    let path = args.out.clone().unwrap_or_else(|| export.free_path(Path::new("")));
    let files = export.write_file(&path, Timestamp::now())?;
    context.output.result(
        || told(target, &notes, &files),
        &json!({
            "file": output::json_path(&files.path),
            "public_file": files.public.as_ref().map(|path| output::json_path(path)),
            "target": target.name,
            "purpose": args.purpose,
            "key_id": key_id,
            "protected": files.protected,
            "verified": verified,
            "different_key": newcomers,
            "complete": complete,
        }),
    )
}

/// The passphrase to protect the file with; `None` if the user wants none.
fn protection(args: &ExportArgs) -> Result<Option<Passphrase>, Failure> {
    if args.plain {
        return Ok(None);
    }
    if args.passphrase_file.is_some() || output::can_ask() {
        return Ok(Some(passphrase::new(args.passphrase_file.as_deref(), "the exported file")?));
    }
    Err(Failure::usage("say how to protect the file")
        .advise("Use --passphrase-file FILE, or --plain for a file without a passphrase."))
}

/// Says what a person should know of a key that is used: that nobody has compared
/// anything with the other device, and that somebody else came under its name.
pub fn note_unverified(context: &Context, key: &UsableKey) {
    if key.is_unverified() {
        context.output.tell(messages::terminal::NOT_CHECKED);
    }
    if let [first, ..] = key.newcomers() {
        context.output.tell(format!(
            "Attention: {} Decide: keyglance contacts decide {}",
            messages::terminal::newcomers(key.newcomers()),
            shell_argument(first)
        ));
    }
}

/// What was written, what it can do, and how it is used.
fn told(target: &Target, notes: &[&str], files: &ExportedFiles) -> String {
    let mut text = format!("Wrote {}\n", printable_path(&files.path));
    if let Some(public) = &files.public {
        text.push_str(&format!("Wrote {} (public)\n", printable_path(public)));
    }
    text.push_str(&format!("{}\n", target.danger));
    for note in notes {
        text.push_str(&format!("{note}\n"));
    }
    match &files.open_command {
        Some(open) => text
            .push_str(&format!("It is protected by your passphrase; to open it: {open}\nThen:\n")),
        None => text.push_str("How to use it:\n"),
    }
    for line in &files.usage {
        text.push_str(&format!("  {line}\n"));
    }
    text
}

fn list(context: &Context) -> Result<(), Failure> {
    let text = || {
        let line = |t: &Target| {
            let code = if t.scanned_by.is_some() { "  [code]" } else { "" };
            let quantum = if t.post_quantum { "  [post-quantum]" } else { "" };
            format!("{:<16} {}{code}{quantum}\n", t.name, t.summary)
        };
        let mut text: String = TARGETS.iter().map(line).collect();
        text.push_str(
            "\n[code]: keyglance code --for TARGET shows it to a phone.\n\
             [post-quantum]: for keys that keyglance keys list calls so.\n",
        );
        text
    };
    let value: Vec<Value> = TARGETS
        .iter()
        .map(|t| {
            let options: Vec<Value> = t
                .options
                .iter()
                .map(|choice| {
                    let default = match choice.kind {
                        OptionKind::Text("") | OptionKind::Flag => None,
                        OptionKind::Text(default) => Some(default),
                    };
                    json!({ "name": choice.name, "summary": choice.summary, "default": default })
                })
                .collect();
            json!({
                "name": t.name,
                "summary": t.summary,
                "danger": t.danger,
                "usage": t.usage,
                "scanned_by": t.scanned_by,
                "post_quantum": t.post_quantum,
                "options": options,
            })
        })
        .collect();
    context.output.result(text, &Value::from(value))
}
