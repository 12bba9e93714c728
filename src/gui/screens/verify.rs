//! Verify: the safety number, read aloud row by row, or the verification code of
//! the other device, scanned.

use std::borrow::Cow;
use std::hash::Hash;
use std::time::Duration;

use eframe::egui::{Align, Frame, Id, Layout, Margin, RichText, Stroke, Ui, vec2};

use super::check;
use crate::gui::camera_view::{CameraView, Drawn};
use crate::gui::code::{ShownCode, Textures};
use crate::gui::effect::{Effect, ProfileCommand, WorldCommand};
use crate::gui::model::{ContactView, Model};
use crate::gui::picture::{self, Scene};
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::{self, GAP};
use crate::gui::widgets::{self, Dialog, Severity};
use crate::messages::window::common;
use crate::messages::window::verify as words;
use crate::messages::{self, Notification};
use keyglance_capture::ScanEvent;
use keyglance_core::contacts::ContactId;
use keyglance_core::crypto::FingerprintCode;
use keyglance_core::trust::Method;
use keyglance_profile::{FingerprintScan, VerificationResult, compare_fingerprint_code, shown_by};
use keyglance_qr::{Gathered, Part, PartCollector, Text};

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
    camera: CameraView,
    hint: Option<(Cow<'static, str>, Duration)>,
    /// What is spread over several codes, until all were seen.
    parts: PartCollector,
    /// The user pressed They differ, and is asked whether they really do.
    asks: bool,
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
    /// They seem to differ: ask first.
    AskDiffer(bool),
    Differ,
    CompareAgain,
    /// Looks for their code on this screen.
    Screen,
}

impl Page {
    /// Which of its pages is open.
    pub fn place(&self) -> impl Hash + use<> {
        (self.contact, self.mode as u8, self.matched, self.other.is_some())
    }

    pub fn new(contact: ContactId) -> Self {
        Self {
            contact,
            ticked: [false; ROWS],
            mode: Mode::Numbers,
            matched: None,
            other: None,
            camera: CameraView::default(),
            hint: None,
            parts: PartCollector::default(),
            asks: false,
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
            page.camera.clear();
            let command = match mode {
                Mode::ScanTheirs => page.camera.start(model),
                Mode::Numbers | Mode::ShowOurs => WorldCommand::StopScan,
            };
            return vec![command.into()];
        }
        Message::AskDiffer(asks) => page.asks = asks,
        Message::Match if page.ticked == [true; ROWS] => {
            return finish(page, model, VerificationResult::Match(Method::SafetyNumber));
        }
        Message::Match => {}
        Message::Differ => return finish(page, model, VerificationResult::Mismatch),
        Message::Screen => return vec![WorldCommand::ReadScreen.into()],
        Message::CompareAgain => *page = Page::new(page.contact),
    }
    Vec::new()
}

fn finish(page: &mut Page, model: &Model, result: VerificationResult) -> Vec<Effect> {
    let Some(view) = model.contacts.get(page.contact) else { return Vec::new() };
    page.matched = Some(result != VerificationResult::Mismatch);
    page.other = None;
    page.asks = false;
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
    let Some(frame) = page.camera.take(event) else { return Vec::new() };
    let readings = frame.codes.iter().map(|(reading, _)| reading.clone()).collect();
    let codes = page.parts.gather(model.now, readings);
    if codes.is_empty() {
        return Vec::new();
    }
    let mut texts: Vec<Result<Cow<'_, str>, Part>> = Vec::new();
    for code in &codes {
        texts.push(match code {
            Gathered::Part(_, part) => Err(*part),
            // A code that is no text, or a guessed one, is none of ours; that is said too.
            _ => Ok(code.text().and_then(Text::if_certain).unwrap_or_default()),
        });
    }
    decide(page, model, texts)
}

/// Codes that were found on this screen.
pub fn codes_read(
    page: &mut Page,
    model: &Model,
    result: Result<Vec<Vec<u8>>, Notification>,
) -> Vec<Effect> {
    if page.mode != Mode::ScanTheirs || page.matched.is_some() {
        return Vec::new();
    }
    match result {
        Err(notification) => vec![Effect::Notify(notification)],
        Ok(codes) if codes.is_empty() => {
            vec![Effect::Notify(messages::window::what_code::no_code())]
        }
        Ok(codes) => {
            let text = |code: &Vec<u8>| String::from_utf8(code.clone()).unwrap_or_default();
            let texts: Vec<_> = codes.iter().map(|code| Ok(text(code).into())).collect();
            let mut effects = vec![Effect::DismissNotification];
            effects.extend(decide(page, model, texts));
            effects
        }
    }
}

/// What codes say of this contact, or which part of a text each of them is.
fn decide(page: &mut Page, model: &Model, texts: Vec<Result<Cow<'_, str>, Part>>) -> Vec<Effect> {
    let view = model.contacts.get(page.contact);
    let Some((view, ours)) = view.and_then(|view| Some((view, our_code(model, view)?))) else {
        return Vec::new();
    };
    let (mut hint, mut other): (Option<Cow<'static, str>>, _) = (None, None);
    for text in texts {
        let text = match text {
            Ok(text) => text,
            Err(part) => {
                hint = Some(messages::part_hint(part).into());
                continue;
            }
        };
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
    widgets::heading(ui, words::ANOTHER_CODE_WAS_IN_VIEW);
    widgets::warning(ui, what);
    widgets::words(ui, words::was_it_the_screen_of(name).into());
    ui.add_space(GAP);
    ui.horizontal_wrapped(|ui| {
        if widgets::primary(ui, words::NO_SCAN_AGAIN).clicked() {
            out.send(Message::Mode(Mode::ScanTheirs));
        }
        if widgets::attention(ui, words::DOES_NOT_MATCH).clicked() {
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
            if widgets::back(ui, common::HOME).clicked() {
                out.go(Route::Home);
            }
            widgets::heading(ui, words::NO_LONGER);
        });
        return;
    };
    let name = &view.contact.name;
    if page.mode == Mode::ShowOurs {
        let Some(code) = our_code(model, view) else { return };
        let code = code.to_code();
        widgets::beside_code(ui, textures, ShownCode::single(&code), |ui| {
            if widgets::back(ui, common::CHECK).clicked() {
                out.send(Message::Mode(Mode::Numbers));
            }
            widgets::heading(ui, words::OUR_VERIFICATION_CODE);
            widgets::words(ui, words::press_scan_theirs(name).into());
            ui.label(common::HOLDS_NO_SECRET);
            ui.add_space(GAP);
            if widgets::primary(ui, common::DONE).clicked() {
                out.send(Message::Mode(Mode::Numbers));
            }
        });
        return;
    }
    widgets::page(ui, |ui| {
        let scans = page.mode == Mode::ScanTheirs && page.matched.is_none();
        if widgets::back(ui, if scans { common::CHECK } else { BACK }).clicked() {
            if scans {
                out.send(Message::Mode(Mode::Numbers));
            } else {
                out.go(Route::Back);
            }
        }
        ui.add_space(GAP);
        match (page.matched, page.mode) {
            (Some(true), _) => matched_ui(ui, view, out),
            (Some(false), _) => differ_ui(ui, view, out),
            (None, Mode::ScanTheirs) if page.other.is_some() => {
                other_ui(ui, name, page.other.as_deref().unwrap_or_default(), out);
            }
            (None, Mode::ScanTheirs) => scan_ui(ui, page, model, textures, out),
            (None, Mode::Numbers | Mode::ShowOurs) => numbers_ui(ui, page, view, out),
        }
    });
    if page.asks {
        ask_ui(ui, name, out);
    }
}

/// Where the way back leads.
const BACK: &str = common::HOME;

fn matched_ui(ui: &mut Ui, view: &ContactView, out: &mut Outbox<Message>) {
    let name = &view.contact.name;
    widgets::status(ui, Severity::Good, &words::compared_with(name));
    ui.label(words::NOBODY_BETWEEN);
    ui.add_space(GAP);
    if widgets::primary(ui, common::DONE).clicked() {
        out.go(Route::Contact(view.contact.id()));
    }
}

fn differ_ui(ui: &mut Ui, view: &ContactView, out: &mut Outbox<Message>) {
    widgets::status(ui, Severity::Problem, messages::DIFFER);
    ui.label(messages::DIFFER_STEPS);
    ui.label(words::NOTHING_IS_DONE);
    ui.add_space(GAP);
    ui.horizontal_wrapped(|ui| {
        if widgets::primary(ui, words::COMPARE_AGAIN).clicked() {
            out.send(Message::CompareAgain);
        }
        if widgets::button(ui, common::CLOSE).clicked() {
            out.go(Route::Contact(view.contact.id()));
        }
    });
}

fn ask_ui(ui: &Ui, name: &str, out: &mut Outbox<Message>) {
    let dialog = widgets::dialog(ui.ctx(), words::DO_THEY_REALLY_DIFFER, |ui| {
        widgets::words(ui, words::if_they_differ(name).into());
        ui.add_space(GAP);
        ui.horizontal_wrapped(|ui| {
            if widgets::primary(ui, words::READ_IT_AGAIN).clicked() {
                out.send(Message::AskDiffer(false));
            }
            if widgets::attention(ui, words::YES_THEY_DIFFER).clicked() {
                out.send(Message::Differ);
            }
        });
    });
    if dialog == Dialog::Dismissed {
        out.send(Message::AskDiffer(false));
    }
}

fn numbers_ui(ui: &mut Ui, page: &Page, view: &ContactView, out: &mut Outbox<Message>) {
    let name = &view.contact.name;
    let title = messages::window::quoted(common::CHECK, name, "");
    ui.horizontal_top(|ui| {
        let width = (ui.available_width() - PICTURE - GAP * 2.0).max(1.0);
        ui.allocate_ui_with_layout(vec2(width, PICTURE), Layout::top_down(Align::Min), |ui| {
            ui.set_width(width);
            widgets::heading(ui, &title);
        });
        picture::contact(ui, PICTURE, &view.picture);
    });
    ui.add_space(GAP);
    // Both cards are as high as the higher one was in the last pass.
    let id = Id::unique(("heights of", page.contact));
    let height: f32 = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let (mut left, mut right) = (0.0, 0.0);
    let mut parts = Outbox::new();
    let narrow = widgets::is_narrow(ui);
    let height = if narrow { 0.0 } else { height };
    {
        let (left, right) = (&mut left, &mut right);
        let cell = std::cell::RefCell::new(&mut parts);
        widgets::two_columns(
            ui,
            GAP * 2.0,
            |ui| *left = here_ui(ui, height, *cell.borrow_mut()),
            |ui| *right = by_phone_ui(ui, page, view, height, *cell.borrow_mut()),
        );
    }
    out.extend(parts, |message| message);
    let higher = f32::max(left, right);
    if !narrow && (higher - height).abs() > 0.5 {
        ui.data_mut(|data| data.insert_temp(id, higher));
        ui.ctx().request_discard("cards of one height");
    }
    ui.add_space(GAP * 2.0);
    if widgets::link(ui, check::NOT_IN_THE_LIST).clicked() {
        out.go(Route::Add);
    }
}

/// The size of the contact's picture, in points.
const PICTURE: f32 = 40.0;

/// A card at least this high. Gives how high it would be by itself, and what is drawn
/// at its foot stands there.
fn card(ui: &mut Ui, height: f32, body: impl FnOnce(&mut Ui), foot: impl FnOnce(&mut Ui)) -> f32 {
    let palette = theme::palette(ui.ctx());
    Frame::new()
        .fill(palette.raised)
        .stroke(Stroke::new(1.0, palette.hair))
        .corner_radius(20)
        .inner_margin(Margin::same(20))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            let top = ui.cursor().top();
            body(ui);
            let used = ui.cursor().top() - top;
            let id = ui.unique_id().with("foot");
            let below: f32 = ui.data(|data| data.get_temp(id)).unwrap_or_default();
            ui.add_space((height - used - below).max(GAP));
            let foot_top = ui.cursor().top();
            foot(ui);
            let below = ui.cursor().top() - foot_top;
            ui.data_mut(|data| data.insert_temp(id, below));
            used + below + GAP
        })
        .inner
}

fn here_ui(ui: &mut Ui, height: f32, out: &mut Outbox<Message>) -> f32 {
    let palette = theme::palette(ui.ctx());
    let mut act = None;
    let used = card(
        ui,
        height,
        |ui| {
            card_heading(ui, words::BOTH_HERE);
            widgets::weak(ui, words::SCAN_EACH_OTHER);
            if !widgets::is_narrow(ui) {
                ui.add_space(GAP);
                ui.vertical_centered(|ui| {
                    let width = ui.available_width().min(264.0);
                    let scene = Scene::Agreed { reach: 1.0 };
                    picture::scene(ui, width, scene, &palette, palette.raised, "");
                });
            }
        },
        |ui| {
            let width = ui.available_width();
            if widgets::primary_wide(ui, words::SCAN_THEIRS, width).clicked() {
                act = Some(Mode::ScanTheirs);
            }
            if widgets::button_wide(ui, words::SHOW_MINE, width).clicked() {
                act = Some(Mode::ShowOurs);
            }
        },
    );
    if let Some(mode) = act {
        out.send(Message::Mode(mode));
    }
    used
}

fn card_heading(ui: &mut Ui, text: &str) {
    widgets::heading_with_focus(ui, RichText::new(text).font(theme::section()), 2);
}

fn by_phone_ui(
    ui: &mut Ui,
    page: &Page,
    view: &ContactView,
    height: f32,
    out: &mut Outbox<Message>,
) -> f32 {
    let cell = std::cell::RefCell::new(out);
    card(
        ui,
        height,
        |ui| {
            card_heading(ui, words::BY_PHONE);
            widgets::weak(ui, words::THEY_READ);
            ui.add_space(GAP);
            ui.scope(|ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                for (row, digits) in rows_of(&view.safety_number).into_iter().enumerate() {
                    let on = page.ticked.get(row).copied().unwrap_or_default();
                    if widgets::digit_row(ui, &digits, on).clicked() {
                        cell.borrow_mut().send(Message::Tick(row, !on));
                    }
                }
            });
        },
        |ui| {
            ui.horizontal_wrapped(|ui| {
                let all = page.ticked == [true; ROWS];
                if widgets::filled(ui, all, words::ALL_FOUR_MATCH).clicked() {
                    cell.borrow_mut().send(Message::Match);
                }
                if widgets::attention(ui, words::THEY_DIFFER).clicked() {
                    cell.borrow_mut().send(Message::AskDiffer(true));
                }
            });
        },
    )
}

/// The rows of a safety number, each in three groups of five.
pub fn rows_of(number: &str) -> Vec<[String; 3]> {
    let digits: Vec<char> = number.chars().collect();
    digits
        .chunks(60 / ROWS)
        .map(|row| {
            let mut groups = row.chunks(5).map(|group| group.iter().collect::<String>());
            std::array::from_fn(|_| groups.next().unwrap_or_default())
        })
        .collect()
}

fn scan_ui(
    ui: &mut Ui,
    page: &Page,
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    widgets::heading(ui, words::SCAN_THEIR_VERIFICATION_CODE);
    ui.label(words::ON_THE_OTHER_DEVICE);
    let width = ui.available_width().min(theme::MEASURE);
    if page.camera.ui(ui, width, model, textures) == Drawn::Problem
        && widgets::primary(ui, common::TRY_AGAIN).clicked()
    {
        out.send(Message::Mode(Mode::ScanTheirs));
    }
    if let Some((hint, since)) = &page.hint
        && model.now < *since + HINT
    {
        widgets::strong(ui, hint);
    }
    ui.horizontal_wrapped(|ui| {
        if widgets::button(ui, common::THIS_SCREEN).clicked() {
            out.send(Message::Screen);
        }
        if widgets::button(ui, words::COMPARE_NUMBERS_INSTEAD).clicked() {
            out.send(Message::Mode(Mode::Numbers));
        }
    });
}
