//! How comparing looks: two cards of the same size, for the two screens. The numbers
//! differ, so nobody can just nod.

use eframe::egui::{
    self, Align, Align2, Color32, CornerRadius, Key, Label, Layout, Rect, Response, RichText,
    Role as Kind, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, accesskit::Live, pos2,
    vec2,
};

use super::{Comparison, Message, Page};
use crate::gui::picture;
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::{self, COLUMN, GAP};
use crate::gui::widgets::{self, Dialog, Severity};
use crate::messages;
use crate::messages::window::common;
use crate::messages::window::compare as words;
use keyglance_core::pairing::{CheckEntry, PairingError, Role};

/// The height of a card's head.
const HEAD: f32 = GAP * 6.0;
/// The height of a card beside the other, at most and at least.
const CARD: std::ops::RangeInclusive<f32> = 264.0..=330.0;
/// Below this height, in points, two cards below each other do not fit over the bar.
const LOW: f32 = 380.0;
/// What a digit's cell is wide, for its size: as the widest of them.
const CELL: f32 = 0.65;
/// The height of the cells to type in.
const CELLS: f32 = 69.0;
/// Between the two groups, for the digits' size.
const PARTING: f32 = 0.35;

pub fn ui(ui: &mut Ui, page: &Page, out: &mut Outbox<Message>) {
    if page.disagree {
        disagree_ui(ui, out);
    } else {
        page.comparison.ui(ui, out);
    }
}

/// The height that digits and cells have within a card.
fn slot(card: Rect) -> f32 {
    // Below it two lines, and Check.
    (0.62 * card.height() - HEAD - GAP * 3.0).min(card.height() - HEAD - 142.0)
}

impl Comparison {
    /// The whole page.
    pub fn ui(&self, ui: &mut Ui, out: &mut Outbox<Message>) {
        let narrow = widgets::is_narrow(ui);
        let mut bar = Outbox::new();
        let height = ui.available_height();
        widgets::page_with_bar(
            ui,
            |ui| {
                self.head_ui(ui, narrow);
                if narrow && height < LOW {
                    let (ours, theirs) = (
                        |ui: &mut Ui| self.ours_ui(ui, None),
                        |ui: &mut Ui| self.theirs_ui(ui, None, out),
                    );
                    widgets::beside(ui, GAP, ours, theirs);
                } else if narrow {
                    self.ours_ui(ui, None);
                    self.theirs_ui(ui, None, out);
                } else {
                    self.cards_ui(ui, height, out);
                }
                ui.add_space(GAP / 2.0);
                self.strip_ui(ui, narrow, out);
                if !narrow && height >= 620.0 {
                    ui.vertical_centered(|ui| {
                        widgets::weak(ui, words::KEYS);
                    });
                }
            },
            |ui| self.bar_ui(ui, narrow, &mut bar),
        );
        out.extend(bar, |message| message);
        if ui.input(|input| input.key_pressed(Key::F2)) {
            out.send(Message::Speak);
        }
        if self.doubt {
            self.doubt_ui(ui, out);
        }
    }

    fn head_ui(&self, ui: &mut Ui, narrow: bool) {
        ui.horizontal(|ui| {
            if !narrow {
                picture::contact(ui, 40.0, &self.picture);
                ui.add_space(GAP);
            }
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                let font = if narrow { theme::section() } else { theme::heading() };
                let words = RichText::new(words::compare_with(&self.peer)).font(font);
                widgets::heading_with_focus(ui, words, 1);
                if !narrow {
                    let why = words::WHY;
                    widgets::weak(ui, why);
                }
            });
        });
        ui.add_space(if narrow { 0.0 } else { GAP });
    }

    fn cards_ui(&self, ui: &mut Ui, height: f32, out: &mut Outbox<Message>) {
        let gap = GAP * 2.0;
        let width = ((ui.available_width().min(COLUMN) - gap) / 2.0).floor();
        // What remains beside head, strip and bar.
        let size = vec2(width, (height - 328.0).clamp(*CARD.start(), *CARD.end()));
        let (both, _) = ui.allocate_exact_size(vec2(2.0 * width + gap, size.y), Sense::hover());
        let left = Rect::from_min_size(both.min, size);
        self.ours_ui(ui, Some(left));
        self.theirs_ui(ui, Some(left.translate(vec2(width + gap, 0.0))), out);
    }

    fn ours_ui(&self, ui: &mut Ui, place: Option<Rect>) {
        let palette = theme::palette(ui.ctx());
        let line = Stroke::new(1.0, palette.hair);
        let first = match self.role {
            Some(Role::Initiator) => Some(words::YOU_READ_FIRST),
            Some(Role::Responder) => Some(words::LISTEN_FIRST),
            None => None,
        };
        let what = first.filter(|_| place.is_none()).unwrap_or(words::READ_ALOUD);
        card(ui, place, (common::THIS_SCREEN, what), palette.sunken, line, |ui| {
            let fitting = ui.available_width() / (6.0 * CELL + PARTING);
            let Some(place) = place else {
                self.digits_ui(ui, fitting.clamp(theme::DIGITS_LEAST, 56.0), 0.0);
                return;
            };
            let size = fitting.clamp(theme::DIGITS_LEAST, theme::DIGITS_SIZE);
            self.digits_ui(ui, size, slot(place));
            ui.add_space(GAP);
            ui.label(words::READ_DIGIT_BY_DIGIT);
            widgets::weak(ui, words::TYPED_OVER_THERE);
            if let Some(first) = first {
                ui.add_space(GAP);
                widgets::strong(ui, first);
            }
        });
    }

    /// Six digits in cells of equal width, by threes.
    fn digits_ui(&self, ui: &mut Ui, size: f32, height: f32) {
        let digits = self.shown.digits();
        let room = vec2(size * (6.0 * CELL + PARTING), height.max(size));
        let (rect, response) = ui.allocate_exact_size(room, Sense::hover());
        let spoken = words::digit_by_digit(self.shown);
        response.widget_info(|| WidgetInfo::labeled(Kind::Label, true, &spoken));
        let ink = theme::palette(ui.ctx()).text;
        for (n, digit) in digits.chars().enumerate() {
            let n = n as f32;
            let parting = if n >= 3.0 { PARTING } else { 0.0 };
            let x = rect.left() + size * (CELL * (n + 0.5) + parting);
            let font = theme::digits_of(size);
            ui.painter().text(pos2(x, rect.center().y), Align2::CENTER_CENTER, digit, font, ink);
        }
        if self.spoken > 0 {
            // What changes is read out, so the same is said a little otherwise each time.
            let said = format!("{spoken}{}", if self.spoken.is_multiple_of(2) { "" } else { "." });
            let voice = ui.interact(rect, response.id.with("aloud"), Sense::hover());
            voice.widget_info(|| WidgetInfo::labeled(Kind::Label, true, &said));
            announce(ui, &voice, Live::Assertive);
        }
    }

    fn theirs_ui(&self, ui: &mut Ui, place: Option<Rect>, out: &mut Outbox<Message>) {
        let palette = theme::palette(ui.ctx());
        let (fill, line) = if self.was_wrong() {
            (palette.soft_attention, palette.attention)
        } else {
            (palette.soft, palette.accent)
        };
        let head = (words::THE_OTHER_SCREEN, words::TYPE_HERE);
        card(ui, place, head, fill, Stroke::new(2.0, line), |ui| {
            let around = place.map_or(0.0, |place| ((slot(place) - CELLS) / 2.0).max(0.0));
            ui.add_space(around);
            let mut typed = self.typed.clone();
            let field = widgets::digit_cells(ui, words::SIX_DIGITS, &mut typed);
            if field.changed() {
                out.send(Message::Type(typed));
            }
            let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            ui.add_space(if self.told_now().is_some() { GAP } else { around + GAP });
            self.told_ui(ui, place.is_some());
            if let Some(place) = place {
                let foot = place.bottom() - GAP * 1.5 - theme::CONTROL;
                ui.add_space(
                    (foot - ui.min_rect().bottom() - ui.spacing().item_spacing.y).max(0.0),
                );
                self.check_ui(ui, out);
            }
            // Whoever just types means the cells.
            let nowhere = ui.memory(|memory| memory.focused()).is_none();
            if (entered || nowhere) && !self.doubt {
                field.request_focus();
            }
        });
    }

    fn check_ui(&self, ui: &mut Ui, out: &mut Outbox<Message>) {
        let complete = self.typed.len() >= widgets::CELLS;
        let width = 140.0_f32.min(ui.available_width());
        let check = ui.scope(|ui| {
            ui.spacing_mut().button_padding.x = (width - 48.0) / 2.0;
            widgets::primary_if(ui, complete, common::CHECK)
        });
        if check.inner.clicked() && complete {
            out.send(Message::Check);
        }
    }

    /// What is to be said of the last digits that were checked, as long as it is news.
    fn told_now(&self) -> Option<CheckEntry> {
        self.told.filter(|entry| match entry {
            CheckEntry::Wrong { .. } => true,
            _ => self.typed.is_empty(),
        })
    }

    fn told_ui(&self, ui: &mut Ui, with_advice: bool) {
        let Some(entry) = self.told_now() else {
            if with_advice {
                ui.label(words::TYPE_THE_DIGITS);
                widgets::weak(ui, words::HAVE_THEM_READ);
            }
            return;
        };
        let (what, then) = messages::check_entry(entry);
        let palette = theme::palette(ui.ctx());
        // The triangle before the words, and the lot in the middle.
        let words = RichText::new(what).font(theme::strong()).color(palette.attention);
        let galley = egui::WidgetText::from(words.clone());
        let galley = galley.into_galley(ui, None, f32::INFINITY, egui::TextStyle::Body);
        let side = ((ui.available_width() - galley.size().x - 28.0) / 2.0).max(0.0);
        ui.with_layout(Layout::left_to_right(Align::Min).with_main_wrap(false), |ui| {
            ui.add_space(side);
            widgets::shape(ui, Severity::Problem, 20.0);
            let told = ui.add(Label::new(words).wrap());
            announce(ui, &told, Live::Assertive);
        });
        widgets::weak(ui, then);
    }

    /// What the other device has, and our code for it.
    fn strip_ui(&self, ui: &mut Ui, narrow: bool, out: &mut Outbox<Message>) {
        let palette = theme::palette(ui.ctx());
        widgets::card(ui, |ui| {
            ui.set_width(ui.available_width().min(COLUMN));
            ui.horizontal(|ui| {
                if !narrow {
                    ui.add_space(GAP * 3.0);
                    picture::mark(ui, 52.0, &palette, palette.raised);
                    ui.add_space(GAP * 4.0);
                }
                ui.vertical(|ui| {
                    ui.spacing_mut().item_spacing.y = GAP / 2.0;
                    ui.spacing_mut().interact_size.y = 18.0;
                    ui.horizontal(|ui| {
                        widgets::shape(ui, Severity::Good, 18.0);
                        let words = words::has_the_same_key(&self.peer);
                        widgets::words(ui, RichText::new(words).font(theme::small()));
                    });
                    ui.horizontal(|ui| {
                        widgets::shape(ui, Severity::Waiting, 18.0);
                        widgets::weak(ui, words::OWN_CHECK);
                    });
                    if narrow {
                        self.code_again_ui(ui, out);
                    }
                });
                if !narrow {
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        self.code_again_ui(ui, out);
                    });
                }
            });
        });
    }

    fn code_again_ui(&self, ui: &mut Ui, out: &mut Outbox<Message>) {
        if self.has_code && widgets::small_link(ui, words::SHOW_OUR_CODE_AGAIN).clicked() {
            out.send(Message::ShowCode);
        }
    }

    fn bar_ui(&self, ui: &mut Ui, narrow: bool, out: &mut Outbox<Message>) {
        if widgets::button(ui, words::LATER).clicked() {
            out.send(Message::Later);
        }
        if narrow {
            self.check_ui(ui, out);
        } else {
            widgets::weak(ui, words::KEPT);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if widgets::attention(ui, words::SOMETHING_IS_WRONG).clicked() {
                out.send(Message::Doubt(true));
            }
        });
    }

    fn doubt_ui(&self, ui: &mut Ui, out: &mut Outbox<Message>) {
        let dialog = widgets::dialog(ui.ctx(), words::DOUBT, |ui| {
            ui.label(words::DO_THEY_DIFFER);
            ui.label(words::DELETE_HERE_TOO);
            ui.add_space(GAP);
            ui.horizontal_wrapped(|ui| {
                if widgets::primary(ui, common::KEEP_IT).clicked() {
                    out.send(Message::Doubt(false));
                }
                if widgets::attention(ui, common::DELETE_THE_KEY).clicked() {
                    out.send(Message::Delete);
                }
            });
        });
        if dialog == Dialog::Dismissed {
            out.send(Message::Doubt(false));
        }
    }
}

fn announce(ui: &Ui, response: &Response, live: Live) {
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(live));
}

/// A card with a head, in this place; else as wide as there is room and as high as it needs.
fn card(
    ui: &mut Ui,
    place: Option<Rect>,
    (title, what): (&str, &str),
    head: Color32,
    line: Stroke,
    content: impl FnOnce(&mut Ui),
) {
    let palette = theme::palette(ui.ctx());
    let radius = CornerRadius::same(if place.is_some() { 20 } else { 12 });
    let behind = ui.painter().add(egui::Shape::Noop);
    let head_height = if place.is_some() { HEAD } else { GAP * 4.0 };
    let draw = |ui: &mut Ui| {
        let all = ui.max_rect();
        let top = all.with_max_y(all.top() + head_height);
        let margin = if all.width() < 260.0 { GAP } else { GAP * 3.0 };
        let inside = top.shrink2(vec2(margin, 0.0));
        let mut row = ui.new_child(
            UiBuilder::new().max_rect(inside).layout(Layout::left_to_right(Align::Center)),
        );
        widgets::heading_with_focus(&mut row, RichText::new(title).font(theme::strong()), 2);
        row.with_layout(Layout::right_to_left(Align::Center), |ui| widgets::weak(ui, what));
        let space = if place.is_some() { GAP * 3.0 } else { GAP };
        let below = all.with_min_y(top.bottom() + space).shrink2(vec2(margin, 0.0));
        let layout = Layout::top_down(Align::Center);
        let mut body = ui.new_child(UiBuilder::new().max_rect(below).layout(layout));
        body.spacing_mut().item_spacing.y = GAP / 2.0;
        content(&mut body);
        (top, body.min_rect().bottom() + space)
    };
    let (all, top) = match place {
        Some(place) => {
            let mut inside = ui.new_child(UiBuilder::new().max_rect(place));
            (place, draw(&mut inside).0)
        }
        None => {
            let room = Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), 4096.0));
            let mut inside = ui.new_child(UiBuilder::new().max_rect(room));
            let (top, bottom) = draw(&mut inside);
            let all = room.with_max_y(bottom);
            ui.allocate_rect(all, Sense::hover());
            (all, top)
        }
    };
    let round = CornerRadius { sw: 0, se: 0, ..radius };
    ui.painter().set(
        behind,
        egui::Shape::Vec(vec![
            egui::Shape::rect_filled(all, radius, palette.raised),
            egui::Shape::rect_filled(top, round, head),
            egui::Shape::rect_stroke(all, radius, line, StrokeKind::Inside),
        ]),
    );
}

/// The two devices do not agree, and the key is gone.
pub fn disagree_ui<M>(ui: &mut Ui, out: &mut Outbox<M>) {
    let (what, then) = messages::pairing(PairingError::CheckCodeDiffers);
    widgets::page_centred(ui, |ui| {
        let colour = theme::palette(ui.ctx()).attention;
        widgets::shape(ui, Severity::Problem, 40.0);
        ui.add_space(GAP);
        let words = RichText::new(what).font(theme::heading()).color(colour);
        let told = widgets::heading_with_focus(ui, words, 1);
        announce(ui, &told, Live::Assertive);
        ui.add_space(GAP / 2.0);
        let mut lines = then.lines();
        ui.label(lines.next().unwrap_or_default());
        ui.add_space(GAP);
        widgets::list(ui, words::WHAT_TO_DO, |ui| {
            for line in lines {
                ui.label(line);
            }
        });
        ui.add_space(GAP * 2.0);
        ui.horizontal_wrapped(|ui| {
            if widgets::primary(ui, common::START_AGAIN).clicked() {
                out.go(Route::Pair);
            }
            if widgets::button(ui, common::CLOSE).clicked() {
                out.go(Route::Home);
            }
        });
    });
}
