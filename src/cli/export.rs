//! `keyglance export`.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::args::ExportArgs;
use super::failure::Failure;
use super::show::write_failed;
use super::{Context, output, passphrase};
use crate::crypto::Purpose;
use crate::keyfile::export::{TARGETS, Target};
use crate::keyfile::{WorkFactor, seal};
use crate::store::{Exported, write_export};

pub(super) fn run(context: &Context, args: &ExportArgs) -> Result<(), Failure> {
    if args.list {
        return list(context);
    }
    let target = Target::find(args.target.as_deref().unwrap_or_default())?;
    let purpose = Purpose::new(&args.purpose)?;
    let profile = context.open_profile()?;
    let key = profile.key_to_use(args.name.as_deref().unwrap_or_default())?;
    let export = target.export(&key.file, &purpose)?;

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

    let record = |to: String| {
        let (target, purpose) = (target.name.to_owned(), purpose.as_str().to_owned());
        let export = Exported { target, purpose, to, at: Timestamp::now() };
        profile.record_export(key.file.key_id(), export).map_err(Failure::from)
    };
    if args.out.as_deref() == Some(Path::new("-")) {
        if target.binary && sealed.is_none() && output::on_terminal() {
            return Err(Failure::usage("these are raw bytes, which a terminal cannot show")
                .advise("Nothing was exported. Use --out FILE, or --for hex."));
        }
        context.output.bytes(bytes)?;
        return record("standard output".to_owned());
    }

    let path = args
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from(target.file_name(&key.name, sealed.is_some())));
    let files = write_export(&path, bytes, export.public.as_ref())
        .map_err(|(path, error)| write_failed(&path, &error))?;
    let public = files.get(1);
    let full = std::path::absolute(&path).unwrap_or_else(|_| path.clone());
    record(full.to_string_lossy().into_owned())?;
    if key.file.verified.is_none() {
        context.output.tell(
            "Note: this key is not checked yet. Make sure that both screens showed the same check code.",
        );
    }
    let shown = path.to_string_lossy();
    context.output.result(
        || {
            let mut text = format!("Wrote {shown}\n");
            if let Some(public) = public {
                text.push_str(&format!("Wrote {} (public)\n", public.display()));
            }
            text.push_str(&format!("{}\n", target.danger));
            if sealed.is_some() {
                text.push_str(&format!(
                    "It is protected by your passphrase; to open it: age -d {shown}\nThen:\n"
                ));
            } else {
                text.push_str("How to use it:\n");
            }
            for line in target.usage {
                text.push_str(&format!("  {}\n", line.replace("{file}", &shown)));
            }
            text
        },
        &json!({
            "file": shown,
            "public_file": public.map(|path| path.to_string_lossy()),
            "target": target.name,
            "purpose": purpose.as_str(),
            "key_id": key.file.key_id().to_string(),
            "protected": sealed.is_some(),
            "verified": key.file.verified.is_some(),
        }),
    )
}

fn list(context: &Context) -> Result<(), Failure> {
    let text = || TARGETS.iter().map(|t| format!("{:<10} {}\n", t.name, t.summary)).collect();
    let value: Vec<Value> = TARGETS
        .iter()
        .map(|t| json!({ "name": t.name, "summary": t.summary, "danger": t.danger, "usage": t.usage }))
        .collect();
    context.output.result(text, &Value::from(value))
}
