//! One contact: how things stand, what its keys are for, and what can be done.

use std::cell::RefCell;

use eframe::egui::{Align, Label, Layout, RichText, Sense, Ui, vec2};

use super::contact_row::{can_compare, how_to_compare};
use super::manage::{self, Question};
use crate::gui::effect::{Effect, ProfileCommand, WorldCommand};
use crate::gui::model::{ContactView, KeyView, Model};
use crate::gui::picture;
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::{self, GAP};
use crate::gui::widgets::{self, Severity};
use crate::messages::window::challenge::ARE_YOU_YOU;
use crate::messages::window::common;
use crate::messages::window::contact as words;
use crate::messages::{self, shared};
use keyglance_core::contacts::ContactId;
use keyglance_core::crypto::KeyId;
use keyglance_core::trust::KeyTrust;
use keyglance_profile::Verdict;

/// Below this height of the window the acts stand in a bar, in points.
const LOW: f32 = 380.0;
/// How many lines of the history are shown, the last ones.
const HISTORY: usize = 12;

#[derive(Debug)]
pub struct Page {
    pub id: ContactId,
    questions: manage::Questions,
    /// What was copied last, which its button says.
    copied: Option<String>,
}

#[derive(Debug)]
pub enum Message {
    /// The other device shows Same key too.
    Confirm(KeyId),
    UseAgain(KeyId),
    Copy(String),
    Manage(manage::Message),
}

impl Page {
    pub fn new(id: ContactId) -> Self {
        Self { id, questions: manage::Questions::default(), copied: None }
    }

    /// Whether something was typed that would be lost.
    pub fn is_changed(&self, model: &Model) -> bool {
        self.questions.is_changed(model)
    }
}

pub fn update(page: &mut Page, model: &Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Confirm(id) => vec![ProfileCommand::Acknowledge(id).into()],
        Message::UseAgain(id) => vec![ProfileCommand::RetireKey(id, false).into()],
        Message::Copy(text) => {
            page.copied = Some(text.clone());
            vec![WorldCommand::Copy(text).into()]
        }
        Message::Manage(message) => manage::update(&mut page.questions, model, message),
    }
}

pub fn ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    let Some(view) = model.contacts.get(page.id) else {
        widgets::page(ui, |ui| {
            if widgets::back(ui, common::HOME).clicked() {
                out.go(Route::Back);
            }
            widgets::heading(ui, words::NO_LONGER);
        });
        return;
    };
    // Where there is little room the filled button stays in view below the page.
    let is_low = ui.available_height() < LOW;
    let (above, below) = (RefCell::new(out), RefCell::new(Outbox::new()));
    let content = |ui: &mut Ui| {
        let out = &mut *above.borrow_mut();
        if widgets::back(ui, common::HOME).clicked() {
            out.go(Route::Back);
        }
        ui.add_space(GAP);
        head_ui(ui, view);
        conflicts_ui(ui, model, view, out);
        ui.add_space(GAP);
        let part = if is_low { Part::Others } else { Part::All };
        ui.horizontal_wrapped(|ui| acts_ui(ui, view, part, out));
        if view.keys.len() > 1 {
            keys_ui(ui, view, out);
        }
        left_behind_ui(ui, page, view, out);
        shared_ui(ui, page, view, out);
        history_ui(ui, view);
        ui.add_space(GAP * 2.0);
        rarely_ui(ui, view, out);
    };
    if is_low {
        widgets::page_with_bar(ui, content, |ui| {
            acts_ui(ui, view, Part::Filled, &mut below.borrow_mut());
        });
    } else {
        widgets::page(ui, content);
    }
    let out = above.into_inner();
    out.extend(below.into_inner(), |message| message);
    let mut managed = Outbox::new();
    manage::ui(ui.ctx(), &page.questions, model, &mut managed);
    out.extend(managed, Message::Manage);
}

/// Who it is, and how things stand.
fn head_ui(ui: &mut Ui, view: &ContactView) {
    let (contact, verdict) = (&view.contact, view.verdict());
    let severity = Severity::of_verdict(verdict);
    let palette = theme::palette(ui.ctx());
    ui.horizontal_top(|ui| {
        picture::contact(ui, 64.0, &view.picture);
        ui.add_space(GAP);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = GAP / 2.0;
            widgets::heading_with_focus(ui, RichText::new(contact.name.as_str()).heading(), 1);
            let colour =
                if severity == Severity::Problem { palette.attention } else { palette.weak };
            let words = words::verdict_in_full(verdict);
            widgets::state_line(ui, severity, &words, colour);
            let suggested = contact.suggested_name.as_str();
            if !suggested.is_empty() && suggested != contact.name.as_str() {
                widgets::weak(ui, &words::calls_itself(suggested));
            }
            if !widgets::can_draw(ui, &contact.name) {
                let digits: String = view.safety_number.chars().take(4).collect();
                widgets::weak(ui, &words::number_begins(&digits));
            }
            if let [key] = &view.keys[..] {
                facts_ui(ui, key);
            }
        });
    });
    match verdict {
        Verdict::DoesNotMatch => {
            ui.add_space(GAP);
            ui.label(messages::DIFFER_STEPS);
            ui.label(words::NOTHING_IS_DONE);
        }
        Verdict::Unconfirmed => {
            ui.add_space(GAP);
            widgets::words(ui, words::unconfirmed(&contact.name).into());
        }
        _ if view.keys.is_empty() => {
            ui.add_space(GAP);
            ui.label(words::PAIR_TO_SHARE);
        }
        _ => {}
    }
}

/// What else is known of a key.
fn facts_ui(ui: &mut Ui, key: &KeyView) {
    if let Some(label) = &key.purpose {
        widgets::weak(ui, &words::for_label(label));
    }
    if let (Some(claim), false) = (&key.claim, matches!(key.trust, KeyTrust::Verified(_))) {
        widgets::weak(ui, claim);
    }
    if let Some(safe) = messages::also_safe(key.suite) {
        widgets::weak(ui, safe);
    }
    if key.of_the_future {
        widgets::warning(ui, messages::IN_THE_FUTURE);
    }
}

/// It came under the name of another, or others came under its name.
fn conflicts_ui(ui: &mut Ui, model: &Model, view: &ContactView, out: &mut Outbox<Message>) {
    let contact = &view.contact;
    if let Verdict::DifferentKey { .. } = view.verdict() {
        let known = model.contacts.known_by_the_name(contact);
        let known = known.map_or(words::A_DELETED_CONTACT, |known| &known.contact.name);
        ui.add_space(GAP);
        widgets::words(ui, words::held_back(known).into());
    }
    for (new, name) in &view.newcomers {
        ui.add_space(GAP);
        widgets::attention_card(ui, |ui| {
            widgets::warning(ui, words::SOMEBODY_ELSE);
            if !contact.name.is_same(name) {
                widgets::weak(ui, &words::kept_as(name));
            }
            if widgets::attention_named(ui, common::DECIDE, &words::decide_about(name)).clicked() {
                out.go(Route::Decide(*new));
            }
        });
    }
}

/// Which of the acts are drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    All,
    Filled,
    Others,
}

impl Part {
    /// A button, if it belongs to the part. Gives whether it was pressed.
    fn button(self, ui: &mut Ui, filled: bool, text: &str) -> bool {
        match (self, filled) {
            (Self::All | Self::Filled, true) => widgets::primary(ui, text).clicked(),
            (Self::All | Self::Others, false) => widgets::button(ui, text).clicked(),
            (Self::Filled, false) | (Self::Others, true) => false,
        }
    }
}

/// What one comes for: the filled one first.
fn acts_ui(ui: &mut Ui, view: &ContactView, part: Part, out: &mut Outbox<Message>) {
    let best = view.best();
    let compare = |ui: &mut Ui, filled, out: &mut Outbox<Message>| {
        if part.button(ui, filled, common::COMPARE) {
            out.go(how_to_compare(view));
        }
    };
    let again = |ui: &mut Ui, filled, out: &mut Outbox<Message>| {
        if part.button(ui, filled, common::COMPARE_AGAIN) {
            out.go(Route::Verify(view.contact.id()));
        }
    };
    let pair = |ui: &mut Ui, filled, out: &mut Outbox<Message>| {
        if part.button(ui, filled, common::PAIR_A_DEVICE) {
            out.go(Route::Pair);
        }
    };
    let use_key = |ui: &mut Ui, filled, out: &mut Outbox<Message>| {
        let Some(key) = best.filter(|key| key.refusal.is_none()) else { return };
        if part.button(ui, filled, common::USE_KEY_WITH) {
            out.go(Route::Export(key.id));
        }
        if part.button(ui, false, ARE_YOU_YOU) {
            out.go(Route::Challenge(key.id));
        }
        if part.button(ui, false, common::ENCRYPT_A_FILE) {
            out.go(Route::Seal(view.contact.id(), None));
        }
    };
    match view.verdict() {
        Verdict::Compared(_) => {
            use_key(ui, true, out);
            if view.keys.is_empty() {
                pair(ui, true, out);
            }
            again(ui, false, out);
        }
        Verdict::NotCompared if can_compare(view) => {
            compare(ui, true, out);
            use_key(ui, false, out);
            if view.keys.is_empty() {
                pair(ui, false, out);
            }
        }
        Verdict::NotCompared => {
            use_key(ui, true, out);
            again(ui, false, out);
        }
        Verdict::DoesNotMatch => {
            again(ui, true, out);
            pair(ui, false, out);
        }
        Verdict::DifferentKey { decided: false } => {
            if part.button(ui, true, common::DECIDE) {
                out.go(Route::Decide(view.contact.id()));
            }
        }
        Verdict::DifferentKey { decided: true } => compare(ui, true, out),
        Verdict::Unconfirmed => {
            if let Some(key) = best
                && part.button(ui, true, common::SHOWS_SAME_KEY)
            {
                out.send(Message::Confirm(key.id));
            }
            pair(ui, false, out);
        }
        Verdict::NotInUse => {
            if let Some(key) = best
                && part.button(ui, true, words::USE_AGAIN)
            {
                out.send(Message::UseAgain(key.id));
            }
            pair(ui, false, out);
        }
        Verdict::Blocked => {
            if part.button(ui, false, words::DECIDE_AGAIN) {
                out.go(Route::Decide(view.contact.id()));
            }
        }
        Verdict::Unreadable => {}
    }
}

fn keys_ui(ui: &mut Ui, view: &ContactView, out: &mut Outbox<Message>) {
    widgets::section(ui, words::KEYS);
    widgets::list(ui, words::KEYS, |ui| {
        for key in &view.keys {
            key_ui(ui, view, key, out);
        }
    });
}

fn key_ui(ui: &mut Ui, view: &ContactView, key: &KeyView, out: &mut Outbox<Message>) {
    let is_best = view.best_key == Some(key.id);
    let act = match key.verdict {
        Verdict::Compared(_) => Some(words::USE),
        Verdict::NotCompared if key.comparison.is_some() => Some(common::COMPARE),
        Verdict::NotCompared => Some(words::USE),
        Verdict::Unconfirmed => Some(common::SHOWS_SAME_KEY),
        Verdict::NotInUse => Some(words::USE_AGAIN),
        _ => None,
    };
    widgets::card(ui, |ui| {
        ui.set_width(ui.available_width());
        let body = eframe::egui::TextStyle::Body.resolve(ui.style());
        let buttons = act.map_or(0.0, |act| widgets::button_width(ui, act, body) + GAP);
        let buttons = buttons + theme::CONTROL + GAP;
        ui.horizontal(|ui| {
            widgets::shape(ui, Severity::of_verdict(key.verdict), 20.0);
            let width = (ui.available_width() - buttons).max(1.0);
            ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::top_down(Align::Min), |ui| {
                ui.set_width(width);
                ui.spacing_mut().item_spacing.y = GAP / 2.0;
                let palette = theme::palette(ui.ctx());
                widgets::names::label(ui, &key.name, theme::strong(), palette.text);
                let line = words::key_line(key.provenance, key.created, key.verdict, is_best);
                widgets::weak(ui, &line);
                facts_ui(ui, key);
            });
            if let Some(act) = act
                && widgets::named(ui, act, &format!("{act} {}", key.name)).clicked()
            {
                match (key.verdict, key.comparison.is_some()) {
                    (Verdict::NotCompared, true) => out.go(Route::Compare(key.id)),
                    (Verdict::Unconfirmed, _) => out.send(Message::Confirm(key.id)),
                    (Verdict::NotInUse, _) => out.send(Message::UseAgain(key.id)),
                    _ => out.go(Route::Export(key.id)),
                }
            }
            widgets::more(ui, &words::more_about(&key.name), |ui| {
                for (text, question) in key_questions(key) {
                    if widgets::menu_item(ui, text).clicked() {
                        out.send(Message::Manage(manage::Message::Ask(question)));
                    }
                }
                if widgets::menu_item(ui, words::DELETE_KEY).clicked() {
                    let question = Question::DeleteKey(key.id);
                    out.send(Message::Manage(manage::Message::Ask(question)));
                }
            });
        });
    });
}

/// What can be asked about a key, but for deleting it.
fn key_questions(key: &KeyView) -> Vec<(&'static str, Question)> {
    let label = key.purpose.clone().unwrap_or_default();
    let mut questions = vec![(words::LABEL, Question::Label(key.id, label))];
    if !key.retired {
        questions.push((words::STOP_USING, Question::StopUsing(key.id)));
    }
    if key.comparison.is_some() && !matches!(key.verdict, Verdict::Compared(_)) {
        questions.push((words::THE_OTHER_DEVICE_SAYS_NO, Question::SaysNo(key.id)));
    }
    questions
}

/// What they shared of their programs, with the key that is meant if none is named, or
/// else with another one.
fn shared_ui(ui: &mut Ui, page: &Page, view: &ContactView, out: &mut Outbox<Message>) {
    let keys = view.best().into_iter().chain(&view.keys);
    let found =
        keys.map(|key| (key, shared::shared(key.card.clone()))).find(|(_, all)| !all.is_empty());
    let Some((key, all)) = found else { return };
    widgets::section(ui, shared::THEY_SHARED);
    if !matches!(key.trust, KeyTrust::Verified(_)) {
        widgets::warning(ui, shared::THEIRS_IF_COMPARED);
    }
    widgets::list(ui, shared::THEY_SHARED, |ui| {
        for one in &all {
            let value = match &one.value {
                Ok(value) => value,
                Err(problem) => {
                    widgets::warning(ui, &shared::unusable(one.title, problem));
                    continue;
                }
            };
            let copied = one.whole.as_ref().unwrap_or(value);
            copy_ui(ui, one.title, value, copied, page, out);
        }
    });
}

/// What was made of their card and stays in other programs, where it turned out not to be
/// theirs.
fn left_behind_ui(ui: &mut Ui, page: &Page, view: &ContactView, out: &mut Outbox<Message>) {
    let left: Vec<_> = view.keys.iter().flat_map(|key| &key.left_behind).cloned().collect();
    if view.verdict() != Verdict::DoesNotMatch || left.is_empty() {
        return;
    }
    widgets::section(ui, shared::STAYS_ELSEWHERE);
    for (program, lines) in shared::left_behind(&left) {
        for line in lines {
            copy_ui(ui, &program, &line, &line, page, out);
        }
    }
}

/// A line of another program, to copy.
fn copy_ui(
    ui: &mut Ui,
    title: &str,
    shown: &str,
    copied: &str,
    page: &Page,
    out: &mut Outbox<Message>,
) {
    let right = |ui: &mut Ui| {
        let was = page.copied.as_deref() == Some(copied);
        let text = if was { common::COPIED } else { common::COPY };
        if widgets::named(ui, text, &shared::copy(title, was)).clicked() {
            out.send(Message::Copy(copied.to_owned()));
        }
    };
    widgets::spread(ui, theme::CONTROL, right, |ui| {
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            widgets::weak(ui, title);
            ui.add(Label::new(RichText::new(shown).monospace().size(14.0)).wrap());
        });
    });
}

/// What became of the contact and its keys, the newest last.
fn history_ui(ui: &mut Ui, view: &ContactView) {
    widgets::section(ui, words::HISTORY);
    let history = view.contact.history().iter().enumerate();
    let mut lines: Vec<_> =
        history.map(|(i, change)| (change.at, words::change(change, i == 0))).collect();
    for key in &view.keys {
        for export in &key.exports {
            lines.push((export.latest(), words::used(export)));
        }
    }
    lines.sort_by_key(|(at, _)| *at);
    let last = lines.len().saturating_sub(HISTORY);
    widgets::list(ui, words::HISTORY, |ui| {
        ui.spacing_mut().item_spacing.y = GAP / 2.0;
        for (at, what) in lines.iter().skip(last) {
            ui.horizontal_top(|ui| {
                let day = messages::window::day(*at);
                let palette = theme::palette(ui.ctx());
                let font = theme::small();
                let date = ui.painter().layout_no_wrap(day.clone(), font, palette.weak);
                let size = vec2(DATE.max(date.size().x), date.size().y);
                let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
                ui.painter().galley(rect.min, date, palette.weak);
                widgets::names::label_named(
                    ui,
                    what,
                    theme::small(),
                    palette.weak,
                    &format!("{day}  {what}"),
                );
            });
        }
    });
}

/// How wide the days of the history are, in points.
const DATE: f32 = 92.0;

/// What is done rarely, and asks first.
fn rarely_ui(ui: &mut Ui, view: &ContactView, out: &mut Outbox<Message>) {
    let contact = &view.contact;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = GAP * 2.0;
        let mut ask = |ui: &mut Ui, text: &str, question: Question| {
            if widgets::link(ui, text).clicked() {
                out.send(Message::Manage(manage::Message::Ask(question)));
            }
        };
        ask(ui, common::RENAME, Question::Rename(contact.id(), contact.name.to_string()));
        if let [key] = &view.keys[..] {
            for (text, question) in key_questions(key) {
                ask(ui, text, question);
            }
        }
        ask(ui, common::DELETE, Question::Delete(contact.id()));
    });
}
