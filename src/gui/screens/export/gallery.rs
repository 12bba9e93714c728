//! Which program: found by name, by another name, or by what it is used for.

use eframe::egui::{Align, EventFilter, Frame, Key, Layout, Margin, Modifiers, RichText, Ui};

use super::{Message, Page, WhyNot, notices_ui, why_not};
use crate::gui::icons;
use crate::gui::model::{ContactView, KeyView};
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::{self, GAP};
use crate::gui::{picture, widgets};
use crate::messages;
use crate::messages::window::{common, exports as words};
use keyglance_core::exports::{Group, KeylessProgram, Program, WITHOUT_KEYS_FROM_OUTSIDE};

/// The width of the groups' names, in points.
const NAMES: f32 = 184.0;

pub(super) fn ui(
    ui: &mut Ui,
    page: &Page,
    view: &ContactView,
    key: &KeyView,
    out: &mut Outbox<Message>,
) {
    let name = view.contact.name.as_str();
    let mut part = Outbox::new();
    let content = |ui: &mut Ui| {
        if widgets::back(ui, name).clicked() {
            out.go(Route::Back);
        }
        let title = words::use_key_of(&key.name);
        if widgets::is_narrow(ui) {
            widgets::heading(ui, &title);
        } else {
            let right = |ui: &mut Ui| picture::contact(ui, 40.0, &view.picture);
            widgets::spread(ui, 48.0, right, |ui| {
                widgets::heading(ui, &title);
            });
        }
        if let Some(refusal) = &key.refusal {
            widgets::problem(ui, &messages::window::explain(refusal));
            return;
        }
        notices_ui(ui, view, key, out);
        search_ui(ui, page, out);
        let found = page.found();
        if found.is_empty() {
            nothing_ui(ui, page, out);
        }
        let mut places = Vec::new();
        for group in Group::ALL {
            let programs: Vec<_> = found.iter().filter(|p| p.group == group).copied().collect();
            let programs: Vec<_> = group.programs().filter(|p| programs.contains(p)).collect();
            if !programs.is_empty() {
                group_ui(ui, page, key, group, &programs, &mut places, out);
            }
        }
        keys(ui, page, &places, out);
    };
    widgets::page_with_bar(ui, content, |ui| strip_ui(ui, page, key, &mut part));
    out.extend(part, |message| message);
}

fn search_ui(ui: &mut Ui, page: &Page, out: &mut Outbox<Message>) {
    let mut text = page.search.clone();
    if widgets::search(ui, words::SEARCH, &mut text).changed() {
        out.send(Message::Search(text));
    }
    ui.add_space(GAP);
}

/// Where a chip is, for the arrows.
struct Place {
    program: &'static Program,
    rect: eframe::egui::Rect,
    id: eframe::egui::Id,
}

fn group_ui(
    ui: &mut Ui,
    page: &Page,
    key: &KeyView,
    group: Group,
    programs: &[&'static Program],
    places: &mut Vec<Place>,
    out: &mut Outbox<Message>,
) {
    let chips = |ui: &mut Ui, places: &mut Vec<Place>, out: &mut Outbox<Message>| {
        widgets::list(ui, group.title(), |ui| {
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing.x = 6.0;
                ui.spacing_mut().button_padding.x = 11.0;
                for program in programs {
                    chip_ui(ui, page, key, program, places, out);
                }
            });
        });
    };
    if widgets::is_narrow(ui) {
        ui.label(RichText::new(group.title()).font(theme::small_strong()));
        chips(ui, places, out);
        return;
    }
    ui.horizontal_top(|ui| {
        ui.allocate_ui_with_layout(
            eframe::egui::vec2(NAMES - GAP, theme::CONTROL),
            Layout::left_to_right(Align::Center),
            |ui| {
                ui.set_min_width(NAMES - GAP);
                ui.label(RichText::new(group.title()).font(theme::strong()));
            },
        );
        ui.vertical(|ui| chips(ui, places, out));
    });
    ui.add_space(GAP / 2.0);
}

fn chip_ui(
    ui: &mut Ui,
    page: &Page,
    key: &KeyView,
    program: &'static Program,
    places: &mut Vec<Place>,
    out: &mut Outbox<Message>,
) {
    let chosen = page.program == Some(program);
    let icon = program.phone.then_some(icons::QR_CODE);
    let can = why_not(program, key, page.not_compared).is_none();
    let response = widgets::chip_if(ui, can, icon, program.name, chosen);
    // The arrows are ours, not the way to the next widget.
    let filter =
        EventFilter { vertical_arrows: true, horizontal_arrows: true, ..Default::default() };
    if response.has_focus() {
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    }
    let entered = response.has_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if response.clicked() && !(chosen && entered) {
        out.send(Message::Program(program));
    }
    if response.double_clicked() || (chosen && entered) {
        out.send(Message::Continue);
    }
    if chosen && moved(ui) {
        response.scroll_to_me(None);
    }
    places.push(Place { program, rect: response.rect, id: response.id });
}

/// Whether an arrow was pressed in the last pass, which may have moved the choice.
fn moved(ui: &Ui) -> bool {
    ui.input(|input| {
        [Key::ArrowDown, Key::ArrowUp, Key::ArrowLeft, Key::ArrowRight]
            .into_iter()
            .any(|key| input.key_down(key) || input.key_released(key))
    })
}

/// The arrows move between the chips: from the search field up and down, and sideways too
/// while nothing is typed.
fn keys(ui: &mut Ui, page: &Page, places: &[Place], out: &mut Outbox<Message>) {
    let focused = ui.memory(|memory| memory.focused());
    let on_chip = places.iter().find(|place| Some(place.id) == focused);
    let in_search = ui.ctx().text_edit_focused();
    if on_chip.is_none() && !in_search {
        return;
    }
    let sideways = on_chip.is_some() || page.search.is_empty();
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let from = on_chip.map(|place| place.program).or(page.program);
    let at = places.iter().position(|place| Some(place.program) == from);
    let step = if sideways && pressed(Key::ArrowRight) {
        at.map_or(Some(0), |at| Some((at + 1).min(places.len().saturating_sub(1))))
    } else if sideways && pressed(Key::ArrowLeft) {
        at.map(|at| at.saturating_sub(1))
    } else if pressed(Key::ArrowDown) {
        at.map_or(Some(0), |at| neighbour(places, at, 1.0))
    } else if pressed(Key::ArrowUp) {
        at.and_then(|at| neighbour(places, at, -1.0))
    } else {
        None
    };
    let Some(place) = step.and_then(|step| places.get(step)) else { return };
    out.send(Message::Program(place.program));
    if on_chip.is_some() {
        ui.memory_mut(|memory| memory.request_focus(place.id));
    }
}

/// The chip in the next row below or above that is nearest.
fn neighbour(places: &[Place], at: usize, down: f32) -> Option<usize> {
    let from = places.get(at)?.rect.center();
    let beyond = |place: &Place| (place.rect.center().y - from.y) * down;
    let rows = places.iter().map(beyond).filter(|distance| *distance > 4.0);
    let row = rows.fold(f32::INFINITY, f32::min);
    let away = |place: &Place| (place.rect.center().x - from.x).abs();
    places
        .iter()
        .enumerate()
        .filter(|(_, place)| (beyond(place) - row).abs() < 4.0)
        .min_by(|(_, one), (_, other)| away(one).total_cmp(&away(other)))
        .map(|(index, _)| index)
}

/// What to say where a search finds nothing.
fn nothing_ui(ui: &mut Ui, page: &Page, out: &mut Outbox<Message>) {
    let wanted = page.search.trim();
    let begins = |program: &&KeylessProgram| {
        let name = program.name.to_lowercase();
        wanted.chars().count() > 2 && name.starts_with(&wanted.to_lowercase())
    };
    if let Some(program) = WITHOUT_KEYS_FROM_OUTSIDE.iter().find(begins) {
        widgets::strong(ui, program.name);
        ui.label(words::without_key(program));
        if program.has_code && widgets::button(ui, common::WHAT_IS_THIS_CODE).clicked() {
            out.go(Route::WhatCode);
        }
        return;
    }
    let wanted = keyglance_profile::printable(wanted);
    widgets::words(ui, words::nothing_is_called(&wanted).into());
    ui.label(words::PASSWORD_FIELD);
    if widgets::button(ui, words::SHOW_PASSPHRASE).clicked() {
        out.send(Message::Search(words::PASSPHRASE_PROGRAM.to_owned()));
    }
}

/// What one gets, and the way on.
fn strip_ui(ui: &mut Ui, page: &Page, key: &KeyView, out: &mut Outbox<Message>) {
    let palette = theme::palette(ui.ctx());
    let Some(program) = page.program.filter(|_| key.refusal.is_none()) else {
        widgets::primary_if(ui, false, words::CONTINUE);
        return;
    };
    let why_not = why_not(program, key, page.not_compared);
    let margin = Margin::symmetric(16, 12);
    Frame::new().fill(palette.soft).corner_radius(12).inner_margin(margin).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let right = |ui: &mut Ui| {
            if why_not == Some(WhyNot::NotCompared) {
                if widgets::button(ui, words::GO_ON_NOT_COMPARED).clicked() {
                    out.send(Message::NotCompared);
                }
            } else if widgets::primary_if(ui, why_not.is_none(), words::CONTINUE).clicked() {
                out.send(Message::Continue);
            }
        };
        widgets::spread(ui, 44.0, right, |ui| {
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                let name = ui.label(RichText::new(program.name).font(theme::strong()));
                ui.ctx().accesskit_node_builder(name.id, |node| {
                    node.set_live(eframe::egui::accesskit::Live::Polite);
                });
                match &why_not {
                    None => widgets::weak(ui, program.summary),
                    Some(WhyNot::Never(why)) => widgets::weak(ui, why),
                    Some(WhyNot::NotCompared) => widgets::weak(ui, words::SHARED_NOT_COMPARED),
                }
            });
        });
    });
}
