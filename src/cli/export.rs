//! `keyglance export`.

use std::path::Path;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::args::ExportArgs;
use super::failure::Failure;
use super::{Context, code, output, passphrase};
use crate::messages;
use keyglance_core::crypto::Purpose;
use keyglance_core::exports::{Group, OptionKind, PROGRAMS, Program, Target};
use keyglance_core::identifiers::IdentifierKind;
use keyglance_core::keyfile::{Passphrase, WorkFactor};
use keyglance_profile::{ExportedFiles, GetCommand, UsableKey, printable_path, shell_argument};

pub fn run(context: &Context, args: &ExportArgs) -> Result<(), Failure> {
    if args.list {
        return list(context);
    }
    let program = Program::find(args.target.as_deref().unwrap_or_default())?;
    let target = program.target;
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
    let key = args.choices.accepted(profile.find_usable_key(name, args.require.require())?);
    let mut export =
        profile.prepare_export(key, target, purpose, &args.choices.choices())?.told_for(program);
    if let Some(passphrase) = protection(args, target)? {
        export = export.protect(&passphrase, WorkFactor::Standard)?;
    }

    note_unverified(context, export.key());
    let trusted = export.trusted_host().map(|(host, known)| (host.to_owned(), known));
    if let Some((host, known)) = &trusted {
        context.output.tell(messages::shared::trusted_host(host));
        if let Some(text) = messages::shared::known_host(host, known) {
            context.output.tell(text);
        }
    }
    if args.out.as_deref() == Some(Path::new("-")) {
        if export.is_binary() && output::on_terminal() {
            return Err(Failure::usage("These are raw bytes, which a terminal cannot show.")
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
            "separate_key_for": args.purpose,
            "key_id": key_id,
            "protected": files.protected,
            "verified": verified,
            "different_key": newcomers,
            "complete": complete,
            "public": target.is_public(),
            "trusted_host": trusted.as_ref().map(|(host, _)| host),
            "known_host": trusted.as_ref().map(|(_, known)| messages::shared::known_host_code(known)),
            "without_file": files.without_file,
            "danger": target.danger,
            "usage": files.open_command.iter().chain(&files.usage).collect::<Vec<_>>(),
            "undo": files.undo,
        }),
    )
}

/// The passphrase to protect the file with; `None` if the user wants none.
fn protection(args: &ExportArgs, target: &Target) -> Result<Option<Passphrase>, Failure> {
    // What is no secret asks for none; one that is given is refused by the profile.
    if args.plain || (target.is_public() && args.passphrase_file.is_none()) {
        return Ok(None);
    }
    if args.passphrase_file.is_some() || output::can_ask() {
        return Ok(Some(passphrase::new(args.passphrase_file.as_deref(), "the exported file")?));
    }
    Err(Failure::usage("Say how to protect the file.")
        .advise("Use --passphrase-file FILE, or --without-passphrase."))
}

/// Says what a person should know of a key that is used: that nobody has compared
/// anything with the other device, and that somebody else came under its name.
pub fn note_unverified(context: &Context, key: &UsableKey) {
    if key.is_unverified() {
        context.output.tell(messages::terminal::not_checked(&shell_argument(&key.name)));
    }
    note_newcomers(context, key);
}

/// The second part of it alone.
pub fn note_newcomers(context: &Context, key: &UsableKey) {
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
    if files.protected && files.open_command.is_none() {
        text.push_str("Your passphrase protects it. The program asks for it.\n");
    } else if files.protected {
        text.push_str("Your passphrase protects it. It is opened first.\n");
    }
    text.push_str("How to use it:\n");
    for line in files.open_command.iter().chain(&files.usage) {
        text.push_str(&format!("  {line}\n"));
    }
    if let [_, ..] = &files.without_file[..] {
        text.push_str(&format!("{}:\n", messages::WITHOUT_A_FILE));
        for line in &files.without_file {
            text.push_str(&format!("  {line}\n"));
        }
    }
    text.push_str(&format!("{}:\n", messages::TO_RENEW));
    for line in &files.undo {
        text.push_str(&format!("  {line}\n"));
    }
    if files.undo.iter().any(|line| messages::names_new_file(line)) {
        text.push_str(&format!("{}\n", messages::WHAT_IS_NEW));
    }
    text
}

/// Every program, group by group, and how it is asked for.
fn list(context: &Context) -> Result<(), Failure> {
    let text = || {
        let mut text = String::new();
        for group in Group::ALL {
            text.push_str(&format!("{}\n", group.title()));
            for program in group.programs() {
                let code = if program.target.scanned_by.is_some() { " [code]" } else { "" };
                let quantum = if program.target.post_quantum { " [post-quantum]" } else { "" };
                text.push_str(&format!(
                    "  {:<16} {}{code}{quantum}\n",
                    program.name, program.summary
                ));
            }
            text.push('\n');
        }
        text.push_str(
            "Use one: keyglance export NAME --for restic\n\
             [code]: keyglance code NAME --for PROGRAM shows it to a phone.\n\
             [post-quantum]: for keys that keyglance keys calls so.\n",
        );
        text
    };
    let programs: Vec<Value> = PROGRAMS.iter().map(program_json).collect();
    context.output.result(text, &json!({ "programs": programs }))
}

fn program_json(program: &Program) -> Value {
    let target = program.target;
    let options: Vec<Value> = target
        .options
        .iter()
        .map(|choice| {
            let default = match choice.kind {
                OptionKind::Text("") | OptionKind::Flag => None,
                OptionKind::Text(default) => Some(default),
                OptionKind::Choice(choices) => choices.first().copied(),
            };
            let choices = match choice.kind {
                OptionKind::Choice(choices) => Some(choices),
                OptionKind::Text(_) | OptionKind::Flag => None,
            };
            json!({
                "name": choice.name,
                "summary": choice.summary,
                "default": default,
                "choices": choices,
            })
        })
        .collect();
    json!({
        "name": program.name,
        "group": program.group.title(),
        "aliases": program.aliases,
        "summary": program.summary,
        "target": target.name,
        "target_summary": target.summary,
        "danger": target.danger,
        "usage": program.usage().collect::<Vec<_>>(),
        "without_file": GetCommand::template(program).lines(program.without_file()),
        "undo": program.undo().collect::<Vec<_>>(),
        "labels": target.labels,
        "scanned_by": target.scanned_by,
        "post_quantum": target.post_quantum,
        "public": target.is_public(),
        "shared": target.shared.map(IdentifierKind::name),
        "options": options,
    })
}
