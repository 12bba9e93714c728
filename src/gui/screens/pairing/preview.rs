//! What the camera sees, and which camera it is.

use eframe::egui::{Align, Button, Label, Layout, Rect, RichText, Ui, UiBuilder, Vec2};

use super::{CameraState, Message, Page, Sheet};
use crate::gui::code::Textures;
use crate::gui::model::{FrameSourceChoice, Model};
use crate::gui::route::Outbox;
use crate::gui::theme::{self, GAP};
use crate::gui::widgets;
use crate::messages;
use crate::messages::window::common;
use crate::messages::window::pairing as words;

/// The height of the words below a preview, in points.
pub const CAPTION: f32 = GAP * 2.5;

/// The preview in a box, dark in every theme, and below it what it is of.
pub fn preview_ui(
    ui: &mut Ui,
    size: Vec2,
    page: &Page,
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    let (outer, _) = ui.allocate_exact_size(size, eframe::egui::Sense::hover());
    let palette = theme::DARK;
    ui.painter().rect_filled(outer, 12.0, palette.raised);
    let inner = outer.shrink(GAP / 2.0);
    match (&page.camera, &page.frame) {
        (CameraState::Failed(error), _) => {
            let problem = messages::window::explain(error);
            centred(ui, inner.shrink(GAP), |ui| {
                let what = RichText::new(&problem.what).font(theme::strong());
                ui.add(Label::new(what.color(palette.attention)).wrap());
                let advice = RichText::new(&problem.advice).font(theme::small());
                ui.add(Label::new(advice.color(palette.text)).wrap());
                // Where there is none the sheet has it.
                let again = RichText::new(common::TRY_AGAIN).color(palette.accent);
                if page.sheet != Some(Sheet::NoCamera)
                    && ui.add(Button::new(again).frame(false)).clicked()
                {
                    out.send(Message::Retry);
                }
            });
        }
        (_, Some(frame)) => {
            let mut ui = ui.new_child(UiBuilder::new().max_rect(inner));
            let (number, mirror) = (page.frame_number, model.is_preview_mirrored());
            textures.preview_ui(&mut ui, frame, number, inner.size(), mirror, palette.gold);
        }
        (camera, None) => {
            let screen = model.frame_source == FrameSourceChoice::Screen;
            let text = match camera {
                CameraState::Starting if screen => words::LOOKING_AT_THE_SCREEN,
                CameraState::Off if screen => words::NO_PICTURE_WAS_TAKEN,
                CameraState::Starting => common::STARTING_THE_CAMERA,
                CameraState::Off => words::THE_CAMERA_IS_OFF,
                CameraState::Running(_) | CameraState::Failed(_) => words::NOTHING_IN_VIEW_YET,
            };
            centred(ui, inner, |ui| {
                ui.label(RichText::new(text).font(theme::small()).color(palette.weak));
            });
        }
    }
    if page.looks_by_hand(model) {
        if widgets::small_link(ui, words::LOOK_AT_THE_SCREEN_AGAIN).clicked() {
            out.send(Message::LookAgain);
        }
        return;
    }
    let colour = theme::palette(ui.ctx()).weak;
    let caption = RichText::new(caption(page, model)).font(theme::small()).color(colour);
    ui.add(Label::new(caption).truncate());
}

fn centred(ui: &mut Ui, rect: Rect, content: impl FnOnce(&mut Ui)) {
    let id = ui.scope_id().with("height of what is in the box");
    let height: f32 = ui.data(|data| data.get_temp(id)).unwrap_or(GAP * 2.0);
    let above = ((rect.height() - height) / 2.0).max(0.0);
    let rect = rect.with_min_y(rect.top() + above);
    let layout = Layout::top_down(Align::Center);
    let mut inside = ui.new_child(UiBuilder::new().max_rect(rect).layout(layout));
    inside.spacing_mut().item_spacing.y = GAP / 2.0;
    content(&mut inside);
    let used = inside.min_rect().height();
    if (used - height).abs() > 0.5 {
        ui.data_mut(|data| data.insert_temp(id, used));
        ui.ctx().request_discard("a height that was not known");
    }
}

fn caption(page: &Page, model: &Model) -> String {
    match &model.frame_source {
        FrameSourceChoice::Watch(path) => words::watching(path),
        FrameSourceChoice::Screen => words::WATCHING_THIS_SCREEN.to_owned(),
        FrameSourceChoice::Camera => {
            let running = match &page.camera {
                CameraState::Running(info) => Some(info.name.as_str()),
                _ => None,
            };
            let chosen = || model.settings.camera.as_deref();
            let first = || model.cameras.first().map(|camera| camera.name.as_str());
            let name = running.filter(|name| !name.is_empty()).or_else(chosen).or_else(first);
            let name = name.unwrap_or(common::CAMERA);
            if model.is_preview_mirrored() { words::mirrored(name) } else { name.to_owned() }
        }
    }
}

/// Which camera, where there are several.
pub fn cameras_ui(ui: &mut Ui, model: &Model, out: &mut Outbox<Message>) {
    let names: Vec<&str> = model.cameras.iter().map(|camera| camera.name.as_str()).collect();
    if names.len() < 2 {
        widgets::weak(ui, words::NO_OTHER_CAMERA_WAS_FOUND);
    } else {
        let chosen = model.settings.camera.as_deref();
        let chosen = names.iter().position(|name| Some(*name) == chosen).unwrap_or(0);
        if let Some(choice) = widgets::select(ui, common::CAMERA, &names, chosen)
            && let Some(name) = names.get(choice)
        {
            out.send(Message::UseCamera((*name).to_owned()));
        }
    }
    ui.horizontal_wrapped(|ui| {
        if widgets::button(ui, words::LOOK_AGAIN).clicked() {
            out.send(Message::Retry);
        }
        let mut mirror = model.settings.mirror;
        if ui.checkbox(&mut mirror, words::MIRROR_THE_PICTURE).changed() {
            out.send(Message::Mirror);
        }
    });
}
