//! The first page: a name for this device.

use eframe::egui::{Key, Ui};

use super::camera_test::CameraTest;
use crate::gui::code::Textures;
use crate::gui::effect::{Effect, ProfileCommand, WorldCommand};
use crate::gui::model::Model;
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::GAP;
use crate::gui::widgets;
use crate::messages;
use crate::messages::Notification;
use keyglance_core::pairing::DisplayName;

#[derive(Debug)]
pub struct Page {
    name: String,
    pub camera_test: CameraTest,
}

#[derive(Debug)]
pub enum Message {
    Name(String),
    Begin,
    TestCamera(bool),
}

impl Page {
    pub fn new(name: String) -> Self {
        Self { name, camera_test: CameraTest::default() }
    }
}

pub fn update(page: &mut Page, model: &Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Name(name) => page.name = name,
        Message::TestCamera(on) => return vec![page.camera_test.turn(on, model).into()],
        Message::Begin => match DisplayName::new(page.name.trim()) {
            Ok(name) => {
                return vec![
                    Effect::DismissNotification,
                    WorldCommand::StopScan.into(),
                    ProfileCommand::CreateIdentity(name).into(),
                ];
            }
            Err(error) => {
                let what = messages::window::sentence(&error);
                return vec![Effect::Notify(Notification::new(what, ""))];
            }
        },
    }
    Vec::new()
}

pub fn ui(
    ui: &mut Ui,
    page: &Page,
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    widgets::page(ui, |ui| {
        widgets::heading(ui, "Welcome to Keyglance");
        ui.label(
            "Two devices face each other, show and read codes, and hold the same key. No network \
             carries it, and nothing in between has to be trusted.",
        );
        ui.add_space(GAP * 2.0);
        let mut name = page.name.clone();
        let field = widgets::field(ui, "What is this device called?", &mut name);
        let entered = field.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
        if field.changed() {
            out.send(Message::Name(name));
        }
        widgets::weak(
            ui,
            "The other device sees this name. At most 31 letters; you can change it later.",
        );
        ui.add_space(GAP);
        match &model.cameras[..] {
            [] => widgets::weak(ui, "No camera found. Pairing works with pictures and text too."),
            [one] => widgets::weak(ui, &format!("Camera found: {}.", one.name)),
            [first, ..] => widgets::weak(
                ui,
                &format!("{} cameras found; {} is used first.", model.cameras.len(), first.name),
            ),
        }
        if let Some(on) = page.camera_test.ui(ui, model, textures) {
            out.send(Message::TestCamera(on));
        }
        ui.add_space(GAP * 2.0);
        if widgets::primary(ui, "Begin").clicked() || entered {
            out.send(Message::Begin);
        }
        if widgets::button(ui, "Restore a backup…").clicked() {
            out.go(Route::Restore);
        }
        ui.add_space(GAP);
        widgets::weak(
            ui,
            &format!("Nothing leaves this computer. Your data is in {}.", model.profile.display()),
        );
    });
}
