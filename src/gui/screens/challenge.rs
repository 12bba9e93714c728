//! "Are you you?": our number, large, and a field for theirs.

use std::cell::RefCell;
use std::time::Duration;

use eframe::egui::accesskit::{Live, Role};
use eframe::egui::{Align2, Key, RichText, Role as Kind, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};
use jiff::{SignedDuration, Timestamp};

use crate::gui::effect::{Effect, ProfileCommand};
use crate::gui::model::{ContactView, Model};
use crate::gui::report::OpenChallenge;
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::{self, GAP};
use crate::gui::widgets::{self, Severity};
use crate::messages::Notification;
use crate::messages::challenge as said;
use crate::messages::window::challenge as words;
use crate::messages::window::common;
use keyglance_core::challenge::{Answer, Challenge, OneTimeCode, STEP};
use keyglance_core::crypto::{KeyId, Purpose, PurposeError};
use keyglance_core::trust::KeyTrust;

/// How wide a digit's cell is, for its size, and what parts the threes.
const CELL: f32 = 0.66;
const PARTING: f32 = 0.4;
/// How large our digits are, in points.
const LEAST: f32 = 32.0;
const MOST: f32 = 72.0;
/// Below this height of the page the two cards stand beside each other, from this width on.
const LOW: f32 = 700.0;
const BESIDE: f32 = 400.0;
/// How thick the bar of seconds is.
const BAR: f32 = 6.0;

#[derive(Debug)]
pub struct Page {
    pub key: KeyId,
    challenge: Option<Challenge>,
    /// The time of day, and when it was that.
    clock: Option<(Timestamp, Duration)>,
    problem: Option<Notification>,
    typed: String,
    told: Option<Answer>,
    /// The word for a separate key, while it is typed or once it is used.
    word: Option<String>,
}

#[derive(Debug)]
pub enum Message {
    Type(String),
    Check,
    /// Another conversation.
    Again,
    /// The field for a separate key's word.
    Separate,
    Word(String),
    UseWord,
}

impl Page {
    pub const fn new(key: KeyId) -> Self {
        Self {
            key,
            challenge: None,
            clock: None,
            problem: None,
            typed: String::new(),
            told: None,
            word: None,
        }
    }

    /// What makes the numbers.
    pub const fn begin(key: KeyId, purpose: Purpose) -> ProfileCommand {
        ProfileCommand::Challenge(key, purpose)
    }

    pub fn opened(&mut self, opened: Result<Box<OpenChallenge>, Notification>, now: Duration) {
        match opened {
            Ok(opened) => {
                self.challenge = Some(opened.challenge);
                self.clock = Some((opened.at, now));
                self.problem = None;
            }
            Err(problem) => self.problem = Some(problem),
        }
        self.told = None;
        self.typed.clear();
    }

    /// The time of day is told anew, since it may have been set.
    pub const fn told_time(&mut self, at: Timestamp, now: Duration) {
        self.clock = Some((at, now));
    }

    fn time(&self, now: Duration) -> Option<Timestamp> {
        let (at, then) = self.clock?;
        at.checked_add(SignedDuration::try_from(now.saturating_sub(then)).ok()?).ok()
    }

    fn own(&self, now: Duration) -> Option<OneTimeCode> {
        Some(self.challenge.as_ref()?.own(self.time(now)?))
    }

    /// When the clock shows another second.
    pub fn next_deadline(&self, now: Duration) -> Option<Duration> {
        self.challenge.as_ref()?;
        let into = self.time(now)?.subsec_nanosecond().clamp(0, 999_999_999);
        let left = 1_000_000_000 - u64::from(into.unsigned_abs());
        Some(now + Duration::from_nanos(left))
    }

    /// Whether a number may be typed.
    fn takes_more(&self) -> bool {
        let tries = self.challenge.as_ref().map_or(0, Challenge::tries_left);
        self.told != Some(Answer::Right) && tries > 0
    }

    /// Which page is open: one with a field, or one without.
    pub fn place(&self) -> bool {
        self.challenge.is_none() || self.takes_more()
    }

    fn purpose(&self) -> Result<Purpose, PurposeError> {
        Purpose::new(self.word.as_deref().unwrap_or_default())
    }

    fn restart(&mut self) -> Vec<Effect> {
        match self.purpose() {
            Ok(purpose) => vec![Self::begin(self.key, purpose).into()],
            Err(error) => {
                self.problem = Some(crate::messages::window::explain(&error));
                Vec::new()
            }
        }
    }
}

pub fn update(page: &mut Page, model: &Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Type(text) => {
            page.typed = text;
            page.typed.truncate(widgets::CELLS);
        }
        Message::Check => {
            let time = page.time(model.now);
            if let (Some(challenge), Some(time)) = (&mut page.challenge, time) {
                page.told = Some(challenge.check(&page.typed, time));
                page.typed.clear();
                return vec![ProfileCommand::TellTime.into()];
            }
        }
        Message::Again => {
            page.told = None;
            return match &page.challenge {
                // The same conversation: a number that was right counts once.
                Some(challenge) if challenge.tries_left() > 0 => Vec::new(),
                _ => page.restart(),
            };
        }
        Message::Separate => page.word = Some(String::new()),
        Message::Word(word) => page.word = Some(word),
        Message::UseWord => return page.restart(),
    }
    Vec::new()
}

pub fn ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    let Some((view, key)) = model.contacts.key(page.key) else {
        widgets::page(ui, |ui| {
            if widgets::back(ui, common::HOME).clicked() {
                out.go(Route::Home);
            }
            widgets::heading(ui, crate::messages::window::contact::NO_LONGER);
        });
        return;
    };
    let name = view.contact.name.as_str();
    let compared = matches!(key.trust, KeyTrust::Verified(_));
    // Where there is little room the two stand beside each other, and the filled button
    // stays in view below the page.
    let is_low = ui.available_height() < LOW;
    let (above, below) = (RefCell::new(out), RefCell::new(Outbox::new()));
    let content = |ui: &mut Ui| {
        let out = &mut **above.borrow_mut();
        if widgets::back(ui, name).clicked() {
            out.go(Route::Back);
        }
        widgets::heading(ui, &words::are_you(name));
        if let Some(problem) = &page.problem {
            widgets::problem(ui, problem);
        }
        let Some(own) = page.own(model.now) else { return };
        // Loud, and before anything else; where there is no room for that, below.
        if !compared && !is_low {
            not_compared_ui(ui, view, out);
            ui.add_space(GAP);
        }
        if is_low && ui.available_width() >= BESIDE {
            let theirs = |ui: &mut Ui| theirs_ui(ui, page, name, compared, false, out);
            widgets::beside(ui, GAP, |ui: &mut Ui| ours_ui(ui, own), theirs);
        } else {
            ours_ui(ui, own);
            ui.add_space(GAP);
            theirs_ui(ui, page, name, compared, !is_low, out);
        }
        ui.add_space(GAP);
        widgets::words(ui, words::IN_A_CALL.into());
        if !compared && is_low {
            ui.add_space(GAP);
            not_compared_ui(ui, view, out);
        }
        ui.add_space(GAP);
        word_ui(ui, page, out);
    };
    if is_low && page.takes_more() {
        widgets::page_with_bar(ui, content, |ui| check_ui(ui, page, &mut below.borrow_mut()));
    } else {
        widgets::page(ui, content);
    }
    above.into_inner().extend(below.into_inner(), |message| message);
}

fn not_compared_ui(ui: &mut Ui, view: &ContactView, out: &mut Outbox<Message>) {
    widgets::attention_card(ui, |ui| {
        widgets::warning(ui, words::NOT_COMPARED);
        if widgets::button(ui, common::COMPARE).clicked() {
            out.go(super::contact_row::how_to_compare(view));
        }
    });
}

/// The filled button.
fn check_ui(ui: &mut Ui, page: &Page, out: &mut Outbox<Message>) {
    let complete = page.typed.len() >= widgets::CELLS;
    if widgets::primary_if(ui, complete, words::CHECK).clicked() && complete {
        out.send(Message::Check);
    }
}

/// Our number, in digits of one width, and how long it stays.
fn ours_ui(ui: &mut Ui, own: OneTimeCode) {
    let palette = theme::palette(ui.ctx());
    widgets::card(ui, |ui| {
        ui.set_width(ui.available_width());
        widgets::small_strong(ui, words::YOU_SAY);
        let size = (ui.available_width() / (6.0 * CELL + PARTING)).clamp(LEAST, MOST);
        let room = vec2(size * (6.0 * CELL + PARTING), size * 1.2);
        let (rect, response) = ui.allocate_exact_size(room, Sense::hover());
        let digits = own.digits();
        // It is read out once, and not anew with every second.
        response.widget_info(|| WidgetInfo::labeled(Kind::Label, true, words::spoken(&digits)));
        for (n, digit) in digits.chars().enumerate() {
            let place = n as f32;
            let parting = if n >= 3 { PARTING } else { 0.0 };
            let x = rect.left() + size * (CELL * (place + 0.5) + parting);
            let at = pos2(x, rect.center().y);
            let font = theme::digits_of(size);
            ui.painter().text(at, Align2::CENTER_CENTER, digit, font, palette.text);
        }
        let left = own.seconds_left();
        let all = Vec2::new(ui.available_width(), BAR);
        let (bar, response) = ui.allocate_exact_size(all, Sense::hover());
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_role(Role::ProgressIndicator);
            node.set_label(words::SECONDS_LEFT);
            node.set_numeric_value(left as f64);
            node.set_min_numeric_value(0.0);
            node.set_max_numeric_value(STEP as f64);
        });
        let filled = bar.with_max_x(bar.left() + bar.width() * left as f32 / STEP as f32);
        ui.painter().rect_filled(bar, BAR / 2.0, palette.line.gamma_multiply(0.35));
        ui.painter().rect_filled(filled, BAR / 2.0, palette.accent);
        widgets::weak(ui, &words::new_in(left));
    });
}

/// Where their number is typed, and what it says.
fn theirs_ui(
    ui: &mut Ui,
    page: &Page,
    name: &str,
    compared: bool,
    checks: bool,
    out: &mut Outbox<Message>,
) {
    widgets::card(ui, |ui| {
        ui.set_width(ui.available_width());
        widgets::small_strong(ui, words::THEY_SAY);
        if let Some(answer) = page.told {
            told_ui(ui, answer, name, compared);
        }
        if !page.takes_more() {
            if widgets::primary(ui, words::ASK_AGAIN).clicked() {
                out.send(Message::Again);
            }
            return;
        }
        let mut typed = page.typed.clone();
        let field = widgets::digit_cells(ui, words::THEIR_NUMBER, &mut typed);
        if field.changed() {
            out.send(Message::Type(typed));
        }
        let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if checks {
            ui.add_space(GAP / 2.0);
            check_ui(ui, page, out);
        }
        // Whoever just types means the cells.
        let nowhere = ui.memory(|memory| memory.focused()).is_none();
        if entered || nowhere {
            field.request_focus();
        }
    });
}

fn told_ui(ui: &mut Ui, answer: Answer, name: &str, compared: bool) {
    let (what, then) = said::answer(answer, name, compared);
    let palette = theme::palette(ui.ctx());
    let (severity, colour) = match answer {
        Answer::Right => (Severity::Good, palette.accent),
        _ => (Severity::Problem, palette.attention),
    };
    ui.horizontal_top(|ui| {
        widgets::shape(ui, severity, 24.0);
        let text = RichText::new(what).font(theme::strong()).color(colour);
        let told = widgets::words(ui, text);
        ui.ctx().accesskit_node_builder(told.id, |node| node.set_live(Live::Assertive));
    });
    if !then.is_empty() {
        widgets::weak(ui, &then);
    }
}

/// The way to a separate key.
fn word_ui(ui: &mut Ui, page: &Page, out: &mut Outbox<Message>) {
    let Some(word) = &page.word else {
        if widgets::link(ui, words::SEPARATE_KEY).clicked() {
            out.send(Message::Separate);
        }
        return;
    };
    let mut typed = word.clone();
    if widgets::field(ui, words::WORD, &mut typed).changed() {
        out.send(Message::Word(typed));
    }
    if widgets::button(ui, words::USE_WORD).clicked() {
        out.send(Message::UseWord);
    }
}
