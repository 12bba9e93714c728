//! The moment of success: the whole window says it, so that it is seen from two metres.

use std::time::Duration;

use eframe::egui::{
    Align, Button, CentralPanel, Color32, Event, FontId, Frame, Label, Layout, Margin, Rect,
    RichText, Stroke, StrokeKind, Ui, UiBuilder, accesskit::Live, vec2,
};

use super::{Message, Page};
use crate::gui::code::{ShownCode, Textures};
use crate::gui::focus::{self, Rank};
use crate::gui::picture::{self, Scene};
use crate::gui::route::Outbox;
use crate::gui::theme::{self, GAP, ON_SUCCESS, SUCCESS};
use crate::gui::widgets;
use crate::messages::Stage;
use crate::messages::window::common;
use crate::messages::window::pairing as words;

const COMPARE: &str = words::COMPARE_THE_CHECK_CODE;
/// How much of the height our code still takes.
const CODE: f32 = 0.6;
/// The picture's height for a width of 1.
const PICTURE: f32 = 104.0 / 240.0;
/// The height of the button.
const BUTTON: f32 = 46.0;

pub fn ui(
    ui: &mut Ui,
    page: &Page,
    now: Duration,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    let whole = ui.ctx().content_rect();
    ui.ctx().layer_painter(ui.layer_id()).rect_filled(whole, 0.0, SUCCESS);
    let frame = Frame::new().fill(SUCCESS).inner_margin(Margin::ZERO);
    CentralPanel::default().frame(frame).show(ui, |ui| {
        let all = ui.max_rect().shrink(GAP * 2.0);
        let left = match page.display() {
            None => all,
            Some(display) => {
                let side = (all.height() * CODE).min(all.width() * 0.42);
                let corner = all.right_center() - vec2(side, side / 2.0);
                let square = Rect::from_min_size(corner, vec2(side, side));
                code_ui(ui, square, ShownCode::of(display), textures, page);
                all.with_max_x(square.left() - GAP * 2.0)
            }
        };
        words_ui(ui, left, page, now, out);
    });
    // Whoever comes back to the keyboard and just types goes on, too.
    if ui.input(|input| input.events.iter().any(|event| matches!(event, Event::Text(_)))) {
        out.send(Message::Compare);
    }
}

fn code_ui(ui: &mut Ui, square: Rect, shown: ShownCode<'_>, textures: &mut Textures, page: &Page) {
    let mut inside = ui.new_child(UiBuilder::new().max_rect(square));
    textures.code_ui(&mut inside, shown, square.width(), common::OUR_CODE);
    let below =
        square.translate(vec2(0.0, square.height() + GAP)).with_max_y(ui.max_rect().bottom());
    let layout = Layout::top_down(Align::Center);
    let mut below = ui.new_child(UiBuilder::new().max_rect(below).layout(layout));
    let words = words::may_still_be_reading(&page.pairing.saved.contact_name);
    widgets::words(&mut below, RichText::new(words).font(theme::small()).color(ON_SUCCESS.weak));
}

/// The picture, the words and the way on, in the middle of `room`.
fn words_ui(ui: &mut Ui, room: Rect, page: &Page, now: Duration, out: &mut Outbox<Message>) {
    let width = room.width();
    let height_of = |ui: &Ui, text: &str, font: FontId| {
        ui.painter().layout(text.to_owned(), font, Color32::WHITE, width).size().y
    };
    let large = theme::same_key();
    let words = Stage::SameKey.words();
    let wide =
        ui.painter().layout_no_wrap(words.to_owned(), large.clone(), Color32::WHITE).size().x;
    let font = if wide <= width { large } else { theme::heading() };
    let body = FontId::proportional(16.0);
    let shared = words::same_key(&page.pairing.saved.contact_name);
    let lines = [shared.as_str(), words::TURN_BACK];
    let text: f32 = lines.iter().map(|line| height_of(ui, line, body.clone()) + GAP / 2.0).sum();
    let rest = height_of(ui, words, font.clone()) + text + BUTTON + 6.0 * GAP;
    let picture = ((room.height() - rest) / PICTURE).clamp(0.0, (width * 0.8).min(room.height()));
    let height = rest + picture * PICTURE;
    let block = Rect::from_center_size(room.center(), vec2(width, height.min(room.height())));
    let layout = Layout::top_down(Align::Center);
    let mut ui = ui.new_child(UiBuilder::new().max_rect(block).layout(layout));
    let ui = &mut ui;
    ui.spacing_mut().item_spacing.y = GAP / 2.0;
    if picture > 60.0 {
        let scene = Scene::SameKey { closed: page.closed(now) };
        picture::scene(ui, picture, scene, &ON_SUCCESS, SUCCESS, words);
        ui.add_space(GAP * 1.5);
    }
    let told = RichText::new(words).font(font).color(ON_SUCCESS.text);
    let told = widgets::heading_with_focus(ui, told, 1);
    ui.ctx().accesskit_node_builder(told.id, |node| node.set_live(Live::Polite));
    widgets::words(ui, RichText::new(shared).font(body.clone()).color(ON_SUCCESS.weak));
    let turn = RichText::new(words::TURN_BACK).font(body).color(ON_SUCCESS.weak);
    ui.add(Label::new(turn).wrap());
    ui.add_space(GAP * 2.0);
    if compare_ui(ui) {
        out.send(Message::Compare);
    }
}

/// The one button, white on blue.
fn compare_ui(ui: &mut Ui) -> bool {
    let text = RichText::new(COMPARE).font(theme::strong()).color(ON_SUCCESS.on_accent);
    let button = Button::new(text).fill(ON_SUCCESS.accent).stroke(Stroke::NONE);
    let response = ui.add(button.min_size(vec2(0.0, BUTTON)));
    if response.has_focus() {
        let ring = Stroke::new(2.0, ON_SUCCESS.text);
        ui.painter().rect_stroke(response.rect.expand(4.0), 12.0, ring, StrokeKind::Inside);
    }
    focus::offer(ui, Rank::Filled, &response);
    response.clicked() || focus::entered(ui)
}
