//! "What is this code?": whatever a code says is shown, and nothing of it is opened or run.

use std::sync::Arc;

use eframe::egui::{Align, ColorImage, Layout, RichText, Stroke, Ui, vec2};

use crate::gui::camera_view::CameraView;
use crate::gui::code::Textures;
use crate::gui::effect::{Effect, FileDialog, WorldCommand};
use crate::gui::model::Model;
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::{self, GAP};
use crate::gui::{icons, widgets};
use crate::messages::Notification;
use crate::messages::window::{common, explain, what_code as words};
use keyglance_capture::ScanEvent;
use keyglance_profile::{CodeKind, code_kind, printable_lines};

/// How much of a long text is shown at first, in characters.
const SHOWN: usize = 600;
/// How many bytes are shown in hex.
const SHOWN_BYTES: usize = 512;

#[derive(Debug, Default)]
pub struct Page {
    /// What was read, one for each code.
    codes: Vec<Code>,
    chosen: usize,
    /// The camera is on.
    camera: bool,
    view: CameraView,
    problem: Option<Notification>,
}

/// A code that was read.
struct Code {
    bytes: Vec<u8>,
    kind: CodeKind,
    /// For a screen: every mark that does not show as an escape.
    shown: String,
    is_text: bool,
    /// It was cut, and all of it is wanted.
    whole: bool,
    /// It is not seen before the user asks for it.
    hidden: bool,
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Code").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl Code {
    fn new(bytes: Vec<u8>) -> Self {
        let kind = code_kind(&bytes);
        let text = std::str::from_utf8(&bytes).ok().filter(|text| !text.contains('\0'));
        let (shown, is_text) = match text {
            Some(text) => (printable_lines(text), true),
            None => (hex(&bytes), false),
        };
        Self { bytes, kind, shown, is_text, whole: false, hidden: kind.is_secret() }
    }
}

fn hex(bytes: &[u8]) -> String {
    let shown = bytes.get(..SHOWN_BYTES).unwrap_or(bytes);
    let rows = shown
        .chunks(16)
        .map(|row| row.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" "));
    rows.collect::<Vec<_>>().join("\n")
}

#[derive(Debug)]
pub enum Message {
    Camera(bool),
    Paste,
    /// Text that was pasted.
    Pasted(String),
    PastedPicture(Arc<ColorImage>),
    Open,
    Screen,
    Choose(usize),
    Whole,
    Show,
    Copy,
}

impl Page {
    /// Codes that were read from a picture or a text.
    pub fn read(&mut self, result: Result<Vec<Vec<u8>>, Notification>) {
        // What was read before is not what is asked about now.
        (self.codes, self.chosen, self.problem) = (Vec::new(), 0, None);
        match result {
            Ok(codes) if codes.is_empty() => self.problem = Some(words::no_code()),
            Ok(codes) => self.codes = codes.into_iter().map(Code::new).collect(),
            Err(problem) => self.problem = Some(problem),
        }
    }

    /// What the camera saw. The first code that it reads ends that.
    pub fn scanned(&mut self, event: ScanEvent) -> Vec<Effect> {
        if let ScanEvent::Failed(error) = event {
            self.camera = false;
            self.view.clear();
            self.problem = Some(explain(&error));
            return Vec::new();
        }
        let Some(frame) = self.view.take(event) else { return Vec::new() };
        let codes: Vec<_> = frame.codes.iter().map(|(reading, _)| reading.bytes.clone()).collect();
        if !codes.is_empty() {
            self.camera = false;
            self.view.clear();
            self.read(Ok(codes));
            return vec![WorldCommand::StopScan.into()];
        }
        Vec::new()
    }

    fn code(&self) -> Option<&Code> {
        self.codes.get(self.chosen)
    }
}

pub fn update(page: &mut Page, model: &Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Camera(on) => {
            page.problem = None;
            page.camera = on;
            page.view.clear();
            let command = if on { page.view.start(model) } else { WorldCommand::StopScan };
            return vec![command.into()];
        }
        Message::Paste => return vec![WorldCommand::Paste.into()],
        Message::Pasted(text) => page.read(Ok(vec![text.into_bytes()])),
        Message::PastedPicture(picture) => {
            return vec![WorldCommand::ReadPastedPicture(picture).into()];
        }
        Message::Open => {
            return vec![WorldCommand::OpenDialog(FileDialog::Open, String::new()).into()];
        }
        Message::Screen => return vec![WorldCommand::ReadScreen.into()],
        Message::Choose(index) => page.chosen = index,
        Message::Whole | Message::Show => {
            if let Some(code) = page.codes.get_mut(page.chosen) {
                code.whole |= matches!(message, Message::Whole);
                code.hidden &= !matches!(message, Message::Show);
            }
        }
        Message::Copy => {
            let Some(code) = page.code() else { return Vec::new() };
            let text = String::from_utf8_lossy(&code.bytes);
            let text = if code.is_text { text.as_ref() } else { &code.shown };
            return vec![if code.kind.is_secret() {
                WorldCommand::CopySecret(text.into()).into()
            } else {
                WorldCommand::Copy(text.to_owned()).into()
            }];
        }
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
    widgets::page(ui, |ui| {
        if widgets::back(ui, common::HOME).clicked() {
            out.go(Route::Back);
        }
        widgets::heading(ui, common::WHAT_IS_THIS_CODE);
        if page.code().is_some() && !page.camera {
            // It has the place of what it came from.
            said_ui(ui, page, out);
            widgets::section(ui, words::ANOTHER);
            ui.label(words::DROP_HERE);
            sources_ui(ui, page, model, out);
            return;
        }
        let mut part = Outbox::new();
        let source = |ui: &mut Ui| {
            view_ui(ui, page, model, textures);
            sources_ui(ui, page, model, out);
        };
        widgets::two_columns(ui, GAP * 3.0, source, |ui| said_ui(ui, page, &mut part));
        out.extend(part, |message| message);
    });
}

/// What the camera sees; where it is off, the place for a picture.
fn view_ui(ui: &mut Ui, page: &Page, model: &Model, textures: &mut Textures) {
    let width = ui.available_width();
    let palette = theme::palette(ui.ctx());
    match page.view.frame() {
        Some(_) if page.camera => {
            page.view.ui(ui, width, model, textures);
        }
        _ => {
            let height = if widgets::is_narrow(ui) { 96.0 } else { 200.0 };
            let (rect, _) =
                ui.allocate_exact_size(vec2(width, height), eframe::egui::Sense::hover());
            let corners = [
                rect.left_top(),
                rect.right_top(),
                rect.right_bottom(),
                rect.left_bottom(),
                rect.left_top(),
            ];
            let stroke = Stroke::new(1.5, palette.line);
            let dashes = eframe::egui::Shape::dashed_line(&corners, stroke, 8.0, 6.0);
            ui.painter().extend(dashes);
            let inner = rect.shrink(GAP * 2.0);
            let builder = eframe::egui::UiBuilder::new().max_rect(inner);
            let layout = Layout::top_down(Align::Center);
            // The place for it is taken already.
            let mut area = ui.new_child(builder.layout(layout));
            {
                let ui = &mut area;
                ui.add_space((inner.height() / 2.0 - 36.0).max(0.0));
                widgets::label_silent(ui, icons::QR_CODE, theme::icon(28.0), palette.accent);
                ui.label(if page.camera { common::STARTING_THE_CAMERA } else { words::DROP_HERE });
            }
        }
    }
}

/// Where codes come from.
fn sources_ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    ui.horizontal_wrapped(|ui| {
        let camera = if page.camera { words::STOP_CAMERA } else { common::CAMERA };
        let has_camera = !model.cameras.is_empty() || page.camera;
        if has_camera && widgets::button(ui, camera).clicked() {
            out.send(Message::Camera(!page.camera));
        }
        for (text, message) in [
            (words::PASTE, Message::Paste),
            (words::OPEN, Message::Open),
            (common::THIS_SCREEN, Message::Screen),
        ] {
            if widgets::button(ui, text).clicked() {
                out.send(message);
            }
        }
    });
}

/// What it says.
fn said_ui(ui: &mut Ui, page: &Page, out: &mut Outbox<Message>) {
    if let Some(problem) = &page.problem {
        widgets::problem(ui, problem);
    }
    let Some(code) = page.code() else {
        ui.label(words::WHAT_FOR);
        widgets::weak(ui, words::NOTHING_IS_OPENED);
        return;
    };
    if page.codes.len() > 1 {
        ui.horizontal_wrapped(|ui| {
            for index in 0..page.codes.len() {
                let name = words::numbered(index + 1);
                if widgets::chip(ui, None, &name, index == page.chosen).clicked() {
                    out.send(Message::Choose(index));
                }
            }
        });
    }
    let kind = words::code_kind(code.kind, code.is_text, code.bytes.len());
    widgets::section(ui, kind.title);
    ui.label(kind.about);
    match code.kind {
        CodeKind::Pairing if widgets::primary(ui, common::PAIR_A_DEVICE).clicked() => {
            out.go(Route::Pair)
        }
        CodeKind::Verification if widgets::primary(ui, common::CHECK_A_CONTACT).clicked() => {
            out.go(Route::Check);
        }
        CodeKind::PublicKey if widgets::primary(ui, words::ADD_TO_CONTACTS).clicked() => {
            out.go(Route::Add);
        }
        _ => {}
    }
    if code.hidden {
        widgets::warning(ui, words::IS_A_SECRET);
        ui.horizontal_wrapped(|ui| {
            if widgets::button(ui, words::SHOW).clicked() {
                out.send(Message::Show);
            }
            copy_ui(ui, out);
        });
        return;
    }
    let cut = cut(&code.shown, code.whole);
    widgets::card(ui, |ui| {
        ui.set_width(ui.available_width());
        widgets::words(ui, RichText::new(cut).monospace().size(14.0));
    });
    ui.horizontal_wrapped(|ui| {
        copy_ui(ui, out);
        if cut.len() < code.shown.len() && widgets::button(ui, words::SHOW_ALL).clicked() {
            out.send(Message::Whole);
        }
    });
}

fn copy_ui(ui: &mut Ui, out: &mut Outbox<Message>) {
    if widgets::button(ui, words::COPY_TEXT).clicked() {
        out.send(Message::Copy);
    }
}

fn cut(text: &str, whole: bool) -> &str {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) if !whole => text.get(..end).unwrap_or(text),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_that_do_not_show_are_shown_and_bytes_are_hex() {
        let code = Code::new("https://bank.example/\u{202e}moc.live\u{7}".as_bytes().to_vec());
        assert_eq!(code.shown, r"https://bank.example/\u{202e}moc.live\u{7}");
        assert!(code.is_text && !code.hidden && code.kind == CodeKind::Other);
        let code = Code::new(vec![0xff, 0, 0x10]);
        assert_eq!((code.shown.as_str(), code.is_text), ("ff 00 10", false));
        let long = Code::new(vec![0xff; 5000]);
        assert!(long.shown.len() <= 3 * SHOWN_BYTES);
    }

    #[test]
    fn a_long_text_is_cut_between_letters() {
        let text = "ö".repeat(SHOWN + 1);
        assert_eq!(cut(&text, false).chars().count(), SHOWN);
        assert_eq!(cut(&text, true), text);
        assert_eq!(cut("short", false), "short");
    }
}
