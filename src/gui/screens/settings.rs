//! Settings.

use eframe::egui::{ComboBox, Ui};

use super::camera_test::CameraTest;
use crate::gui::code::Textures;
use crate::gui::message::{Action, Effect, Protection, Secret};
use crate::gui::state::{LocalDevice, Screen, State};
use crate::gui::theme::GAP;
use crate::gui::widgets::{self, Severity};
use crate::messages;
use crate::messages::Notification;
use keyglance_core::keyfile::Passphrase;
use keyglance_core::pairing::DisplayName;
use keyglance_profile::Theme;

pub struct Page {
    name: String,
    present: Secret,
    first: Secret,
    second: Secret,
    working: bool,
    told: Option<Result<&'static str, Notification>>,
    pub test: CameraTest,
}

pub enum Do {
    Name(String),
    UseName,
    Camera(String),
    Test(bool),
    Mirror(bool),
    Sounds(bool),
    Theme(Theme),
    TextSize(u16),
    Present(Secret),
    First(Secret),
    Second(Secret),
    Protect,
    Unprotect,
    Cancel,
}

impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Page { … }")
    }
}

impl std::fmt::Debug for Do {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Do { … }")
    }
}

impl Page {
    pub fn new(own: &LocalDevice) -> Self {
        Self {
            name: own.name.as_str().to_owned(),
            present: Secret::default(),
            first: Secret::default(),
            second: Secret::default(),
            working: false,
            told: None,
            test: CameraTest::default(),
        }
    }

    pub fn changed(&mut self, own: &LocalDevice) {
        *self = Self { told: Some(Ok("Saved.")), ..Self::new(own) };
    }

    pub fn failed(&mut self, told: Notification) {
        self.working = false;
        self.told = Some(Err(told));
    }

    /// The change that was asked for, or why there is none.
    fn change(
        &mut self,
        own: &LocalDevice,
        protection: Protection,
    ) -> Result<Effect, Notification> {
        let told = |what: String| Notification::new(what, "Nothing was changed.");
        let name =
            DisplayName::new(self.name.trim()).map_err(|e| told(messages::window::sentence(&e)))?;
        let present = if own.protected {
            let text = std::mem::take(&mut self.present);
            let present = Passphrase::new(text);
            Some(present.map_err(|_| told("Write the present passphrase first.".to_owned()))?)
        } else {
            None
        };
        self.working = true;
        Ok(Effect::ChangeIdentity { name, present, protection })
    }
}

pub fn apply(state: &mut State, action: Do) -> Vec<Effect> {
    let scan = state.scan();
    let Screen::Settings(page) = &mut state.screen else { return Vec::new() };
    let Some(own) = &state.own else { return Vec::new() };
    page.told = None;
    let change = match action {
        Do::Name(name) => {
            page.name = name;
            return Vec::new();
        }
        Do::Present(text) => {
            page.present = text;
            return Vec::new();
        }
        Do::First(text) => {
            page.first = text;
            return Vec::new();
        }
        Do::Second(text) => {
            page.second = text;
            return Vec::new();
        }
        Do::Test(on) => {
            page.test.turn(on);
            return vec![if on { scan } else { Effect::StopScan }];
        }
        // The report says that it was.
        Do::Cancel => return vec![Effect::Cancel],
        Do::UseName => page.change(own, Protection::Same),
        Do::Unprotect => page.change(own, Protection::None),
        Do::Protect => {
            let (first, second) =
                (std::mem::take(&mut page.first), std::mem::take(&mut page.second));
            if *first == *second {
                Passphrase::new(first)
                    .map_err(|e| {
                        Notification::new(messages::window::sentence(&e), "Nothing was changed.")
                    })
                    .and_then(|passphrase| page.change(own, Protection::By(passphrase)))
            } else {
                Err(Notification::new("The two passphrases differ.", "Nothing was changed."))
            }
        }
        Do::Camera(name) => {
            state.settings.camera = Some(name);
            let mut effects = vec![Effect::SaveSettings(state.settings.clone())];
            if page.test.on {
                page.test.turn(true);
                effects.push(Effect::Scan(state.eye.clone(), state.settings.camera.clone()));
            }
            return effects;
        }
        Do::Mirror(on) => {
            state.settings.mirror = on;
            return vec![Effect::SaveSettings(state.settings.clone())];
        }
        Do::Sounds(on) => {
            state.settings.sounds = on;
            return vec![Effect::SaveSettings(state.settings.clone())];
        }
        Do::Theme(theme) => {
            state.settings.theme = theme;
            return vec![Effect::SaveSettings(state.settings.clone()), Effect::Restyle];
        }
        Do::TextSize(size) => {
            state.settings.text_size = size;
            return vec![Effect::SaveSettings(state.settings.clone()), Effect::Restyle];
        }
    };
    match change {
        Ok(effect) => vec![effect],
        Err(told) => {
            page.told = Some(Err(told));
            Vec::new()
        }
    }
}

pub fn show(ui: &mut Ui, state: &State, textures: &mut Textures, actions: &mut Vec<Action>) {
    let (Screen::Settings(page), Some(own)) = (&state.screen, &state.own) else { return };
    widgets::page(ui, |ui| {
        if widgets::button(ui, "Back").clicked() {
            actions.push(Action::Back);
        }
        let mut push = |action| actions.push(Action::SettingsPage(action));
        widgets::heading(ui, "Settings");
        if page.working {
            widgets::status(ui, Severity::Waiting, "Saving…");
            ui.spinner();
            ui.label("The passphrase is made slow to guess; this takes a moment.");
            if widgets::button(ui, "Cancel").clicked() {
                push(Do::Cancel);
            }
            return;
        }
        match &page.told {
            Some(Ok(text)) => widgets::status(ui, Severity::Good, text),
            Some(Err(told)) => {
                widgets::warning(ui, &told.what);
                ui.label(&told.advice);
            }
            None => {}
        }
        device(ui, page, own, &mut push);
        camera(ui, state, page, textures, &mut push);
        looks(ui, state, &mut push);
        protection(ui, page, own, &mut push);
        section(ui, "Profile");
        ui.label("Identity, contacts and keys are in this folder:");
        ui.monospace(state.profile.display().to_string());
        widgets::weak(ui, &format!("Fingerprint {}", spaced(&own.fingerprint)));
        if widgets::button(ui, "Back up or replace the identity…").clicked() {
            actions.push(Action::Identity);
        }
    });
}

fn section(ui: &mut Ui, name: &str) {
    ui.add_space(GAP * 2.0);
    widgets::strong(ui, name);
}

fn device(ui: &mut Ui, page: &Page, own: &LocalDevice, push: &mut impl FnMut(Do)) {
    section(ui, "This device");
    let mut name = page.name.clone();
    if widgets::field(ui, "Name that the other device sees", &mut name).changed() {
        push(Do::Name(name));
    }
    if own.protected {
        present(ui, page, push);
    }
    if page.name.trim() != own.name.as_str() && widgets::primary(ui, "Save name").clicked() {
        push(Do::UseName);
    }
}

fn present(ui: &mut Ui, page: &Page, push: &mut impl FnMut(Do)) {
    let mut present = page.present.clone();
    if widgets::secret(ui, "Present passphrase", &mut present).changed() {
        push(Do::Present(present));
    }
}

fn camera(
    ui: &mut Ui,
    state: &State,
    page: &Page,
    textures: &mut Textures,
    push: &mut impl FnMut(Do),
) {
    section(ui, "Camera");
    if state.cameras.is_empty() {
        ui.label("No camera found. Pairing works with pictures and text too.");
    } else {
        let first = || state.cameras.first().map_or("", |camera| camera.name.as_str());
        let chosen = state.settings.camera.as_deref().unwrap_or_else(first);
        let label = ui.label("Use");
        ComboBox::from_id_salt("camera")
            .selected_text(chosen)
            .show_ui(ui, |ui| {
                for camera in &state.cameras {
                    if ui.selectable_label(camera.name == chosen, &camera.name).clicked() {
                        push(Do::Camera(camera.name.clone()));
                    }
                }
            })
            .response
            .labelled_by(label.id);
    }
    let mut mirror = state.settings.mirror;
    if ui.checkbox(&mut mirror, "Show the preview as a mirror does").changed() {
        push(Do::Mirror(mirror));
    }
    if let Some(on) = page.test.show(ui, state, textures) {
        push(Do::Test(on));
    }
}

fn looks(ui: &mut Ui, state: &State, push: &mut impl FnMut(Do)) {
    section(ui, "Look and sound");
    ui.horizontal(|ui| {
        let themes =
            [(Theme::System, "As the system"), (Theme::Light, "Light"), (Theme::Dark, "Dark")];
        for (theme, text) in themes {
            if ui.radio(state.settings.theme == theme, text).clicked() {
                push(Do::Theme(theme));
            }
        }
    });
    ui.horizontal_wrapped(|ui| {
        ui.label("Size of everything");
        for size in [75, 100, 125, 150, 200] {
            if ui.radio(state.settings.text_size == size, format!("{size} %")).clicked() {
                push(Do::TextSize(size));
            }
        }
    });
    let mut sounds = state.settings.sounds;
    if ui.checkbox(&mut sounds, "Short sounds while pairing").changed() {
        push(Do::Sounds(sounds));
    }
}

fn protection(ui: &mut Ui, page: &Page, own: &LocalDevice, push: &mut impl FnMut(Do)) {
    section(ui, "Identity passphrase");
    ui.label(if own.protected {
        "The identity is protected. Whoever copies the profile needs the passphrase to pass for \
         this device."
    } else {
        "Without one, whoever copies the profile can pass for this device."
    });
    if own.protected {
        widgets::weak(ui, "Write the present passphrase above to change or remove it.");
    }
    let mut first = page.first.clone();
    if widgets::secret(ui, "New passphrase", &mut first).changed() {
        push(Do::First(first));
    }
    let mut second = page.second.clone();
    if widgets::secret(ui, "The same again", &mut second).changed() {
        push(Do::Second(second));
    }
    ui.horizontal(|ui| {
        let text = if own.protected { "Change passphrase" } else { "Set passphrase" };
        if widgets::button(ui, text).clicked() {
            push(Do::Protect);
        }
        if own.protected && widgets::button(ui, "Remove passphrase").clicked() {
            push(Do::Unprotect);
        }
    });
}

/// Digits in groups of five.
fn spaced(digits: &str) -> String {
    let digits: Vec<char> = digits.chars().collect();
    let groups: Vec<String> = digits.chunks(5).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}
