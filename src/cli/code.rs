//! `keyglance code`: derived keys as codes that phones scan, and pages of them
//! to print. The code is the secret: files are private, and none is replaced.

use std::path::Path;

use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::args::{ChoiceArgs, CodeArgs};
use super::export::{note_unverified, remember};
use super::failure::Failure;
use super::show::{SCALE, write_failed};
use super::{Context, fingerprint, output};
use crate::messages::{self, CODE_IS_SECRET};
use keyglance_core::crypto::Purpose;
use keyglance_core::exports::{ExportError, TARGETS, Target};
use keyglance_profile::{Access, create_file};
use keyglance_qr::{self as qr, Code, LabelledCode, TerminalStyle};

/// What is to be shown, and where.
pub struct Wanted<'a> {
    pub names: &'a [String],
    pub targets: &'a [&'static Target],
    pub purpose: &'a str,
    pub choices: &'a ChoiceArgs,
    pub out: Option<&'a Path>,
}

/// One code, and what stands below it.
struct Made {
    code: Code,
    key: String,
    target: &'static Target,
    notes: Vec<&'static str>,
}

/// How the codes are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Terminal,
    Text,
    Png,
    Svg,
    Page,
}

pub fn run(context: &Context, args: &CodeArgs) -> Result<(), Failure> {
    if args.identity || args.fingerprint.is_some() {
        return fingerprint::code(context, args);
    }
    let targets: Vec<_> =
        args.targets.iter().map(|name| Target::find(name)).collect::<Result<_, _>>()?;
    let wanted = Wanted {
        names: &args.names,
        targets: &targets,
        purpose: &args.purpose,
        choices: &args.choices,
        out: args.out.as_deref(),
    };
    show(context, &wanted)
}

pub fn show(context: &Context, wanted: &Wanted<'_>) -> Result<(), Failure> {
    let form = form(context, wanted)?;
    let made = make(context, wanted)?;
    let shown = match form {
        Form::Terminal | Form::Text => {
            let colours = form == Form::Terminal && output::colours();
            return print(
                context,
                &made,
                if colours { TerminalStyle::Colour } else { TerminalStyle::Plain },
            );
        }
        Form::Page => page(&made, wanted.purpose).as_bytes().to_vec(),
        Form::Png => one(&made, |code| Ok(qr::render_png(code, SCALE)?))?,
        Form::Svg => one(&made, |code| Ok(qr::render_svg(code).into_bytes()))?,
    };
    let shown = Zeroizing::new(shown);
    let path = wanted.out.unwrap_or(Path::new(""));
    create_file(path, &shown, Access::Private).map_err(|error| write_failed(path, &error))?;
    let file = path.to_string_lossy();
    let codes: Vec<Value> = made
        .iter()
        .map(|made| {
            json!({
                "key": made.key,
                "target": made.target.name,
                "scanned_by": made.target.scanned_by,
            })
        })
        .collect();
    context.output.result(
        || {
            let mut text = format!("Wrote {file}\n{CODE_IS_SECRET}\n");
            for made in &made {
                text.push_str(&caption(made, wanted.purpose).join("\n"));
                text.push('\n');
            }
            text
        },
        &json!({ "file": file, "codes": codes }),
    )
}

/// Where the codes go, before any key is derived.
fn form(context: &Context, wanted: &Wanted<'_>) -> Result<Form, Failure> {
    let several = wanted.names.len() * wanted.targets.len() > 1;
    let Some(out) = wanted.out else {
        if context.output.json || !output::on_terminal() {
            return Err(Failure::usage("there is no terminal to show the code on")
                .advise("Use --out FILE.png, .svg or .html; --out - writes it as text."));
        }
        return Ok(Form::Terminal);
    };
    if out == Path::new("-") {
        return Ok(Form::Text);
    }
    let ending = out.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let form = match ending.as_deref() {
        Some("png") => Form::Png,
        Some("svg") => Form::Svg,
        Some("html") => Form::Page,
        _ => {
            return Err(Failure::usage(format!(
                "{} ends in none of .png, .svg and .html",
                out.display()
            )));
        }
    };
    if several && form != Form::Page {
        return Err(Failure::usage("a picture holds one code only")
            .advise("Use --out FILE.html for a page of several."));
    }
    Ok(form)
}

fn make(context: &Context, wanted: &Wanted<'_>) -> Result<Vec<Made>, Failure> {
    let purpose = Purpose::new(wanted.purpose)?;
    let choices = wanted.choices.choices();
    for name in choices.names() {
        if let (false, Some(first)) =
            (wanted.targets.iter().any(|target| target.has(name)), wanted.targets.first())
        {
            return Err(ExportError::NotAChoice { target: first.name, choice: name }.into());
        }
    }
    if let Some(target) = wanted.targets.iter().find(|target| target.scanned_by.is_none()) {
        let names: Vec<_> =
            TARGETS.iter().filter(|t| t.scanned_by.is_some()).map(|t| t.name).collect();
        return Err(Failure::usage(format!("{} is not shown as a code", target.name))
            .advise(format!("These are: {}.", names.join(", "))));
    }
    let profile = context.open_profile()?;
    let mut all = Vec::new();
    for name in wanted.names {
        let key = profile.usable_key(name)?;
        note_unverified(context, &key);
        for target in wanted.targets {
            let export = target.export_with(&key.file, &purpose, &choices.of(target))?;
            if !export.complete {
                return Err(Failure::usage(format!(
                    "this {} code would lack a private key",
                    target.name
                ))
                .advise(
                    "Between devices of your own use --own-devices; else export a file and fill it in.",
                ));
            }
            let code = Code::from_bytes(export.file.expose())?;
            remember(&profile, &key, target, &purpose, "shown as a code")?;
            all.push(Made { code, key: key.name.clone(), target, notes: export.notes });
        }
    }
    Ok(all)
}

fn caption(made: &Made, purpose: &str) -> Vec<String> {
    messages::caption(made.target, &made.key, purpose, &made.notes)
}

fn print(context: &Context, all: &[Made], style: TerminalStyle) -> Result<(), Failure> {
    for made in all {
        let code = Zeroizing::new(qr::render_terminal(&made.code, style));
        context.output.text(&code)?;
        // The text is for people; a program gets the codes alone.
        if output::on_terminal() {
            context.output.text(&format!("{}\n{CODE_IS_SECRET}\n\n", made.key))?;
        }
    }
    Ok(())
}

fn page(all: &[Made], purpose: &str) -> Zeroizing<String> {
    let figures: Vec<_> = all
        .iter()
        .map(|made| LabelledCode {
            code: &made.code,
            lines: caption(made, purpose),
            warning: CODE_IS_SECRET,
        })
        .collect();
    qr::print_page("Keyglance codes", &figures)
}

fn one(
    all: &[Made],
    draw: impl FnOnce(&Code) -> Result<Vec<u8>, Failure>,
) -> Result<Vec<u8>, Failure> {
    match all {
        [made] => draw(&made.code),
        _ => Err(Failure::usage("a picture holds one code only")),
    }
}
