//! Export: a key for another program.

use std::path::{Path, PathBuf};

use eframe::egui::{ComboBox, Ui};

use crate::gui::code::Textures;
use crate::gui::message::{Action, Effect, FileDialog, Secret};
use crate::gui::state::{ContactList, Key, Screen, State};
use crate::gui::theme::GAP;
use crate::gui::widgets::{self, Severity};
use crate::messages;
use crate::messages::Notification;
use keyglance_core::crypto::{KeyId, Purpose};
use keyglance_core::exports::{
    DEFAULT_TARGET, OptionKind, OptionValues, TARGETS, Target, TargetOption,
};
use keyglance_core::keyfile::Passphrase;
use keyglance_core::trust::Trust;

pub struct Export {
    pub key: KeyId,
    target: &'static Target,
    purpose: String,
    /// Those of other targets stay, in case one comes back to them.
    choices: OptionValues,
    protect: bool,
    first: Secret,
    second: Secret,
    pub path: String,
    /// The path was typed or chosen, and does not follow the target any more.
    own_path: bool,
    /// A derivation is going on; what comes back of an earlier one is not wanted.
    working: Option<u64>,
    orders: u64,
    told: Option<Notification>,
    done: Option<ExportedFiles>,
    /// The exported text as a code, while it is shown.
    code: Option<ExportCode>,
    /// Where it is to be saved.
    code_path: String,
}

/// What was written, and how it is used.
#[derive(Clone, Debug)]
pub struct ExportedFiles {
    pub files: Vec<PathBuf>,
    pub sealed: bool,
    pub notes: Vec<&'static str>,
}

/// What a code holds, and what the user should know of it.
#[derive(Clone)]
pub struct ExportCode {
    pub text: Secret,
    pub notes: Vec<&'static str>,
    /// What stands below it on paper.
    pub lines: Vec<String>,
}

/// What the clerk is to make.
pub struct Order {
    pub number: u64,
    pub key: KeyId,
    pub target: &'static Target,
    pub purpose: Purpose,
    pub choices: OptionValues,
    pub passphrase: Option<Passphrase>,
    /// None shows it as a code instead.
    pub path: Option<PathBuf>,
}

/// What became of an order.
pub struct Done {
    pub number: u64,
    pub what: What,
}

pub enum What {
    ExportedFiles(ExportedFiles),
    Code(ExportCode),
}

pub enum Do {
    Target(&'static Target),
    Purpose(String),
    TargetOption(&'static str, String),
    Protect(bool),
    First(Secret),
    Second(Secret),
    Path(String),
    Choose,
    Save,
    ShowCode,
    HideCode,
    CodePath(String),
    SaveCode,
    Cancel,
}

macro_rules! hidden {
    ($($type:ident),+) => {$(
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($type), " { … }"))
            }
        }
    )+};
}
hidden!(Export, ExportCode, Order, Done, Do);

impl Export {
    pub fn new(key: KeyId, people: &ContactList, home: &Path) -> Self {
        let target = DEFAULT_TARGET;
        let mut export = Self {
            key,
            target,
            purpose: String::new(),
            choices: OptionValues::default(),
            protect: true,
            first: Secret::default(),
            second: Secret::default(),
            // The folder, until the name is suggested.
            path: home.join("-").to_string_lossy().into_owned(),
            own_path: false,
            working: None,
            orders: 0,
            told: None,
            done: None,
            code: None,
            code_path: String::new(),
        };
        export.suggest(people);
        export
    }

    /// A new file named after the key, in the folder of the present one.
    fn suggest(&mut self, people: &ContactList) {
        if self.own_path {
            return;
        }
        let name = people.key(self.key).map_or_else(String::new, |(_, key)| key.name.clone());
        let file = self.target.file_name(&name, self.protect);
        let folder = PathBuf::from(&self.path).parent().map(PathBuf::from).unwrap_or_default();
        self.path = folder.join(file).to_string_lossy().into_owned();
    }

    fn order(&mut self, path: Option<PathBuf>) -> Result<Order, Notification> {
        let told = |what: String| Notification::new(what, "Nothing was exported.");
        let purpose =
            Purpose::new(&self.purpose).map_err(|e| told(messages::window::sentence(&e)))?;
        let passphrase = if self.protect && path.is_some() {
            if *self.first != *self.second {
                return Err(told("The two passphrases differ.".to_owned()));
            }
            Some(
                Passphrase::new(self.first.clone())
                    .map_err(|e| told(messages::window::sentence(&e)))?,
            )
        } else {
            None
        };
        self.orders += 1;
        self.working = Some(self.orders);
        let (number, key, target) = (self.orders, self.key, self.target);
        let choices = self.choices.of(target);
        Ok(Order { number, key, target, purpose, choices, passphrase, path })
    }
}

pub fn apply(state: &mut State, action: Do) -> Vec<Effect> {
    let Screen::Export(export) = &mut state.screen else { return Vec::new() };
    match action {
        Do::Target(target) => {
            export.target = target;
            export.done = None;
            export.suggest(&state.people);
        }
        Do::Purpose(purpose) => export.purpose = purpose,
        Do::TargetOption(name, text) => export.choices.set(name, text),
        Do::Protect(protect) => {
            export.protect = protect;
            export.suggest(&state.people);
        }
        Do::First(text) => export.first = text,
        Do::Second(text) => export.second = text,
        Do::Path(path) => {
            export.path = path;
            export.own_path = true;
        }
        Do::Choose => return vec![Effect::FileDialog(FileDialog::ExportFile, export.path.clone())],
        Do::Save | Do::ShowCode => {
            let path = matches!(action, Do::Save).then(|| PathBuf::from(export.path.trim()));
            export.told = None;
            export.done = None;
            if path.as_ref().is_some_and(|path| path.file_name().is_none()) {
                export.told = Some(Notification::new("Name the file.", "Nothing was exported."));
                return Vec::new();
            }
            match export.order(path) {
                Ok(order) => return vec![Effect::Export(Box::new(order))],
                Err(told) => export.told = Some(told),
            }
        }
        Do::HideCode => export.code = None,
        Do::CodePath(path) => export.code_path = path,
        Do::SaveCode => {
            let path = PathBuf::from(export.code_path.trim());
            let code = export.code.clone();
            return code.map(|code| Effect::SaveSecretCode(code, path)).into_iter().collect();
        }
        // The report says that it was.
        Do::Cancel => return vec![Effect::Cancel],
    }
    Vec::new()
}

pub fn exported(state: &mut State, result: Result<Done, Notification>) -> Vec<Effect> {
    let Screen::Export(export) = &mut state.screen else { return Vec::new() };
    match result {
        Ok(done) if export.working != Some(done.number) => {}
        Ok(done) => {
            export.working = None;
            match done.what {
                What::ExportedFiles(written) => {
                    export.done = Some(written);
                    export.first = Secret::default();
                    export.second = Secret::default();
                }
                What::Code(code) => {
                    // Beside where the file would go.
                    let path = PathBuf::from(&export.path).with_extension("code.html");
                    export.code_path = path.to_string_lossy().into_owned();
                    export.code = Some(code);
                }
            }
        }
        Err(told) => {
            export.working = None;
            export.told = Some(told);
        }
    }
    Vec::new()
}

pub fn show(ui: &mut Ui, state: &State, textures: &mut Textures, actions: &mut Vec<Action>) {
    let Screen::Export(export) = &state.screen else { return };
    if let Some(code) = &export.code {
        widgets::beside_code(ui, textures, &code.text, (100, 100), |ui| {
            widgets::heading(ui, &format!("A key for {}", export.target.name));
            if let Some(who) = export.target.scanned_by {
                ui.label(format!("Scanned by {who}."));
            }
            widgets::warning(ui, &export.target.danger_as_code());
            for note in &code.notes {
                widgets::warning(ui, note);
            }
            ui.label("Whoever photographs this code has the key.");
            ui.add_space(GAP);
            let mut path = export.code_path.clone();
            if widgets::field(ui, "Save as .png, .svg or, to print, .html", &mut path).changed() {
                actions.push(Action::ExportPage(Do::CodePath(path)));
            }
            if widgets::button(ui, "Save code").clicked() {
                actions.push(Action::ExportPage(Do::SaveCode));
            }
            ui.add_space(GAP);
            if widgets::primary(ui, "Hide").clicked() {
                actions.push(Action::ExportPage(Do::HideCode));
            }
        });
        return;
    }
    widgets::page(ui, |ui| {
        if widgets::button(ui, "Back").clicked() {
            actions.push(Action::Back);
        }
        let Some((person, key)) = state.people.key(export.key) else {
            ui.label("This key is not there any more.");
            return;
        };
        widgets::heading(ui, &format!("Export the key {}", key.name));
        if person.contact.trust() == Trust::Broken {
            widgets::warning(ui, messages::DIFFER);
            ui.label(messages::DIFFER_STEPS);
            ui.label("Nothing is exported until then.");
            return;
        }
        let mut push = |action| actions.push(Action::ExportPage(action));
        if export.working.is_some() {
            widgets::status(ui, Severity::Waiting, "Making the file…");
            ui.spinner();
            ui.label("The passphrase is made slow to guess; this takes a moment.");
            if widgets::button(ui, "Cancel").clicked() {
                push(Do::Cancel);
            }
            return;
        }
        form(ui, export, key, &mut push);
        if let Some(told) = &export.told {
            widgets::warning(ui, &told.what);
            ui.label(&told.advice);
        }
        if let Some(written) = &export.done {
            finished(ui, export, written);
        }
    });
}

fn form(ui: &mut Ui, export: &Export, key: &Key, push: &mut impl FnMut(Do)) {
    let label = ui.label("Use with");
    ComboBox::from_id_salt("target")
        .selected_text(export.target.name)
        .show_ui(ui, |ui| {
            for target in TARGETS {
                let text = format!("{} — {}", target.name, target.summary);
                if ui.selectable_label(target.name == export.target.name, text).clicked() {
                    push(Do::Target(target));
                }
            }
        })
        .response
        .labelled_by(label.id);
    widgets::weak(ui, export.target.summary);
    let mut purpose = export.purpose.clone();
    if widgets::field(ui, "Purpose (may stay empty)", &mut purpose).changed() {
        push(Do::Purpose(purpose));
    }
    widgets::weak(ui, "Another purpose gives another key. Both sides must write the same.");
    for choice in export.target.options {
        choose(ui, export, choice, push);
    }
    ui.add_space(GAP);
    widgets::warning(ui, export.target.danger);
    for (protect, text) in [(true, "Protect with a passphrase (recommended)"), (false, "Plain")] {
        if ui.radio(export.protect == protect, text).clicked() {
            push(Do::Protect(protect));
        }
    }
    if export.protect {
        let mut first = export.first.clone();
        if widgets::secret(ui, "Passphrase", &mut first).changed() {
            push(Do::First(first));
        }
        if !export.first.is_empty() {
            widgets::weak(ui, strength(&export.first));
        }
        let mut second = export.second.clone();
        if widgets::secret(ui, "The same again", &mut second).changed() {
            push(Do::Second(second));
        }
    }
    let last = key.exports.last().map_or("never".to_owned(), |last| {
        format!("{} for {}", last.at.strftime("%-d %b %Y"), last.target)
    });
    widgets::weak(ui, &format!("Last export: {last}"));
    let mut path = export.path.clone();
    if widgets::field(ui, "File", &mut path).changed() {
        push(Do::Path(path));
    }
    ui.add_space(GAP);
    ui.horizontal_wrapped(|ui| {
        if widgets::primary(ui, "Save key file").clicked() {
            push(Do::Save);
        }
        if widgets::button(ui, "Choose a place…").clicked() {
            push(Do::Choose);
        }
        if export.target.scanned_by.is_some() && widgets::button(ui, "Show as code").clicked() {
            push(Do::ShowCode);
        }
    });
}

/// What a target can be told beside the purpose.
fn choose(ui: &mut Ui, export: &Export, choice: &TargetOption, push: &mut impl FnMut(Do)) {
    let mut text = export.choices.get(choice.name).unwrap_or_default().to_owned();
    let name = messages::window::sentence(&choice.summary);
    let name = name.trim_end_matches('.');
    match choice.kind {
        OptionKind::Flag => {
            let mut on = !text.is_empty();
            if ui.checkbox(&mut on, name).changed() {
                let text = if on { "yes" } else { "" };
                push(Do::TargetOption(choice.name, text.to_owned()));
            }
        }
        OptionKind::Text(default) => {
            if widgets::field(ui, name, &mut text).changed() {
                push(Do::TargetOption(choice.name, text));
            }
            if !default.is_empty() {
                widgets::weak(ui, &format!("If left empty: {default}"));
            }
        }
    }
}

fn finished(ui: &mut Ui, export: &Export, written: &ExportedFiles) {
    ui.add_space(GAP);
    widgets::status(ui, Severity::Good, "Saved");
    let file = written.files.first().map(|f| f.display().to_string()).unwrap_or_default();
    for path in &written.files {
        ui.monospace(path.display().to_string());
    }
    for note in &written.notes {
        widgets::warning(ui, note);
    }
    if written.sealed {
        ui.label("It is protected by your passphrase. To open it:");
        ui.monospace(format!("age -d {file}"));
    }
    ui.label("How to use it:");
    for line in export.target.usage {
        ui.monospace(line.replace("{file}", &file));
    }
}

/// A hint, no promise: how long an attacker with the file would guess.
fn strength(text: &str) -> &'static str {
    match u8::from(zxcvbn::zxcvbn(text, &[]).score()) {
        0 | 1 => "Weak: guessed within hours. Three or four random words are better.",
        2 => "Fair: holds against a chance finder.",
        3 => "Good.",
        _ => "Strong.",
    }
}
