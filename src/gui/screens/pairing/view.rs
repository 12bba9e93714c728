//! How pairing looks: our code as large as the window allows, and beside it how far the
//! pairing has come.

use eframe::egui::{
    Align, CentralPanel, Context, Frame, Layout as Flow, Margin, Rect, RichText, Stroke,
    StrokeKind, Ui, UiBuilder, accesskit::Live, vec2,
};

use super::layout::{EDGE, Form, Layout};
use super::{Message, Page, PairingEnd, column, preview, sheet};
use crate::gui::code::{ShownCode, Textures};
use crate::gui::model::Model;
use crate::gui::picture::{self, Scene};
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::{self, GAP, Palette};
use crate::gui::widgets::{self, Severity};
use crate::messages::window::common;
use crate::messages::window::pairing as words;
use crate::messages::{Notification, Stage};

pub fn ui(
    ui: &mut Ui,
    page: &Page,
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    if let Some(end) = &page.end {
        end_ui(ui, page, end, out);
        return;
    }
    if !page.has_code() {
        widgets::page(ui, |ui| widgets::status(ui, Severity::Waiting, words::MAKING_A_NEW_KEY));
        return;
    }
    let frame = Frame::central_panel(ui.style()).inner_margin(Margin::ZERO);
    CentralPanel::default().frame(frame).show(ui, |ui| {
        let layout = Layout::new(ui.max_rect());
        match layout.form {
            Form::Column => {
                part(ui, layout.column, |ui| column_ui(ui, page, model, textures, out));
            }
            Form::Strip => {
                part(ui, layout.column, |ui| strip_ui(ui, page, model, out));
                part(ui, layout.bar, |ui| column::buttons_ui(ui, page, model, true, out));
            }
        }
        code_ui(ui, page, textures, &layout);
        if page.has_edge(model.now) {
            edge_ui(ui.ctx(), ui);
        }
    });
    if let Some(which) = page.sheet {
        sheet::ui(ui.ctx(), which, page, model, textures, out);
    }
}

/// Draws in a place of its own, wherever the last widget was.
fn part<R>(ui: &mut Ui, rect: Rect, content: impl FnOnce(&mut Ui) -> R) -> R {
    content(&mut ui.new_child(UiBuilder::new().max_rect(rect)))
}

/// Our code, and below it why it does not stand still.
fn code_ui(ui: &mut Ui, page: &Page, textures: &mut Textures, layout: &Layout) {
    let square = layout.code;
    let shown = ShownCode::of(&page.display);
    let count = shown.count();
    part(ui, square, |ui| textures.code_ui(ui, shown, square.width(), common::OUR_CODE));
    let below = Rect::from_min_max(square.left_bottom(), ui.max_rect().right_bottom())
        .with_max_x(square.right())
        .with_max_y(ui.max_rect().bottom() - EDGE);
    let words = words::shown_in_parts(count);
    if count > 1 && layout.form == Form::Column && below.height() >= 14.0 {
        let flow = Flow::top_down(Align::Center);
        let below = UiBuilder::new().max_rect(below).layout(flow);
        widgets::weak(&mut ui.new_child(below), &words);
    }
}

/// They are in view: so much is seen from afar, and from behind the keyboard.
fn edge_ui(ctx: &Context, ui: &Ui) {
    let stroke = Stroke::new(EDGE, theme::palette(ctx).accent);
    let whole = ctx.layer_painter(ui.layer_id());
    whole.rect_stroke(ctx.content_rect(), 0.0, stroke, StrokeKind::Inside);
}

/// From the top and from the bottom; what is left between them is the preview's.
fn column_ui(
    ui: &mut Ui,
    page: &Page,
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    let all = ui.max_rect();
    let width = all.width();
    let (picture, preview) = (width * column::PICTURE, width * 9.0 / 16.0);
    let words = column::NAMES + 48.0 + 48.0 + column::SHARED + 5.0 * GAP;
    let foot = preview::CAPTION + column::STEPS + theme::CONTROL + 4.0 * GAP;
    let natural = picture + words + preview + foot;
    let block = Rect::from_center_size(all.center(), vec2(width, natural.min(all.height())));
    let top = part(ui, block, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        column::picture_ui(ui, page, model, width, true);
        ui.add_space(GAP);
        column::state_ui(ui, page.visible_stage(model.now));
        ui.add_space(GAP);
        ui.spacing_mut().item_spacing.y = GAP / 2.0;
        // As high with few words as with many, so that the rest stays where it is.
        let line = ui.scope(|ui| column::line_ui(ui, page, model, false, out)).response.rect;
        ui.add_space((48.0 - line.height()).max(0.0));
        let row = Rect::from_min_size(ui.cursor().min, vec2(width, column::SHARED));
        let stage = page.visible_stage(model.now);
        part(ui, row, |ui| column::shared_ui(ui, page, stage, false, out));
        row.bottom()
    });
    let below = block.with_min_y(block.bottom() - foot);
    let room = (below.top() - top - GAP).clamp(0.0, preview);
    let seen = Rect::from_min_max(below.min - vec2(0.0, room), block.max);
    part(ui, seen, |ui| {
        ui.spacing_mut().item_spacing.y = GAP / 2.0;
        preview::preview_ui(ui, vec2(width, room), page, model, textures, out);
    });
    part(ui, below.with_min_y(below.top() + preview::CAPTION + 2.0 * GAP), |ui| {
        column::steps_row_ui(ui, page.visible_stage(model.now));
        ui.add_space(GAP);
        column::buttons_ui(ui, page, model, false, out);
    });
}

/// Where there is no room for a column: no names, no preview, few words.
fn strip_ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    let all = ui.max_rect();
    let stage = page.visible_stage(model.now);
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.add_space(GAP);
    column::picture_ui(ui, page, model, all.width().min(240.0), false);
    ui.add_space(GAP);
    column::state_ui(ui, stage);
    ui.add_space(GAP / 2.0);
    column::line_ui(ui, page, model, true, out);
    ui.add_space(GAP);
    let room = all.bottom() - ui.min_rect().bottom();
    if room >= 20.0 {
        column::steps_list_ui(ui, stage, room >= 4.0 * 26.0 + GAP);
    }
}

/// A palette for what has stopped.
fn dimmed(palette: &Palette) -> Palette {
    Palette {
        our_screen: palette.line,
        their_screen: palette.line,
        on_our_screen: palette.page,
        on_their_screen: palette.page,
        gold: palette.hair,
        ..*palette
    }
}

/// Over without a key: our code is gone, and the camera is off.
fn end_ui(ui: &mut Ui, page: &Page, end: &PairingEnd, out: &mut Outbox<Message>) {
    let paused = page.title() == words::TITLE_PAUSED;
    let (Notification { what, advice }, again) = match end {
        PairingEnd::Failed(error) => words::pairing_failed(*error, page.kept_locked),
        PairingEnd::NotStored(why) => (words::not_saved(why), common::START_AGAIN),
    };
    widgets::page_centred(ui, |ui| {
        let palette = theme::palette(ui.ctx());
        let scene = match page.stage {
            Stage::Looking => Scene::Looking { step: 0 },
            Stage::Seen => Scene::Seen { reach: 1.0 },
            Stage::Agreed | Stage::SameKey => Scene::Agreed { reach: 1.0 },
        };
        ui.vertical_centered(|ui| {
            if !widgets::is_narrow(ui) {
                picture::scene(ui, 240.0, scene, &dimmed(&palette), palette.page, "");
                ui.add_space(GAP * 2.0);
            }
            let font = if what.len() < 12 { theme::state() } else { theme::heading() };
            let colour = if paused { palette.text } else { palette.attention };
            if !paused {
                widgets::shape(ui, Severity::Problem, 32.0);
            }
            let words = RichText::new(&what).font(font).color(colour);
            let words = widgets::heading_with_focus(ui, words, 1);
            let live = if paused { Live::Polite } else { Live::Assertive };
            ui.ctx().accesskit_node_builder(words.id, |node| node.set_live(live));
            ui.add_space(GAP / 2.0);
            ui.label(&advice);
            ui.add_space(GAP * 2.0);
            if widgets::primary(ui, again).clicked() {
                out.send(Message::StartAgain);
            }
            ui.add_space(GAP / 2.0);
            if widgets::button(ui, common::CLOSE).clicked() {
                out.go(Route::Home);
            }
        });
    });
}
