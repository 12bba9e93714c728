//! "Use key with…": a program is chosen, its options are set, and it gets its key.

mod gallery;
mod options;
mod result;

pub use options::option_field;

use std::path::PathBuf;
use std::time::Duration;

use eframe::egui::Ui;

use super::secret_code::{self, SecretCode};
use crate::gui::code::Textures;
use crate::gui::effect::{
    Effect, ExportRequest, FileDialog, PaperOf, ProfileCommand, WorldCommand,
};
use crate::gui::model::{ContactView, KeyView, Model};
use crate::gui::passphrase_form::{PassphraseForm, PassphraseInput};
use crate::gui::report::{ExportOutcome, FinishedExport, WrittenFiles};
use crate::gui::route::{Outbox, Route};
use crate::gui::widgets::{self, Severity};
use crate::messages;
use crate::messages::Notification;
use crate::messages::window::{common, exports as words};
use keyglance_core::crypto::{KeyId, Purpose};
use keyglance_core::exports::{OptionValues, PROGRAMS, Program};
use keyglance_core::trust::KeyTrust;

/// The page that is open, of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Stage {
    /// Which program.
    Gallery,
    /// Its options.
    Options,
    /// The file is there.
    Result,
}

#[derive(Debug)]
pub struct Page {
    pub key: KeyId,
    stage: Stage,
    search: String,
    /// None before one is chosen, and where a search finds nothing.
    program: Option<&'static Program>,
    /// The word that makes another key of it.
    separate: String,
    options: OptionValues,
    /// The program that the options are of.
    set_for: Option<&'static Program>,
    protect: bool,
    /// The user goes on though nobody has compared what they shared.
    not_compared: bool,
    pub passphrase: PassphraseForm,
    path: String,
    /// The path was typed or chosen, and does not follow the program any more.
    path_chosen: bool,
    /// The request that the worker is at work on; answers to others are ignored.
    working: Option<u64>,
    requests: u64,
    problem: Option<Notification>,
    files: Option<WrittenFiles>,
    /// The export as a code, while it is shown.
    code: Option<SecretCode>,
    /// What was copied last, which its button says.
    copied: Option<String>,
    /// What is open of the result's further commands.
    unfolded: Vec<Further>,
}

/// Commands that most people do not need now: folded until they are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Further {
    /// How the program is given the key without a file.
    WithoutFile,
    /// How it is renewed or revoked.
    Renew,
}

#[derive(Debug)]
pub enum Message {
    Search(String),
    Program(&'static Program),
    Continue,
    /// Back to the programs.
    Another,
    Separate(String),
    TargetOption(&'static str, String),
    Protect(bool),
    /// Goes on though nobody has compared what they shared.
    NotCompared,
    Passphrase(PassphraseInput),
    Path(String),
    ChooseFile,
    Save,
    ShowCode,
    Code(secret_code::Message),
    Copy(String),
    /// Shows further commands, or folds them again.
    Fold(Further),
    OpenFolder,
    /// The same on pages to print.
    OnPaper,
    Cancel,
}

impl Page {
    pub fn new(key: KeyId, model: &Model) -> Self {
        let mut page = Self {
            key,
            stage: Stage::Gallery,
            search: String::new(),
            program: PROGRAMS.first(),
            separate: String::new(),
            options: OptionValues::default(),
            set_for: None,
            protect: true,
            not_compared: false,
            passphrase: PassphraseForm::default(),
            // Only the folder counts: the name is suggested below.
            path: model.home.join("-").to_string_lossy().into_owned(),
            path_chosen: false,
            working: None,
            requests: 0,
            problem: None,
            files: None,
            code: None,
            copied: None,
            unfolded: Vec::new(),
        };
        page.suggest_path(model);
        page
    }

    /// Tells the pages of this screen apart.
    pub fn place(&self) -> impl std::hash::Hash + use<> {
        (self.stage, self.code.is_some(), self.working.is_some())
    }

    /// Whether the worker makes a file or a code.
    pub const fn is_working(&self) -> bool {
        self.working.is_some()
    }

    /// Whether something would be lost that was typed.
    pub fn is_changed(&self) -> bool {
        self.stage == Stage::Options
            && self.code.is_none()
            && (self.passphrase.is_begun() || !self.separate.is_empty() || self.path_chosen)
    }

    /// One step back within the screen; `false` where it is to be left.
    pub fn back(&mut self) -> bool {
        if self.code.take().is_some() {
            return true;
        }
        match self.stage {
            Stage::Gallery if self.search.is_empty() => return false,
            Stage::Gallery => self.search.clear(),
            Stage::Options | Stage::Result => self.return_to_gallery(),
        }
        true
    }

    fn return_to_gallery(&mut self) {
        self.stage = Stage::Gallery;
        self.search.clear();
        self.passphrase = PassphraseForm::default();
        self.separate.clear();
        self.not_compared = false;
        self.path_chosen = false;
        (self.problem, self.files, self.copied) = (None, None, None);
        self.unfolded.clear();
    }

    pub fn next_deadline(&self, now: Duration) -> Option<Duration> {
        self.code.as_ref()?.next_deadline(now)
    }

    pub fn tick(&mut self, now: Duration) {
        if let Some(code) = &mut self.code {
            code.tick(now);
        }
    }

    /// A new file named after the key, in the folder of the present one.
    fn suggest_path(&mut self, model: &Model) {
        let Some(program) = self.program.filter(|_| !self.path_chosen) else { return };
        let key = model.contacts.key(self.key);
        let name = key.map_or_else(String::new, |(_, key)| key.name.clone());
        let purpose = Purpose::new(self.separate.trim()).unwrap_or_default();
        let protect = self.protect && !program.target.is_public();
        let file = program.file_name(&name, &purpose, self.key, protect);
        let folder = PathBuf::from(&self.path).parent().map(PathBuf::from).unwrap_or_default();
        self.path = folder.join(file).to_string_lossy().into_owned();
    }

    /// The file that a dialog chose.
    pub fn choose_file(&mut self, paths: Vec<PathBuf>) {
        if let Some(path) = paths.into_iter().next() {
            self.path = path.to_string_lossy().into_owned();
            self.path_chosen = true;
        }
    }

    /// The file for the code that a dialog chose.
    pub fn choose_code_file(&mut self, paths: Vec<PathBuf>) {
        if let Some(code) = &mut self.code {
            code.choose_file(paths);
        }
    }

    fn request(&mut self, path: Option<PathBuf>) -> Result<ExportRequest, Notification> {
        let refused = |what: String| Notification::new(what, messages::NOTHING_EXPORTED);
        let program = self.program.ok_or_else(|| refused(words::CHOOSE_PROGRAM.to_owned()))?;
        if path.as_ref().is_some_and(|path| path.file_name().is_none()) {
            return Err(refused(words::FILE_NEEDS_NAME.to_owned()));
        }
        let purpose = Purpose::new(self.separate.trim())
            .map_err(|error| messages::window::explain(&error))?;
        let protect = self.protect && path.is_some() && !program.target.is_public();
        let passphrase =
            protect.then(|| self.passphrase.passphrase()).transpose().map_err(refused)?;
        self.requests += 1;
        self.working = Some(self.requests);
        let options = self.options.of(program.target);
        Ok(ExportRequest {
            number: self.requests,
            key: self.key,
            program,
            purpose,
            options,
            passphrase,
            not_compared: self.not_compared,
            path,
        })
    }

    fn start(&mut self, path: Option<PathBuf>) -> Vec<Effect> {
        self.problem = None;
        match self.request(path) {
            Ok(request) => vec![ProfileCommand::Export(Box::new(request)).into()],
            Err(problem) => {
                self.problem = Some(problem);
                Vec::new()
            }
        }
    }

    /// What the user sees of a search: the programs found, the best first.
    fn found(&self) -> Vec<&'static Program> {
        Program::search(&self.search)
    }
}

pub fn update(page: &mut Page, model: &Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Search(text) => {
            page.search = text;
            page.program = page.found().first().copied();
        }
        Message::Program(program) => page.program = Some(program),
        Message::Continue => {
            let Some(program) = page.program else { return Vec::new() };
            let key = model.contacts.key(page.key).map(|(_, key)| key);
            if key.is_none_or(|key| why_not(program, key, page.not_compared).is_some()) {
                return Vec::new();
            }
            if page.set_for != Some(program) {
                page.options = program.preset_options();
                page.set_for = Some(program);
            }
            page.stage = Stage::Options;
            page.suggest_path(model);
        }
        Message::Another => page.return_to_gallery(),
        Message::Separate(word) => {
            page.separate = word;
            page.suggest_path(model);
        }
        Message::TargetOption(name, text) => page.options.set(name, text),
        Message::Protect(protect) => {
            page.protect = protect;
            page.suggest_path(model);
        }
        Message::Passphrase(input) => return page.passphrase.update(input),
        Message::NotCompared => {
            page.not_compared = true;
            page.problem = None;
            if page.stage == Stage::Gallery {
                return update(page, model, Message::Continue);
            }
        }
        Message::Path(path) => {
            page.path = path;
            page.path_chosen = true;
        }
        Message::ChooseFile => {
            let suggested = page.path.clone();
            return vec![WorldCommand::OpenDialog(FileDialog::ExportFile, suggested).into()];
        }
        Message::Save => {
            let path = PathBuf::from(page.path.trim());
            return page.start(Some(path));
        }
        Message::ShowCode | Message::Code(secret_code::Message::Show) => return page.start(None),
        Message::Code(secret_code::Message::Close) => page.code = None,
        Message::Code(message) => {
            return page.code.as_mut().map(|code| code.update(message)).unwrap_or_default();
        }
        Message::Fold(further) => {
            let open = page.unfolded.len();
            page.unfolded.retain(|other| *other != further);
            if page.unfolded.len() == open {
                page.unfolded.push(further);
            }
        }
        Message::Copy(line) => {
            page.copied = Some(line.clone());
            return vec![WorldCommand::Copy(line).into()];
        }
        Message::OnPaper => {
            if let (Some(program), Ok(purpose)) = (page.program, Purpose::new(&page.separate)) {
                let options = page.options.clone();
                let of = PaperOf::Export { key: page.key, program, purpose, options };
                return vec![Effect::Go(Route::Paper(of))];
            }
        }
        Message::OpenFolder => {
            let file = page.files.as_ref().map(|files| files.path.as_path());
            return WorldCommand::open_folder_of(file);
        }
        // The worker reports that it was cancelled.
        Message::Cancel => return vec![WorldCommand::Cancel.into()],
    }
    Vec::new()
}

/// Why a program's file cannot be made of this key; `None` if it can.
fn why_not(program: &Program, key: &KeyView, not_compared: bool) -> Option<WhyNot> {
    let target = program.target;
    if key.refusal.is_some() || target.check_suite(key.suite).is_err() {
        return Some(WhyNot::Never(words::NOT_FOR_THIS_KEY.to_owned()));
    }
    if let Err(error) = target.check_shared(&key.card, &key.name) {
        return Some(WhyNot::Never(messages::window::explain(&error).whole()));
    }
    (target.is_public() && !not_compared && !is_compared(key)).then_some(WhyNot::NotCompared)
}

/// What keeps a program's file from being made.
#[derive(Debug, PartialEq, Eq)]
enum WhyNot {
    /// The key, or what was shared, does not give it.
    Never(String),
    /// It is made of what they shared, which nobody has compared.
    NotCompared,
}

const fn is_compared(key: &KeyView) -> bool {
    matches!(key.trust, KeyTrust::Verified(_))
}

/// The answer of the worker.
pub fn exported(page: &mut Page, model: &Model, result: Result<ExportOutcome, Notification>) {
    match result {
        Ok(outcome) if page.working != Some(outcome.number) => {}
        Ok(outcome) => {
            page.working = None;
            match outcome.export {
                FinishedExport::Files(files) => {
                    page.files = Some(*files);
                    page.passphrase = PassphraseForm::default();
                    page.stage = Stage::Result;
                }
                FinishedExport::Codes(codes) => {
                    // Beside where the file would go.
                    let path = PathBuf::from(&page.path)
                        .with_extension(messages::window::secret_code::ENDING);
                    page.code = Some(SecretCode::new(codes, path, model.now));
                }
            }
        }
        Err(problem) => {
            page.working = None;
            page.problem = Some(problem);
        }
    }
}

pub fn ui(
    ui: &mut Ui,
    page: &Page,
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    let Some((view, key)) = model.contacts.key(page.key) else {
        widgets::page(ui, |ui| {
            if widgets::back(ui, common::HOME).clicked() {
                out.go(Route::Home);
            }
            widgets::heading(ui, words::KEY_IS_GONE);
            ui.label(words::KEY_WAS_DELETED);
        });
        return;
    };
    if page.working.is_some() {
        if widgets::working_page(ui, words::MAKING) {
            out.send(Message::Cancel);
        }
        return;
    }
    if let (Some(code), Some(program)) = (&page.code, page.program) {
        code_ui(ui, program, (code, &page.options), model, textures, out);
        return;
    }
    match (page.stage, page.program) {
        (Stage::Options, Some(program)) => options::ui(ui, page, program, view, key, out),
        (Stage::Result, Some(program)) => result::ui(ui, page, program, view, key, out),
        _ => gallery::ui(ui, page, view, key, out),
    }
}

fn code_ui(
    ui: &mut Ui,
    program: &Program,
    (code, options): (&SecretCode, &OptionValues),
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    widgets::page(ui, |ui| {
        if widgets::back(ui, program.name).clicked() {
            out.send(Message::Code(secret_code::Message::Close));
        }
        widgets::heading(ui, &words::code_for(program.name));
        let mut part = Outbox::new();
        let code_words = words::code_words(program.target, options);
        code.ui(ui, &code_words, model.now, textures, &mut part);
        out.extend(part, Message::Code);
    });
}

/// What is to be known of the key wherever it is used.
pub fn notices_ui<M>(ui: &mut Ui, view: &ContactView, key: &KeyView, out: &mut Outbox<M>) {
    if let [(new, _), ..] = &view.newcomers[..] {
        let text = messages::window::contact::SOMEBODY_ELSE;
        if widgets::notice(ui, Severity::Problem, text, common::DECIDE) {
            out.go(Route::Decide(*new));
        }
    }
    if !matches!(key.trust, KeyTrust::Verified(_))
        && widgets::notice(ui, Severity::Waiting, words::NOT_COMPARED, words::COMPARE_NOW)
    {
        out.go(match key.comparison {
            Some(_) => Route::Compare(key.id),
            None => Route::Verify(view.contact.id()),
        });
    }
}
