//! Pairing the phone itself, by a page in its browser: where that page is, as a code.

use std::path::{Path, PathBuf};

use eframe::egui::{Align, Layout, Ui};

use crate::gui::code::{ShownCode, Textures};
use crate::gui::effect::{Effect, FileDialog, ProfileCommand, WorldCommand};
use crate::gui::model::{Model, PhonePageView};
use crate::gui::route::Outbox;
use crate::gui::screens::page_address::{self, AddressForm};
use crate::gui::theme::GAP;
use crate::gui::widgets::{self, Place};
use crate::messages::phone_page;
use crate::messages::window::{common, phone as words};
use keyglance_profile::PageAddress;

#[derive(Debug, Default)]
pub struct PairPhone {
    address: AddressForm,
    /// An address is kept.
    kept: bool,
    /// Another address is typed than the one that is kept.
    changing: bool,
    /// Where the page's files are to be saved, while that is typed.
    save_in: Option<String>,
}

#[derive(Debug)]
pub enum Message {
    Address(page_address::Message),
    Change(bool),
    /// Asks where to save the page's files.
    SaveIn,
    Folder(String),
    Choose,
    Save,
}

impl PairPhone {
    /// Tells the pages of it apart.
    pub const fn place(&self) -> bool {
        self.kept && !self.changing
    }

    /// The address whose code is shown.
    pub fn shown<'a>(&self, model: &'a Model) -> Option<&'a PageAddress> {
        address(model).filter(|_| !self.changing)
    }

    /// The address is kept, or kept no more.
    pub fn kept(&mut self, address: Option<&PageAddress>) {
        (self.kept, self.changing) = (address.is_some(), false);
        self.address.kept();
    }

    /// The folder that a dialog chose.
    pub fn choose_folder(&mut self, paths: Vec<PathBuf>) {
        if let (Some(save_in), Some(path)) = (&mut self.save_in, paths.into_iter().next()) {
            *save_in = path.to_string_lossy().into_owned();
        }
    }

    /// The page's files are where they were to be.
    pub fn saved(&mut self) {
        self.save_in = None;
    }

    pub fn update(&mut self, model: &Model, message: Message) -> Vec<Effect> {
        match message {
            Message::Address(message) => return self.address.update(address(model), message),
            Message::Change(on) => {
                self.address.kept();
                self.changing = on;
            }
            Message::SaveIn => {
                let folder = model.home.join(words::FOLDER_NAME);
                self.save_in = Some(folder.to_string_lossy().into_owned());
            }
            Message::Folder(text) => self.save_in = Some(text),
            Message::Choose => {
                let suggested = self.save_in.clone().unwrap_or_default();
                return vec![WorldCommand::OpenDialog(FileDialog::PageFolder, suggested).into()];
            }
            Message::Save => {
                let folder = self.save_in.as_deref().unwrap_or_default().trim();
                let folder = Path::new(folder).to_owned();
                return vec![ProfileCommand::SavePhonePage(folder).into()];
            }
        }
        Vec::new()
    }

    /// How the phone is held, and what it is to this device.
    pub fn about_ui(&self, ui: &mut Ui) {
        widgets::weak(ui, phone_page::HOLD_THE_PHONE);
        widgets::weak(ui, phone_page::NEW_DEVICE);
    }

    /// The address as a code, or the way to one.
    pub fn card_ui(
        &self,
        ui: &mut Ui,
        model: &Model,
        textures: &mut Textures,
        out: &mut Outbox<Message>,
    ) {
        widgets::card(ui, |ui| {
            ui.set_width(ui.available_width());
            match self.shown(model) {
                Some(address) => self.code_ui(ui, address, textures, out),
                None => self.address_ui(ui, model, out),
            }
            self.files_ui(ui, model, out);
        });
    }

    fn code_ui(
        &self,
        ui: &mut Ui,
        address: &PageAddress,
        textures: &mut Textures,
        out: &mut Outbox<Message>,
    ) {
        let height = ui.ctx().content_rect().height();
        let room = (height - 440.0).clamp(170.0, 300.0).min(ui.available_width());
        ui.with_layout(Layout::top_down(Align::Center), |ui| {
            textures.code_ui(ui, ShownCode::single(address.as_str()), room, words::ADDRESS_CODE);
            widgets::strong(ui, address.as_str());
        });
        widgets::list(ui, words::STEPS_LABEL, |ui| {
            for step in words::STEPS {
                ui.label(step);
            }
        });
        if address.is_local() {
            widgets::warning(ui, phone_page::ONLY_HERE);
        }
        widgets::warning(ui, phone_page::HOST_POWER);
        if widgets::button(ui, words::ANOTHER_ADDRESS).clicked() {
            out.send(Message::Change(true));
        }
    }

    fn address_ui(&self, ui: &mut Ui, model: &Model, out: &mut Outbox<Message>) {
        let kept = address(model);
        if kept.is_none() {
            widgets::strong(ui, words::WHERE_IS_IT);
            ui.label(phone_page::NO_ADDRESS);
            widgets::list(ui, words::WAYS_LABEL, |ui| {
                for way in words::WAYS {
                    ui.label(way);
                }
            });
        }
        let mut part = Outbox::new();
        self.address.ui(ui, kept, &mut part);
        out.extend(part, Message::Address);
        widgets::weak(ui, phone_page::HOST_POWER);
        if kept.is_none() {
            return;
        }
        ui.horizontal_wrapped(|ui| {
            if widgets::button(ui, common::CANCEL).clicked() {
                out.send(Message::Change(false));
            }
            if widgets::button(ui, words::REMOVE_ADDRESS).clicked() {
                out.send(Message::Address(page_address::Message::Forget));
            }
        });
    }

    /// The files that come with this program, for who hosts them.
    fn files_ui(&self, ui: &mut Ui, model: &Model, out: &mut Outbox<Message>) {
        let Some(PhonePageView { page, .. }) = &model.phone_page else { return };
        ui.add_space(GAP / 2.0);
        let hash = match page {
            Ok(hash) => hash,
            Err(problem) => {
                widgets::weak(ui, &problem.what);
                return;
            }
        };
        let Some(folder) = &self.save_in else {
            if widgets::button(ui, words::SAVE_THE_PAGE).clicked() {
                out.send(Message::SaveIn);
            }
            return;
        };
        if let Some(place) = widgets::place(ui, words::SAVE_IN, folder) {
            out.send(match place {
                Place::Typed(path) => Message::Folder(path),
                Place::Choose => Message::Choose,
            });
        }
        if widgets::button(ui, words::SAVE_FILES).clicked() {
            out.send(Message::Save);
        }
        widgets::weak(ui, &phone_page::sha256(hash));
    }
}

/// The address that is kept.
fn address(model: &Model) -> Option<&PageAddress> {
    model.phone_page.as_ref()?.address.as_ref()
}
