//! Words, by what they are.

use eframe::egui::{
    FontId, Label, Response, RichText, Sense, Ui, WidgetInfo, accesskit::Role, vec2,
};

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
    let label = Label::new(text).wrap().selectable(false);
    // By Tab it is reached only while it has the focus already.
    let id = ui.next_auto_id();
    let focusable = level == 1 && focus::is_on_heading(ui.ctx(), id);
    let label = if focusable { label.sense(Sense::focusable_noninteractive()) } else { label };
    // A label would underline itself while it has the focus, as if it could be pressed.
    let (at, galley, response) = label.layout_in_ui(ui);
    ui.painter().galley(at, galley, ui.visuals().text_color());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
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

pub fn strong(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).font(theme::strong()));
}

pub fn small_strong(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).font(theme::small_strong()));
}

pub fn weak(ui: &mut Ui, text: &str) {
    let colour = theme::palette(ui.ctx()).weak;
    ui.label(RichText::new(text).small().color(colour));
}

/// A name that somebody chose: a run of text of its own, whatever its script and direction.
pub fn name(ui: &mut Ui, text: &str, font: FontId) -> Response {
    ui.add(Label::new(RichText::new(text).font(font)).wrap())
}

/// Words within something that can be pressed and has a name of its own, which says them
/// already: screen readers skip them, and the pointer goes through.
pub fn label_silent(ui: &mut Ui, text: &str, font: FontId, colour: eframe::egui::Color32) {
    let width = ui.available_width();
    let galley = ui.painter().layout(text.to_owned(), font, colour, width);
    let (rect, _) = ui.allocate_exact_size(vec2(galley.size().x, galley.size().y), Sense::hover());
    ui.painter().galley(rect.min, galley, colour);
}
