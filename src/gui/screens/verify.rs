//! Verify: the safety number, read aloud row by row, or the fingerprint code of
//! the other device, scanned.

use std::borrow::Cow;
use std::time::Duration;

use eframe::egui::{RichText, Ui, vec2};

use crate::gui::code::{ShownCode, Textures};
use crate::gui::effect::{Effect, ProfileCommand, WorldCommand};
use crate::gui::model::{ContactView, Model};
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::{self, GAP};
use crate::gui::widgets::{self, Severity};
use crate::messages;
use keyglance_capture::{CaptureError, ScanEvent, ScannedFrame};
use keyglance_core::contacts::ContactId;
use keyglance_core::crypto::FingerprintCode;
use keyglance_core::trust::Method;
use keyglance_profile::{FingerprintScan, VerificationResult, compare_fingerprint_code, shown_by};
use keyglance_qr::{Gathered, PartCollector, Text};

/// Rows that the sixty digits are shown in.
const ROWS: usize = 4;
/// How long a hint stays.
const HINT: Duration = Duration::from_secs(6);

#[derive(Debug)]
pub struct Page {
    pub contact: ContactId,
    ticked: [bool; ROWS],
    mode: Mode,
    /// Whether they matched, once that is known.
    matched: Option<bool>,
    /// Another code was in view than this contact's, and whose it is: until the user says
    /// which screen that was, it says nothing of the contact.
    other: Option<String>,
    frame: Option<ScannedFrame>,
    /// Counts the frames, so that each is drawn once.
    frame_number: u64,
    error: Option<CaptureError>,
    hint: Option<(Cow<'static, str>, Duration)>,
    /// What is spread over several codes, until all were seen.
    parts: PartCollector,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Numbers,
    ScanTheirs,
    ShowOurs,
}

#[derive(Debug)]
pub enum Message {
    Tick(usize, bool),
    Mode(Mode),
    Match,
    Differ,
    CompareAgain,
}

impl Page {
    pub fn new(contact: ContactId) -> Self {
        Self {
            contact,
            ticked: [false; ROWS],
            mode: Mode::Numbers,
            matched: None,
            other: None,
            frame: None,
            frame_number: 0,
            error: None,
            hint: None,
            parts: PartCollector::default(),
        }
    }
}

pub fn update(page: &mut Page, model: &Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Tick(row, on) => {
            if let Some(ticked) = page.ticked.get_mut(row) {
                *ticked = on;
            }
        }
        Message::Mode(mode) => {
            page.mode = mode;
            page.other = None;
            page.frame = None;
            page.error = None;
            let (source, camera) = (model.frame_source.clone(), model.settings.camera.clone());
            let command = match mode {
                Mode::ScanTheirs => WorldCommand::Scan(source, camera),
                Mode::Numbers | Mode::ShowOurs => WorldCommand::StopScan,
            };
            return vec![command.into()];
        }
        Message::Match if page.ticked == [true; ROWS] => {
            return finish(page, model, VerificationResult::Match(Method::SafetyNumber));
        }
        Message::Match => {}
        Message::Differ => return finish(page, model, VerificationResult::Mismatch),
        Message::CompareAgain => *page = Page::new(page.contact),
    }
    Vec::new()
}

fn finish(page: &mut Page, model: &Model, result: VerificationResult) -> Vec<Effect> {
    let Some(view) = model.contacts.get(page.contact) else { return Vec::new() };
    page.matched = Some(result != VerificationResult::Mismatch);
    page.other = None;
    page.mode = Mode::Numbers;
    let record = ProfileCommand::RecordVerification(view.contact.id(), result);
    vec![record.into(), WorldCommand::StopScan.into()]
}

/// Ours: the other device scans it, and we compare theirs with it.
fn our_code(model: &Model, view: &ContactView) -> Option<FingerprintCode> {
    let device = model.device.as_ref()?;
    Some(FingerprintCode::new(&device.fingerprint, view.contact.fingerprint()))
}

/// What the camera did.
pub fn scanned(page: &mut Page, model: &Model, event: ScanEvent) -> Vec<Effect> {
    let frame = match event {
        ScanEvent::Seen(frame) => frame,
        ScanEvent::Failed(error) => {
            page.error = Some(error);
            return Vec::new();
        }
        ScanEvent::Opened(_) | ScanEvent::Ended => return Vec::new(),
    };
    let readings = frame.codes.iter().map(|(reading, _)| reading.clone()).collect();
    let codes = page.parts.gather(model.now, readings);
    page.frame = Some(frame);
    page.error = None;
    page.frame_number += 1;
    if codes.is_empty() {
        return Vec::new();
    }
    let view = model.contacts.get(page.contact);
    let Some((view, ours)) = view.and_then(|view| Some((view, our_code(model, view)?))) else {
        return Vec::new();
    };
    let (mut hint, mut other): (Option<Cow<'static, str>>, _) = (None, None);
    for code in codes {
        if let Gathered::Part(_, part) = code {
            hint = Some(messages::part_hint(part).into());
            continue;
        }
        // A code that is no text, or a guessed one, is none of ours; that is said too.
        let text = code.text().and_then(Text::if_certain).unwrap_or_default();
        match compare_fingerprint_code(&ours, &text) {
            Ok(FingerprintScan::Match) => {
                let result = VerificationResult::Match(Method::FingerprintCode);
                return finish(page, model, result);
            }
            Ok(FingerprintScan::Other(code)) => other = Some(code),
            Err(undecided) => hint = Some(messages::fingerprint_scan_hint(undecided).into()),
        }
    }
    page.hint = hint.map(|hint| (hint, model.now));
    let Some(code) = other else { return Vec::new() };
    let contacts: Vec<_> = model.contacts.contacts.iter().map(|v| v.contact.clone()).collect();
    let owner = shown_by(&code, &contacts).map(|owner| owner.name.as_str());
    page.other = Some(messages::other_fingerprint_code(&view.contact.name, owner));
    vec![WorldCommand::StopScan.into()]
}

/// Another code was in view: whose screen it was, only the user can say.
fn other_ui(ui: &mut Ui, name: &str, what: &str, out: &mut Outbox<Message>) {
    widgets::warning(ui, what);
    ui.label(format!("Was it the screen of {name} that you scanned?"));
    ui.add_space(GAP);
    ui.horizontal_wrapped(|ui| {
        if widgets::primary(ui, "No, scan again").clicked() {
            out.send(Message::Mode(Mode::ScanTheirs));
        }
        if widgets::button(ui, "Yes: it does not match").clicked() {
            out.send(Message::Differ);
        }
    });
}

pub fn ui(
    ui: &mut Ui,
    page: &Page,
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    let Some(view) = model.contacts.get(page.contact) else {
        widgets::page(ui, |ui| {
            ui.label("This contact no longer exists.");
        });
        return;
    };
    let name = &view.contact.name;
    if page.mode == Mode::ShowOurs {
        let Some(code) = our_code(model, view) else { return };
        let code = code.to_code();
        widgets::beside_code(ui, textures, ShownCode::single(&code), |ui| {
            widgets::heading(ui, "Our fingerprint code");
            ui.label(format!("On {name}, press Scan theirs."));
            ui.label("It holds no secret: anyone may see it.");
            ui.add_space(GAP);
            if widgets::primary(ui, "Done").clicked() {
                out.send(Message::Mode(Mode::Numbers));
            }
        });
        return;
    }
    widgets::page(ui, |ui| {
        match (page.matched, page.mode) {
            (Some(true), _) => {
                widgets::status(ui, Severity::Good, &format!("{name} is verified"));
                ui.label("No one is in between.");
                if widgets::primary(ui, "Done").clicked() {
                    out.go(Route::Back);
                }
            }
            (Some(false), _) => {
                widgets::status(ui, Severity::Problem, messages::DIFFER);
                ui.label(messages::DIFFER_STEPS);
                ui.add_space(GAP);
                ui.horizontal(|ui| {
                    if widgets::primary(ui, "Compare again").clicked() {
                        out.send(Message::CompareAgain);
                    }
                    if widgets::button(ui, "Stop using this key").clicked() {
                        out.go(Route::Back);
                    }
                });
            }
            (None, Mode::ScanTheirs) if page.other.is_some() => {
                other_ui(ui, name, page.other.as_deref().unwrap_or_default(), out);
            }
            (None, Mode::ScanTheirs) => scan_ui(ui, page, model, textures, out),
            (None, Mode::Numbers | Mode::ShowOurs) => numbers_ui(ui, page, view, out),
        }
        ui.add_space(GAP * 2.0);
        if page.matched.is_none() && widgets::button(ui, "Back").clicked() {
            out.go(Route::Back);
        }
    });
}

fn numbers_ui(ui: &mut Ui, page: &Page, view: &ContactView, out: &mut Outbox<Message>) {
    widgets::heading(ui, &format!("Check {}", view.contact.name));
    ui.horizontal(|ui| {
        if widgets::button(ui, "Scan theirs").clicked() {
            out.send(Message::Mode(Mode::ScanTheirs));
        }
        if widgets::button(ui, "Show mine").clicked() {
            out.send(Message::Mode(Mode::ShowOurs));
        }
    });
    ui.add_space(GAP);
    ui.label("Or read aloud, row by row, and tick each row that is the same on both:");
    let digits: Vec<char> = view.safety_number.chars().collect();
    for (i, row) in digits.chunks(60 / ROWS).enumerate() {
        let groups: Vec<String> = row.chunks(5).map(|group| group.iter().collect()).collect();
        let mut on = page.ticked.get(i).copied().unwrap_or_default();
        let text = RichText::new(groups.join(" ")).font(theme::rows());
        if ui.checkbox(&mut on, text).changed() {
            out.send(Message::Tick(i, on));
        }
    }
    ui.add_space(GAP);
    ui.horizontal(|ui| {
        let all = page.ticked == [true; ROWS];
        if ui.add_enabled_ui(all, |ui| widgets::primary(ui, "All match")).inner.clicked() {
            out.send(Message::Match);
        }
        if widgets::button(ui, "They don't match").clicked() {
            out.send(Message::Differ);
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
    widgets::heading(ui, "Scan their fingerprint code");
    ui.label("On the other device open this contact, press Check safety number, then Show mine.");
    let width = ui.available_width();
    let size = vec2(width, width * 9.0 / 16.0);
    match (&page.error, &page.frame) {
        (Some(error), _) => {
            widgets::problem(ui, &messages::window::capture(error));
            if widgets::button(ui, "Try again").clicked() {
                out.send(Message::Mode(Mode::ScanTheirs));
            }
        }
        (None, Some(frame)) => {
            let colour = theme::palette(ui.ctx()).accent;
            let mirror = model.settings.mirror;
            textures.preview_ui(ui, frame, page.frame_number, size, mirror, colour);
        }
        (None, None) => {
            ui.label("Starting the camera…");
        }
    }
    if let Some((hint, since)) = &page.hint
        && model.now < *since + HINT
    {
        widgets::strong(ui, hint);
    }
    if widgets::button(ui, "Compare numbers instead").clicked() {
        out.send(Message::Mode(Mode::Numbers));
    }
}
