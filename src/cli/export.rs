//! `keyglance export`.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::args::ExportArgs;
use super::failure::Failure;
use super::show::write_failed;
use super::{Context, code, output, passphrase};
use keyglance_core::crypto::Purpose;
use keyglance_core::exports::{Export, Kind, TARGETS, Target};
use keyglance_core::keyfile::{WorkFactor, seal};
use keyglance_profile::{Exported, Profile, StoredKey, write_export};

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
        };
        return code::show(context, &wanted);
    }
    let purpose = Purpose::new(&args.purpose)?;
    let profile = context.open_profile()?;
    let key = profile.usable_key(args.name.as_deref().unwrap_or_default())?;
    let export = target.export_with(&key.file, &purpose, &args.choices.choices())?;

    let protection = if args.plain {
        None
    } else if args.passphrase_file.is_some() || output::can_ask() {
        Some(passphrase::new(args.passphrase_file.as_deref(), "the exported file")?)
    } else {
        return Err(Failure::usage("say how to protect the file")
            .advise("Use --passphrase-file FILE, or --plain for a file without a passphrase."));
    };
    let sealed = match &protection {
        Some(passphrase) => Some(seal(export.file.expose(), passphrase, WorkFactor::OneSecond)?),
        None => None,
    };
    let bytes = sealed.as_deref().unwrap_or_else(|| export.file.expose());

    let record = |to: &str| remember(&profile, &key, target, &purpose, to);
    if args.out.as_deref() == Some(Path::new("-")) {
        if target.binary && sealed.is_none() && output::on_terminal() {
            return Err(Failure::usage("these are raw bytes, which a terminal cannot show")
                .advise("Nothing was exported. Use --out FILE, or --for hex."));
        }
        context.output.bytes(bytes)?;
        return record("standard output");
    }

    let path = args
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from(target.file_name(&key.name, sealed.is_some())));
    let files = write_export(&path, bytes, export.public.as_ref())
        .map_err(|(path, error)| write_failed(&path, &error))?;
    let full = std::path::absolute(&path).unwrap_or_else(|_| path.clone());
    record(&full.to_string_lossy())?;
    note_unverified(context, &key);
    let shown = path.to_string_lossy();
    let public = files.get(1);
    context.output.result(
        || told(target, &export, &shown, public, sealed.is_some()),
        &json!({
            "file": shown,
            "public_file": public.map(|path| path.to_string_lossy()),
            "target": target.name,
            "purpose": purpose.as_str(),
            "key_id": key.file.key_id().to_string(),
            "protected": sealed.is_some(),
            "verified": key.file.verified.is_some(),
            "complete": export.complete,
        }),
    )
}

/// Remembers an export.
pub fn remember(
    profile: &Profile,
    key: &StoredKey,
    target: &Target,
    purpose: &Purpose,
    to: &str,
) -> Result<(), Failure> {
    let (target, purpose) = (target.name.to_owned(), purpose.as_str().to_owned());
    let export = Exported { target, purpose, to: to.to_owned(), at: Timestamp::now() };
    Ok(profile.record_export(key.file.key_id(), export)?)
}

pub fn note_unverified(context: &Context, key: &StoredKey) {
    if key.file.verified.is_none() {
        context.output.tell(
            "Note: this key is not checked yet. Make sure that both screens showed the same check code.",
        );
    }
}

/// What was written, what it can do, and how it is used.
fn told(
    target: &Target,
    export: &Export,
    shown: &str,
    public: Option<&PathBuf>,
    sealed: bool,
) -> String {
    let mut text = format!("Wrote {shown}\n");
    if let Some(public) = public {
        text.push_str(&format!("Wrote {} (public)\n", public.display()));
    }
    text.push_str(&format!("{}\n", target.danger));
    for note in &export.notes {
        text.push_str(&format!("{note}\n"));
    }
    if sealed {
        text.push_str(&format!(
            "It is protected by your passphrase; to open it: age -d {shown}\nThen:\n"
        ));
    } else {
        text.push_str("How to use it:\n");
    }
    for line in target.usage {
        text.push_str(&format!("  {}\n", line.replace("{file}", shown)));
    }
    text
}

fn list(context: &Context) -> Result<(), Failure> {
    let text = || {
        let line = |t: &Target| {
            let code = if t.scanned_by.is_some() { "  [code]" } else { "" };
            format!("{:<16} {}{code}\n", t.name, t.summary)
        };
        let mut text: String = TARGETS.iter().map(line).collect();
        text.push_str("\n[code]: keyglance code --for TARGET shows it to a phone.\n");
        text
    };
    let value: Vec<Value> = TARGETS
        .iter()
        .map(|t| {
            let choices: Vec<Value> = t
                .choices
                .iter()
                .map(|choice| {
                    let default = match choice.kind {
                        Kind::Text("") | Kind::Flag => None,
                        Kind::Text(default) => Some(default),
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
                "options": choices,
            })
        })
        .collect();
    context.output.result(text, &Value::from(value))
}
