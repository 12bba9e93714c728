//! Home: what can be done here, and the contacts, each with the next sensible act.

use eframe::egui::{
    self, Align, Frame, Label, Layout, Rect, RichText, Stroke, Ui, UiBuilder, pos2, vec2,
};

use super::contact_row;
use super::manage;
use crate::gui::effect::{Effect, FileDialog, ProfileCommand, WorldCommand};
use crate::gui::icons;
use crate::gui::model::{ContactList, ContactView, Model};
use crate::gui::picture;
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::{self, CONTROL, GAP};
use crate::gui::widgets;
use crate::messages::window::common;
use crate::messages::window::home as words;
use crate::messages::{self, shared};
use keyglance_core::text::without_accents;
use keyglance_profile::Verdict;

/// From this many contacts on they can be searched.
const SEARCHED_FROM: usize = 8;

/// Below this height of the window the picture is smaller, in points.
const LOW: f32 = 640.0;
/// Narrower tiles stand below each other, in points.
const LEAST_TILE: f32 = 124.0;
/// How wide the button is that most users come for, in points.
const PAIR_WIDTH: f32 = 152.0;

#[derive(Debug, Default)]
pub struct Page {
    search: String,
    questions: manage::Questions,
}

#[derive(Debug)]
pub enum Message {
    Search(String),
    ImportKeyFile,
    Copy(String),
    /// What was made of a card whose key is gone is taken back.
    TakenBack,
    Manage(manage::Message),
}

pub fn update(page: &mut Page, model: &Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Search(text) => page.search = text,
        Message::ImportKeyFile => {
            let dialog = WorldCommand::OpenDialog(FileDialog::Open, String::new());
            return vec![dialog.into()];
        }
        Message::Copy(text) => return vec![WorldCommand::Copy(text).into()],
        Message::TakenBack => return vec![ProfileCommand::ForgetLeftBehind.into()],
        Message::Manage(message) => return manage::update(&mut page.questions, model, message),
    }
    Vec::new()
}

pub fn ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    let is_empty = model.contacts.contacts.is_empty();
    let content = |ui: &mut Ui| {
        let icons = brand_ui(ui);
        for warning in &model.contacts.warnings {
            widgets::warning(ui, warning);
        }
        if !model.contacts.left_behind.is_empty() {
            left_behind_ui(ui, model, out);
        }
        if widgets::is_narrow(ui) {
            pair_ui(ui, out);
        } else if is_empty {
            hero_ui(ui, out);
        } else {
            slim_hero_ui(ui, out);
        }
        ui.add_space(GAP);
        verbs_ui(ui, out);
        if is_empty {
            footer_ui(ui, out);
        } else {
            contacts_ui(ui, page, model, out);
        }
        // Drawn last, so that Tab reaches them last.
        icons_ui(ui, icons, out);
    };
    // A search changes how many there are: the page must not jump about meanwhile.
    if model.contacts.contacts.len() < SEARCHED_FROM {
        widgets::page_centred(ui, content);
    } else {
        widgets::page(ui, content);
    }
    let mut managed = Outbox::new();
    manage::ui(ui.ctx(), &page.questions, model, &mut managed);
    out.extend(managed, Message::Manage);
}

/// What was made of what somebody shared whose key is gone: it stays in other programs.
fn left_behind_ui(ui: &mut Ui, model: &Model, out: &mut Outbox<Message>) {
    widgets::attention_card(ui, |ui| {
        widgets::warning(ui, shared::STAYS_ELSEWHERE);
        for (program, lines) in shared::left_behind(&model.contacts.left_behind) {
            for line in lines {
                let right = |ui: &mut Ui| {
                    let name = shared::copy(&program, false);
                    if widgets::named(ui, common::COPY, &name).clicked() {
                        out.send(Message::Copy(line.clone()));
                    }
                };
                widgets::spread(ui, CONTROL, right, |ui| {
                    ui.add(Label::new(RichText::new(&line).monospace().size(14.0)).wrap());
                });
            }
        }
        if widgets::button(ui, shared::TAKEN_BACK).clicked() {
            out.send(Message::TakenBack);
        }
    });
}

/// The mark and the name. Gives the place that is kept for Settings and Help.
fn brand_ui(ui: &mut Ui) -> Rect {
    const SIDE: f32 = 36.0;
    let width = ui.available_width();
    let (rect, _) = ui.allocate_exact_size(vec2(width, CONTROL), egui::Sense::hover());
    let icons = Rect::from_min_max(pos2(rect.right() - 2.0 * CONTROL - GAP, rect.top()), rect.max);
    let left = rect.with_max_x(icons.left());
    let layout = Layout::left_to_right(Align::Center);
    ui.scope_builder(UiBuilder::new().max_rect(left).layout(layout), |ui| {
        let (square, _) = ui.allocate_exact_size(egui::Vec2::splat(SIDE), egui::Sense::hover());
        ui.painter().rect_filled(square, 9.0, theme::SUCCESS);
        let inner = Rect::from_center_size(square.center(), vec2(24.0, 21.5));
        let mut within = ui.new_child(UiBuilder::new().max_rect(inner));
        picture::mark(&mut within, 24.0, &theme::ON_SUCCESS, theme::SUCCESS);
        ui.add_space(GAP / 2.0);
        widgets::heading_with_focus(ui, RichText::new(words::KEYGLANCE).font(theme::section()), 1);
    });
    ui.add_space(GAP);
    icons
}

fn icons_ui(ui: &mut Ui, rect: Rect, out: &mut Outbox<Message>) {
    let layout = Layout::left_to_right(Align::Center);
    let mut ui = ui.new_child(UiBuilder::new().max_rect(rect).layout(layout));
    if widgets::icon(&mut ui, icons::GEAR, common::SETTINGS).clicked() {
        out.go(Route::Settings);
    }
    if widgets::icon(&mut ui, icons::QUESTION, common::HELP).clicked() {
        out.go(Route::Help);
    }
}

fn hero_frame(ui: &Ui) -> Frame {
    let palette = theme::palette(ui.ctx());
    Frame::new()
        .fill(palette.raised)
        .stroke(Stroke::new(1.0, palette.hair))
        .corner_radius(20)
        .inner_margin(egui::Margin::same(24))
}

/// What this is for, and how it goes.
fn hero_ui(ui: &mut Ui, out: &mut Outbox<Message>) {
    let palette = theme::palette(ui.ctx());
    hero_frame(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.vertical_centered(|ui| {
            ui.add_space(GAP);
            // In a usual window all of the page is in view.
            let mark = if ui.ctx().content_rect().height() < LOW { 104.0 } else { 140.0 };
            picture::mark(ui, mark, &palette, palette.raised);
            ui.add_space(GAP);
            let title = RichText::new(words::SHARE_A_KEY_AT_LENGTH).heading();
            widgets::heading_with_focus(ui, title, 2);
            ui.spacing_mut().item_spacing.y = GAP / 2.0;
            for line in [words::HOW, words::TEN_SECONDS] {
                ui.label(RichText::new(line).color(palette.weak));
            }
            ui.add_space(GAP * 1.5);
            if widgets::primary_wide(ui, common::PAIR_A_DEVICE, PAIR_WIDTH).clicked() {
                out.go(Route::Pair);
            }
            ui.add_space(GAP / 2.0);
        });
    });
}

fn slim_hero_ui(ui: &mut Ui, out: &mut Outbox<Message>) {
    let palette = theme::palette(ui.ctx());
    hero_frame(ui).inner_margin(egui::Margin::symmetric(24, 18)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            ui.set_min_height(83.0);
            ui.add_space(GAP * 2.0);
            picture::mark(ui, 92.0, &palette, palette.raised);
            ui.add_space(GAP * 3.0);
            let width = (ui.available_width() - PAIR_WIDTH - GAP).max(0.0);
            ui.allocate_ui_with_layout(vec2(width, 48.0), Layout::top_down(Align::Min), |ui| {
                ui.set_width(width);
                ui.spacing_mut().item_spacing.y = GAP / 2.0;
                let title = words::SHARE_A_KEY;
                let title = RichText::new(title).font(theme::section());
                widgets::heading_with_focus(ui, title, 2);
                widgets::weak(ui, words::HOW_BRIEFLY);
            });
            if widgets::primary_wide(ui, common::PAIR_A_DEVICE, PAIR_WIDTH).clicked() {
                out.go(Route::Pair);
            }
        });
    });
}

/// In place of the hero, where there is no room for it.
fn pair_ui(ui: &mut Ui, out: &mut Outbox<Message>) {
    let width = ui.available_width();
    if widgets::primary_wide(ui, common::PAIR_A_DEVICE, width).clicked() {
        out.go(Route::Pair);
    }
}

fn verbs_ui(ui: &mut Ui, out: &mut Outbox<Message>) {
    let narrow = widgets::is_narrow(ui);
    let gap = if narrow { GAP } else { GAP * 2.0 };
    let width = ((ui.available_width() - 2.0 * gap) / 3.0).floor();
    let word = |long, short| if narrow { short } else { long };
    let all = ui.available_width();
    let stacked = width < LEAST_TILE;
    let width = if stacked { all } else { width };
    let tiles = |ui: &mut Ui| {
        ui.spacing_mut().item_spacing.x = gap;
        for (icon, title, route) in [
            (icons::QR_CODE, words::FOR_A_PHONE, Route::Phone(None)),
            (icons::CHECK_CIRCLE, word(common::CHECK_A_CONTACT, words::CHECK), Route::Check),
            (icons::QUESTION, word(common::WHAT_IS_THIS_CODE, words::THIS_CODE), Route::WhatCode),
        ] {
            let tile = if narrow {
                widgets::small_tile(ui, width, icon, title)
            } else {
                widgets::tile(ui, width, icon, title, None, false)
            };
            if tile.clicked() {
                out.go(route);
            }
        }
    };
    if stacked {
        ui.vertical(tiles);
    } else {
        ui.horizontal_top(tiles);
    }
}

/// Other ways to a contact or a key than by a camera.
fn footer_ui(ui: &mut Ui, out: &mut Outbox<Message>) {
    ui.add_space(GAP * 2.0);
    ui.vertical_centered(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        widgets::weak(ui, words::NOT_IN_ONE_ROOM);
        links_ui(ui, out);
    });
}

fn links_ui(ui: &mut Ui, out: &mut Outbox<Message>) {
    const LINKS: [&str; 3] =
        [words::PAIR_WITH_PICTURES_OR_TEXT, words::IMPORT_A_KEY_FILE, words::RESTORE_A_BACKUP];
    const DOT: &str = "·";
    let font = theme::small();
    let widths = LINKS.iter().chain([&DOT, &DOT]).map(|text| {
        ui.painter().layout_no_wrap((*text).to_owned(), font.clone(), egui::Color32::BLACK).size().x
    });
    let all = widths.sum::<f32>() + 4.0 * GAP / 2.0;
    let in_one_line = all <= ui.available_width();
    let mut links = |ui: &mut Ui| {
        for (number, (text, act)) in
            LINKS.into_iter().zip([Link::Pair, Link::Import, Link::Restore]).enumerate()
        {
            if in_one_line && number > 0 {
                widgets::weak(ui, DOT);
            }
            if widgets::small_link(ui, text).clicked() {
                match act {
                    Link::Pair => out.go(Route::PairWithoutCamera),
                    Link::Import => out.send(Message::ImportKeyFile),
                    Link::Restore => out.go(Route::Restore),
                }
            }
        }
    };
    if in_one_line {
        let size = vec2(all, GAP * 3.0);
        ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = GAP / 2.0;
            links(ui);
        });
    } else {
        links(ui);
    }
}

enum Link {
    Pair,
    Import,
    Restore,
}

fn contacts_ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    let rows = rows(&model.contacts);
    if !widgets::is_narrow(ui) {
        ui.add_space(GAP);
        ui.horizontal(|ui| {
            ui.set_height(GAP * 3.0);
            widgets::heading_with_focus(
                ui,
                RichText::new(common::CONTACTS).font(theme::section()),
                2,
            );
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                widgets::weak(ui, &rows.len().to_string());
            });
        });
    }
    if rows.len() >= SEARCHED_FROM {
        let mut search = page.search.clone();
        if widgets::search_field(ui, common::SEARCH_YOUR_CONTACTS, &mut search).changed() {
            out.send(Message::Search(search));
        }
    }
    let wanted = without_accents(page.search.trim());
    let found: Vec<_> = rows.into_iter().filter(|view| is_called(view, &wanted)).collect();
    if found.is_empty() {
        ui.horizontal_wrapped(|ui| {
            ui.label(messages::window::home::no_contact_is_called(page.search.trim()));
            if widgets::button(ui, words::CLEAR).clicked() {
                out.send(Message::Search(String::new()));
            }
        });
    }
    widgets::list(ui, common::CONTACTS, |ui| {
        for view in found {
            let mut part = Outbox::new();
            contact_row::ui(ui, view, model, &mut part);
            out.extend(part, Message::Manage);
        }
    });
    ui.add_space(GAP);
    links_ui(ui, out);
}

/// Who is listed: what has to be decided first, else in natural order. Who came under
/// somebody's name stands on the row of who is known by it until the user decides.
fn rows(contacts: &ContactList) -> Vec<&ContactView> {
    let waits = |view: &ContactView| view.verdict() == Verdict::DifferentKey { decided: false };
    let mut rows: Vec<_> = contacts
        .contacts
        .iter()
        .filter(|view| !waits(view) || contacts.known_by_the_name(&view.contact).is_none())
        .collect();
    rows.sort_by_key(|view| contacts.undecided(view).is_none() && !waits(view));
    rows
}

/// Whether its name, a key's, or a key's label has these letters.
fn is_called(view: &ContactView, wanted: &str) -> bool {
    let has = |text: &str| without_accents(text).contains(wanted);
    let labels = view.keys.iter().filter_map(|key| key.purpose.as_deref());
    has(&view.contact.name) || has(&view.contact.suggested_name) || labels.into_iter().any(has)
}
