//! `keyglance code`: derived keys as codes that phones scan, and pages of them
//! to print. The code is the secret: files are private, and none is replaced.

use std::path::Path;

use jiff::Timestamp;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::args::{ChoiceArgs, CodeArgs};
use super::export::note_unverified;
use super::failure::Failure;
use super::{Context, fingerprint, output};
use crate::messages::{self, CODE_IS_SECRET};
use keyglance_core::crypto::Purpose;
use keyglance_core::exports::{ExportError, Target};
use keyglance_profile::{
    CodeFileError, CodeFormat, ExportFailure, ExportedCode, PreparedExport, Require,
    printable_path, write_secret_codes,
};
use keyglance_qr::{self as qr, LabelledCode, TerminalStyle};

/// What to show, and where.
pub struct Wanted<'a> {
    pub names: &'a [String],
    pub targets: &'a [&'static Target],
    pub purpose: &'a str,
    pub choices: &'a ChoiceArgs,
    pub out: Option<&'a Path>,
    pub require: Require,
}

/// Where the codes go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Terminal,
    Text,
    Picture,
    Page,
}

impl Form {
    /// How a code is drawn with characters.
    fn style(self) -> TerminalStyle {
        match self {
            Self::Terminal => output::code_style(output::wants_colours()),
            Self::Text | Self::Picture | Self::Page => TerminalStyle::Plain,
        }
    }

    /// Whether somebody looks at it on a terminal.
    fn is_watched(self) -> bool {
        self == Self::Terminal || self == Self::Text && output::on_terminal()
    }
}

pub fn run(context: &Context, args: &CodeArgs) -> Result<(), Failure> {
    if args.device || args.verification.is_some() {
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
        require: args.require.require(),
    };
    show(context, &wanted)
}

pub fn show(context: &Context, wanted: &Wanted<'_>) -> Result<(), Failure> {
    let form = form(context, wanted)?;
    let codes = export(context, wanted, form)?;
    let Some(path) = wanted.out.filter(|_| matches!(form, Form::Picture | Form::Page)) else {
        return print(context, &codes, form.style());
    };
    let labelled: Vec<_> = codes
        .iter()
        .map(|code| LabelledCode {
            code: &code.code,
            lines: messages::caption(code),
            warning: CODE_IS_SECRET,
        })
        .collect();
    write_secret_codes(path, &labelled)?;
    let shown: Vec<Value> = codes
        .iter()
        .map(|code| {
            json!({
                "key": code.key,
                "target": code.target.name,
                "caption": code.caption,
                "scanned_by": code.target.scanned_by,
            })
        })
        .collect();
    context.output.result(
        || {
            let mut text = format!("Wrote {}\n{CODE_IS_SECRET}\n", printable_path(path));
            for code in &codes {
                text.push_str(&messages::caption(code).join("\n"));
                text.push('\n');
            }
            text
        },
        &json!({ "file": output::json_path(path), "codes": shown }),
    )
}

/// Where the codes go, before any key is derived.
fn form(context: &Context, wanted: &Wanted<'_>) -> Result<Form, Failure> {
    let Some(out) = wanted.out else {
        if context.output.json || !output::on_terminal() {
            return Err(Failure::usage("There is no terminal to show the code on.")
                .advise("Use --out FILE.png, .svg or .html; --out - writes it as text."));
        }
        return Ok(Form::Terminal);
    };
    if out == Path::new("-") {
        return Ok(Form::Text);
    }
    Ok(match CodeFormat::of_picture_or_page(out)? {
        CodeFormat::Html => Form::Page,
        _ => Form::Picture,
    })
}

fn export(
    context: &Context,
    wanted: &Wanted<'_>,
    form: Form,
) -> Result<Vec<ExportedCode>, Failure> {
    let purpose = Purpose::new(wanted.purpose)?;
    let choices = wanted.choices.choices();
    for name in choices.names() {
        if let (false, Some(first)) =
            (wanted.targets.iter().any(|target| target.has(name)), wanted.targets.first())
        {
            return Err(ExportError::NoSuchOption { target: first.name, option: name }.into());
        }
    }
    if let Some(target) = wanted.targets.iter().find(|target| target.scanned_by.is_none()) {
        return Err(ExportFailure::NotScanned(target.name).into());
    }
    let profile = context.open_profile()?;
    let mut all = Vec::new();
    for name in wanted.names {
        note_unverified(context, &profile.find_usable_key(name, wanted.require)?);
        for target in wanted.targets {
            let key = wanted.choices.accepted(profile.find_usable_key(name, wanted.require)?);
            let prepared =
                profile.prepare_export(key, target, purpose.clone(), &choices.of(target))?;
            all.push(prepared);
        }
    }
    // All of them fit, or none is shown, nor on record as shown.
    let drawn: Vec<_> =
        all.iter().map(PreparedExport::codes).collect::<Result<Vec<_>, _>>()?.concat();
    if form == Form::Picture && drawn.len() > 1 {
        return Err(CodeFileError::Several.into());
    }
    if form.is_watched() {
        for code in &drawn {
            output::check_room(code, form.style())?;
        }
    }
    let mut codes = Vec::new();
    for prepared in all {
        codes.extend(prepared.show_codes(Timestamp::now())?);
    }
    Ok(codes)
}

fn print(context: &Context, all: &[ExportedCode], style: TerminalStyle) -> Result<(), Failure> {
    for code in all {
        // The text is for people; a program gets the codes alone. It stands above: a code
        // that is as high as the terminal stays whole.
        if output::on_terminal() {
            let what = code.caption.as_deref().unwrap_or(&code.key);
            context.output.text(&format!("\n{what}\n{CODE_IS_SECRET}\n"))?;
        }
        let drawn = Zeroizing::new(qr::render_terminal(&code.code, style, 1));
        context.output.drawing(&drawn)?;
    }
    Ok(())
}
