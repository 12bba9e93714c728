//! Codes that are a secret, one after the other on a white card: for two minutes, unless
//! somebody hides them before. They are not kept anywhere once they are hidden.

use std::path::PathBuf;
use std::time::Duration;

use eframe::egui::{Align, Layout, Ui};

use crate::gui::code::{ShownCode, Textures};
use crate::gui::effect::{Effect, ExportCode, FileDialog, ProfileCommand, WorldCommand};
use crate::gui::focus::{self, Rank};
use crate::gui::route::Outbox;
use crate::gui::theme::GAP;
use crate::gui::widgets::{self, Place};
use crate::messages::window::exports::CodeWords;
use crate::messages::window::{common, secret_code as labels};

/// How long it stays.
const SHOWN_FOR: Duration = Duration::from_secs(120);

#[derive(Debug)]
pub struct SecretCode {
    /// None once they are hidden.
    codes: Vec<ExportCode>,
    /// Which of them is on the card.
    at: usize,
    until: Duration,
    /// Where it is to be saved, while that is typed.
    save_as: Option<String>,
    suggested: PathBuf,
}

#[derive(Debug)]
pub enum Message {
    /// Once more; what shows the card makes it again.
    Show,
    /// Puts another one on the card.
    Turn(usize),
    Hide,
    /// The card is left.
    Close,
    /// Asks where to save it.
    SaveAs,
    Path(String),
    Choose,
    Save,
    /// The text itself, to paste.
    Copy,
}

impl SecretCode {
    /// Codes that are shown from `now` on.
    pub fn new(codes: Vec<ExportCode>, suggested: PathBuf, now: Duration) -> Self {
        Self { codes, at: 0, until: now + SHOWN_FOR, save_as: None, suggested }
    }

    /// What is on the card.
    fn code(&self) -> Option<&ExportCode> {
        self.codes.get(self.at)
    }

    pub fn hide(&mut self) {
        self.codes.clear();
        self.save_as = None;
    }

    pub fn tick(&mut self, now: Duration) {
        if now >= self.until {
            self.hide();
        }
    }

    /// When the countdown changes next.
    pub fn next_deadline(&self, now: Duration) -> Option<Duration> {
        self.code()?;
        let left = self.until.checked_sub(now)?;
        let part = Duration::from_nanos(u64::from(left.subsec_nanos()));
        Some(now + if part.is_zero() { Duration::from_secs(1) } else { part })
    }

    /// The file that a dialog chose.
    pub fn choose_file(&mut self, paths: Vec<PathBuf>) {
        if let (Some(save_as), Some(path)) = (&mut self.save_as, paths.into_iter().next()) {
            *save_as = path.to_string_lossy().into_owned();
        }
    }

    pub fn update(&mut self, message: Message) -> Vec<Effect> {
        match message {
            Message::Hide => self.hide(),
            Message::Turn(at) => self.at = at,
            Message::SaveAs => {
                self.save_as = Some(self.suggested.to_string_lossy().into_owned());
            }
            Message::Path(path) => self.save_as = Some(path),
            Message::Choose => {
                let suggested = self.save_as.clone().unwrap_or_default();
                return vec![WorldCommand::OpenDialog(FileDialog::CodePicture, suggested).into()];
            }
            Message::Save => {
                let path = PathBuf::from(self.save_as.as_deref().unwrap_or_default().trim());
                let codes = self.codes.clone();
                let save = ProfileCommand::SaveSecretCodes(codes, path);
                return if self.codes.is_empty() { Vec::new() } else { vec![save.into()] };
            }
            Message::Copy => {
                let text = self.code().map(|code| code.text.clone());
                return text
                    .map(|text| WorldCommand::CopySecret(text).into())
                    .into_iter()
                    .collect();
            }
            Message::Show | Message::Close => {}
        }
        Vec::new()
    }

    /// The card. `words` say what it is, and what a photograph of it gives away.
    pub fn ui(
        &self,
        ui: &mut Ui,
        words: &CodeWords,
        now: Duration,
        textures: &mut Textures,
        out: &mut Outbox<Message>,
    ) {
        widgets::card(ui, |ui| {
            ui.set_width(ui.available_width());
            let Some(code) = self.code() else {
                ui.add_space(GAP);
                widgets::strong(ui, &words.title);
                ui.label(labels::HIDDEN);
                if widgets::primary(ui, labels::SHOW_AGAIN).clicked() {
                    out.send(Message::Show);
                }
                return;
            };
            let height = ui.ctx().content_rect().height();
            let room = (height - 300.0).clamp(200.0, 420.0).min(ui.available_width());
            ui.with_layout(Layout::top_down(Align::Center), |ui| {
                textures.code_ui(ui, ShownCode::single(&code.text), room, &words.title);
                widgets::strong(ui, code.caption.as_deref().unwrap_or(&words.title));
                widgets::weak(ui, &words.who);
                self.turn_ui(ui, out);
            });
            widgets::warning(ui, &words.danger);
            for note in &code.notes {
                widgets::warning(ui, note);
            }
            self.buttons_ui(ui, words, now, out);
        });
    }

    /// Which of several is on the card, and the way to the others.
    fn turn_ui(&self, ui: &mut Ui, out: &mut Outbox<Message>) {
        let count = self.codes.len();
        if count < 2 {
            return;
        }
        widgets::weak(ui, &labels::which(self.at + 1, count));
        let (label, next) = match self.at + 1 {
            next if next < count => (labels::NEXT_CODE, next),
            _ => (labels::FIRST_CODE, 0),
        };
        if widgets::primary(ui, label).clicked() {
            out.send(Message::Turn(next));
        }
    }

    fn buttons_ui(&self, ui: &mut Ui, words: &CodeWords, now: Duration, out: &mut Outbox<Message>) {
        ui.add_space(GAP / 2.0);
        ui.horizontal_wrapped(|ui| {
            let hide = widgets::button(ui, labels::HIDE_NOW);
            focus::offer(ui, Rank::Field, &hide);
            if hide.clicked() {
                out.send(Message::Hide);
            }
            let left = self.until.saturating_sub(now).as_secs_f64().ceil() as u64;
            widgets::weak(ui, &labels::hides_in(left));
            if words.is_text && widgets::button(ui, common::COPY).clicked() {
                out.send(Message::Copy);
            }
            if self.save_as.is_none() && widgets::button(ui, labels::SAVE).clicked() {
                out.send(Message::SaveAs);
            }
        });
        let Some(path) = &self.save_as else { return };
        if let Some(place) = widgets::place(ui, labels::SAVE_AS, path) {
            out.send(match place {
                Place::Typed(path) => Message::Path(path),
                Place::Choose => Message::Choose,
            });
        }
        if widgets::button(ui, labels::SAVE_CODE).clicked() {
            out.send(Message::Save);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_hides_by_itself_and_keeps_nothing() {
        let code = |text: &str| ExportCode {
            text: text.into(),
            caption: None,
            notes: vec![],
            lines: vec![],
        };
        let start = Duration::from_millis(10_250);
        let codes = vec![code("WIFI:secret"), code("WIFI:other")];
        let mut shown = SecretCode::new(codes, PathBuf::new(), start);
        assert!(shown.update(Message::Turn(1)).is_empty());
        assert_eq!(shown.code().map(|code| code.text.as_str()), Some("WIFI:other"));
        assert_eq!(shown.next_deadline(start), Some(start + Duration::from_secs(1)));
        let later = start + Duration::from_millis(400);
        assert_eq!(shown.next_deadline(later), Some(later + Duration::from_millis(600)));
        shown.tick(start + SHOWN_FOR - Duration::from_millis(1));
        assert!(shown.code().is_some());
        shown.tick(start + SHOWN_FOR);
        assert!(shown.code().is_none() && shown.codes.is_empty());
        assert_eq!(shown.next_deadline(start + SHOWN_FOR), None);
        assert!(shown.update(Message::Save).is_empty() && shown.update(Message::Copy).is_empty());
    }
}
