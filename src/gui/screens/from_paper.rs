//! What pages on paper hold, restored: the pages are shown to the camera, opened as
//! pictures, or typed.

use std::path::{Path, PathBuf};

use eframe::egui::Ui;
use zeroize::Zeroizing;

use crate::gui::camera_view::CameraView;
use crate::gui::code::Textures;
use crate::gui::effect::{Effect, FileDialog, PaperRestoration, ProfileCommand, WorldCommand};
use crate::gui::model::{Model, SecretText};
use crate::gui::passphrase_form::passphrase;
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::GAP;
use crate::gui::widgets::{self, Place, Severity};
use crate::messages::window::{common, explain, from_paper as words, identity, restore};
use crate::messages::{self, Notification};
use keyglance_capture::ScanEvent;
use keyglance_core::paper::Kind;
use keyglance_profile::{PageRead, PaperError, PaperReader};

#[derive(Debug, Default)]
pub struct Page {
    reader: PaperReader,
    /// What the pages hold, where no code said it.
    kind: Option<Kind>,
    /// The camera is on.
    camera: bool,
    view: CameraView,
    /// The code that the camera read last: it stays in view for many frames.
    seen: Zeroizing<Vec<u8>>,
    typed: SecretText,
    /// Where a file goes.
    folder: PathBuf,
    path: Option<String>,
    /// Opens an identity that is protected now.
    current: SecretText,
    /// Whether to become the pages' device is being asked.
    asking: bool,
    working: bool,
    saved: Option<PathBuf>,
    problem: Option<Notification>,
}

#[derive(Debug)]
pub enum Message {
    Camera(bool),
    Open,
    Typed(SecretText),
    Add,
    Kind(Kind),
    Path(String),
    Choose,
    Current(SecretText),
    Restore,
    /// The user knows what becomes of this device.
    Become,
    Keep,
    Cancel,
    OpenFolder,
}

impl Page {
    pub fn new(home: &Path) -> Self {
        Self { folder: home.to_owned(), ..Self::default() }
    }

    /// Which of its pages is open, for the focus. A problem moves what is below it.
    pub const fn place(&self) -> (bool, bool, bool) {
        (self.saved.is_some(), self.asking, self.problem.is_some())
    }

    /// Whether the worker puts the pages together.
    pub const fn is_working(&self) -> bool {
        self.working
    }

    /// Whether something was read that would be lost.
    pub fn is_changed(&self) -> bool {
        self.saved.is_none() && self.reader.set().is_some()
    }

    /// The file that a dialog chose.
    pub fn choose_file(&mut self, path: &Path) {
        self.path = Some(path.to_string_lossy().into_owned());
    }

    fn kind(&self) -> Option<Kind> {
        self.reader.kind().or(self.kind)
    }

    /// Whether nothing is missing.
    fn is_complete(&self) -> bool {
        self.reader.is_complete(self.kind())
    }

    /// Where a file goes: under the name that the pages say, unless another was chosen.
    fn path(&self) -> Option<String> {
        let name = self.reader.file_name(self.kind()?)?;
        let default = || self.folder.join(name).to_string_lossy().into_owned();
        Some(self.path.clone().unwrap_or_else(default))
    }

    fn take(&mut self, read: Result<PageRead, PaperError>) {
        self.problem = read.err().map(|error| explain(&error));
    }

    /// Takes what codes say. Gives whether one was of a page.
    fn codes<'a>(&mut self, codes: impl IntoIterator<Item = &'a [u8]>) -> bool {
        let mut found = false;
        for text in codes.into_iter().filter_map(|bytes| std::str::from_utf8(bytes).ok()) {
            if let Some(read) = self.reader.read_code(text).transpose() {
                found = true;
                self.take(read);
            }
        }
        found
    }

    /// What stands in the photographs that were opened.
    pub fn pictures_read(&mut self, result: Result<Vec<Vec<u8>>, Notification>) {
        match result {
            Ok(codes) => {
                let codes: Vec<_> = codes.into_iter().map(Zeroizing::new).collect();
                if !self.codes(codes.iter().map(|code| &code[..])) {
                    self.problem = Some(words::no_page());
                }
            }
            Err(problem) => self.problem = Some(problem),
        }
    }

    /// What the camera saw. It looks on until there are enough pages.
    pub fn scanned(&mut self, event: ScanEvent) -> Vec<Effect> {
        let Some(frame) = self.view.take(event) else { return Vec::new() };
        let codes: Vec<_> = frame.codes.iter().map(|(code, _)| code.bytes.clone()).collect();
        let codes: Vec<_> = codes.into_iter().map(Zeroizing::new).collect();
        for code in codes {
            if code != self.seen {
                self.codes([&code[..]]);
                self.seen = code;
            }
        }
        if self.is_complete() {
            return self.stop();
        }
        Vec::new()
    }

    fn stop(&mut self) -> Vec<Effect> {
        self.view.clear();
        self.seen = Zeroizing::default();
        let was_on = std::mem::take(&mut self.camera);
        was_on.then(|| WorldCommand::StopScan.into()).into_iter().collect()
    }

    /// The worker could not restore it, and gives the pages back.
    pub fn failed(&mut self, reader: PaperReader, problem: Notification) {
        (self.reader, self.problem) = (reader, Some(problem));
        (self.working, self.asking) = (false, false);
    }

    /// A file is there.
    pub fn saved(&mut self, path: PathBuf) {
        *self = Self { saved: Some(path), ..Self::default() };
    }

    fn restore(&mut self, model: &Model) -> Result<ProfileCommand, String> {
        let current = std::mem::take(&mut self.current);
        let asked = self.asking && is_protected(model);
        let current = asked.then(|| passphrase(current)).transpose()?;
        let path = PathBuf::from(self.path().unwrap_or_default().trim());
        self.working = true;
        Ok(ProfileCommand::RestoreFromPaper(Box::new(PaperRestoration {
            reader: std::mem::take(&mut self.reader),
            kind: self.kind,
            path,
            current,
        })))
    }
}

fn is_protected(model: &Model) -> bool {
    model.device.as_ref().is_some_and(|device| device.protected)
}

pub fn update(page: &mut Page, model: &Model, message: Message) -> Vec<Effect> {
    page.problem = None;
    match message {
        Message::Camera(true) => {
            page.camera = true;
            return vec![page.view.start(model).into()];
        }
        Message::Camera(false) => return page.stop(),
        Message::Open => {
            return vec![WorldCommand::OpenDialog(FileDialog::Pictures, String::new()).into()];
        }
        Message::Typed(text) => page.typed = text,
        Message::Add => {
            let read = page.reader.read_words(&page.typed);
            if read.is_ok() {
                page.typed = SecretText::default();
            }
            page.take(read);
        }
        Message::Kind(kind) => page.kind = Some(kind),
        Message::Path(path) => page.path = Some(path),
        Message::Choose => {
            let path = page.path().unwrap_or_default();
            return vec![WorldCommand::OpenDialog(FileDialog::SaveAs, path).into()];
        }
        Message::Current(text) => page.current = text,
        Message::Restore if page.kind() == Some(Kind::Device) && model.device.is_some() => {
            page.asking = true;
        }
        Message::Restore | Message::Become => {
            let mut effects = page.stop();
            match page.restore(model) {
                Ok(command) => effects.push(command.into()),
                Err(what) => page.problem = Some(Notification::new(what, common::NOTHING_CHANGED)),
            }
            return effects;
        }
        Message::Keep => page.asking = false,
        Message::Cancel => return vec![WorldCommand::Cancel.into()],
        Message::OpenFolder => return WorldCommand::open_folder_of(page.saved.as_deref()),
    }
    Vec::new()
}

pub fn ui(
    ui: &mut Ui,
    page: &Page,
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    if page.working {
        if widgets::working_page(ui, words::OPENING) {
            out.send(Message::Cancel);
        }
        return;
    }
    if let Some(path) = &page.saved {
        return saved_ui(ui, path, out);
    }
    if page.asking {
        return asking_ui(ui, page, model, out);
    }
    let mut bar = Outbox::new();
    let content = |ui: &mut Ui| {
        let to = if model.device.is_some() { common::HOME } else { restore::START };
        if widgets::back(ui, to).clicked() {
            out.go(Route::Back);
        }
        widgets::heading(ui, words::TITLE);
        if let Some(problem) = &page.problem {
            widgets::problem(ui, problem);
        }
        ui.label(words::HOW);
        if page.camera {
            let width = ui.available_width().min(480.0);
            page.view.ui(ui, width, model, textures);
        }
        ui.horizontal_wrapped(|ui| {
            let camera = if page.camera { words::STOP_CAMERA } else { common::CAMERA };
            if widgets::button(ui, camera).clicked() {
                out.send(Message::Camera(!page.camera));
            }
            if widgets::button(ui, words::OPEN_PHOTOGRAPHS).clicked() {
                out.send(Message::Open);
            }
        });
        ui.add_space(GAP);
        if !page.reader.has_enough() {
            typing_ui(ui, page, out);
        }
        read_ui(ui, page, out);
    };
    widgets::page_with_bar(ui, content, |ui| {
        if !page.reader.has_enough() {
            let typed = !page.typed.trim().is_empty();
            if widgets::primary_if(ui, typed, words::ADD_PAGE).clicked() {
                bar.send(Message::Add);
            }
        } else if widgets::primary_if(ui, page.is_complete(), words::RESTORE).clicked() {
            bar.send(Message::Restore);
        }
    });
    out.extend(bar, |message| message);
}

fn typing_ui(ui: &mut Ui, page: &Page, out: &mut Outbox<Message>) {
    let mut typed = page.typed.clone();
    // Who types so many words has to see them.
    if widgets::field(ui, words::WORDS, &mut typed).changed() {
        out.send(Message::Typed(typed));
    }
    widgets::weak(ui, words::FOUR_LETTERS);
}

/// The pages that are there, and what is missing.
fn read_ui(ui: &mut Ui, page: &Page, out: &mut Outbox<Message>) {
    if page.reader.set().is_none() {
        return;
    }
    widgets::section(ui, words::PAGES_READ);
    widgets::list(ui, words::PAGES_READ, |ui| {
        for number in page.reader.numbers() {
            ui.label(words::page(number));
        }
    });
    let missing = ui.label(words::missing(&page.reader, page.kind()));
    ui.ctx().accesskit_node_builder(missing.id, |node| {
        node.set_live(eframe::egui::accesskit::Live::Polite);
    });
    if page.reader.kind().is_none() {
        ui.add_space(GAP);
        ui.label(words::WHAT_THEY_HOLD);
        ui.horizontal_wrapped(|ui| {
            for kind in Kind::ALL {
                let chosen = page.kind == Some(kind);
                if widgets::chip(ui, None, words::kind(kind), chosen).clicked() {
                    out.send(Message::Kind(kind));
                }
            }
        });
    }
    if let Some(path) = page.path().filter(|_| page.reader.has_enough()) {
        ui.add_space(GAP);
        match widgets::place(ui, words::FILE, &path) {
            Some(Place::Typed(path)) => out.send(Message::Path(path)),
            Some(Place::Choose) => out.send(Message::Choose),
            None => {}
        }
    }
}

fn asking_ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    widgets::page(ui, |ui| {
        widgets::heading(ui, words::TITLE);
        if let Some(problem) = &page.problem {
            widgets::problem(ui, problem);
        }
        widgets::warning(ui, messages::NEW_IDENTITY);
        ui.label(words::SAME_DEVICE);
        ui.label(identity::CURRENT_KEY_IS_LOST);
        if is_protected(model) {
            let mut current = page.current.clone();
            if widgets::secret(ui, common::PASSPHRASE_OF_THIS_DEVICE, &mut current).changed() {
                out.send(Message::Current(current));
            }
        }
        ui.horizontal_wrapped(|ui| {
            if widgets::attention(ui, words::RESTORE_FROM_PAGES).clicked() {
                out.send(Message::Become);
            }
            if widgets::primary(ui, identity::KEEP_CURRENT).clicked() {
                out.send(Message::Keep);
            }
        });
    });
}

fn saved_ui(ui: &mut Ui, path: &Path, out: &mut Outbox<Message>) {
    widgets::page(ui, |ui| {
        widgets::status(ui, Severity::Good, words::IS_BACK);
        if widgets::file_card(ui, path, words::KEEP_THE_FILE) {
            out.send(Message::OpenFolder);
        }
        ui.add_space(GAP);
        if widgets::primary(ui, common::DONE).clicked() {
            out.go(Route::Back);
        }
    });
}
