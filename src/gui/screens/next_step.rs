//! What next, after a pairing: the contact's name, and what its key is good for.

use eframe::egui::{Align, Frame, Label, Layout, Margin, RichText, Role, Stroke, Ui, WidgetInfo};

use super::result::{Message, Page};
use crate::gui::icons;
use crate::gui::picture;
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::{self, GAP};
use crate::gui::widgets::{self, Dialog, Severity};
use crate::messages::window::next_step as words;
use crate::messages::window::{common, share};
use crate::messages::{self, card, shared};
use keyglance_core::identifiers::Identifier;

pub fn ui(ui: &mut Ui, page: &Page, compared: bool, out: &mut Outbox<Message>) {
    let narrow = widgets::is_narrow(ui);
    let mut bar = Outbox::new();
    widgets::page_with_bar(
        ui,
        |ui| {
            told_ui(ui, page, compared, narrow, out);
            ui.add_space(GAP);
            conflict_ui(ui, page, out);
            name_ui(ui, page, narrow, out);
            // What is held back can be used for nothing yet.
            if page.pairing.saved.key_changed.is_none() {
                ways_ui(ui, page, narrow, out);
            }
            shared_ui(ui, page, compared, out);
            ui.add_space(GAP / 2.0);
            widgets::weak(ui, words::SAVED_ON_BOTH);
            if let Some(safe) = messages::also_safe(page.pairing.suite) {
                widgets::weak(ui, safe);
            }
        },
        |ui| {
            if widgets::link(ui, words::DELETE_THIS_KEY).clicked() {
                bar.send(Message::Delete(true));
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.scope(|ui| {
                    ui.spacing_mut().button_padding.x = GAP * 5.0;
                    if widgets::primary(ui, common::DONE).clicked() {
                        bar.send(Message::Save(Route::Home));
                    }
                });
            });
        },
    );
    out.extend(bar, |message| message);
    if page.deleting {
        delete_ui(ui, page, out);
    }
}

/// What was compared, or not.
fn told_ui(ui: &mut Ui, page: &Page, compared: bool, narrow: bool, out: &mut Outbox<Message>) {
    let saved = &page.pairing.saved;
    let name = &saved.contact_name;
    let palette = theme::palette(ui.ctx());
    let (severity, heading, line) = if compared {
        let line = words::TYPED.to_owned();
        (Severity::Good, words::compared(name), line)
    } else if let Some(verified) = saved.verified {
        let method = messages::method(verified.method);
        let line = words::compared_before(name, method);
        (Severity::Good, words::THE_KEY_IS_SAVED.to_owned(), line)
    } else {
        let line = words::SOMEBODY_COULD.to_owned();
        (Severity::Waiting, words::NOT_COMPARED_YET.to_owned(), line)
    };
    let done = severity == Severity::Good;
    let (fill, line_around) = if done {
        (palette.soft, Stroke::NONE)
    } else {
        (palette.raised, Stroke::new(1.0, palette.hair))
    };
    let margin = if narrow { Margin::same(16) } else { Margin::symmetric(32, 20) };
    let card = Frame::new().fill(fill).stroke(line_around).corner_radius(20).inner_margin(margin);
    card.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            if !narrow {
                ui.add_space(GAP * 2.0);
                picture::mark(ui, 112.0, &palette, fill);
                ui.add_space(GAP * 5.0);
            }
            ui.vertical(|ui| {
                ui.horizontal_top(|ui| {
                    widgets::shape(ui, severity, if narrow { 24.0 } else { 30.0 });
                    let font = if narrow { theme::section() } else { theme::heading() };
                    widgets::heading_with_focus(ui, RichText::new(heading).font(font), 1);
                });
                widgets::words(ui, RichText::new(line).color(palette.weak));
                if done {
                    picture_ui(ui, page);
                } else if widgets::button(ui, common::COMPARE).clicked() {
                    out.send(Message::Compare);
                }
            });
        });
    });
}

fn picture_ui(ui: &mut Ui, page: &Page) {
    ui.horizontal(|ui| {
        picture::contact(ui, 28.0, &page.pairing.safety_number.picture());
        let words = RichText::new(words::PICTURE).font(theme::small());
        let colour = theme::palette(ui.ctx()).weak;
        ui.add(Label::new(words.color(colour)).wrap());
    });
}

/// What becomes of the keys that were there before.
fn conflict_ui(ui: &mut Ui, page: &Page, out: &mut Outbox<Message>) {
    let saved = &page.pairing.saved;
    if let Some(other) = &saved.key_changed {
        widgets::attention_card(ui, |ui| {
            widgets::warning(ui, &words::different_key(other));
            if widgets::button(ui, common::DECIDE).clicked() {
                out.go(Route::Decide(saved.contact));
            }
        });
    } else if !saved.new_contact {
        let words = words::you_already_have(&saved.contact_name);
        widgets::words(ui, RichText::new(words).font(theme::strong()));
        let choices = [(false, words::KEEP_BOTH_KEYS), (true, words::REPLACE)];
        for (value, text) in choices {
            if ui.radio(page.replace == value, text).clicked() {
                out.send(Message::Replace(value));
            }
        }
        ui.add_space(GAP);
    }
}

fn name_ui(ui: &mut Ui, page: &Page, narrow: bool, out: &mut Outbox<Message>) {
    let calls = words::calls_itself(page.pairing.peer.name.as_str());
    let calls = RichText::new(calls).font(theme::small()).color(theme::palette(ui.ctx()).weak);
    let mut name = page.name.clone();
    let field =
        |ui: &mut Ui, name: &mut String| widgets::field_strong(ui, words::NAME, name).changed();
    let changed = if narrow {
        let changed = field(ui, &mut name);
        widgets::words(ui, calls);
        changed
    } else {
        let half = (ui.available_width() / 2.0 - GAP).floor();
        ui.horizontal(|ui| {
            let changed = ui
                .vertical(|ui| {
                    ui.set_width(half);
                    field(ui, &mut name)
                })
                .inner;
            ui.add_space(GAP);
            ui.vertical(|ui| {
                // Beside the field, which is below its name.
                ui.add_space(GAP * 5.0);
                widgets::words(ui, calls);
            });
            changed
        })
        .inner
    };
    if changed {
        out.send(Message::Name(name));
    }
}

/// What the other device told of itself.
fn shared_ui(ui: &mut Ui, page: &Page, compared: bool, out: &mut Outbox<Message>) {
    let theirs = match &page.pairing.peer_card {
        Ok(theirs) => theirs,
        Err(error) => {
            widgets::warning(ui, card::refused(*error));
            return;
        }
    };
    let known: Vec<Identifier> = theirs.identifiers().filter_map(Result::ok).collect();
    if known.is_empty() {
        return;
    }
    widgets::section(ui, shared::THEY_SHARED);
    let compared = compared || page.pairing.saved.verified.is_some();
    if !compared {
        widgets::weak(ui, card::NOT_COMPARED);
    }
    widgets::list(ui, shared::THEY_SHARED, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for identifier in &known {
            let kind = identifier.kind();
            ui.horizontal_wrapped(|ui| {
                widgets::small_strong(ui, &share::title(kind));
                let copy = widgets::small_link(ui, common::COPY);
                copy.widget_info(|| WidgetInfo::labeled(Role::Button, true, share::copy(kind)));
                if copy.clicked() {
                    out.send(Message::Copy(identifier.to_program_text()));
                }
            });
            widgets::words(ui, RichText::new(identifier.to_string()).monospace());
            ui.add_space(GAP / 2.0);
        }
    });
}

/// What the key is good for.
fn ways_ui(ui: &mut Ui, page: &Page, narrow: bool, out: &mut Outbox<Message>) {
    let saved = &page.pairing.saved;
    let ways = [
        (
            icons::KEY,
            words::USE_THE_KEY_WITH_A_PROGRAM,
            words::PROGRAMS,
            Route::Export(saved.key_id),
        ),
        (
            icons::LOCK,
            words::ENCRYPT_A_FILE_FOR_IT,
            words::ONLY_THE_TWO_OF_YOU,
            Route::Seal(saved.contact, None),
        ),
        (
            icons::QR_CODE,
            words::PUT_IT_ON_A_PHONE,
            words::PHONE_CODES,
            Route::Phone(Some(saved.key_id)),
        ),
    ];
    widgets::section(ui, words::WHAT_NEXT);
    let gap = GAP;
    let count = ways.len() as f32;
    let all = ui.available_width();
    let mut chosen = None;
    let mut tile = |ui: &mut Ui, width, (icon, title, detail, route)| {
        ui.vertical(|ui| {
            if widgets::tile(ui, width, icon, title, Some(detail), false).clicked() {
                chosen = Some(route);
            }
        });
    };
    if narrow {
        ways.into_iter().for_each(|way| tile(ui, all, way));
    } else {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = gap;
            let width = ((all - (count - 1.0) * gap) / count).floor();
            ways.into_iter().for_each(|way| tile(ui, width, way));
        });
    }
    if let Some(route) = chosen {
        out.send(Message::Save(route));
    }
}

fn delete_ui(ui: &mut Ui, page: &Page, out: &mut Outbox<Message>) {
    let dialog = widgets::dialog(ui.ctx(), words::REALLY_DELETE, |ui| {
        let words = words::deleted_here(&page.pairing.saved.contact_name);
        widgets::words(ui, RichText::new(words));
        ui.add_space(GAP);
        ui.horizontal_wrapped(|ui| {
            if widgets::primary(ui, common::KEEP_IT).clicked() {
                out.send(Message::Delete(false));
            }
            if widgets::attention(ui, common::DELETE_THE_KEY).clicked() {
                out.send(Message::Discard);
            }
        });
    });
    if dialog == Dialog::Dismissed {
        out.send(Message::Delete(false));
    }
}
