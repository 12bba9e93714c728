//! Somebody who is no contact yet, added by a code or by a public key.

use std::time::Duration;

use eframe::egui::{RichText, Ui};

use crate::gui::camera_view::{CameraView, Drawn};
use crate::gui::code::{ShownCode, Textures};
use crate::gui::effect::{Effect, FileDialog, ProfileCommand, WorldCommand};
use crate::gui::model::{LocalDevice, Model};
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::{self, GAP};
use crate::gui::widgets;
use crate::messages;
use crate::messages::Notification;
use crate::messages::window::add as words;
use crate::messages::window::common;
use keyglance_capture::ScanEvent;
use keyglance_core::contacts::{ContactId, Name, PeerIdentity};
use keyglance_core::crypto::Fingerprint;
use keyglance_qr::{PartCollector, Text};

/// How long a hint stays.
const HINT: Duration = Duration::from_secs(6);

#[derive(Debug, Default)]
pub struct Page {
    name: String,
    text: String,
    problem: Option<String>,
    stage: Stage,
    camera: CameraView,
    hint: Option<(String, Duration)>,
    /// What is spread over several codes, until all were seen.
    parts: PartCollector,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Stage {
    #[default]
    Form,
    /// The camera looks for their code.
    Scan,
    /// Our own code, for them.
    ShowOurs,
}

#[derive(Debug)]
pub enum Message {
    Name(String),
    Text(String),
    Add,
    CopyOurs,
    Stage(Stage),
    OpenPicture,
    Screen,
}

impl Page {
    /// Which of its pages is open.
    pub const fn place(&self) -> Stage {
        self.stage
    }

    /// Whether something was typed that would be lost.
    pub fn is_changed(&self) -> bool {
        !self.name.trim().is_empty() || !self.text.trim().is_empty()
    }
}

pub fn update(page: &mut Page, model: &Model, message: Message) -> Vec<Effect> {
    let Some(device) = &model.device else { return Vec::new() };
    page.problem = None;
    match message {
        Message::Name(name) => page.name = name,
        Message::Text(text) => page.text = text,
        Message::CopyOurs => {
            return vec![WorldCommand::Copy(device.key.public().to_string()).into()];
        }
        Message::OpenPicture => {
            return vec![WorldCommand::OpenDialog(FileDialog::Pictures, String::new()).into()];
        }
        Message::Screen => return vec![WorldCommand::ReadScreen.into()],
        Message::Stage(stage) => {
            page.stage = stage;
            page.camera.clear();
            let command = match stage {
                Stage::Scan => page.camera.start(model),
                Stage::Form | Stage::ShowOurs => WorldCommand::StopScan,
            };
            return vec![command.into()];
        }
        Message::Add => match read(page, model, device) {
            Ok((name, identity)) => {
                return vec![ProfileCommand::AddContact(name.to_string(), identity).into()];
            }
            Err(problem) => page.problem = Some(problem),
        },
    }
    Vec::new()
}

/// What stands in the form.
fn read(page: &Page, model: &Model, device: &LocalDevice) -> Result<(Name, PeerIdentity), String> {
    if page.text.trim().is_empty() {
        return Err(words::NO_CODE.to_owned());
    }
    let identity = PeerIdentity::read(page.text.trim(), &device.fingerprint)
        .map_err(|error| messages::window::sentence(&error))?;
    let name: Name = page
        .name
        .parse()
        .map_err(|error| messages::window::names::refused_name(&page.name, error))?;
    let contacts = model.contacts.contacts.iter().map(|view| &view.contact);
    match contacts.into_iter().find(|other| other.name.is_same(&name)) {
        Some(other) => Err(messages::window::names::name_taken(&other.name)),
        None => Ok((name, identity)),
    }
}

/// What the camera did.
pub fn scanned(page: &mut Page, model: &Model, event: ScanEvent) -> Vec<Effect> {
    let (Stage::Scan, Some(device)) = (page.stage, &model.device) else { return Vec::new() };
    let Some(frame) = page.camera.take(event) else { return Vec::new() };
    let readings = frame.codes.iter().map(|(reading, _)| reading.clone()).collect();
    let codes = page.parts.gather(model.now, readings);
    // A code that is no text, or a guessed one, is none of ours.
    let texts: Vec<String> = codes
        .iter()
        .map(|code| code.text().and_then(Text::if_certain).unwrap_or_default().into())
        .collect();
    if !take(page, texts, &device.fingerprint) {
        let problem = page.problem.take();
        page.hint = problem.map(|problem| (problem, model.now)).or(page.hint.take());
        return Vec::new();
    }
    page.stage = Stage::Form;
    vec![WorldCommand::StopScan.into()]
}

/// Takes the first text that names somebody. Gives whether there was one.
fn take(page: &mut Page, texts: Vec<String>, own: &Fingerprint) -> bool {
    for text in texts {
        match PeerIdentity::read(&text, own) {
            Ok(_) => {
                page.text = text;
                page.problem = None;
                return true;
            }
            Err(error) => page.problem = Some(messages::window::sentence(&error)),
        }
    }
    false
}

/// What stands in the pictures that were opened.
pub fn pictures_read(
    page: &mut Page,
    model: &Model,
    result: Result<Vec<Vec<u8>>, Notification>,
) -> Vec<Effect> {
    let Some(device) = &model.device else { return Vec::new() };
    match result {
        Ok(codes) if codes.is_empty() => {
            let Notification { what, advice } = messages::window::what_code::no_code();
            page.problem = Some(format!("{what} {advice}"));
        }
        Ok(codes) => {
            let texts = codes.into_iter().filter_map(|bytes| String::from_utf8(bytes).ok());
            take(page, texts.collect(), &device.fingerprint);
        }
        Err(notification) => return vec![Effect::Notify(notification)],
    }
    Vec::new()
}

/// The answer of the worker.
pub fn added(page: &mut Page, result: Result<ContactId, Notification>) -> Vec<Effect> {
    match result {
        Ok(id) => {
            // Nothing is lost by leaving now.
            *page = Page::default();
            vec![Effect::Go(Route::Contact(id))]
        }
        Err(notification) => {
            page.problem = Some(notification.what);
            Vec::new()
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
    let Some(device) = &model.device else { return };
    let back = |ui: &mut Ui, out: &mut Outbox<Message>| {
        if widgets::back(ui, words::ADD_SOMEBODY).clicked() {
            out.send(Message::Stage(Stage::Form));
        }
    };
    match page.stage {
        Stage::Form => {
            let mut adds = false;
            widgets::page_with_bar(
                ui,
                |ui| form_ui(ui, page, device, out),
                |ui| adds = widgets::primary(ui, words::ADD_CONTACT).clicked(),
            );
            if adds {
                out.send(Message::Add);
            }
        }
        Stage::Scan => widgets::page(ui, |ui| {
            back(ui, out);
            scan_ui(ui, page, model, textures, out);
        }),
        Stage::ShowOurs => {
            let key = device.key.public().to_string();
            widgets::beside_code(ui, textures, ShownCode::single(&key), |ui| {
                back(ui, out);
                widgets::heading(ui, words::YOUR_PUBLIC_KEY);
                ui.label(words::THEY_SCAN_IT);
                ui.label(common::HOLDS_NO_SECRET);
                ui.add_space(GAP);
                if widgets::primary(ui, common::DONE).clicked() {
                    out.send(Message::Stage(Stage::Form));
                }
            });
        }
    }
}

fn form_ui(ui: &mut Ui, page: &Page, device: &LocalDevice, out: &mut Outbox<Message>) {
    if widgets::back(ui, words::CHECK_A_CONTACT).clicked() {
        out.go(Route::Back);
    }
    widgets::heading(ui, words::TITLE);
    ui.label(words::ABOUT);
    ui.add_space(GAP);
    let mut name = page.name.clone();
    if widgets::field(ui, words::NAME, &mut name).changed() {
        out.send(Message::Name(name));
    }
    let mut text = page.text.clone();
    if widgets::field(ui, words::THEIR_CODE_OR_KEY, &mut text).changed() {
        out.send(Message::Text(text));
    }
    ui.horizontal_wrapped(|ui| {
        if widgets::button(ui, words::SCAN_IT).clicked() {
            out.send(Message::Stage(Stage::Scan));
        }
        if widgets::button(ui, words::OPEN_A_PICTURE).clicked() {
            out.send(Message::OpenPicture);
        }
        if widgets::button(ui, common::THIS_SCREEN).clicked() {
            out.send(Message::Screen);
        }
    });
    if let Some(problem) = &page.problem {
        widgets::warning(ui, problem);
    }
    widgets::section(ui, words::YOURS_FOR_THEM);
    let key = device.key.public().to_string();
    ui.add(eframe::egui::Label::new(RichText::new(key).monospace().small()).wrap());
    widgets::weak(ui, common::HOLDS_NO_SECRET);
    ui.horizontal_wrapped(|ui| {
        if widgets::button(ui, words::SHOW_AS_CODE).clicked() {
            out.send(Message::Stage(Stage::ShowOurs));
        }
        if widgets::button(ui, common::COPY).clicked() {
            out.send(Message::CopyOurs);
        }
    });
}

fn scan_ui(
    ui: &mut Ui,
    page: &Page,
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    widgets::heading(ui, words::SCAN_THEIR_CODE);
    ui.label(words::ON_THE_OTHER_DEVICE);
    let width = ui.available_width().min(theme::MEASURE);
    if page.camera.ui(ui, width, model, textures) == Drawn::Problem
        && widgets::primary(ui, common::TRY_AGAIN).clicked()
    {
        out.send(Message::Stage(Stage::Scan));
    }
    if let Some((hint, since)) = &page.hint
        && model.now < *since + HINT
    {
        widgets::strong(ui, hint);
    }
}
