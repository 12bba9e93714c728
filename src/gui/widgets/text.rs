//! Words, by what they are.

use eframe::egui::{
    Color32, FontId, Label, Response, RichText, Sense, Ui, WidgetInfo, WidgetText, accesskit::Role,
    vec2,
};

use super::marks::shape;
use super::{Severity, names};

use crate::gui::focus::{self, Rank};
use crate::gui::theme::{self, GAP};

/// A page's heading. Every page has one.
pub fn heading(ui: &mut Ui, text: &str) -> Response {
    let response = heading_with_focus(ui, RichText::new(text).heading(), 1);
    ui.add_space(GAP / 2.0);
    response
}

/// A heading in letters of one's own, of level 1 (the page) or 2 (a section). A page's has
/// the focus where the page has nothing else that could.
pub fn heading_with_focus(ui: &mut Ui, text: RichText, level: usize) -> Response {
    let words = text.text().to_owned();
    let label = Label::new(names::in_order(ui, text)).wrap().selectable(false);
    // By Tab it is reached only while it has the focus already.
    let id = ui.next_auto_id();
    let focusable = level == 1 && focus::is_on_heading(ui.ctx(), id);
    let label = if focusable { label.sense(Sense::focusable_noninteractive()) } else { label };
    // Drawn here and not by the label, which underlines what has the focus.
    let (corner, galley, response) = label.layout_in_ui(ui);
    let colour = ui.visuals().text_color();
    ui.painter().galley(corner, galley, colour);
    // It says where the heading is, too.
    response.widget_info(|| WidgetInfo::labeled(eframe::egui::Role::Label, true, &words));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(Role::Heading);
        node.set_level(level);
        // Only a label's words are its value.
        node.clear_value();
        node.set_label(words);
    });
    if level == 1 {
        focus::offer(ui, Rank::Heading, &response);
    }
    response
}

/// A section's heading, 24 below what is above it.
pub fn section(ui: &mut Ui, text: &str) {
    ui.add_space(GAP * 2.0);
    heading_with_focus(ui, RichText::new(text).font(theme::section()), 2);
}

/// Words that may hold a name, whatever its script and direction.
pub fn words(ui: &mut Ui, text: RichText) -> Response {
    let said = text.text().to_owned();
    let text = names::in_order(ui, text);
    let is_ours = matches!(text, WidgetText::Galley(_));
    let response = ui.add(Label::new(text).wrap());
    if is_ours {
        // Screen readers read it in its own order.
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_value(said));
    }
    response
}

pub fn strong(ui: &mut Ui, text: &str) {
    words(ui, RichText::new(text).font(theme::strong()));
}

pub fn small_strong(ui: &mut Ui, text: &str) {
    words(ui, RichText::new(text).font(theme::small_strong()));
}

pub fn weak(ui: &mut Ui, text: &str) {
    let colour = theme::palette(ui.ctx()).weak;
    words(ui, RichText::new(text).small().color(colour));
}

/// A shape, and beside it how things stand, in small words.
pub fn state_line(ui: &mut Ui, severity: Severity, text: &str, colour: Color32) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        shape(ui, severity, 16.0);
        words(ui, RichText::new(text).small().color(colour));
    });
}

/// Words within something that can be pressed and has a name of its own, which says them
/// already: screen readers skip them, and the pointer goes through.
pub fn label_silent(ui: &mut Ui, text: &str, font: FontId, colour: Color32) {
    let width = ui.available_width();
    // Our icons have no letters of their own.
    let is_icon = text.chars().all(|c| ('\u{E000}'..='\u{F8FF}').contains(&c));
    let galley = if is_icon {
        ui.painter().layout_no_wrap(text.to_owned(), font, colour)
    } else {
        names::layout(ui, text, font, colour, width)
    };
    let (rect, _) = ui.allocate_exact_size(vec2(galley.size().x, galley.size().y), Sense::hover());
    ui.painter().galley(rect.min, galley, colour);
}
