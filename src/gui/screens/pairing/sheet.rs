//! words::NOT_WORKING: what helps, in one sheet, which leaves our code in view where it can.

use eframe::egui::{
    Align2, Color32, Context, Frame, Id, Key, Margin, Modal, Modifiers, Response, RichText,
    ScrollArea, Stroke, TextEdit, Ui, UiBuilder, accesskit, vec2,
};

use super::layout::{Form, Layout};
use super::{Message, Page, Sheet, preview};
use crate::gui::code::Textures;
use crate::gui::focus::{self, Rank};
use crate::gui::model::{FrameSourceChoice, Model};
use crate::gui::route::Outbox;
use crate::gui::theme::{self, GAP, MARGIN};
use crate::gui::widgets;
use crate::messages;
use crate::messages::window::common;
use crate::messages::window::pairing as words;

const TITLE: &str = words::NOT_WORKING;

pub fn ui(
    ctx: &Context,
    which: Sheet,
    page: &Page,
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    let palette = theme::palette(ctx);
    let all = ctx.content_rect();
    let layout = Layout::new(all);
    // Over the column, so that the other device still sees our code.
    let width = match layout.form {
        Form::Column => layout.code.left() - all.left() - 2.0 * GAP,
        Form::Strip => (all.width() - 4.0 * GAP).min(440.0),
    };
    let anchor = match layout.form {
        Form::Column => Align2::LEFT_TOP,
        Form::Strip => Align2::CENTER_TOP,
    };
    let margin = vec2(if anchor == Align2::LEFT_TOP { GAP } else { 0.0 }, GAP);
    let frame = Frame::new()
        .fill(palette.raised)
        .stroke(Stroke::new(1.0, palette.line))
        .corner_radius(20)
        .inner_margin(Margin::same(MARGIN));
    let id = Id::unique(TITLE);
    focus::over(ctx, id);
    let modal = Modal::new(id)
        .area(Modal::default_area(id).anchor(anchor, margin).accessible_name(TITLE))
        .backdrop_color(Color32::TRANSPARENT)
        .frame(frame)
        .show(ctx, |ui| {
            ui.set_width(width - 4.0 * GAP - 2.0);
            widgets::heading_with_focus(ui, RichText::new(TITLE).font(theme::section()), 2);
            let foot = theme::CONTROL + 2.0 * GAP;
            // Between the sheet and the window's edges, and within the sheet.
            let around = 2.0 * GAP + 2.0 * f32::from(MARGIN) + 2.0;
            let most = all.height() - around - ui.min_rect().height() - foot;
            // As high as the window, at once: a sheet that grows would do so pass by pass.
            let most = most.max(60.0);
            let area = ScrollArea::vertical().auto_shrink(false);
            area.min_scrolled_height(most).max_height(most).show(ui, |ui| {
                content_ui(ui, which, page, model, textures, out);
            });
            ui.add_space(GAP / 2.0);
            // What scrolls goes under it.
            let foot = UiBuilder::new().accessibility_role(accesskit::Role::Toolbar);
            let close = ui.scope_builder(foot, |ui| widgets::button(ui, common::CLOSE)).inner;
            focus::offer(ui, Rank::Card, &close);
            close.clicked()
        });
    let escape = ctx.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
    if modal.inner || escape || modal.backdrop_response.clicked() {
        out.send(Message::NotWorking(false));
    }
}

fn content_ui(
    ui: &mut Ui,
    which: Sheet,
    page: &Page,
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    // The column that would say it is below the sheet.
    if let Some(notice) = page.notice(model.now) {
        widgets::warning(ui, page.words_of(notice));
    }
    if which == Sheet::All {
        way(ui, words::ON_THE_OTHER_DEVICE);
        ui.label(words::OPEN_THERE_TOO);
        if Layout::new(ui.ctx().content_rect()).form == Form::Strip {
            let width = ui.available_width().min(240.0);
            let size = vec2(width, width * 9.0 / 16.0);
            preview::preview_ui(ui, size, page, model, textures, out);
        }
        way(ui, words::CLOSER_OR_FURTHER);
        let quality = page.quality.and_then(words::hint);
        ui.label(quality.unwrap_or(words::HALF_OF_THE_PICTURE));
        way(ui, words::DIM_THE_OTHER_SCREEN);
        ui.label(words::TOO_BRIGHT);
        ui.horizontal(|ui| {
            if widgets::named(ui, words::DARKER, words::OUR_CODE_DARKER).clicked() {
                out.send(Message::Brighten(-1));
            }
            if widgets::named(ui, words::BRIGHTER, words::OUR_CODE_BRIGHTER).clicked() {
                out.send(Message::Brighten(1));
            }
        });
        if model.frame_source == FrameSourceChoice::Camera {
            way(ui, words::ANOTHER_CAMERA);
            preview::cameras_ui(ui, model, out);
        }
    } else if let super::CameraState::Failed(error) = &page.camera {
        widgets::problem(ui, &messages::window::explain(error));
        if widgets::button(ui, common::TRY_AGAIN).clicked() {
            out.send(Message::Retry);
        }
    }
    way(ui, words::TAKE_TURNS);
    ui.label(words::ABOUT_TURNS);
    way(ui, words::NO_CAMERA);
    without_camera_ui(ui, page, out);
    ui.add_space(GAP);
    ui.label(words::WITH_A_NEW_KEY_ON_BOTH);
    if widgets::button(ui, common::START_AGAIN).clicked() {
        out.send(Message::StartAgain);
    }
}

fn way(ui: &mut Ui, title: &str) {
    ui.add_space(GAP / 2.0);
    widgets::heading_with_focus(ui, RichText::new(title).font(theme::strong()), 3);
}

/// The ways without a camera.
fn without_camera_ui(ui: &mut Ui, page: &Page, out: &mut Outbox<Message>) {
    ui.label(words::READ_THEIR_CODE_FROM);
    ui.horizontal_wrapped(|ui| {
        if widgets::button(ui, common::THIS_SCREEN).clicked() {
            out.send(Message::ScanScreen);
        }
        if widgets::button(ui, words::PICTURE).clicked() {
            out.send(Message::Open);
        }
        if widgets::button(ui, words::PASTE).clicked() {
            out.send(Message::Paste);
        }
    });
    if let Some(path) = &page.path {
        let mut path = path.clone();
        let field = line(ui, words::PATH_OF_A_PICTURE, &mut path);
        let entered = entered(ui, &field);
        if field.changed() {
            out.send(Message::Path(path));
        }
        if widgets::button(ui, words::READ_THIS_PICTURE).clicked() || entered {
            out.send(Message::UsePath);
        }
    }
    let mut text = page.text.clone();
    let field = line(ui, words::THEIR_CODE_AS_TEXT, &mut text);
    let entered_text = entered(ui, &field);
    if field.changed() {
        out.send(Message::Text(text));
    }
    if (widgets::button(ui, words::USE_THIS_TEXT).clicked() || entered_text)
        && !page.text.is_empty()
    {
        out.send(Message::UseText);
    }
    ui.add_space(GAP / 2.0);
    ui.label(words::SEND_THEM_OURS);
    ui.horizontal_wrapped(|ui| {
        if widgets::button(ui, words::COPY_OUR_CODE).clicked() {
            out.send(Message::Copy);
        }
        if widgets::button(ui, words::SAVE_OUR_CODE).clicked() {
            out.send(Message::Save);
        }
    });
    if let Some(path) = &page.save_path {
        let mut path = path.clone();
        if line(ui, words::SAVE_AS_PNG_OR_SVG, &mut path).changed() {
            out.send(Message::SavePath(path));
        }
        if widgets::button(ui, common::SAVE).clicked() {
            out.send(Message::UseSavePath);
        }
    }
    widgets::weak(ui, words::SEND_EACH_TIME);
}

/// A labelled line of text that does not ask for the focus of the sheet.
fn line(ui: &mut Ui, name: &str, text: &mut String) -> Response {
    let label = ui.label(name);
    let width = ui.available_width();
    ui.add(TextEdit::singleline(text).desired_width(width).margin(Margin::symmetric(12, 10)))
        .labelled_by(label.id)
}

fn entered(ui: &Ui, field: &Response) -> bool {
    field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}
