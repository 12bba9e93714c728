//! Keys for other programs.

use std::path::Path;

use keyglance_core::crypto::Purpose;
use keyglance_core::exports::{
    Export, OptionKind, OptionValues, Place, Program, TARGETS, Target, TargetOption,
};
use keyglance_core::zeroize::Zeroizing;
use serde_json::{Value, json};

use crate::Error;
use crate::key::HeldKey;

/// What the page may say of the last export beside its bytes. Nothing of it is secret.
#[derive(Debug)]
pub(crate) struct ExportDetails(Value);

impl ExportDetails {
    pub(crate) fn to_json(&self) -> Vec<u8> {
        self.0.to_string().into_bytes()
    }
}

/// What was asked for: a target or program, a purpose, and options.
struct Request {
    program: &'static Program,
    purpose: Purpose,
    options: OptionValues,
}

impl Request {
    /// Lines: the target or program, the purpose, and options as `name=value`.
    fn parse(text: &str) -> Result<Self, Error> {
        let mut lines = text.split('\n');
        let program = Program::find(lines.next().unwrap_or_default())?;
        let purpose = Purpose::new(lines.next().unwrap_or_default())?;
        let mut options = OptionValues::default();
        for line in lines.filter(|line| !line.is_empty()) {
            let (name, value) =
                line.split_once('=').ok_or(Error::Input("an option without a value"))?;
            let own = program.target.options.iter().find(|own| own.name == name);
            let own = own.ok_or_else(|| Error::NoSuchOption {
                target: program.target.name,
                option: name.to_owned(),
            })?;
            options.set(own.name, value);
        }
        Ok(Self { program, purpose, options })
    }
}

/// Makes the export that `text` asks for: the bytes of its file, and what is to be said of
/// it.
pub(crate) fn export(
    key: &HeldKey,
    text: &str,
) -> Result<(Zeroizing<Vec<u8>>, ExportDetails), Error> {
    let Request { program, purpose, options } = Request::parse(text)?;
    let name = key.name();
    let export = program.target.export_for(key.file(), &name, &purpose, &options)?;
    if export.shared && !key.trust().vouches_for_card() {
        return Err(Error::SharedNotCompared(name.to_string()));
    }
    let file_name = program.file_name(&name, &purpose, key.file().key_id(), false);
    let details = details(program, &export, &file_name);
    Ok((Zeroizing::new(export.file.expose().to_vec()), details))
}

fn details(program: &Program, export: &Export, file_name: &str) -> ExportDetails {
    let target = program.target;
    // Where the person puts it, nobody knows here.
    let path = Path::new(file_name);
    let place = Place { path, full: path, own: &export.places };
    let public = export.public.as_ref();
    let public = public.map(|(ending, text)| json!({ "ending": ending, "text": text }));
    ExportDetails(json!({
        "file_name": file_name,
        "notes": export.notes,
        "captions": export.captions,
        "usage": program.usage_lines(place),
        "undo": program.undo_lines(place),
        "complete": export.complete,
        "shared": export.shared,
        "public": public,
        "danger": target.danger,
    }))
}

/// Every target, and whether it can be made of `key`.
pub(crate) fn targets(key: Option<&HeldKey>) -> Vec<u8> {
    TARGETS.iter().map(|target| described(target, key)).collect::<Value>().to_string().into_bytes()
}

fn described(target: &Target, key: Option<&HeldKey>) -> Value {
    let program = Program::find(target.name).ok();
    let file_name = key.zip(program).map(|(key, program)| {
        program.file_name(&key.name(), &Purpose::none(), key.file().key_id(), false)
    });
    json!({
        "name": target.name,
        "title": program.map_or(target.name, |program| program.name),
        "summary": target.summary,
        "extension": target.extension,
        "file_name": file_name,
        "binary": target.binary,
        "danger": target.danger,
        "public": target.is_public(),
        "code": target.scanned_by.is_some(),
        "scanned_by": target.scanned_by,
        "options": target.options.iter().map(option).collect::<Vec<_>>(),
        "refused": key.and_then(|key| refusal(target, key)),
    })
}

/// Why the target cannot be made of the key, whatever options it gets.
fn refusal(target: &Target, key: &HeldKey) -> Option<String> {
    let check = || {
        let file = key.file();
        file.exporter()?;
        target.check_suite(file.suite)?;
        target.check_shared(&file.card(), &key.name())?;
        if target.is_public() && !key.trust().vouches_for_card() {
            return Err(Error::SharedNotCompared(key.name().to_string()));
        }
        Ok(())
    };
    check().err().map(|error: Error| error.to_string())
}

fn option(option: &TargetOption) -> Value {
    let (kind, default, choices): (_, _, &[&str]) = match option.kind {
        OptionKind::Text(default) => ("text", default, &[]),
        OptionKind::Choice(choices) => {
            ("choice", choices.first().copied().unwrap_or_default(), choices)
        }
        OptionKind::Flag => ("flag", "", &[]),
    };
    json!({
        "name": option.name,
        "summary": option.summary,
        "kind": kind,
        "default": default,
        "choices": choices,
    })
}
