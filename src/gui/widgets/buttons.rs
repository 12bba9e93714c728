//! What can be pressed.

use eframe::egui::containers::menu::MenuButton;
use eframe::egui::response::Flags;
use eframe::egui::{
    Button, Color32, CornerRadius, Direction, FontId, Frame, Layout, Margin, Response, RichText,
    Role, Sense, Stroke, StrokeKind, TextStyle, Ui, UiBuilder, Vec2, WidgetInfo, vec2,
};

use crate::gui::focus::{self, Rank};
use crate::gui::icons;
use crate::gui::theme::{self, CONTROL, GAP};
use crate::messages::window::widgets as words;

use super::names;
use super::text::label_silent;

/// A second outline around what has the focus.
pub(super) fn ring(ui: &Ui, response: &Response) {
    if response.has_focus() {
        let colour = theme::palette(ui.ctx()).accent;
        let rect = response.rect.expand(3.0);
        ui.painter().rect_stroke(rect, 11.0, Stroke::new(2.0, colour), StrokeKind::Inside);
    }
}

fn pressable(ui: &mut Ui, button: Button<'_>) -> Response {
    pressable_of(ui, button, 0.0)
}

fn pressable_of(ui: &mut Ui, button: Button<'_>, width: f32) -> Response {
    let response = if width > 0.0 {
        // Its words stand in the middle, whatever the layout around it.
        let layout = Layout::centered_and_justified(Direction::LeftToRight);
        let size = vec2(width, CONTROL);
        ui.allocate_ui_with_layout(size, layout, |ui| ui.add(button)).inner
    } else {
        ui.add(button.min_size(vec2(0.0, CONTROL)))
    };
    ring(ui, &response);
    response
}

/// The one filled button of a page, which most users will want: Enter presses it.
pub fn primary(ui: &mut Ui, text: &str) -> Response {
    primary_if(ui, true, text)
}

/// The same, while it can be pressed; grey before.
pub fn primary_if(ui: &mut Ui, enabled: bool, text: &str) -> Response {
    submitting(ui, enabled, text, 0.0)
}

fn submitting(ui: &mut Ui, enabled: bool, text: &str, width: f32) -> Response {
    let mut response = filled_of(ui, enabled, text, width);
    focus::offer(ui, Rank::Filled, &response);
    if enabled && focus::entered(ui) {
        response.flags.insert(Flags::FAKE_PRIMARY_CLICKED);
    }
    response
}

/// The same, at least this wide.
pub fn primary_wide(ui: &mut Ui, text: &str, width: f32) -> Response {
    submitting(ui, true, text, width)
}

/// How wide a button with this text is, in points.
pub fn button_width(ui: &Ui, text: &str, font: FontId) -> f32 {
    let words = ui.painter().layout_no_wrap(text.to_owned(), font, Color32::PLACEHOLDER);
    words.size().x + 2.0 * ui.spacing().button_padding.x
}

/// Begins a new line where there is not so much room, in a row that wraps. What is drawn
/// within a part of its own would wrap its words instead.
fn wrap_before(ui: &mut Ui, width: f32) {
    let row = ui.layout().is_horizontal() && ui.layout().main_wrap();
    if row && ui.available_size_before_wrap().x < width {
        ui.end_row();
    }
}

/// A filled button that Enter does not press by itself.
pub fn filled(ui: &mut Ui, enabled: bool, text: &str) -> Response {
    filled_of(ui, enabled, text, 0.0)
}

fn filled_of(ui: &mut Ui, enabled: bool, text: &str, width: f32) -> Response {
    let needed = button_width(ui, text, theme::strong()).max(width);
    wrap_before(ui, needed);
    let palette = theme::palette(ui.ctx());
    let (fill, colour) =
        if enabled { (palette.accent, palette.on_accent) } else { (palette.sunken, palette.weak) };
    let text = RichText::new(text).color(colour).font(theme::strong());
    let button = Button::new(text).fill(fill).stroke(Stroke::NONE);
    ui.add_enabled_ui(enabled, |ui| {
        if !enabled {
            // The colours above say it already.
            ui.set_opacity(1.0);
            ui.visuals_mut().disabled_alpha = 1.0;
        }
        pressable_of(ui, button, width)
    })
    .inner
}

pub fn button(ui: &mut Ui, text: &str) -> Response {
    pressable(ui, Button::new(text))
}

/// The same, of this width.
pub fn button_wide(ui: &mut Ui, text: &str, width: f32) -> Response {
    pressable_of(ui, Button::new(text), width)
}

/// A button whose words are said otherwise to screen readers, which do not see where it is.
pub fn named(ui: &mut Ui, text: &str, name: &str) -> Response {
    let response = button(ui, text);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    response
}

/// A button for what is wrong, or cannot be undone.
pub fn attention(ui: &mut Ui, text: &str) -> Response {
    let palette = theme::palette(ui.ctx());
    let text = RichText::new(text).color(palette.attention);
    pressable(ui, Button::new(text).stroke(Stroke::new(1.0, palette.attention)))
}

/// The same, with words for screen readers, which do not see where it is.
pub fn attention_named(ui: &mut Ui, text: &str, name: &str) -> Response {
    let response = attention(ui, text);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    response
}

/// A button that looks like a word of a text.
pub fn link(ui: &mut Ui, text: &str) -> Response {
    link_after(ui, "", text)
}

/// The same after an icon. The text may be a name.
fn link_after(ui: &mut Ui, icon: &str, text: &str) -> Response {
    let font = TextStyle::Button.resolve(ui.style());
    let words = format!("{icon}{text}");
    let words = ui.painter().layout_no_wrap(words, font, Color32::PLACEHOLDER);
    wrap_before(ui, words.size().x);
    let colour = theme::palette(ui.ctx()).accent;
    ui.scope(|ui| {
        ui.spacing_mut().button_padding = vec2(0.0, GAP / 2.0);
        ui.spacing_mut().icon_spacing = 0.0;
        let words = names::in_order(ui, RichText::new(text).color(colour));
        // Alone in a button, words go on in a second line where there is no room.
        let button = match icon {
            "" => Button::new(words),
            icon => Button::new((RichText::new(icon).color(colour), words)),
        };
        let button = button.frame(false);
        let response = ui.add(button.min_size(vec2(0.0, GAP * 3.0)));
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, text));
        ring(ui, &response);
        response
    })
    .inner
}

/// The same, small.
pub fn small_link(ui: &mut Ui, text: &str) -> Response {
    let before = ui.style_mut().override_font_id.replace(theme::small());
    let response = link(ui, text);
    ui.style_mut().override_font_id = before;
    response
}

/// The way back, at the top left of a page: the first that Tab reaches.
pub fn back(ui: &mut Ui, to: &str) -> Response {
    let response = link_after(ui, &format!("{}  ", icons::ARROW_LEFT), to);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, words::back_to(to)));
    response
}

/// Around an icon that is a button, which is a square.
const ICON_PADDING: Vec2 = Vec2::splat((CONTROL - 22.0) / 2.0);

/// A button with an icon only. Screen readers and the tooltip say `name`.
pub fn icon(ui: &mut Ui, icon: &str, name: &str) -> Response {
    let colour = theme::palette(ui.ctx()).weak;
    let button =
        Button::new(RichText::new(icon).size(22.0).color(colour)).frame_when_inactive(false);
    let response = ui
        .scope(|ui| {
            ui.spacing_mut().button_padding = ICON_PADDING;
            ui.add(button.min_size(Vec2::splat(CONTROL)))
        })
        .inner;
    ring(ui, &response);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    response.on_hover_text(name)
}

/// A menu of what is done more rarely. `name` is what screen readers say.
pub fn more(ui: &mut Ui, name: &str, content: impl FnOnce(&mut Ui)) {
    let colour = theme::palette(ui.ctx()).weak;
    let icon = RichText::new(icons::DOTS_THREE_VERTICAL).size(22.0).color(colour);
    let response = ui
        .scope(|ui| {
            ui.spacing_mut().button_padding = ICON_PADDING;
            let button =
                Button::new(icon).frame_when_inactive(false).min_size(Vec2::splat(CONTROL));
            MenuButton::from_button(button).ui(ui, content).0
        })
        .inner;
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    ring(ui, &response);
}

/// A line of a menu, which closes it.
pub fn menu_item(ui: &mut Ui, text: &str) -> Response {
    let response =
        ui.add(Button::new(text).frame_when_inactive(false).min_size(vec2(180.0, CONTROL)));
    if response.clicked() {
        ui.close();
    }
    response
}

/// A rounded button that is one of several to choose from.
pub fn chip(ui: &mut Ui, icon: Option<&str>, text: &str, chosen: bool) -> Response {
    chip_if(ui, true, icon, text, chosen)
}

/// The same, weaker where nothing but the reason is to be had of it.
pub fn chip_if(ui: &mut Ui, can: bool, icon: Option<&str>, text: &str, chosen: bool) -> Response {
    let palette = theme::palette(ui.ctx());
    let words = icon.map_or_else(|| text.to_owned(), |icon| format!("{icon} {text}"));
    let words = RichText::new(words).color(if can { palette.text } else { palette.weak });
    let (fill, line) = if chosen {
        (palette.soft, Stroke::new(2.0, palette.accent))
    } else {
        (palette.raised, Stroke::new(1.0, palette.hair))
    };
    let button = Button::new(words)
        .fill(fill)
        .stroke(line)
        .corner_radius(CornerRadius::same(20))
        .min_size(vec2(0.0, CONTROL));
    let response = ui.add(button);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, text));
    mark_chosen(ui, &response, chosen);
    ring(ui, &response);
    response
}

/// Tells a screen reader which one of several is chosen. The others say nothing: to it
/// they would be switches.
fn mark_chosen(ui: &Ui, response: &Response, chosen: bool) {
    if chosen {
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_selected(true));
    }
}

/// A card to press: an icon, a few words, and what they mean. `width` in points.
pub fn tile(
    ui: &mut Ui,
    width: f32,
    icon: &str,
    title: &str,
    detail: Option<&str>,
    chosen: bool,
) -> Response {
    let palette = theme::palette(ui.ctx());
    let builder = UiBuilder::new().id_salt(title).sense(Sense::click());
    let response = ui
        .scope_builder(builder, |ui| {
            let hovered = ui.response().hovered();
            let (fill, line) = match (chosen, hovered) {
                (true, _) => (palette.soft, Stroke::new(2.0, palette.accent)),
                (false, true) => (palette.sunken, Stroke::new(1.0, palette.accent)),
                (false, false) => (palette.raised, Stroke::new(1.0, palette.hair)),
            };
            Frame::new()
                .fill(fill)
                .stroke(line)
                .corner_radius(12)
                // Its outline takes room too, and tiles stay where they are.
                .inner_margin(if chosen {
                    Margin::symmetric(15, 13)
                } else {
                    Margin::symmetric(16, 14)
                })
                .show(ui, |ui| {
                    ui.set_width((width - 34.0).max(0.0));
                    let words =
                        |ui: &mut Ui| tile_words(ui, title, detail, palette.text, palette.weak);
                    if detail.is_some() {
                        // Whichever way the tiles follow each other.
                        ui.vertical(|ui| {
                            label_silent(ui, icon, theme::icon(22.0), palette.accent);
                            words(ui);
                        });
                    } else {
                        ui.set_min_height(CONTROL - 14.0);
                        ui.horizontal(|ui| {
                            label_silent(ui, icon, theme::icon(22.0), palette.accent);
                            ui.add_space(GAP / 2.0);
                            label_silent(ui, title, theme::strong(), palette.text);
                        });
                    }
                });
        })
        .response;
    let name = detail.map_or_else(|| title.to_owned(), |detail| format!("{title} {detail}"));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    mark_chosen(ui, &response, chosen);
    ring(ui, &response);
    focus::offer(ui, Rank::Card, &response);
    response
}

/// A tile of one short line, where there is little room.
pub fn small_tile(ui: &mut Ui, width: f32, icon: &str, title: &str) -> Response {
    let palette = theme::palette(ui.ctx());
    let words = (
        RichText::new(icon).font(theme::icon(16.0)).color(palette.accent),
        RichText::new(title).font(theme::small_strong()),
    );
    let button = Button::new(words)
        .fill(palette.raised)
        .stroke(Stroke::new(1.0, palette.hair))
        .corner_radius(12);
    let response = ui
        .scope(|ui| {
            ui.spacing_mut().button_padding.x = GAP;
            pressable_of(ui, button, width)
        })
        .inner;
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, title));
    focus::offer(ui, Rank::Card, &response);
    response
}

fn tile_words(ui: &mut Ui, title: &str, detail: Option<&str>, text: Color32, weak: Color32) {
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        label_silent(ui, title, theme::strong(), text);
        if let Some(detail) = detail {
            label_silent(ui, detail, theme::small(), weak);
        }
    });
}
