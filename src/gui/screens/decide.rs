//! Deciding about a contact that came under the name of another: both side by side.
//! Nothing is chosen beforehand, and leaving decides nothing.

use eframe::egui::epaint::RoundedRect;
use eframe::egui::epaint::tessellator::path;
use eframe::egui::{Color32, Frame, Id, Rect, RichText, Shape, Stroke, StrokeKind, Ui};

use super::verify;

use crate::gui::effect::{Effect, ProfileCommand};
use crate::gui::icons;
use crate::gui::model::{ContactView, Model};
use crate::gui::picture;
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::{self, GAP};
use crate::gui::widgets::{self, Severity};
use crate::messages;
use crate::messages::window::common;
use crate::messages::window::decide as words;
use keyglance_core::contacts::{ContactId, Name};
use keyglance_core::crypto::KeyId;
use keyglance_core::text::other_letters;
use keyglance_core::trust::Trust;
use keyglance_profile::Decision;

#[derive(Debug)]
pub struct Page {
    /// The contact that came.
    pub new: ContactId,
    /// What somebody else is to be called, while it is typed.
    name: Option<String>,
    problem: Option<String>,
}

#[derive(Debug)]
pub enum Message {
    /// It is theirs.
    Theirs(Decision),
    Name(Option<String>),
    SomebodyElse,
    Block,
}

impl Page {
    /// A field is another page than the choices.
    pub const fn place(&self) -> bool {
        self.name.is_some()
    }

    /// Whether something was typed that would be lost.
    pub fn is_changed(&self) -> bool {
        self.name.as_ref().is_some_and(|name| !name.is_empty())
    }

    pub const fn new(new: ContactId) -> Self {
        Self { new, name: None, problem: None }
    }
}

pub fn update(page: &mut Page, model: &Model, message: Message) -> Vec<Effect> {
    let Some(view) = model.contacts.get(page.new) else { return Vec::new() };
    let decide = |decision| ProfileCommand::Decide(page.new, decision).into();
    match message {
        Message::Theirs(decision) => vec![decide(decision), Effect::Go(next(view))],
        Message::Name(name) => {
            page.name = name;
            page.problem = None;
            Vec::new()
        }
        Message::SomebodyElse => {
            let text = page.name.as_deref().unwrap_or_default();
            match another_name(text, model, view) {
                Ok(name) => vec![decide(Decision::SomebodyElse(name)), Effect::Go(next(view))],
                Err(problem) => {
                    page.problem = Some(problem);
                    Vec::new()
                }
            }
        }
        Message::Block => vec![decide(Decision::Block), Effect::Go(Route::Home)],
    }
}

/// A name that nobody else has.
fn another_name(text: &str, model: &Model, view: &ContactView) -> Result<Name, String> {
    let name: Name =
        text.parse().map_err(|error| messages::window::names::refused_name(text, error))?;
    let others = model.contacts.contacts.iter().map(|other| &other.contact);
    match others.into_iter().find(|o| o.id() != view.contact.id() && o.name.is_same(&name)) {
        Some(other) => Err(messages::window::names::name_taken(&other.name)),
        None => Ok(name),
    }
}

/// Where the new one is compared: by its check code where there is one, else by its
/// safety number.
fn next(view: &ContactView) -> Route {
    if let Trust::Verified(_) = view.contact.trust() {
        return Route::Contact(view.contact.id());
    }
    let waiting = |key: &&crate::gui::model::KeyView| key.comparison.is_some();
    let key: Option<KeyId> = view.keys.iter().find(waiting).map(|key| key.id);
    key.map_or(Route::Verify(view.contact.id()), Route::Compare)
}

pub fn ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    widgets::page(ui, |ui| {
        if widgets::back(ui, common::HOME).clicked() {
            out.go(Route::Back);
        }
        let conflict = model
            .contacts
            .get(page.new)
            .and_then(|view| Some((view, view.contact.name_conflict.as_ref()?)));
        let Some((new, conflict)) = conflict else {
            widgets::heading(ui, words::NOTHING_TO_DECIDE);
            return;
        };
        let known = model.contacts.get(conflict.id);
        let name = known.map_or(conflict.name.as_str(), |known| known.contact.name.as_str());
        title_ui(ui, name, new);
        ui.add_space(GAP);
        cards_ui(ui, model, known, new);
        ui.add_space(GAP);
        choices_ui(ui, page, out);
        ui.add_space(GAP);
        let palette = theme::palette(ui.ctx());
        ui.label(RichText::new(words::COMPARING).color(palette.weak));
        if page.name.is_none() && widgets::small_link(ui, words::SOMEBODY_ELSE).clicked() {
            out.send(Message::Name(Some(String::new())));
        }
        widgets::weak(ui, words::ESC_LATER);
    });
}

fn title_ui(ui: &mut Ui, name: &str, new: &ContactView) {
    const SHAPE: f32 = 32.0;
    let palette = theme::palette(ui.ctx());
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = GAP * 1.5;
        widgets::shape(ui, Severity::Problem, SHAPE);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = GAP / 2.0;
            let title = words::title(name);
            widgets::heading_with_focus(ui, RichText::new(title).heading(), 1);
            ui.label(RichText::new(words::ABOUT).color(palette.weak));
            let letters = other_letters(name, &new.contact.suggested_name);
            if !letters.is_empty() {
                widgets::warning(ui, &messages::window::names::other_letters(&letters));
            }
        });
    });
}

/// Both side by side, each as high as the other.
fn cards_ui(ui: &mut Ui, model: &Model, known: Option<&ContactView>, new: &ContactView) {
    let palette = theme::palette(ui.ctx());
    let id = Id::unique(("heights of", new.contact.id()));
    let least: f32 = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let least = if widgets::is_narrow(ui) { 0.0 } else { least };
    let (mut left, mut right) = (0.0, 0.0);
    widgets::two_columns(
        ui,
        GAP * 2.0,
        |ui| {
            let card = Card {
                title: words::THE_KEY_YOU_KNOW,
                line: known.map_or_else(
                    || (Severity::Waiting, words::YOU_HAVE_DELETED_IT.to_owned()),
                    |known| {
                        let verdict = known.verdict();
                        let words = messages::window::contact::verdict(verdict);
                        (Severity::of_verdict(verdict), words)
                    },
                ),
                view: known,
                colour: palette.text,
                icon: (icons::LOCK_OPEN, palette.accent),
                foot: in_use(known),
                foot_colour: palette.text,
                is_dashed: false,
            };
            left = card.ui(ui, least);
        },
        |ui| {
            let verdict = new.contact.trust();
            let day = messages::window::day_or_today(new.contact.since, model.contacts.read_at);
            let card = Card {
                title: words::THE_NEW_KEY,
                line: match verdict {
                    Trust::Verified(_) | Trust::Broken => {
                        (Severity::of(verdict), messages::trust(verdict).to_owned())
                    }
                    Trust::Unverified | Trust::SeenByCamera => {
                        (Severity::Waiting, words::never_compared(&day))
                    }
                },
                view: Some(new),
                colour: palette.weak,
                icon: (icons::LOCK, palette.attention),
                foot: words::HELD_BACK,
                foot_colour: palette.attention,
                is_dashed: true,
            };
            right = card.ui(ui, least);
        },
    );
    let higher = f32::max(left, right);
    if !widgets::is_narrow(ui) && (higher - least).abs() > 0.5 {
        ui.data_mut(|data| data.insert_temp(id, higher));
        ui.ctx().request_discard("cards of one height");
    }
}

/// Whether the key that is known can be used, which the conflict does not change.
fn in_use(known: Option<&ContactView>) -> &'static str {
    match known.and_then(ContactView::best) {
        Some(key) if key.refusal.is_none() => words::IN_USE,
        Some(_) => words::NOT_IN_USE,
        None => words::THERE_IS_NO_KEY,
    }
}

struct Card<'a> {
    title: &'static str,
    line: (Severity, String),
    view: Option<&'a ContactView>,
    /// Of the digits.
    colour: Color32,
    icon: (&'static str, Color32),
    foot: &'static str,
    foot_colour: Color32,
    is_dashed: bool,
}

impl Card<'_> {
    /// Draws it, at least this high within its margins. Gives how high it would be by itself.
    fn ui(self, ui: &mut Ui, least: f32) -> f32 {
        let palette = theme::palette(ui.ctx());
        let frame = Frame::new().fill(palette.raised).corner_radius(20).inner_margin(24);
        let shown = frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            let top = ui.cursor().top();
            ui.horizontal_top(|ui| {
                if let Some(view) = self.view {
                    picture::contact(ui, 64.0, &view.picture);
                }
                ui.add_space(GAP);
                ui.vertical(|ui| {
                    ui.spacing_mut().item_spacing.y = GAP / 2.0;
                    ui.add_space(GAP);
                    widgets::heading_with_focus(
                        ui,
                        RichText::new(self.title).font(theme::section()),
                        2,
                    );
                    let (severity, words) = &self.line;
                    widgets::state_line(ui, *severity, words, palette.weak);
                });
            });
            ui.add_space(GAP * 1.5);
            if let Some(view) = self.view {
                ui.spacing_mut().item_spacing.y = GAP / 2.0;
                ui.vertical_centered(|ui| {
                    for row in verify::rows_of(&view.safety_number) {
                        let size = widgets::digits_that_fit(ui);
                        widgets::digits(ui, &row, size, self.colour);
                    }
                });
            }
            ui.add_space(GAP * 2.0);
            ui.horizontal_top(|ui| {
                let (icon, colour) = self.icon;
                widgets::label_silent(ui, icon, theme::icon(20.0), colour);
                let text = RichText::new(self.foot).font(theme::strong()).color(self.foot_colour);
                widgets::words(ui, text);
            });
            let used = ui.cursor().top() - top;
            ui.add_space((least - used).max(0.0));
            used
        });
        outline(ui, shown.response.rect, self.is_dashed);
        shown.inner
    }
}

/// Solid around what is in use, dashed around what is not yet.
fn outline(ui: &Ui, rect: Rect, is_dashed: bool) {
    let palette = theme::palette(ui.ctx());
    let rect = rect.shrink(1.0);
    if !is_dashed {
        let line = Stroke::new(2.0, palette.accent);
        ui.painter().rect_stroke(rect, 20.0, line, StrokeKind::Middle);
        return;
    }
    let mut points = Vec::new();
    path::rounded_rectangle(&mut points, RoundedRect::new(rect, 20.0));
    points.extend(points.first().copied());
    let line = Stroke::new(1.5, palette.line);
    ui.painter().extend(Shape::dashed_line(&points, line, 7.0, 6.0));
}

fn choices_ui(ui: &mut Ui, page: &Page, out: &mut Outbox<Message>) {
    if let Some(name) = &page.name {
        let mut name = name.clone();
        if widgets::field(ui, words::WHAT_TO_CALL_THEM, &mut name).changed() {
            out.send(Message::Name(Some(name)));
        }
        if let Some(problem) = &page.problem {
            widgets::warning(ui, problem);
        }
        ui.horizontal_wrapped(|ui| {
            if widgets::primary(ui, common::COMPARE).clicked() {
                out.send(Message::SomebodyElse);
            }
            if widgets::button(ui, common::CANCEL).clicked() {
                out.send(Message::Name(None));
            }
        });
        return;
    }
    // Enter does nothing here: the heading has the focus, and no button is the usual one.
    const NEW: &str = words::THEIR_NEW_DEVICE;
    const BOTH: &str = words::TWO_DEVICES;
    const BLOCK: &str = words::BLOCK;
    let body = eframe::egui::TextStyle::Body.resolve(ui.style());
    let width = |ui: &Ui, text| widgets::button_width(ui, text, body.clone());
    let all = widgets::button_width(ui, NEW, theme::strong()) + width(ui, BOTH) + width(ui, BLOCK);
    let room = ui.available_width() - all - 2.0 * GAP;
    let mut buttons = |ui: &mut Ui| {
        if widgets::filled(ui, true, NEW).clicked() {
            out.send(Message::Theirs(Decision::NewDevice));
        }
        if widgets::button(ui, BOTH).clicked() {
            out.send(Message::Theirs(Decision::AnotherDevice));
        }
        if room > 0.0 {
            ui.add_space(room);
        }
        if widgets::attention(ui, BLOCK).clicked() {
            out.send(Message::Block);
        }
    };
    if room > 0.0 {
        ui.horizontal(buttons);
    } else {
        ui.horizontal_wrapped(|ui| buttons(ui));
    }
}
