//! One contact in a list: who it is, how things stand, and the next sensible act.

use eframe::egui::{Align, Layout, Rect, Response, Sense, Ui, UiBuilder, pos2, vec2};

use super::manage::{self, Question};
use crate::gui::model::{ContactView, KeyView, Model};
use crate::gui::picture;
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::{self, CONTROL, GAP};
use crate::gui::widgets::{self, Severity, names};
use crate::messages;
use crate::messages::window::common;
use crate::messages::window::contact as words;
use keyglance_profile::Verdict;

/// The size of a contact's picture in a row, in points.
const PICTURE: f32 = 40.0;
/// Below this width buttons stand under the text, in points.
const BUTTONS_BELOW: f32 = 420.0;

/// The next sensible act, as it is written on a button, and where it leads.
struct Act {
    text: &'static str,
    /// For screen readers: what it is about.
    name: String,
    route: Route,
    is_attention: bool,
}

fn act(view: &ContactView, model: &Model, narrow: bool) -> Option<Act> {
    let contact = &view.contact;
    let name = &contact.name;
    let make = |text, name: String, route| Act { text, name, route, is_attention: false };
    let decide = |id| Act {
        is_attention: true,
        ..make(common::DECIDE, words::decide_about(name), Route::Decide(id))
    };
    if let Some(new) = model.contacts.undecided(view) {
        return Some(decide(new.contact.id()));
    }
    let compare = |text| make(text, words::compare_with(name), how_to_compare(view));
    Some(match view.verdict() {
        Verdict::DifferentKey { decided: false } => decide(contact.id()),
        Verdict::DifferentKey { decided: true } => compare(common::COMPARE),
        Verdict::DoesNotMatch => compare(common::COMPARE_AGAIN),
        Verdict::NotCompared if can_compare(view) => compare(common::COMPARE),
        _ if view.keys.is_empty() => make(words::PAIR, words::pair_with(name), Route::Pair),
        Verdict::Compared(_) | Verdict::NotCompared => {
            let text = if narrow { words::USE_KEY } else { common::USE_KEY_WITH };
            make(text, words::use_the_key_of(name), Route::Export(view.best_key?))
        }
        Verdict::Unconfirmed => {
            make(words::CONFIRM, words::confirm_the_key_of(name), Route::Contact(contact.id()))
        }
        Verdict::NotInUse | Verdict::Blocked | Verdict::Unreadable => return None,
    })
}

/// Whether comparing anything would change what is said of the contact.
pub fn can_compare(view: &ContactView) -> bool {
    let is_verified = matches!(view.contact.trust(), keyglance_core::trust::Trust::Verified(_));
    !is_verified || view.best().is_some_and(|key| key.comparison.is_some())
}

/// Where a contact is compared: by the check code of its key while that is open, else by
/// its safety number.
pub fn how_to_compare(view: &ContactView) -> Route {
    let is_open = |key: &&KeyView| key.comparison.is_some() && !key.retired;
    let best = view.best().filter(is_open).or_else(|| view.keys.iter().find(is_open));
    best.map_or(Route::Verify(view.contact.id()), |key| Route::Compare(key.id))
}

/// How things stand, in one line.
fn state(ui: &Ui, view: &ContactView, model: &Model, narrow: bool) -> (Severity, String) {
    let (severity, mut words) = match model.contacts.undecided(view) {
        Some(new) => {
            let day = messages::window::day_or_today(new.contact.since, model.contacts.read_at);
            (Severity::Problem, words::different_key(&day, narrow))
        }
        None if view.keys.is_empty() && matches!(view.verdict(), Verdict::NotCompared) => {
            (Severity::Waiting, words::NO_KEY_YET.to_owned())
        }
        None => {
            let verdict = view.verdict();
            (Severity::of_verdict(verdict), words::verdict(verdict))
        }
    };
    if !widgets::can_draw(ui, &view.contact.name) {
        // A name of boxes is anybody's.
        let digits: String = view.safety_number.chars().take(4).collect();
        words = format!("{digits} \u{b7} {words}");
    }
    (severity, words)
}

/// A row with the act that comes next and a menu. It leads to the contact's page.
pub fn ui(ui: &mut Ui, view: &ContactView, model: &Model, out: &mut Outbox<manage::Message>) {
    let narrow = widgets::is_narrow(ui);
    let act = act(view, model, narrow);
    let body = eframe::egui::TextStyle::Body.resolve(ui.style());
    let button = act.as_ref().map_or(0.0, |act| widgets::button_width(ui, act.text, body) + GAP);
    let row = row_ui(ui, view, model, button + CONTROL, |ui| {
        if let Some(act) = &act {
            let pressed = if act.is_attention {
                widgets::attention_named(ui, act.text, &act.name)
            } else {
                widgets::named(ui, act.text, &act.name)
            };
            if pressed.clicked() {
                out.go(act.route.clone());
            }
        }
        menu_ui(ui, view, out);
    });
    if row.clicked() {
        out.go(Route::Contact(view.contact.id()));
    }
    // A file that is dropped on it is encrypted for this contact.
    let dropped =
        ui.input(|input| input.raw.dropped_files.first().map(|file| file.path().to_owned()));
    if let Some(path) = dropped.filter(|_| row.contains_pointer()) {
        out.go(Route::Seal(view.contact.id(), Some(path)));
    }
}

/// A row to choose the contact by. Gives whether it was chosen.
pub fn choice_ui(ui: &mut Ui, view: &ContactView, model: &Model) -> bool {
    row_ui(ui, view, model, 0.0, |_| {}).clicked()
}

/// `buttons` is how wide the buttons are.
fn row_ui(
    ui: &mut Ui,
    view: &ContactView,
    model: &Model,
    buttons: f32,
    buttons_ui: impl FnOnce(&mut Ui),
) -> Response {
    const SHAPE: f32 = 16.0;
    const BETWEEN: f32 = 4.0;
    let name = &view.contact.name;
    let palette = theme::palette(ui.ctx());
    let buttons_below = buttons > 0.0 && ui.ctx().content_rect().width() < BUTTONS_BELOW;
    let (severity, words) = state(ui, view, model, widgets::is_narrow(ui));
    let is_attention = severity == Severity::Problem;
    let (row, ()) = widgets::row(ui, name, is_attention, |ui| {
        let all = ui.available_width();
        let aside = if buttons_below { 0.0 } else { buttons + GAP };
        let width = (all - PICTURE - GAP * 2.0 - aside).max(1.0);
        let title = names::layout(ui, name, theme::strong(), palette.text, width);
        let colour = if is_attention { palette.attention } else { palette.weak };
        let room = (width - SHAPE - 6.0).max(1.0);
        let line = names::layout(ui, &words, theme::small(), colour, room);
        let text = title.size().y + BETWEEN + line.size().y.max(SHAPE);
        let (rect, _) = ui.allocate_exact_size(vec2(all, text.max(44.0)), Sense::hover());
        let middle = rect.center().y;
        let square = pos2(rect.left(), middle - PICTURE / 2.0);
        let square = Rect::from_min_size(square, vec2(PICTURE, PICTURE));
        picture::contact(&mut child(ui, square), PICTURE, &view.picture);
        let at = pos2(square.right() + GAP * 2.0, middle - text / 2.0);
        let below = at + vec2(0.0, title.size().y + BETWEEN);
        ui.painter().galley(at, title, palette.text);
        let first = line.rows.first().map_or(SHAPE, |row| row.size.y);
        let at = below + vec2(0.0, (first - SHAPE) / 2.0);
        let at = Rect::from_min_size(at, vec2(SHAPE, SHAPE));
        widgets::shape(&mut child(ui, at), severity, SHAPE);
        let at = Rect::from_min_size(below + vec2(SHAPE + 6.0, 0.0), line.size());
        names::put(&mut child(ui, at), at, line, &words);
        let place = if buttons_below {
            ui.add_space(GAP);
            ui.allocate_exact_size(vec2(all, CONTROL), Sense::hover()).0
        } else {
            let at = pos2(rect.right() - buttons, middle - CONTROL / 2.0);
            Rect::from_min_size(at, vec2(buttons, CONTROL))
        };
        buttons_ui(&mut child(ui, place));
    });
    row
}

/// A part of the row, which does not move what comes after it.
fn child(ui: &mut Ui, rect: Rect) -> Ui {
    let layout = Layout::left_to_right(Align::Center);
    ui.new_child(UiBuilder::new().max_rect(rect).layout(layout))
}

fn menu_ui(ui: &mut Ui, view: &ContactView, out: &mut Outbox<manage::Message>) {
    let contact = &view.contact;
    widgets::more(ui, &words::more_about(&contact.name), |ui| {
        if widgets::menu_item(ui, common::COMPARE).clicked() {
            out.go(how_to_compare(view));
        }
        let usable = view.best().is_some_and(|key| key.refusal.is_none());
        if usable && widgets::menu_item(ui, common::ENCRYPT_A_FILE).clicked() {
            out.go(Route::Seal(contact.id(), None));
        }
        if widgets::menu_item(ui, common::RENAME).clicked() {
            let question = Question::Rename(contact.id(), contact.name.to_string());
            out.send(manage::Message::Ask(question));
        }
        if widgets::menu_item(ui, common::DELETE).clicked() {
            out.send(manage::Message::Ask(Question::Delete(contact.id())));
        }
    });
}
