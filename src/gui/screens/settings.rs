//! Settings.

use eframe::egui::{RichText, Ui};

use super::camera_test::CameraTest;
use super::page_address::{self, AddressForm};
use crate::gui::code::Textures;
use crate::gui::effect::{Effect, FileDialog, ProfileCommand, ProtectionChange, WorldCommand};
use crate::gui::model::{LocalDevice, Model, SecretText};
use crate::gui::passphrase_form::{PassphraseForm, PassphraseInput, passphrase};
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::GAP;
use crate::gui::widgets::{self, Severity};
use crate::messages::window::{camera, common, phone, sentence, settings as words, share};
use crate::messages::{Notification, card, phone_page};
use keyglance_core::pairing::DisplayName;
use keyglance_profile::{Motion, Settings, Theme};

const TEXT_SIZES: [u16; 6] = [75, 100, 125, 150, 200, 250];
/// In minutes.
const LOCKS_AFTER: [Option<u16>; 4] = [None, Some(5), Some(15), Some(60)];

#[derive(Debug)]
pub struct Page {
    name: String,
    /// Opens an identity that is protected.
    current: SecretText,
    pub passphrase: PassphraseForm,
    working: bool,
    outcome: Option<Result<&'static str, Notification>>,
    pub camera_test: CameraTest,
    pub phone_page: AddressForm,
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
    LockAfter(Option<u16>),
    Current(SecretText),
    Passphrase(PassphraseInput),
    Protect,
    Unprotect,
    Cancel,
    PhonePage(page_address::Message),
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
            phone_page: AddressForm::default(),
        }
    }

    /// Whether something would be lost that was typed.
    pub fn is_changed(&self, device: &LocalDevice) -> bool {
        self.name.trim() != device.name.as_str()
            || self.passphrase.is_begun()
            || !self.current.is_empty()
            || self.phone_page.is_changed()
    }

    pub fn identity_changed(&mut self, device: &LocalDevice) {
        *self = Self { outcome: Some(Ok(words::SAVED)), ..Self::new(device) };
    }

    pub fn failed(&mut self, problem: Notification) {
        self.working = false;
        self.outcome = Some(Err(problem));
    }

    /// Whether the identity is being changed.
    pub const fn is_working(&self) -> bool {
        self.working
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
        self.outcome = Some(Err(Notification::new(what, common::NOTHING_CHANGED)));
        Vec::new()
    }

    fn identity_change(
        &mut self,
        device: &LocalDevice,
        protection: ProtectionChange,
    ) -> Result<ProfileCommand, String> {
        let name = DisplayName::new(self.name.trim()).map_err(|error| sentence(&error))?;
        let current = if device.protected {
            let current = passphrase(std::mem::take(&mut self.current));
            Some(current.map_err(|_| words::PASSPHRASE_FIRST.to_owned())?)
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
        Message::Passphrase(input) => return page.passphrase.update(input),
        Message::PhonePage(message) => {
            let kept = model.phone_page.as_ref().and_then(|view| view.address.as_ref());
            return page.phone_page.update(kept, message);
        }
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
            return match page.passphrase.passphrase() {
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
        Message::LockAfter(minutes) => {
            let settings = model.settings_with(|settings| settings.lock_after = minutes);
            return vec![Effect::ChangeSettings(settings)];
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
        if widgets::working_page(ui, words::SAVING) {
            out.send(Message::Cancel);
        }
        return;
    }
    widgets::page(ui, |ui| {
        if widgets::back(ui, common::HOME).clicked() {
            out.go(Route::Back);
        }
        widgets::heading(ui, common::SETTINGS);
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
        share_ui(ui, model, out);
        look_ui(ui, model, out);
        camera_ui(ui, page, model, textures, out);
        phone_ui(ui, page, model, out);
        profile_ui(ui, model, device, out);
        about_ui(ui);
    });
}

fn device_ui(ui: &mut Ui, page: &Page, device: &LocalDevice, out: &mut Outbox<Message>) {
    widgets::section(ui, words::THIS_DEVICE);
    let mut name = page.name.clone();
    if widgets::field(ui, words::NAME, &mut name).changed() {
        out.send(Message::Name(name));
    }
    ui.label(if device.protected { words::PROTECTED } else { words::NOT_PROTECTED });
    let name_changed = page.name.trim() != device.name.as_str();
    if device.protected {
        let mut current = page.current.clone();
        if widgets::secret(ui, common::PASSPHRASE_OF_THIS_DEVICE, &mut current).changed() {
            out.send(Message::Current(current));
        }
        widgets::weak(ui, words::PASSPHRASE_NEEDED);
    }
    if name_changed && widgets::primary(ui, words::SAVE_NAME).clicked() {
        out.send(Message::UseName);
    }
    if let Some(input) = page.passphrase.ui(ui, words::NEW_PASSPHRASE) {
        out.send(Message::Passphrase(input));
    }
    ui.horizontal_wrapped(|ui| {
        let text = if device.protected { words::CHANGE_PASSPHRASE } else { words::SET_PASSPHRASE };
        if widgets::button(ui, text).clicked() {
            out.send(Message::Protect);
        }
        if device.protected && widgets::button(ui, words::REMOVE_PASSPHRASE).clicked() {
            out.send(Message::Unprotect);
        }
        if widgets::button(ui, words::BACK_UP_OR_RESTORE).clicked() {
            out.go(Route::Identity);
        }
    });
}

/// What is told of this device, and the way to change it.
fn share_ui(ui: &mut Ui, model: &Model, out: &mut Outbox<Message>) {
    widgets::section(ui, card::HEADING);
    let shared = model.own_card.as_ref().map(|own| own.card.shared()).unwrap_or_default();
    widgets::words(ui, RichText::new(card::you_share(&shared)));
    if widgets::button(ui, share::CHANGE_IN_SETTINGS).clicked() {
        out.go(Route::Share { for_pairing: false });
    }
}

fn look_ui(ui: &mut Ui, model: &Model, out: &mut Outbox<Message>) {
    widgets::section(ui, words::LOOK);
    let themes = [
        (Theme::System, words::AS_THE_SYSTEM),
        (Theme::Light, words::LIGHT),
        (Theme::Dark, words::DARK),
    ];
    choice_ui(ui, words::THEME, |ui| {
        for (theme, text) in themes {
            if widgets::chip(ui, None, text, model.settings.theme == theme).clicked() {
                out.send(Message::Theme(theme));
            }
        }
    });
    choice_ui(ui, words::SIZE, |ui| {
        for size in TEXT_SIZES {
            let chosen = model.settings.text_size == size;
            if widgets::chip(ui, None, &words::percent(size), chosen).clicked() {
                out.send(Message::TextSize(size));
            }
        }
    });
    let motions = [
        (Motion::System, words::MOTION_OF_THE_SYSTEM),
        (Motion::Reduced, words::REDUCED),
        (Motion::Full, words::FULL),
    ];
    choice_ui(ui, words::MOTION, |ui| {
        for (motion, text) in motions {
            if widgets::chip(ui, None, text, model.settings.motion == motion).clicked() {
                out.send(Message::Motion(motion));
            }
        }
    });
    let settings = &model.settings;
    for (on, text, message) in [
        (settings.sounds, words::SOUNDS, Message::Sounds as fn(bool) -> Message),
        (settings.mirror, words::MIRROR, Message::Mirror),
    ] {
        let mut on = on;
        if ui.checkbox(&mut on, text).changed() {
            out.send(message(on));
        }
    }
    widgets::weak(ui, words::REDUCED_MOTION_MEANS);
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
    widgets::section(ui, common::CAMERA);
    if model.cameras.is_empty() {
        ui.label(camera::NO_CAMERA);
        return;
    }
    let names: Vec<&str> = model.cameras.iter().map(|camera| camera.name.as_str()).collect();
    let chosen = model.settings.camera.as_deref();
    let at = names.iter().position(|name| Some(*name) == chosen).unwrap_or_default();
    if let Some(name) =
        widgets::select(ui, words::USE_CAMERA, &names, at).and_then(|at| names.get(at))
    {
        out.send(Message::Camera((*name).to_owned()));
    }
    if let Some(on) = page.camera_test.ui(ui, model, textures) {
        out.send(Message::TestCamera(on));
    }
}

/// Where the page for phones is.
fn phone_ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    let Some(view) = &model.phone_page else { return };
    widgets::section(ui, words::PHONE_PAGE);
    let kept = view.address.as_ref();
    let mut part = Outbox::new();
    page.phone_page.ui(ui, kept, &mut part);
    if kept.is_none() {
        widgets::weak(ui, phone_page::NO_ADDRESS);
    }
    widgets::weak(ui, phone_page::HOST_POWER);
    ui.horizontal_wrapped(|ui| {
        if page.phone_page.is_changed() && widgets::button(ui, phone::USE_ADDRESS).clicked() {
            part.send(page_address::Message::Keep);
        }
        if kept.is_some() && widgets::button(ui, phone::REMOVE_ADDRESS).clicked() {
            part.send(page_address::Message::Forget);
        }
    });
    if let Ok(hash) = &view.page {
        widgets::words(ui, RichText::new(phone_page::sha256(hash)).small());
    }
    out.extend(part, Message::PhonePage);
}

fn profile_ui(ui: &mut Ui, model: &Model, device: &LocalDevice, out: &mut Outbox<Message>) {
    widgets::section(ui, words::PROFILE);
    ui.label(words::FOLDER);
    let folder = keyglance_profile::printable_path(&model.profile);
    widgets::words(ui, RichText::new(folder).monospace());
    if widgets::button(ui, common::CHOOSE_FOLDER).clicked() {
        out.send(Message::ChooseFolder);
    }
    widgets::weak(ui, words::OTHER_FOLDER);
    widgets::weak(ui, &words::half_of_the_numbers(&device.fingerprint.digits()));
    ui.add_space(GAP);
    lock_ui(ui, model, device, out);
}

fn lock_ui(ui: &mut Ui, model: &Model, device: &LocalDevice, out: &mut Outbox<Message>) {
    if !device.protected {
        ui.label(words::LOCK_AFTER);
        widgets::weak(ui, words::LOCK_NEEDS_PASSPHRASE);
        return;
    }
    choice_ui(ui, words::LOCK_AFTER, |ui| {
        for minutes in LOCKS_AFTER {
            let text = minutes.map_or_else(|| words::NEVER.to_owned(), words::minutes);
            if widgets::chip(ui, None, &text, model.settings.lock_after == minutes).clicked() {
                out.send(Message::LockAfter(minutes));
            }
        }
    });
    widgets::weak(ui, words::LOCK_MEANS);
}

fn about_ui(ui: &mut Ui) {
    widgets::section(ui, words::ABOUT);
    ui.label(words::VERSION);
    widgets::weak(ui, words::NOTHING_IS_SENT);
}
