//! How pairing looks: our code as large as the window allows, and beside it
//! what the camera sees and how far the pairing has come.

use eframe::egui::{Align, ComboBox, Direction, Key, Layout, Response, TextStyle, Ui, vec2};

use super::{CameraState, Message, Page, PairingEnd, Parts, Stage};
use crate::gui::code::{ShownCode, Textures};
use crate::gui::model::{FrameSourceChoice, Model};
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::{self, GAP};
use crate::gui::widgets::{self, Severity};
use crate::messages;
use crate::messages::Notification;
use keyglance_capture::{CameraError, CaptureError};

pub fn ui(
    ui: &mut Ui,
    page: &Page,
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    if let Some(end) = &page.end {
        end_ui(ui, end, out);
        return;
    }
    if !page.has_code() {
        widgets::page(ui, |ui| widgets::status(ui, Severity::Waiting, "Making a new key…"));
        return;
    }
    // The preview is drawn inside the code's column, so the two textures are borrowed apart.
    let mut codes = Textures::default();
    codes.swap_code(textures);
    let shown = ShownCode::of(&page.display);
    widgets::beside_code(ui, &mut codes, shown, |ui| {
        column_ui(ui, page, model, textures, out);
    });
    codes.swap_code(textures);
}

fn column_ui(
    ui: &mut Ui,
    page: &Page,
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    let parts = page.parts(model.now);
    let (severity, words) = match page.stage {
        // Whom the parts are for is known once they are whole.
        Stage::Looking if parts.is_some() => (Severity::Half, "I see them"),
        Stage::Seen | Stage::Agreed if page.answered => (Severity::Near, "They see me"),
        Stage::Looking => (Severity::Waiting, "Looking for the other code"),
        Stage::Seen => (Severity::Half, "I see them"),
        Stage::Agreed => (Severity::Near, "Waiting for them to see us"),
        Stage::Almost => (Severity::Near, "Almost there"),
    };
    widgets::status(ui, severity, words);
    // As high with words as without, so that the rest stays where it is.
    let line = vec2(ui.available_width(), ui.text_style_height(&TextStyle::Body));
    ui.allocate_ui_with_layout(line, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_size(line);
        if let Some(Parts { have, count }) = parts {
            widgets::parts(ui, have, count, &messages::window::part(have, count));
        } else if page.stage == Stage::Almost {
            ui.label("Keep the code in view.");
        }
    });
    ui.add_space(GAP);
    preview_ui(ui, page, model, textures, out);
    if let Some(hint) = page.hint(model.now) {
        widgets::strong(ui, hint);
    } else {
        ui.label("");
    }
    if page.may_confirm {
        widgets::card(ui, |ui| {
            ui.label("We have the key and are waiting to hear that they have it too.");
            if widgets::primary(ui, "The other device shows Paired").clicked() {
                out.send(Message::Confirm);
            }
        });
    }
    ui.add_space(GAP);
    ui.horizontal_wrapped(|ui| {
        let text = if page.other_ways { "Hide" } else { "No camera…" };
        if widgets::button(ui, text).clicked() {
            out.send(Message::OtherWays(!page.other_ways));
        }
        if widgets::button(ui, "Start again").clicked() {
            out.send(Message::StartAgain);
        }
    });
    if page.other_ways {
        other_ways_ui(ui, page, out);
    }
    if widgets::button(ui, "Cancel").clicked() {
        out.go(Route::Back);
    }
}

fn preview_ui(
    ui: &mut Ui,
    page: &Page,
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    let width = ui.available_width();
    let size = vec2(width, width * 9.0 / 16.0);
    match (&page.camera, &page.frame) {
        (CameraState::Failed(error), _) => widgets::card(ui, |ui| {
            widgets::problem(ui, &messages::window::capture(error));
            if widgets::button(ui, "Try again").clicked() {
                out.send(Message::Retry);
            }
        }),
        (_, Some(frame)) => {
            let colour = theme::palette(ui.ctx()).accent;
            let by_camera = model.frame_source == FrameSourceChoice::Camera;
            let mirror = model.settings.mirror && by_camera;
            textures.preview_ui(ui, frame, page.frame_number, size, mirror, colour);
        }
        (camera, None) => {
            let text = match camera {
                CameraState::Starting => "Starting the camera…",
                CameraState::Off => "The camera is off.",
                CameraState::Running(_) | CameraState::Failed(_) => "Nothing in view yet.",
            };
            widgets::card(ui, |ui| {
                let layout = Layout::centered_and_justified(Direction::TopDown);
                ui.allocate_ui_with_layout(size - vec2(32.0, 32.0), layout, |ui| ui.label(text));
            });
        }
    }
    match &model.frame_source {
        FrameSourceChoice::Camera => cameras_ui(ui, page, model, out),
        FrameSourceChoice::Watch(path) => {
            widgets::weak(ui, &format!("Watching {}", path.display()));
        }
        FrameSourceChoice::Screen => widgets::weak(ui, "Watching this screen"),
    }
}

fn cameras_ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    let none = matches!(
        page.camera,
        CameraState::Failed(CaptureError::Camera(CameraError::NoCamera | CameraError::NotBuilt))
    );
    if model.cameras.is_empty() && none {
        return;
    }
    let first = || model.cameras.first().map_or("First camera", |camera| camera.name.as_str());
    let chosen = model.settings.camera.as_deref().unwrap_or_else(first);
    let label = ui.label("Camera");
    ComboBox::from_id_salt("camera")
        .selected_text(chosen)
        .width(ui.available_width().min(280.0))
        .show_ui(ui, |ui| {
            for camera in &model.cameras {
                if ui.selectable_label(camera.name == chosen, &camera.name).clicked() {
                    out.send(Message::UseCamera(camera.name.clone()));
                }
            }
        })
        .response
        .labelled_by(label.id);
}

/// The ways without a camera.
fn other_ways_ui(ui: &mut Ui, page: &Page, out: &mut Outbox<Message>) {
    widgets::card(ui, |ui| {
        widgets::strong(ui, "Read theirs");
        ui.horizontal_wrapped(|ui| {
            if widgets::button(ui, "Open pictures…").clicked() {
                out.send(Message::Open);
            }
            if widgets::button(ui, "Paste").clicked() {
                out.send(Message::Paste);
            }
            if widgets::button(ui, "Scan this screen").clicked() {
                out.send(Message::ScanScreen);
            }
        });
        if let Some(path) = &page.path {
            let mut path = path.clone();
            let field = widgets::field(ui, "Path of a picture", &mut path);
            let entered = entered(ui, &field);
            if field.changed() {
                out.send(Message::Path(path));
            }
            if widgets::button(ui, "Read this picture").clicked() || entered {
                out.send(Message::UsePath);
            }
        }
        let mut text = page.text.clone();
        let field = widgets::field(ui, "Their code as text", &mut text);
        let entered = entered(ui, &field);
        if field.changed() {
            out.send(Message::Text(text));
        }
        if (widgets::button(ui, "Use this text").clicked() || entered) && !page.text.is_empty() {
            out.send(Message::UseText);
        }
        ui.separator();
        widgets::strong(ui, "Send ours");
        ui.horizontal_wrapped(|ui| {
            if widgets::button(ui, "Copy our code").clicked() {
                out.send(Message::Copy);
            }
            if widgets::button(ui, "Save our code…").clicked() {
                out.send(Message::Save);
            }
        });
        if let Some(path) = &page.save_path {
            let mut path = path.clone();
            if widgets::field(ui, "Save as (.png or .svg)", &mut path).changed() {
                out.send(Message::SavePath(path));
            }
            if widgets::button(ui, "Save").clicked() {
                out.send(Message::UseSavePath);
            }
        }
        widgets::weak(
            ui,
            "Our code changes with every step: send the new one each time. Anyone may see it.",
        );
    });
}

fn entered(ui: &Ui, field: &Response) -> bool {
    field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}

fn end_ui(ui: &mut Ui, end: &PairingEnd, out: &mut Outbox<Message>) {
    let (notification, again) = match end {
        PairingEnd::Failed(error) => messages::window::pairing_failed(*error),
        PairingEnd::NotStored(why) => (
            Notification::new(
                "The key could not be saved.",
                format!("{} {} No key was saved on this computer.", why.what, why.advice),
            ),
            "Start again",
        ),
    };
    widgets::page(ui, |ui| {
        widgets::status(ui, Severity::Problem, &notification.what);
        ui.label(&notification.advice);
        ui.add_space(GAP * 2.0);
        ui.horizontal(|ui| {
            if widgets::primary(ui, again).clicked() {
                out.send(Message::StartAgain);
            }
            if widgets::button(ui, "Close").clicked() {
                out.go(Route::Home);
            }
        });
    });
}
