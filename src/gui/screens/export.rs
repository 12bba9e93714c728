//! Export: a key for another program.

use std::path::PathBuf;

use eframe::egui::{Button, ComboBox, Ui};

use crate::gui::code::{ShownCode, Textures};
use crate::gui::effect::{
    Effect, ExportCode, ExportRequest, FileDialog, ProfileCommand, WorldCommand,
};
use crate::gui::model::{ContactList, KeyView, Model};
use crate::gui::passphrase_form::{PassphraseForm, PassphraseInput};
use crate::gui::report::{ExportOutcome, FinishedExport, WrittenFiles};
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::GAP;
use crate::gui::widgets::{self, Severity};
use crate::messages;
use crate::messages::Notification;
use keyglance_core::crypto::{KeyId, Purpose};
use keyglance_core::exports::{
    DEFAULT_TARGET, OptionKind, OptionValues, TARGETS, Target, TargetOption,
};
use keyglance_core::trust::KeyTrust;
use keyglance_profile::printable_path;

#[derive(Debug)]
pub struct Page {
    pub key: KeyId,
    target: &'static Target,
    purpose: String,
    /// Those of other targets stay, in case the user comes back to them.
    options: OptionValues,
    protect: bool,
    passphrase: PassphraseForm,
    path: String,
    /// The path was typed or chosen, and does not follow the target any more.
    path_chosen: bool,
    /// The request that the worker is at work on; answers to others are ignored.
    working: Option<u64>,
    requests: u64,
    problem: Option<Notification>,
    files: Option<WrittenFiles>,
    /// The export as a code, while it is shown.
    code: Option<ExportCode>,
    /// Where the code is to be saved.
    code_path: String,
}

#[derive(Debug)]
pub enum Message {
    Target(&'static Target),
    Purpose(String),
    TargetOption(&'static str, String),
    Protect(bool),
    Passphrase(PassphraseInput),
    Path(String),
    ChooseFile,
    Save,
    ShowCode,
    HideCode,
    CodePath(String),
    SaveCode,
    Cancel,
}

impl Page {
    pub fn new(key: KeyId, model: &Model) -> Self {
        let mut page = Self {
            key,
            target: DEFAULT_TARGET,
            purpose: String::new(),
            options: OptionValues::default(),
            protect: true,
            passphrase: PassphraseForm::default(),
            // Only the folder counts: the name is suggested below.
            path: model.home.join("-").to_string_lossy().into_owned(),
            path_chosen: false,
            working: None,
            requests: 0,
            problem: None,
            files: None,
            code: None,
            code_path: String::new(),
        };
        page.suggest_path(&model.contacts);
        page
    }

    /// A new file named after the key, in the folder of the present one.
    fn suggest_path(&mut self, contacts: &ContactList) {
        if self.path_chosen {
            return;
        }
        let name = contacts.key(self.key).map_or_else(String::new, |(_, key)| key.name.clone());
        let purpose = Purpose::new(&self.purpose).unwrap_or_default();
        let file = self.target.file_name(&name, &purpose, self.key, self.protect);
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

    fn request(&mut self, path: Option<PathBuf>) -> Result<ExportRequest, String> {
        if path.as_ref().is_some_and(|path| path.file_name().is_none()) {
            return Err("Enter a file name.".to_owned());
        }
        let purpose =
            Purpose::new(&self.purpose).map_err(|error| messages::window::sentence(&error))?;
        let protect = self.protect && path.is_some();
        let passphrase = protect.then(|| self.passphrase.passphrase()).transpose()?;
        self.requests += 1;
        self.working = Some(self.requests);
        Ok(ExportRequest {
            number: self.requests,
            key: self.key,
            target: self.target,
            purpose,
            options: self.options.of(self.target),
            passphrase,
            path,
        })
    }

    fn start(&mut self, path: Option<PathBuf>) -> Vec<Effect> {
        self.problem = None;
        self.files = None;
        match self.request(path) {
            Ok(request) => vec![ProfileCommand::Export(Box::new(request)).into()],
            Err(what) => {
                self.problem = Some(Notification::new(what, "Nothing was exported."));
                Vec::new()
            }
        }
    }
}

pub fn update(page: &mut Page, model: &Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Target(target) => {
            page.target = target;
            page.files = None;
            page.suggest_path(&model.contacts);
        }
        Message::Purpose(purpose) => page.purpose = purpose,
        Message::TargetOption(name, text) => page.options.set(name, text),
        Message::Protect(protect) => {
            page.protect = protect;
            page.suggest_path(&model.contacts);
        }
        Message::Passphrase(input) => page.passphrase.update(input),
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
        Message::ShowCode => return page.start(None),
        Message::HideCode => page.code = None,
        Message::CodePath(path) => page.code_path = path,
        Message::SaveCode => {
            let path = PathBuf::from(page.code_path.trim());
            let save = page.code.clone().map(|code| ProfileCommand::SaveSecretCode(code, path));
            return save.map(Effect::from).into_iter().collect();
        }
        // The worker reports that it was cancelled.
        Message::Cancel => return vec![WorldCommand::Cancel.into()],
    }
    Vec::new()
}

/// The answer of the worker.
pub fn exported(page: &mut Page, result: Result<ExportOutcome, Notification>) {
    match result {
        Ok(outcome) if page.working != Some(outcome.number) => {}
        Ok(outcome) => {
            page.working = None;
            match outcome.export {
                FinishedExport::Files(files) => {
                    page.files = Some(files);
                    page.passphrase = PassphraseForm::default();
                }
                FinishedExport::Code(code) => {
                    // Beside where the file would go.
                    let path = PathBuf::from(&page.path).with_extension("code.html");
                    page.code_path = path.to_string_lossy().into_owned();
                    page.code = Some(code);
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
    if let Some(code) = &page.code {
        widgets::beside_code(ui, textures, ShownCode::single(&code.text), |ui| {
            code_ui(ui, page, code, out);
        });
        return;
    }
    widgets::page(ui, |ui| {
        if widgets::button(ui, "Back").clicked() {
            out.go(Route::Back);
        }
        let Some((view, key)) = model.contacts.key(page.key) else {
            ui.label("This key no longer exists.");
            return;
        };
        widgets::heading(ui, &format!("Export the key {}", key.name));
        if let Some(refusal) = &key.refusal {
            widgets::problem(ui, &messages::window::refusal(refusal));
            return;
        }
        if let [(new, _), ..] = &view.newcomers[..] {
            widgets::warning(ui, "Somebody else came under this name.");
            if widgets::button(ui, "Decide…").clicked() {
                out.go(Route::Decide(*new));
            }
        }
        if !matches!(key.trust, KeyTrust::Verified(_)) {
            widgets::warning(ui, "Not compared: somebody could be in between.");
            if widgets::button(ui, "Compare now…").clicked() {
                out.go(match key.comparison {
                    Some(_) => Route::Compare(key.id),
                    None => Route::Verify(view.contact.id()),
                });
            }
        }
        if page.working.is_some() {
            if widgets::working(ui, "Making the file…") {
                out.send(Message::Cancel);
            }
            return;
        }
        form_ui(ui, page, key, out);
        if let Some(problem) = &page.problem {
            widgets::problem(ui, problem);
        }
        if let Some(files) = &page.files {
            files_ui(ui, files);
        }
    });
}

fn code_ui(ui: &mut Ui, page: &Page, code: &ExportCode, out: &mut Outbox<Message>) {
    widgets::heading(ui, &format!("A key for {}", page.target.name));
    if let Some(scanner) = page.target.scanned_by {
        ui.label(format!("Scanned by {scanner}."));
    }
    widgets::warning(ui, &page.target.danger_as_code());
    for note in &code.notes {
        widgets::warning(ui, note);
    }
    ui.label("Anyone who photographs this code has the key.");
    ui.add_space(GAP);
    let mut path = page.code_path.clone();
    if widgets::field(ui, "Save as .png, .svg or, to print, .html", &mut path).changed() {
        out.send(Message::CodePath(path));
    }
    if widgets::button(ui, "Save code").clicked() {
        out.send(Message::SaveCode);
    }
    ui.add_space(GAP);
    if widgets::primary(ui, "Hide").clicked() {
        out.send(Message::HideCode);
    }
}

fn form_ui(ui: &mut Ui, page: &Page, key: &KeyView, out: &mut Outbox<Message>) {
    target_ui(ui, page, key, out);
    let mut purpose = page.purpose.clone();
    if widgets::field(ui, "Purpose (optional)", &mut purpose).changed() {
        out.send(Message::Purpose(purpose));
    }
    widgets::weak(
        ui,
        "A different purpose gives a different key. Both sides must enter the same one.",
    );
    for option in page.target.options {
        option_ui(ui, page, option, out);
    }
    ui.add_space(GAP);
    widgets::warning(ui, page.target.danger);
    for (protect, text) in [(true, "Protect with a passphrase (recommended)"), (false, "Plain")] {
        if ui.radio(page.protect == protect, text).clicked() {
            out.send(Message::Protect(protect));
        }
    }
    if page.protect
        && let Some(input) = page.passphrase.ui(ui, "Passphrase")
    {
        out.send(Message::Passphrase(input));
    }
    let last = key.exports.last().map_or("never".to_owned(), |last| {
        format!("{} for {}", messages::window::day(last.at), last.target)
    });
    widgets::weak(ui, &format!("Last export: {last}"));
    let mut path = page.path.clone();
    if widgets::field(ui, "File", &mut path).changed() {
        out.send(Message::Path(path));
    }
    ui.add_space(GAP);
    ui.horizontal_wrapped(|ui| {
        if widgets::primary(ui, "Save key file").clicked() {
            out.send(Message::Save);
        }
        if widgets::button(ui, "Choose a file…").clicked() {
            out.send(Message::ChooseFile);
        }
        if page.target.scanned_by.is_some() && widgets::button(ui, "Show as code").clicked() {
            out.send(Message::ShowCode);
        }
    });
}

fn target_ui(ui: &mut Ui, page: &Page, key: &KeyView, out: &mut Outbox<Message>) {
    let label = ui.label("Use with");
    ComboBox::from_id_salt("target")
        .selected_text(page.target.name)
        .show_ui(ui, |ui| {
            for target in TARGETS {
                let text = format!("{} — {}", target.name, target.summary);
                let refused = target.check_suite(key.suite).err();
                let choice = Button::selectable(target.name == page.target.name, text);
                let choice = ui.add_enabled(refused.is_none(), choice);
                if choice.clicked() {
                    out.send(Message::Target(target));
                }
                if let Some(error) = refused {
                    choice.on_disabled_hover_text(messages::window::sentence(&error));
                }
            }
        })
        .response
        .labelled_by(label.id);
    widgets::weak(ui, page.target.summary);
}

/// An option that only this target has.
fn option_ui(ui: &mut Ui, page: &Page, option: &TargetOption, out: &mut Outbox<Message>) {
    let mut text = page.options.get(option.name).unwrap_or_default().to_owned();
    let name = messages::window::sentence(&option.summary);
    let name = name.trim_end_matches('.');
    match option.kind {
        OptionKind::Flag => {
            let mut on = !text.is_empty();
            if ui.checkbox(&mut on, name).changed() {
                let text = if on { "yes" } else { "" };
                out.send(Message::TargetOption(option.name, text.to_owned()));
            }
        }
        OptionKind::Text(default) => {
            if widgets::field(ui, name, &mut text).changed() {
                out.send(Message::TargetOption(option.name, text));
            }
            if !default.is_empty() {
                widgets::weak(ui, &format!("If left empty: {default}"));
            }
        }
    }
}

fn files_ui(ui: &mut Ui, exported: &WrittenFiles) {
    ui.add_space(GAP);
    widgets::status(ui, Severity::Good, "Saved");
    for path in &exported.files {
        ui.monospace(printable_path(path));
    }
    for note in &exported.notes {
        widgets::warning(ui, note);
    }
    if let Some(command) = &exported.open_command {
        ui.label("It is protected by your passphrase. To open it:");
        ui.monospace(command);
    }
    ui.label("How to use it:");
    for line in &exported.usage {
        ui.monospace(line);
    }
}
