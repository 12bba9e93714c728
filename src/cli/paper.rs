//! `keyglance paper`: keys on pages of which some are enough, and back.

use std::io::BufRead as _;
use std::path::Path;

use getrandom::SysRng;
use jiff::Timestamp;
use rand_core::UnwrapErr;
use serde_json::json;
use zeroize::Zeroizing;

use super::args::{
    IdentityArgs, PaperArgs, PaperCommand, PaperDeviceArgs, PaperExportArgs, PaperRestoreArgs,
};
use super::export::note_unverified;
use super::failure::{Failure, NOTHING_SCANNED};
use super::source::{Source, SourceArg};
use super::{Context, identity, input, output, scan};
use crate::messages::paper::{self as words, terminal};
use keyglance_capture::scan_picture;
use keyglance_core::crypto::Purpose;
use keyglance_core::exports::Program;
use keyglance_core::pairing::DisplayName;
use keyglance_core::paper::{Kind, Plan};
use keyglance_profile::{
    FromPaper, PageRead, Paper, PaperError, PaperReader, printable_path, write_pages,
    write_restored,
};

pub fn run(context: &Context, args: PaperArgs) -> Result<(), Failure> {
    match args.command {
        PaperCommand::Device(args) => device(context, &args),
        PaperCommand::Export(args) => export(context, &args),
        PaperCommand::Restore(args) => restore(context, args),
    }
}

fn device(context: &Context, args: &PaperDeviceArgs) -> Result<(), Failure> {
    let plan = args.plan.plan()?;
    let profile = context.open_profile()?;
    let own = identity::own(context, &profile, args.identity_passphrase.file())?;
    let paper = Paper::of_device(&own, plan, &mut UnwrapErr(SysRng))?;
    write(context, &paper, None, words::DEVICE_DANGER, &args.out, plan)
}

fn export(context: &Context, args: &PaperExportArgs) -> Result<(), Failure> {
    let plan = args.plan.plan()?;
    let program = Program::find(&args.target)?;
    let purpose = Purpose::new(&args.purpose)?;
    let profile = context.open_profile()?;
    let key = profile.find_usable_key(&args.name, args.require.require())?;
    let contact = profile.contact_of(&key)?.name.to_string();
    let export = profile
        .prepare_export(key, program.target, purpose, &args.choices.choices())?
        .told_for(program);
    note_unverified(context, export.key());
    let now = Timestamp::now();
    let paper = export.on_paper(plan, &mut UnwrapErr(SysRng), now)?;
    let danger = program.target.danger_on_paper();
    write(context, &paper, Some(&contact), &danger, &args.out, plan)
}

fn write(
    context: &Context,
    paper: &Paper,
    whose: Option<&str>,
    danger: &str,
    out: &Path,
    plan: Plan,
) -> Result<(), Failure> {
    let pages = words::pages(paper, whose, danger, Timestamp::now());
    write_pages(out, words::TITLE, &pages)?;
    context.output.result(
        || {
            format!(
                "Wrote {}\n{}\n{}\n{}\n",
                printable_path(out),
                words::enough(plan),
                words::WHAT_IT_IS,
                words::PRINT_AND_DELETE
            )
        },
        &json!({
            "file": output::json_path(out),
            "kind": paper.kind.name(),
            "set": paper.set.to_string(),
            "pages": plan.count(),
            "needed": plan.needed(),
            "by_words": paper.kind.by_words(),
        }),
    )
}

/// Reads pages until there are enough, or no more come.
struct Desk<'a> {
    context: &'a Context,
    reader: PaperReader,
    /// What typed words are.
    kind: Option<Kind>,
}

fn restore(context: &Context, args: PaperRestoreArgs) -> Result<(), Failure> {
    let name = args.name.as_deref().map(DisplayName::new).transpose()?;
    let mut desk = Desk { context, reader: PaperReader::default(), kind: args.kind };
    if let Some(source) = args.scan.clone() {
        desk.scan(source)?;
    } else {
        desk.pictures(&args.pictures)?;
        // Typed words, with the second code of a picture that is there already.
        let typed = args.pictures.is_empty() || desk.kind == Some(Kind::File);
        if typed && !desk.is_complete() {
            desk.words()?;
        }
    }
    if desk.reader.set().is_none() {
        let failure = Failure::new(NOTHING_SCANNED, words::NO_PAGE);
        return Err(failure.advise(words::NO_PAGE_ADVICE));
    }
    match desk.reader.restore(desk.kind, Timestamp::now())? {
        FromPaper::Device(mut own) => {
            if let Some(name) = name {
                own.name = name;
            }
            let taken = IdentityArgs {
                passphrase_file: args.passphrase_file,
                new_passphrase_file: args.new_passphrase_file,
                yes: args.yes,
                ..IdentityArgs::default()
            };
            identity::take(context, &taken, *own)
        }
        FromPaper::File(name, bytes) => {
            let path = args.out.as_deref().unwrap_or(Path::new(&name));
            if input::is_stream(path) {
                return context.output.bytes(&bytes);
            }
            write_restored(path, &bytes)?;
            let count = bytes.len();
            context.output.result(
                || format!("Wrote {}: {}\n", printable_path(path), crate::messages::bytes(count)),
                &json!({ "file": output::json_path(path), "bytes": count }),
            )
        }
    }
}

impl Desk<'_> {
    fn is_complete(&self) -> bool {
        self.reader.is_complete(self.kind)
    }

    fn tell(&self, read: PageRead) {
        self.context.output.tell(words::read(read, &self.reader, self.kind));
    }

    /// What does not fit is told, and what was read stays.
    fn complain(&self, error: &PaperError) {
        let told = crate::messages::terminal::explain(error);
        self.context.output.tell(format!("{} {}", told.what, told.advice));
    }

    /// Takes what a code says. Gives whether it is of a page.
    fn code(&mut self, text: &str) -> bool {
        match self.reader.read_code(text) {
            Ok(Some(read)) => self.tell(read),
            Ok(None) => return false,
            Err(error) => self.complain(&error),
        }
        true
    }

    fn pictures(&mut self, paths: &[std::path::PathBuf]) -> Result<(), Failure> {
        for path in paths {
            let picture = scan::picture(path)?;
            let readings = scan_picture(&picture);
            let mut found = false;
            for text in readings.iter().filter_map(|reading| reading.text()) {
                found |= self.code(&text);
            }
            if !found {
                self.context.output.tell(format!("{}: {}", input::name(path), words::NO_PAGE));
            }
        }
        Ok(())
    }

    fn scan(&mut self, source: SourceArg) -> Result<(), Failure> {
        if source == SourceArg::Lines {
            return self.words();
        }
        let mut source = Source::open(source)?;
        self.context.output.tell(terminal::AIM);
        // A code stays in view for many frames, and is told once.
        let mut seen: Vec<Zeroizing<String>> = Vec::new();
        source.until(|text| {
            let text = Zeroizing::new(text.to_owned());
            if !text.is_empty() && !seen.contains(&text) {
                self.code(&text);
                seen.push(text);
            }
            Ok(self.is_complete().then_some(()))
        })?;
        Ok(())
    }

    /// Takes words, a page a line: typed, or of standard input.
    fn words(&mut self) -> Result<(), Failure> {
        if output::can_ask() {
            while !self.reader.has_enough() {
                let typed = output::ask(terminal::TYPE_WORDS).map(Zeroizing::new);
                let Some(typed) = typed.filter(|typed| !typed.is_empty()) else { break };
                match self.reader.read_words(&typed) {
                    Ok(read) => self.tell(read),
                    Err(error) => self.complain(&error),
                }
            }
            return Ok(());
        }
        let mut lines = std::io::stdin().lock();
        while !self.reader.has_enough() {
            let mut line = Zeroizing::new(String::with_capacity(1024));
            if !matches!(lines.read_line(&mut line), Ok(1..)) {
                break;
            }
            if !line.trim().is_empty() {
                let read = self.reader.read_words(&line)?;
                self.tell(read);
            }
        }
        Ok(())
    }
}
