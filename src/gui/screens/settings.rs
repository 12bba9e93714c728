//! Settings.

use eframe::egui::{Label, RichText, Ui};

use super::camera_test::CameraTest;
use crate::gui::code::Textures;
use crate::gui::effect::{Effect, FileDialog, ProfileCommand, ProtectionChange, WorldCommand};
use crate::gui::model::{LocalDevice, Model, SecretText};
use crate::gui::passphrase_form::{PassphraseForm, PassphraseInput, passphrase};
use crate::gui::route::{Outbox, Route};
use crate::gui::widgets::{self, Severity};
use crate::messages;
use crate::messages::Notification;
use keyglance_core::pairing::DisplayName;
use keyglance_profile::{Motion, Settings, Theme};

const TEXT_SIZES: [u16; 6] = [75, 100, 125, 150, 200, 250];

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
    Motion(Motion),
    Theme(Theme),
    TextSize(u16),
    Current(SecretText),
    Passphrase(PassphraseInput),
    Protect,
    Unprotect,
    Cancel,
    /// Another profile.
    ChooseFolder,
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

    /// Whether something would be lost that was typed.
    pub fn is_changed(&self, device: &LocalDevice) -> bool {
        self.name.trim() != device.name.as_str()
            || self.passphrase.is_begun()
            || !self.current.is_empty()
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
            Some(current.map_err(|_| "Type the passphrase of this device first.".to_owned())?)
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
        Message::ChooseFolder => {
            let folder = model.profile.to_string_lossy().into_owned();
            return vec![WorldCommand::OpenDialog(FileDialog::Folder, folder).into()];
        }
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
        Message::Motion(motion) => {
            return restyle(model.settings_with(|settings| settings.motion = motion));
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
    if page.working {
        widgets::page_centred(ui, |ui| {
            if widgets::working(ui, "Saving…") {
                out.send(Message::Cancel);
            }
        });
        return;
    }
    widgets::page(ui, |ui| {
        if widgets::back(ui, "Home").clicked() {
            out.go(Route::Back);
        }
        widgets::heading(ui, "Settings");
        match &page.outcome {
            Some(Ok(text)) => {
                ui.horizontal(|ui| {
                    widgets::shape(ui, Severity::Good, 20.0);
                    ui.label(*text);
                });
            }
            Some(Err(problem)) => widgets::problem(ui, problem),
            None => {}
        }
        if let Some(unwritable) = &model.unwritable {
            widgets::problem(ui, unwritable);
        }
        device_ui(ui, page, device, out);
        look_ui(ui, model, out);
        camera_ui(ui, page, model, textures, out);
        profile_ui(ui, model, device, out);
        about_ui(ui);
    });
}

fn device_ui(ui: &mut Ui, page: &Page, device: &LocalDevice, out: &mut Outbox<Message>) {
    widgets::section(ui, "This device");
    let mut name = page.name.clone();
    if widgets::field(ui, "Name that the other device sees", &mut name).changed() {
        out.send(Message::Name(name));
    }
    ui.label(if device.protected {
        "A passphrase protects this device. Whoever copies its profile needs it to pass for you."
    } else {
        "No passphrase protects this device. Whoever copies its profile can pass for you."
    });
    let name_changed = page.name.trim() != device.name.as_str();
    if device.protected {
        let mut current = page.current.clone();
        if widgets::secret(ui, "Passphrase of this device", &mut current).changed() {
            out.send(Message::Current(current));
        }
        widgets::weak(ui, "Needed to change the name or the passphrase.");
    }
    if name_changed && widgets::primary(ui, "Save name").clicked() {
        out.send(Message::UseName);
    }
    if let Some(input) = page.passphrase.ui(ui, "New passphrase") {
        out.send(Message::Passphrase(input));
    }
    ui.horizontal_wrapped(|ui| {
        let text = if device.protected { "Change passphrase" } else { "Set passphrase" };
        if widgets::button(ui, text).clicked() {
            out.send(Message::Protect);
        }
        if device.protected && widgets::button(ui, "Remove passphrase").clicked() {
            out.send(Message::Unprotect);
        }
        if widgets::button(ui, "Back up or restore…").clicked() {
            out.go(Route::Identity);
        }
    });
}

fn look_ui(ui: &mut Ui, model: &Model, out: &mut Outbox<Message>) {
    widgets::section(ui, "Look");
    let themes = [(Theme::System, "As the system"), (Theme::Light, "Light"), (Theme::Dark, "Dark")];
    choice_ui(ui, "Theme", |ui| {
        for (theme, text) in themes {
            if widgets::chip(ui, None, text, model.settings.theme == theme).clicked() {
                out.send(Message::Theme(theme));
            }
        }
    });
    choice_ui(ui, "Size of everything", |ui| {
        for size in TEXT_SIZES {
            let chosen = model.settings.text_size == size;
            if widgets::chip(ui, None, &format!("{size} %"), chosen).clicked() {
                out.send(Message::TextSize(size));
            }
        }
    });
    let motions = [
        (Motion::System, "As the system does"),
        (Motion::Reduced, "Reduced"),
        (Motion::Full, "Full"),
    ];
    choice_ui(ui, "Motion", |ui| {
        for (motion, text) in motions {
            if widgets::chip(ui, None, text, model.settings.motion == motion).clicked() {
                out.send(Message::Motion(motion));
            }
        }
    });
    let settings = &model.settings;
    for (on, text, message) in [
        (settings.sounds, "Short sounds while pairing", Message::Sounds as fn(bool) -> Message),
        (settings.mirror, "Mirror the preview of the camera", Message::Mirror),
    ] {
        let mut on = on;
        if ui.checkbox(&mut on, text).changed() {
            out.send(message(on));
        }
    }
    widgets::weak(
        ui,
        "With reduced motion nothing slides or fades, and a code in parts changes more slowly.",
    );
}

/// A few choices under their name.
fn choice_ui(ui: &mut Ui, name: &str, choices: impl FnOnce(&mut Ui)) {
    ui.label(name);
    widgets::list(ui, name, |ui| ui.horizontal_wrapped(choices));
}

fn camera_ui(
    ui: &mut Ui,
    page: &Page,
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    widgets::section(ui, "Camera");
    if model.cameras.is_empty() {
        ui.label(messages::window::NO_CAMERA);
        return;
    }
    let names: Vec<&str> = model.cameras.iter().map(|camera| camera.name.as_str()).collect();
    let chosen = model.settings.camera.as_deref();
    let at = names.iter().position(|name| Some(*name) == chosen).unwrap_or_default();
    if let Some(name) = widgets::select(ui, "Use", &names, at).and_then(|at| names.get(at)) {
        out.send(Message::Camera((*name).to_owned()));
    }
    if let Some(on) = page.camera_test.ui(ui, model, textures) {
        out.send(Message::TestCamera(on));
    }
}

fn profile_ui(ui: &mut Ui, model: &Model, device: &LocalDevice, out: &mut Outbox<Message>) {
    widgets::section(ui, "Profile");
    ui.label("This device’s key, its contacts and its keys are in this folder:");
    let folder = keyglance_profile::printable_path(&model.profile);
    ui.add(Label::new(RichText::new(folder).monospace()).wrap());
    if widgets::button(ui, "Choose folder…").clicked() {
        out.send(Message::ChooseFolder);
    }
    widgets::weak(
        ui,
        "Another folder is another device with contacts of its own, until you close Keyglance.",
    );
    let digits = in_groups(&device.fingerprint.digits());
    widgets::weak(ui, &format!("This device’s half of every safety number: {digits}"));
}

fn about_ui(ui: &mut Ui) {
    widgets::section(ui, "About");
    ui.label(concat!("Keyglance ", env!("CARGO_PKG_VERSION")));
    widgets::weak(ui, "Everything stays on this device. Nothing is sent over a network.");
}

/// Digits in groups of five.
fn in_groups(digits: &str) -> String {
    let digits: Vec<char> = digits.chars().collect();
    let groups: Vec<String> = digits.chunks(5).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}
