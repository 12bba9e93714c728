//! How a verdict looks: what it is, what it means, and what is in it.

use std::borrow::Cow;

use eframe::egui::accesskit::Live;
use eframe::egui::{Align, Label, Layout, RichText, Sense, Shape, Stroke, Ui, UiBuilder, vec2};

use super::code::{Code, cut};
use super::guide::Page as Guide;
use super::{Message, Page};
use crate::gui::code::Textures;
use crate::gui::icons;
use crate::gui::model::Model;
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::{self, GAP};
use crate::gui::widgets::{self, Severity};
use crate::messages::inspect;
use crate::messages::window::{common, what_code as words};
use keyglance_inspect::guide::guide;
use keyglance_inspect::{Comparison, Confidence, Outcome, Part, Role, ids};

pub fn ui(
    ui: &mut Ui,
    page: &Page,
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    if let Some(guide) = &page.guide {
        return guide.ui(ui, model, out);
    }
    widgets::page(ui, |ui| {
        if widgets::back(ui, common::HOME).clicked() {
            out.go(Route::Back);
        }
        widgets::heading(ui, common::WHAT_IS_THIS_CODE);
        if page.code().is_some() && !page.camera {
            // It has the place of what it came from.
            said_ui(ui, page, model, out);
            if !page.comparing {
                widgets::section(ui, words::ANOTHER);
                ui.label(words::DROP_HERE);
                sources_ui(ui, page, model, out);
                guide_link(ui, out);
            }
            return;
        }
        let mut part = Outbox::new();
        let source = |ui: &mut Ui| {
            view_ui(ui, page, model, textures);
            sources_ui(ui, page, model, out);
        };
        widgets::two_columns(ui, GAP * 3.0, source, |ui| {
            said_ui(ui, page, model, &mut part);
            guide_link(ui, &mut part);
        });
        out.extend(part, |message| message);
    });
}

/// What the camera sees; where it is off, the place for a picture.
fn view_ui(ui: &mut Ui, page: &Page, model: &Model, textures: &mut Textures) {
    let width = ui.available_width();
    if page.camera && page.view.frame().is_some() {
        page.view.ui(ui, width, model, textures);
        return;
    }
    let palette = theme::palette(ui.ctx());
    let height = if widgets::is_narrow(ui) { 96.0 } else { 200.0 };
    let (rect, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    let corners = [
        rect.left_top(),
        rect.right_top(),
        rect.right_bottom(),
        rect.left_bottom(),
        rect.left_top(),
    ];
    let stroke = Stroke::new(1.5, palette.line);
    ui.painter().extend(Shape::dashed_line(&corners, stroke, 8.0, 6.0));
    let inner = rect.shrink(GAP * 2.0);
    let builder = UiBuilder::new().max_rect(inner).layout(Layout::top_down(Align::Center));
    // The place for it is taken already.
    let mut area = ui.new_child(builder);
    area.add_space((inner.height() / 2.0 - 36.0).max(0.0));
    widgets::label_silent(&mut area, icons::QR_CODE, theme::icon(28.0), palette.accent);
    area.label(if page.camera { common::STARTING_THE_CAMERA } else { words::DROP_HERE });
}

/// Where codes come from.
fn sources_ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    ui.horizontal_wrapped(|ui| {
        let camera = if page.camera { words::STOP_CAMERA } else { common::CAMERA };
        let has_camera = !model.cameras.is_empty() || page.camera;
        if has_camera && widgets::button(ui, camera).clicked() {
            out.send(Message::Camera(!page.camera));
        }
        for (text, message) in [
            (words::PASTE, Message::Paste),
            (words::OPEN, Message::Open),
            (common::THIS_SCREEN, Message::Screen),
        ] {
            if widgets::button(ui, text).clicked() {
                out.send(message);
            }
        }
    });
}

/// What it says.
fn said_ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    if let Some(problem) = &page.problem {
        widgets::problem(ui, problem);
    }
    let Some(code) = page.code() else {
        ui.label(words::WHAT_FOR);
        widgets::weak(ui, words::NOTHING_IS_OPENED);
        return;
    };
    if page.codes.len() > 1 {
        ui.horizontal_wrapped(|ui| {
            for index in 0..page.codes.len() {
                let name = words::numbered(index + 1);
                if widgets::chip(ui, None, &name, index == page.chosen).clicked() {
                    out.send(Message::Choose(index));
                }
            }
        });
    }
    headline_ui(ui, code);
    if page.comparing {
        comparing_ui(ui, page, model, out);
        return;
    }
    if let Some(Comparison { outcome, text, .. }) = &page.comparison {
        comparison_ui(ui, *outcome, text);
    }
    for warning in &code.verdict.warnings {
        widgets::warning(ui, &warning.text);
    }
    act_ui(ui, code, out);
    if code.is_ordinary() {
        text_ui(ui, code, out);
    } else {
        meaning_ui(ui, code);
        if let Some(digits) = inspect::digits(&code.verdict) {
            widgets::section(ui, inspect::DIGITS);
            value_ui(ui, digits);
        }
        parts_ui(ui, code, out);
        ui.horizontal_wrapped(|ui| {
            if widgets::button(ui, words::COMPARE).clicked() {
                out.send(Message::Compare(true));
            }
            if let Some(app) = guide().app_for(&code.verdict)
                && widgets::button(ui, &words::how_to_check(&app.name)).clicked()
            {
                out.send(Message::Guide(Some(Guide::app(&app.id))));
            }
            if widgets::button(ui, words::COPY_WITHOUT_SECRETS).clicked() {
                out.send(Message::CopyWithoutSecrets);
            }
        });
    }
}

/// The way to the guide.
fn guide_link(ui: &mut Ui, out: &mut Outbox<Message>) {
    ui.add_space(GAP);
    if widgets::link(ui, words::IS_IT_ENCRYPTED).clicked() {
        out.send(Message::Guide(Some(Guide::default())));
    }
}

/// What it is to be compared with.
fn comparing_ui(ui: &mut Ui, page: &Page, model: &Model, out: &mut Outbox<Message>) {
    widgets::section(ui, words::COMPARE_WITH);
    ui.label(words::THE_OTHER);
    sources_ui(ui, page, model, out);
    if widgets::link(ui, common::CANCEL).clicked() {
        out.send(Message::Compare(false));
    }
}

/// What comparing said.
fn comparison_ui(ui: &mut Ui, outcome: Outcome, text: &str) {
    let said = |ui: &mut Ui| {
        ui.horizontal_top(|ui| {
            let severity =
                if outcome == Outcome::Match { Severity::Good } else { Severity::Problem };
            widgets::shape(ui, severity, 20.0);
            let words = widgets::words(ui, RichText::new(text).font(theme::strong()));
            ui.ctx().accesskit_node_builder(words.id, |node| node.set_live(Live::Assertive));
        });
    };
    match outcome {
        Outcome::Match => widgets::card(ui, said),
        _ => widgets::attention_card(ui, said),
    }
}

/// Whose code it is, and how sure that is.
fn headline_ui(ui: &mut Ui, code: &Code) {
    let severity = match code.verdict.confidence {
        Confidence::Exact => Severity::Good,
        Confidence::Damaged => Severity::Problem,
        Confidence::CouldBe | Confidence::None => Severity::Waiting,
    };
    ui.horizontal_top(|ui| {
        widgets::shape(ui, severity, 28.0);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = GAP / 2.0;
            heading(ui, &inspect::headline(&code.verdict));
            widgets::weak(ui, inspect::sure(&code.verdict));
        });
    });
}

/// A heading of the second level, without the space above a section.
fn heading(ui: &mut Ui, text: &str) {
    widgets::heading_with_focus(ui, RichText::new(text).font(theme::section()), 2);
}

/// What Keyglance itself does with it.
fn act_ui(ui: &mut Ui, code: &Code, out: &mut Outbox<Message>) {
    let (text, route) = match code.verdict.id {
        _ if code.verdict.confidence == Confidence::Damaged => return,
        ids::PAIRING | ids::PAIRING_PART => (common::PAIR_A_DEVICE, Route::Pair),
        ids::FINGERPRINT => (common::CHECK_A_CONTACT, Route::Check),
        ids::PUBLIC_KEY => (words::ADD_TO_CONTACTS, Route::Add),
        _ => return,
    };
    if widgets::primary(ui, text).clicked() {
        out.go(route);
    }
}

/// Three questions, and a sentence or two for each.
fn meaning_ui(ui: &mut Ui, code: &Code) {
    let verdict = &code.verdict;
    let said = |ui: &mut Ui, about: &str, text: &str| {
        widgets::section(ui, about);
        ui.label(text);
    };
    let photographed = |ui: &mut Ui| {
        heading(ui, inspect::PHOTOGRAPHED);
        ui.label(inspect::photographed(verdict));
    };
    ui.add_space(GAP);
    if verdict.is_sensitive() {
        widgets::attention_card(ui, photographed);
    } else {
        photographed(ui);
    }
    said(ui, inspect::PROVES, &verdict.proves);
    said(ui, inspect::UNPROVED, &verdict.unproved);
}

fn parts_ui(ui: &mut Ui, code: &Code, out: &mut Outbox<Message>) {
    if code.verdict.parts.is_empty() {
        return;
    }
    widgets::section(ui, inspect::PARTS);
    widgets::list(ui, inspect::PARTS, |ui| {
        for (index, part) in code.verdict.parts.iter().enumerate() {
            part_ui(ui, code, index, part, out);
        }
    });
}

fn part_ui(ui: &mut Ui, code: &Code, index: usize, part: &Part, out: &mut Outbox<Message>) {
    let palette = theme::palette(ui.ctx());
    let shown = code.is_shown(index);
    let (icon, colour) = match part.role() {
        Role::PublicKey => (icons::LOCK_OPEN, palette.accent),
        Role::Secret => (icons::LOCK, palette.attention),
        Role::Token => (icons::KEY, palette.attention),
        Role::Address => (icons::QR_CODE, palette.weak),
    };
    widgets::card(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            widgets::label_silent(ui, icon, theme::icon(20.0), colour);
            widgets::strong(ui, &inspect::role(part.role()));
            ui.label(part.label());
            widgets::weak(ui, &inspect::size(part));
            if part.is_masked() {
                if !shown {
                    let name = words::show_part(part.label());
                    if widgets::named(ui, words::SHOW, &name).clicked() {
                        out.send(Message::Show(index));
                    }
                }
                let name = words::copy_part(part.label());
                if shown && widgets::named(ui, common::COPY, &name).clicked() {
                    out.send(Message::CopySecret(index));
                }
            }
        });
        let value = match part.value() {
            Some(value) => value,
            None if shown => part.reveal(),
            None => return,
        };
        value_ui(ui, cut(value, code.whole));
    });
}

/// What a code says, letter by letter.
fn value_ui(ui: &mut Ui, value: &str) {
    let text = RichText::new(value).monospace().size(14.0);
    let text = widgets::names::in_order(ui, text);
    ui.add(Label::new(text).wrap().selectable(true));
}

/// An ordinary text, as it is.
fn text_ui(ui: &mut Ui, code: &Code, out: &mut Outbox<Message>) {
    let waiting = code.waiting();
    let said = waiting.map_or_else(|| Cow::from(code.said()), Cow::from);
    let cut = cut(&said, code.whole);
    if !cut.is_empty() {
        widgets::card(ui, |ui| {
            ui.set_width(ui.available_width());
            value_ui(ui, cut);
        });
    }
    ui.horizontal_wrapped(|ui| {
        if waiting.is_some() && widgets::button(ui, words::SHOW).clicked() {
            out.send(Message::ShowText);
        }
        if widgets::button(ui, words::COPY_TEXT).clicked() {
            out.send(Message::Copy);
        }
        if cut.len() < said.len() && widgets::button(ui, words::SHOW_ALL).clicked() {
            out.send(Message::Whole);
        }
    });
}
