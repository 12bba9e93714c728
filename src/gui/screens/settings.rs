//! Settings.

use eframe::egui::{ComboBox, Ui};

use super::camera_test::CameraTest;
use crate::gui::code::Textures;
use crate::gui::effect::{Effect, ProfileCommand, ProtectionChange, WorldCommand};
use crate::gui::model::{LocalDevice, Model, SecretText};
use crate::gui::passphrase_form::{PassphraseForm, PassphraseInput, passphrase};
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::GAP;
use crate::gui::widgets::{self, Severity};
use crate::messages;
use crate::messages::Notification;
use keyglance_core::pairing::DisplayName;
use keyglance_profile::{Settings, Theme};

const TEXT_SIZES: [u16; 5] = [75, 100, 125, 150, 200];

#[derive(Debug)]
pub struct Page {
    name: String,
    /// Opens an identity that is protected.
    current: SecretText,
    passphrase: PassphraseForm,
    working: bool,
    outcome: Option<Result<&'static str, Notification>>,
    pub camera_test: CameraTest,
}

#[derive(Debug)]
pub enum Message {
    Name(String),
    UseName,
    Camera(String),
    TestCamera(bool),
    Mirror(bool),
    Sounds(bool),
    ReducedMotion(bool),
    Theme(Theme),
    TextSize(u16),
    Current(SecretText),
    Passphrase(PassphraseInput),
    Protect,
    Unprotect,
    Cancel,
}

impl Page {
    pub fn new(device: &LocalDevice) -> Self {
        Self {
            name: device.name.as_str().to_owned(),
            current: SecretText::default(),
            passphrase: PassphraseForm::default(),
            working: false,
            outcome: None,
            camera_test: CameraTest::default(),
        }
    }

    pub fn identity_changed(&mut self, device: &LocalDevice) {
        *self = Self { outcome: Some(Ok("Saved.")), ..Self::new(device) };
    }

    pub fn failed(&mut self, problem: Notification) {
        self.working = false;
        self.outcome = Some(Err(problem));
    }

    fn change_identity(
        &mut self,
        device: &LocalDevice,
        protection: ProtectionChange,
    ) -> Vec<Effect> {
        match self.identity_change(device, protection) {
            Ok(command) => {
                self.working = true;
                vec![command.into()]
            }
            Err(what) => self.refuse(what),
        }
    }

    fn refuse(&mut self, what: String) -> Vec<Effect> {
        self.outcome = Some(Err(Notification::new(what, "Nothing was changed.")));
        Vec::new()
    }

    fn identity_change(
        &mut self,
        device: &LocalDevice,
        protection: ProtectionChange,
    ) -> Result<ProfileCommand, String> {
        let name = DisplayName::new(self.name.trim())
            .map_err(|error| messages::window::sentence(&error))?;
        let current = if device.protected {
            let current = passphrase(std::mem::take(&mut self.current));
            Some(current.map_err(|_| "Enter the current passphrase first.".to_owned())?)
        } else {
            None
        };
        Ok(ProfileCommand::ChangeIdentity { name, current, protection })
    }
}

pub fn update(page: &mut Page, model: &Model, message: Message) -> Vec<Effect> {
    let Some(device) = &model.device else { return Vec::new() };
    page.outcome = None;
    match message {
        Message::Name(name) => page.name = name,
        Message::Current(text) => page.current = text,
        Message::Passphrase(input) => page.passphrase.update(input),
        Message::TestCamera(on) => return vec![page.camera_test.turn(on, model).into()],
        // The worker reports that it was cancelled.
        Message::Cancel => return vec![WorldCommand::Cancel.into()],
        Message::UseName => return page.change_identity(device, ProtectionChange::Keep),
        Message::Unprotect => return page.change_identity(device, ProtectionChange::Remove),
        Message::Protect => {
            return match page.passphrase.take() {
                Ok(passphrase) => page.change_identity(device, ProtectionChange::Set(passphrase)),
                Err(what) => page.refuse(what),
            };
        }
        Message::Camera(name) => return use_camera(page, model, name),
        Message::Mirror(on) => {
            return vec![Effect::ChangeSettings(model.settings_with(|s| s.mirror = on))];
        }
        Message::Sounds(on) => {
            return vec![Effect::ChangeSettings(model.settings_with(|s| s.sounds = on))];
        }
        Message::ReducedMotion(on) => {
            return restyle(model.settings_with(|settings| settings.reduced_motion = on));
        }
        Message::Theme(theme) => return restyle(model.settings_with(|s| s.theme = theme)),
        Message::TextSize(size) => return restyle(model.settings_with(|s| s.text_size = size)),
    }
    Vec::new()
}

fn use_camera(page: &mut Page, model: &Model, name: String) -> Vec<Effect> {
    let settings = model.settings_with(|settings| settings.camera = Some(name.clone()));
    let mut effects = vec![Effect::ChangeSettings(settings)];
    if page.camera_test.on {
        effects.push(page.camera_test.start(model, Some(name)).into());
    }
    effects
}

fn restyle(settings: Settings) -> Vec<Effect> {
    vec![Effect::ChangeSettings(settings), WorldCommand::Restyle.into()]
}

pub fn ui(
    ui: &mut Ui,
    page: &Page,
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    let Some(device) = &model.device else { return };
    widgets::page(ui, |ui| {
        if widgets::button(ui, "Back").clicked() {
            out.go(Route::Back);
        }
        widgets::heading(ui, "Settings");
        if page.working {
            if widgets::working(ui, "Saving…") {
                out.send(Message::Cancel);
            }
            return;
        }
        match &page.outcome {
            Some(Ok(text)) => widgets::status(ui, Severity::Good, text),
            Some(Err(problem)) => widgets::problem(ui, problem),
            None => {}
        }
        device_ui(ui, page, device, out);
        camera_ui(ui, page, model, textures, out);
        appearance_ui(ui, model, out);
        protection_ui(ui, page, device, out);
        section(ui, "Profile");
        ui.label("Identity, contacts and keys are in this folder:");
        ui.monospace(model.profile.display().to_string());
        let digits = device.fingerprint.digits();
        widgets::weak(ui, &format!("Fingerprint {}", in_groups(&digits)));
        if widgets::button(ui, "Back up or replace the identity…").clicked() {
            out.go(Route::Identity);
        }
    });
}

fn section(ui: &mut Ui, name: &str) {
    ui.add_space(GAP * 2.0);
    widgets::strong(ui, name);
}

fn device_ui(ui: &mut Ui, page: &Page, device: &LocalDevice, out: &mut Outbox<Message>) {
    section(ui, "This device");
    let mut name = page.name.clone();
    if widgets::field(ui, "Name that the other device sees", &mut name).changed() {
        out.send(Message::Name(name));
    }
    if device.protected {
        let mut current = page.current.clone();
        if widgets::secret(ui, "Current passphrase", &mut current).changed() {
            out.send(Message::Current(current));
        }
    }
    if page.name.trim() != device.name.as_str() && widgets::primary(ui, "Save name").clicked() {
        out.send(Message::UseName);
    }
}

fn camera_ui(
    ui: &mut Ui,
    page: &Page,
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    section(ui, "Camera");
    if model.cameras.is_empty() {
        ui.label("No camera found. Pairing works with pictures and text too.");
    } else {
        let first = || model.cameras.first().map_or("", |camera| camera.name.as_str());
        let chosen = model.settings.camera.as_deref().unwrap_or_else(first);
        let label = ui.label("Use");
        ComboBox::from_id_salt("camera")
            .selected_text(chosen)
            .show_ui(ui, |ui| {
                for camera in &model.cameras {
                    if ui.selectable_label(camera.name == chosen, &camera.name).clicked() {
                        out.send(Message::Camera(camera.name.clone()));
                    }
                }
            })
            .response
            .labelled_by(label.id);
    }
    let mut mirror = model.settings.mirror;
    if ui.checkbox(&mut mirror, "Mirror the preview").changed() {
        out.send(Message::Mirror(mirror));
    }
    if let Some(on) = page.camera_test.ui(ui, model, textures) {
        out.send(Message::TestCamera(on));
    }
}

fn appearance_ui(ui: &mut Ui, model: &Model, out: &mut Outbox<Message>) {
    section(ui, "Look and sound");
    ui.horizontal(|ui| {
        let themes =
            [(Theme::System, "Same as the system"), (Theme::Light, "Light"), (Theme::Dark, "Dark")];
        for (theme, text) in themes {
            if ui.radio(model.settings.theme == theme, text).clicked() {
                out.send(Message::Theme(theme));
            }
        }
    });
    ui.horizontal_wrapped(|ui| {
        ui.label("Size of everything");
        for size in TEXT_SIZES {
            if ui.radio(model.settings.text_size == size, format!("{size} %")).clicked() {
                out.send(Message::TextSize(size));
            }
        }
    });
    let mut sounds = model.settings.sounds;
    if ui.checkbox(&mut sounds, "Short sounds while pairing").changed() {
        out.send(Message::Sounds(sounds));
    }
    let mut reduced = model.settings.reduced_motion;
    if ui.checkbox(&mut reduced, "Reduced motion").changed() {
        out.send(Message::ReducedMotion(reduced));
    }
    widgets::weak(
        ui,
        "Nothing slides or fades, and a code in parts changes four times a second at most.",
    );
}

fn protection_ui(ui: &mut Ui, page: &Page, device: &LocalDevice, out: &mut Outbox<Message>) {
    section(ui, "Identity passphrase");
    ui.label(if device.protected {
        "The identity is protected. Anyone who copies the profile needs the passphrase to \
         impersonate this device."
    } else {
        "Without one, anyone who copies the profile can impersonate this device."
    });
    if device.protected {
        widgets::weak(ui, "Enter the current passphrase above to change or remove it.");
    }
    if let Some(input) = page.passphrase.ui(ui, "New passphrase") {
        out.send(Message::Passphrase(input));
    }
    ui.horizontal(|ui| {
        let text = if device.protected { "Change passphrase" } else { "Set passphrase" };
        if widgets::button(ui, text).clicked() {
            out.send(Message::Protect);
        }
        if device.protected && widgets::button(ui, "Remove passphrase").clicked() {
            out.send(Message::Unprotect);
        }
    });
}

/// Digits in groups of five.
fn in_groups(digits: &str) -> String {
    let digits: Vec<char> = digits.chars().collect();
    let groups: Vec<String> = digits.chunks(5).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}
