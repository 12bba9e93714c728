//! "What is this code?": whose it is, what is in it, and what it proves. Nothing of it is
//! opened or run.

mod code;
mod guide;
mod view;

use std::hash::Hash;
use std::sync::Arc;

use eframe::egui::ColorImage;

use crate::gui::camera_view::CameraView;
use crate::gui::effect::{Effect, FileDialog, ProfileCommand, WorldCommand};
use crate::gui::model::Model;
use crate::messages::Notification;
use crate::messages::inspect;
use crate::messages::window::{explain, what_code as words};
use keyglance_capture::ScanEvent;
use keyglance_inspect::{Comparison, Outcome, compare, expect};

pub use code::Code;
#[cfg(test)]
pub use guide::Page as Guide;
pub use view::ui;

#[derive(Debug, Default)]
pub struct Page {
    /// What was read, one for each code.
    codes: Vec<Code>,
    chosen: usize,
    /// The camera is on.
    camera: bool,
    view: CameraView,
    problem: Option<Notification>,
    /// The next code is compared with the chosen one.
    comparing: bool,
    comparison: Option<Comparison>,
    /// The guide is open over the codes.
    guide: Option<guide::Page>,
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
    /// A secret or a token, by its place.
    Show(usize),
    /// What may be a secret in an ordinary text.
    ShowText,
    CopySecret(usize),
    /// An ordinary text.
    Copy,
    CopyWithoutSecrets,
    /// Compares the chosen code with the next one, or no more.
    Compare(bool),
    /// Opens the guide, or closes it.
    Guide(Option<guide::Page>),
    Search(String),
}

impl Page {
    /// Codes that were read from a picture or a text: the worker says what they are.
    pub fn read(&mut self, result: Result<Vec<Vec<u8>>, Notification>) -> Vec<Effect> {
        self.problem = None;
        self.guide = None;
        if !self.comparing {
            // What was read before is not what is asked about now.
            (self.codes, self.chosen, self.comparison) = (Vec::new(), 0, None);
        }
        match result {
            Ok(codes) if codes.is_empty() => self.problem = Some(words::no_code()),
            Ok(codes) => return vec![ProfileCommand::Inspect(codes.into()).into()],
            Err(problem) => self.problem = Some(problem),
        }
        Vec::new()
    }

    /// What the codes are that were read.
    pub fn inspected(&mut self, codes: Vec<Code>) {
        if !std::mem::take(&mut self.comparing) {
            (self.codes, self.chosen) = (codes, 0);
        } else if let Some(code) = self.code() {
            // Of several the one that fits, if there is one.
            let with = |other: &Code| compare(&code.verdict, &other.verdict);
            let all = || codes.iter().map(with);
            let fits = all().find(|comparison| comparison.outcome == Outcome::Match);
            self.comparison = fits.or_else(|| all().next());
        }
    }

    /// Goes back from the guide to the codes. Returns whether it was open.
    pub fn back(&mut self) -> bool {
        match self.guide.take() {
            Some(guide) => {
                self.guide = guide.back();
                true
            }
            None => std::mem::take(&mut self.comparing),
        }
    }

    /// Which page of the guide is open, for the focus.
    pub fn place(&self) -> impl Hash {
        (self.guide.as_ref().map(guide::Page::place), self.comparing)
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
            let mut effects = self.read(Ok(codes));
            effects.push(WorldCommand::StopScan.into());
            return effects;
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
        // Digits and keys are pasted that are no codes by themselves.
        Message::Pasted(text) if page.comparing => {
            page.comparing = false;
            page.comparison = page.code().map(|code| expect(&code.verdict, &text));
        }
        Message::Pasted(text) => return page.read(Ok(vec![text.into_bytes()])),
        Message::PastedPicture(picture) => {
            return vec![WorldCommand::ReadPastedPicture(picture).into()];
        }
        Message::Open => {
            return vec![WorldCommand::OpenDialog(FileDialog::Open, String::new()).into()];
        }
        Message::Screen => return vec![WorldCommand::ReadScreen.into()],
        Message::Choose(index) => (page.chosen, page.comparison) = (index, None),
        Message::Compare(on) => (page.comparing, page.comparison) = (on, None),
        Message::Guide(guide) => page.guide = guide,
        Message::Search(text) => {
            if let Some(guide) = &mut page.guide {
                guide.search(text);
            }
        }
        Message::Whole | Message::Show(_) | Message::ShowText => {
            if let Some(code) = page.codes.get_mut(page.chosen) {
                match message {
                    Message::Show(part) => code.show(part),
                    Message::ShowText => code.show_text(),
                    _ => code.whole = true,
                }
            }
        }
        Message::Copy => {
            let Some(code) = page.code() else { return Vec::new() };
            return vec![if code.may_be_secret() {
                WorldCommand::CopySecret(code.text().as_str().into()).into()
            } else {
                WorldCommand::Copy(code.text()).into()
            }];
        }
        Message::CopySecret(part) => {
            let part = page.code().and_then(|code| code.verdict.parts.get(part));
            let copy = part.map(|part| WorldCommand::CopySecret(part.reveal().into()));
            return copy.map(Effect::from).into_iter().collect();
        }
        Message::CopyWithoutSecrets => {
            let text = page.code().map(|code| inspect::told(&code.verdict));
            return text.map(|text| WorldCommand::Copy(text).into()).into_iter().collect();
        }
    }
    Vec::new()
}
