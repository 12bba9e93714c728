//! How pairing looks: our code as large as the window lets, and beside it what
//! the camera sees and where things stand.

use eframe::egui::{self, ComboBox, Direction, Layout, Ui, vec2};

use super::{Camera, Do, Ended, Pairing, Stage};
use crate::gui::code::Textures;
use crate::gui::message::Action;
use crate::gui::state::{FrameSourceChoice, Screen, State};
use crate::gui::theme::{self, GAP};
use crate::gui::widgets::{self, Severity};
use crate::messages;
use crate::messages::Notification;
use keyglance_capture::OpticsError;

pub fn show(ui: &mut Ui, state: &State, textures: &mut Textures, actions: &mut Vec<Action>) {
    let Screen::Pairing(pairing) = &state.screen else { return };
    if let Some(ended) = &pairing.ended {
        show_ended(ui, ended, actions);
        return;
    }
    let Some(text) = &pairing.shown else {
        widgets::page(ui, |ui| widgets::status(ui, Severity::Waiting, "Making a new key…"));
        return;
    };
    let mut asked = Vec::new();
    // Both are drawn at once, the preview inside the code's column.
    let mut codes = Textures::default();
    codes.swap_code(textures);
    widgets::beside_code(ui, &mut codes, text, pairing.panel(state.now), |ui| {
        side(ui, state, pairing, textures, &mut asked);
    });
    codes.swap_code(textures);
    actions.extend(asked.into_iter().map(|asked| match asked {
        Asked::Do(action) => Action::Pairing(action),
        Asked::Leave => Action::Back,
    }));
}

enum Asked {
    Do(Do),
    Leave,
}

fn side(
    ui: &mut Ui,
    state: &State,
    pairing: &Pairing,
    textures: &mut Textures,
    asked: &mut Vec<Asked>,
) {
    let mut push = |action| asked.push(Asked::Do(action));
    let (look, words) = match pairing.stage {
        Stage::Looking => (Severity::Waiting, "Looking for the other code"),
        Stage::Seen => (Severity::Half, "I see them"),
        Stage::Agreed => (Severity::Near, "Waiting for them to see us"),
        Stage::Almost(_) => (Severity::Near, "Almost there"),
    };
    widgets::status(ui, look, words);
    if let Stage::Almost(code) = pairing.stage {
        ui.label(format!("The check code is {code}. Keep the code in view."));
    }
    ui.add_space(GAP);
    eye(ui, state, pairing, textures, &mut push);
    if let Some(hint) = pairing.hint(state.now) {
        widgets::strong(ui, hint);
    } else {
        ui.label("");
    }
    if pairing.may_confirm {
        widgets::card(ui, |ui| {
            ui.label("We have the key, and wait to hear that they have it too.");
            if widgets::primary(ui, "The other device shows Paired").clicked() {
                push(Do::Confirm);
            }
        });
    }
    ui.add_space(GAP);
    ui.horizontal_wrapped(|ui| {
        let text = if pairing.others { "Fewer ways" } else { "No camera…" };
        if widgets::button(ui, text).clicked() {
            push(Do::Others(!pairing.others));
        }
        if widgets::button(ui, "Start again").clicked() {
            push(Do::StartAgain);
        }
    });
    if pairing.others {
        others(ui, pairing, &mut push);
    }
    if widgets::button(ui, "Cancel").clicked() {
        asked.push(Asked::Leave);
    }
}

fn eye(
    ui: &mut Ui,
    state: &State,
    pairing: &Pairing,
    textures: &mut Textures,
    push: &mut impl FnMut(Do),
) {
    let width = ui.available_width();
    let size = vec2(width, width * 9.0 / 16.0);
    match (&pairing.camera, &pairing.sight) {
        (Camera::Failed(error), _) => {
            let Notification { what, advice } = messages::window::optics(error);
            widgets::card(ui, |ui| {
                widgets::warning(ui, &what);
                ui.label(advice);
                if widgets::button(ui, "Try again").clicked() {
                    push(Do::Retry);
                }
            });
        }
        (_, Some(sight)) => {
            let colour = theme::palette(ui.ctx()).accent;
            let mirror = state.settings.mirror && state.eye == FrameSourceChoice::Camera;
            textures.show_sight(ui, sight, pairing.sights, size, mirror, colour);
        }
        (camera, None) => {
            let text = match camera {
                Camera::Starting => "Starting the camera…",
                Camera::Off => "The camera is off.",
                _ => "Nothing in view yet.",
            };
            widgets::card(ui, |ui| {
                let layout = Layout::centered_and_justified(Direction::TopDown);
                ui.allocate_ui_with_layout(size - vec2(32.0, 32.0), layout, |ui| ui.label(text));
            });
        }
    }
    match &state.eye {
        FrameSourceChoice::Camera => cameras(ui, state, pairing, push),
        FrameSourceChoice::Watch(path) => {
            widgets::weak(ui, &format!("Watching {}", path.display()))
        }
        FrameSourceChoice::Screen => widgets::weak(ui, "Watching this screen"),
    }
}

fn cameras(ui: &mut Ui, state: &State, pairing: &Pairing, push: &mut impl FnMut(Do)) {
    if state.cameras.is_empty()
        && matches!(pairing.camera, Camera::Failed(OpticsError::NoCamera | OpticsError::NotBuilt))
    {
        return;
    }
    let first = || state.cameras.first().map_or("First camera", |camera| camera.name.as_str());
    let chosen = state.settings.camera.as_deref().unwrap_or_else(first);
    let label = ui.label("Camera");
    ComboBox::from_id_salt("camera")
        .selected_text(chosen)
        .width(ui.available_width().min(280.0))
        .show_ui(ui, |ui| {
            for camera in &state.cameras {
                if ui.selectable_label(camera.name == chosen, &camera.name).clicked() {
                    push(Do::UseCamera(Some(camera.name.clone())));
                }
            }
        })
        .response
        .labelled_by(label.id);
}

/// The ways without a camera.
fn others(ui: &mut Ui, pairing: &Pairing, push: &mut impl FnMut(Do)) {
    widgets::card(ui, |ui| {
        widgets::strong(ui, "Read theirs");
        ui.horizontal_wrapped(|ui| {
            if widgets::button(ui, "Open pictures…").clicked() {
                push(Do::Open);
            }
            if widgets::button(ui, "Paste").clicked() {
                push(Do::Paste);
            }
            if widgets::button(ui, "Scan this screen").clicked() {
                push(Do::ScanScreen);
            }
        });
        if let Some(path) = &pairing.path {
            let mut path = path.clone();
            let typed = widgets::field(ui, "Path of a picture", &mut path);
            let entered = typed.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
            if typed.changed() {
                push(Do::Path(path));
            }
            if widgets::button(ui, "Read this picture").clicked() || entered {
                push(Do::UsePath);
            }
        }
        let mut text = pairing.text.clone();
        let typed = widgets::field(ui, "Their code as text", &mut text);
        let entered = typed.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
        if typed.changed() {
            push(Do::Text(text));
        }
        if (widgets::button(ui, "Use this text").clicked() || entered) && !pairing.text.is_empty() {
            push(Do::UseText);
        }
        ui.separator();
        widgets::strong(ui, "Send ours");
        ui.horizontal_wrapped(|ui| {
            if widgets::button(ui, "Copy our code").clicked() {
                push(Do::Copy);
            }
            if widgets::button(ui, "Save our code…").clicked() {
                push(Do::Save);
            }
        });
        if let Some(path) = &pairing.save_path {
            let mut path = path.clone();
            if widgets::field(ui, "Save as (.png or .svg)", &mut path).changed() {
                push(Do::SavePath(path));
            }
            if widgets::button(ui, "Save").clicked() {
                push(Do::UseSavePath);
            }
        }
        widgets::weak(
            ui,
            "It changes with every step: send the new one each time. Anybody may see it.",
        );
    });
}

fn show_ended(ui: &mut Ui, ended: &Ended, actions: &mut Vec<Action>) {
    let (told, again) = match ended {
        Ended::Pairing(error) => messages::window::ended(*error),
        Ended::NotStored(told) => (
            Notification::new(
                "The key could not be saved.",
                format!("{} {} No key was saved on this computer.", told.what, told.advice),
            ),
            "Start again",
        ),
    };
    widgets::page(ui, |ui| {
        widgets::status(ui, Severity::Problem, &told.what);
        ui.label(&told.advice);
        ui.add_space(GAP * 2.0);
        ui.horizontal(|ui| {
            if widgets::primary(ui, again).clicked() {
                actions.push(Action::Pairing(Do::StartAgain));
            }
            if widgets::button(ui, "Close").clicked() {
                actions.push(Action::Home);
            }
        });
    });
}
