//! What is beside our code: the picture, the state in big words, and the four steps.

use eframe::egui::{
    self, Align, Align2, Id, Label, Layout, Rect, Response, RichText, Role, Sense, Stroke, Ui,
    UiBuilder, WidgetInfo, accesskit::Live, pos2, vec2,
};

use super::{Message, Page, Parts};
use crate::gui::effect::Payloads;
use crate::gui::model::Model;
use crate::gui::picture;
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::{self, GAP, Palette};
use crate::gui::widgets::{self, Severity};
use crate::messages;
use crate::messages::Stage;
use crate::messages::card;
use crate::messages::window::pairing as words;
use crate::messages::window::{common, share};

/// The picture's height for a width of 1.
pub const PICTURE: f32 = 104.0 / 240.0;
/// The height of the names below the picture.
pub const NAMES: f32 = GAP * 2.5;
/// The height of the four steps in a row.
pub const STEPS: f32 = GAP * 6.0;

/// The two screens, and below them whose they are.
pub fn picture_ui(ui: &mut Ui, page: &Page, model: &Model, width: f32, names: bool) {
    let palette = theme::palette(ui.ctx());
    let stage = page.visible_stage(model.now);
    let top = ui.cursor().min;
    picture::scene(ui, width, page.scene(model.now), &palette, palette.page, stage.words());
    if !names {
        return;
    }
    let (row, _) = ui.allocate_exact_size(vec2(width, NAMES), Sense::hover());
    let theirs = match (page.peer_name(), stage) {
        (Some(name), _) => name,
        (None, Stage::Looking) => "?",
        (None, _) => words::THEM,
    };
    // Below the middle of each screen of the picture, and within the row.
    for (name, middle) in [(words::YOU, 33.0), (theirs, 207.0)] {
        let middle = top.x + width * middle / 240.0;
        let half = (middle - row.left()).min(row.right() - middle).max(width * 0.22);
        let place = Rect::from_x_y_ranges(middle - half..=middle + half, row.y_range());
        let layout = Layout::centered_and_justified(egui::Direction::LeftToRight);
        let name = RichText::new(name).font(theme::small()).color(palette.weak);
        let place = UiBuilder::new().max_rect(place).layout(layout);
        ui.new_child(place).add(Label::new(name).truncate());
    }
}

/// The state, which screen readers read out as it changes.
pub fn state_ui(ui: &mut Ui, stage: Stage) -> Response {
    let large = theme::state();
    let room = ui.available_width();
    let colour = theme::palette(ui.ctx()).text;
    let needed = ui.painter().layout_no_wrap(stage.words().to_owned(), large.clone(), colour);
    let font = if needed.size().x <= room { large } else { theme::heading() };
    let words = widgets::heading_with_focus(ui, RichText::new(stage.words()).font(font), 1);
    announce(ui, words.id, Live::Polite);
    words
}

fn announce(ui: &Ui, id: Id, live: Live) {
    ui.ctx().accesskit_node_builder(id, |node| node.set_live(live));
}

/// What to do now; or what has happened, or how much was read.
pub fn line_ui(ui: &mut Ui, page: &Page, model: &Model, brief: bool, out: &mut Outbox<Message>) {
    let now = model.now;
    let stage = page.visible_stage(now);
    if let Some(notice) = page.notice(now) {
        told_ui(ui, page.words_of(notice), brief);
        if let Some(foreign) = page.foreign.as_ref().filter(|_| notice.is_foreign)
            && widgets::link(ui, words::WHAT_IS_IT).clicked()
        {
            out.go(Route::WhatIs(Payloads(vec![foreign.payload.clone()])));
        }
    } else if page.may_confirm {
        let peer = page.peer_name().unwrap_or(words::THE_OTHER_DEVICE);
        told_ui(ui, &messages::window::contact::unconfirmed(peer), brief);
        // Below a strip it is in the bar.
        if !brief {
            confirm_ui(ui, out);
        }
    } else if let Some(Parts { have, count }) = page.parts(now) {
        widgets::parts(ui, have, count, &words::part(have, count));
    } else if let Some(hint) = page.hint(now) {
        told_ui(ui, hint, brief);
    } else {
        let peer = page.peer_name();
        let words =
            if brief { words::asks_briefly(stage).to_owned() } else { words::asks(stage, peer) };
        let colour = theme::palette(ui.ctx()).weak;
        ui.add(Label::new(RichText::new(words).color(colour)).wrap());
    }
}

/// The height of what is shared.
pub const SHARED: f32 = GAP * 3.0;

/// What the other device is told of this one, and the way to change it while nothing was
/// told. `brief`: in a bar.
pub fn shared_ui(ui: &mut Ui, page: &Page, stage: Stage, brief: bool, out: &mut Outbox<Message>) {
    let colour = theme::palette(ui.ctx()).weak;
    let words =
        if brief { share::you_share_briefly(&page.shared) } else { card::you_share(&page.shared) };
    let line = RichText::new(words).font(theme::small()).color(colour);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if stage == Stage::Looking {
            let change = widgets::small_link(ui, share::CHANGE);
            change.widget_info(|| {
                WidgetInfo::labeled(Role::Button, true, share::CHANGE_WHAT_IS_SHARED)
            });
            if change.clicked() {
                out.go(Route::Share { for_pairing: true });
            }
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.add(Label::new(line).truncate());
        });
    });
}

/// Something new, which screen readers read out.
fn told_ui(ui: &mut Ui, words: &str, brief: bool) {
    let font = if brief { theme::small_strong() } else { theme::strong() };
    let told = ui.add(Label::new(RichText::new(words).font(font)).wrap());
    announce(ui, told.id, Live::Polite);
}

/// A person sees that the other device has the key.
pub fn confirm_ui(ui: &mut Ui, out: &mut Outbox<Message>) {
    if widgets::primary(ui, common::SHOWS_SAME_KEY).clicked() {
        out.send(Message::Confirm);
    }
}

/// How a step looks, and what it is to a screen reader.
fn step(step: Stage, now: Stage) -> (Severity, &'static str) {
    match (step.cmp(&now), step) {
        (std::cmp::Ordering::Less, _) => (Severity::Good, words::DONE),
        (std::cmp::Ordering::Greater, _) => (Severity::Waiting, words::NOT_YET),
        (std::cmp::Ordering::Equal, Stage::Seen) => (Severity::Half, words::NOW),
        (std::cmp::Ordering::Equal, _) => (Severity::Near, words::NOW),
    }
}

/// One of the four steps, for a screen reader as an item of a list.
fn step_ui(ui: &mut Ui, rect: Rect, this: Stage, now: Stage, content: impl FnOnce(&mut Ui)) {
    let (_, told) = step(this, now);
    let builder = UiBuilder::new()
        .id_salt(this)
        .max_rect(rect)
        .accessibility_role(egui::accesskit::Role::ListItem)
        .accessibility_label(format!("{}: {told}", this.step()));
    content(&mut ui.new_child(builder));
}

/// The colour of a step's shape, and how its word is written.
fn look(
    this: Stage,
    now: Stage,
    palette: &Palette,
) -> (egui::Color32, egui::FontId, egui::Color32) {
    let shape = if this <= now { palette.accent } else { palette.weak };
    if this == now {
        (shape, theme::small_strong(), palette.text)
    } else {
        (shape, theme::small(), palette.weak)
    }
}

const SHAPE: f32 = 20.0;

/// The four steps beside each other, joined by lines.
pub fn steps_row_ui(ui: &mut Ui, now: Stage) {
    let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), STEPS), Sense::hover());
    let palette = theme::palette(ui.ctx());
    let y = row.top() + SHAPE / 2.0;
    let x = |step: usize| row.left() + row.width() * (0.07 + 0.285 * step as f32);
    for (n, this) in Stage::ALL.into_iter().enumerate().skip(1) {
        let (reached, width) =
            if this <= now { (palette.accent, 2.0) } else { (palette.line, 1.5) };
        let ends = x(n - 1) + SHAPE * 0.6..=x(n) - SHAPE * 0.6;
        ui.painter().hline(ends, y, Stroke::new(width, reached));
    }
    widgets::list(ui, words::STEPS, |ui| {
        for (n, this) in Stage::ALL.into_iter().enumerate() {
            let shape = Rect::from_center_size(pos2(x(n), y), vec2(SHAPE, SHAPE));
            let (colour, font, ink) = look(this, now, &palette);
            step_ui(ui, shape, this, now, |ui| {
                widgets::mark(ui, step(this, now).0, SHAPE, colour, palette.page);
            });
            // The words of the first and the last may reach past their shapes.
            let words = ui.painter().layout_no_wrap(this.step().to_owned(), font, ink);
            let half = words.size().x / 2.0;
            let middle = x(n).clamp(row.left() + half - GAP, row.right() - half + GAP);
            let at = Align2::CENTER_TOP.align_size_within_rect(
                words.size(),
                Rect::from_x_y_ranges(middle - half..=middle + half, y + 16.0..=row.bottom()),
            );
            ui.painter().galley(at.min, words, ink);
        }
    });
}

/// The four steps below each other; only their shapes where there is no room for words.
pub fn steps_list_ui(ui: &mut Ui, now: Stage, words: bool) {
    let palette = theme::palette(ui.ctx());
    let (line, apart) = if words { (26.0, 0.0) } else { (SHAPE, SHAPE + GAP) };
    let size = if words { vec2(ui.available_width(), 4.0 * line) } else { vec2(apart * 4.0, line) };
    let (all, _) = ui.allocate_exact_size(size, Sense::hover());
    widgets::list(ui, words::STEPS, |ui| {
        for (n, this) in Stage::ALL.into_iter().enumerate() {
            let n = n as f32;
            let corner = all.min + if words { vec2(0.0, line * n) } else { vec2(apart * n, 0.0) };
            let shape =
                Rect::from_min_size(corner + vec2(0.0, (line - 16.0) / 2.0), vec2(16.0, 16.0));
            let (colour, font, ink) = look(this, now, &palette);
            step_ui(ui, shape, this, now, |ui| {
                widgets::mark(ui, step(this, now).0, 16.0, colour, palette.page);
            });
            if words {
                let at = pos2(shape.right() + GAP, corner.y + line / 2.0);
                ui.painter().text(at, Align2::LEFT_CENTER, this.step(), font, ink);
            }
        }
    });
}

/// Leaves, and the sheet of what helps.
pub fn buttons_ui(ui: &mut Ui, page: &Page, model: &Model, brief: bool, out: &mut Outbox<Message>) {
    ui.horizontal(|ui| {
        if widgets::button(ui, common::CANCEL).clicked() {
            out.go(Route::Back);
        }
        if brief && page.looks_by_hand(model) {
            let again = words::LOOK_AT_THE_SCREEN_AGAIN;
            if widgets::named(ui, words::LOOK_AGAIN, again).clicked() {
                out.send(Message::LookAgain);
            }
        }
        if !brief {
            widgets::weak(ui, words::ESC);
        } else if page.may_confirm && page.notice.is_none() {
            confirm_ui(ui, out);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let text = words::NOT_WORKING;
            let button = if brief { widgets::button(ui, text) } else { widgets::link(ui, text) };
            if button.clicked() {
                out.send(Message::NotWorking(true));
            }
            if brief && !page.may_confirm {
                let stage = page.visible_stage(model.now);
                shared_ui(ui, page, stage, true, out);
            }
        });
    });
}
