//! One of several, in a list that opens.

use eframe::egui::{ComboBox, Event, Key, Response, RichText, Role, Ui, WidgetInfo};

use super::buttons::ring;
use super::names;
use crate::gui::theme::MEASURE;

/// A labelled list of which one is chosen. Arrows, Home, End and the first letters choose
/// without opening it, as in other programs. Returns the index of a new choice.
pub fn select(ui: &mut Ui, name: &str, choices: &[&str], chosen: usize) -> Option<usize> {
    let label = ui.label(name);
    let mut choice = None;
    let text = choices.get(chosen).copied().unwrap_or_default();
    let response = ComboBox::from_id_salt(name)
        .selected_text(names::in_order(ui, RichText::new(text)))
        .width(ui.available_width().min(MEASURE))
        .show_ui(ui, |ui| {
            for (index, text) in choices.iter().enumerate() {
                let words = names::in_order(ui, RichText::new(*text));
                let response = ui.selectable_label(index == chosen, words);
                let chosen = index == chosen;
                response.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, *text));
                if response.clicked() {
                    choice = Some(index);
                }
            }
        })
        .response
        .labelled_by(label.id);
    // Screen readers read it in its own order.
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_value(text));
    ring(ui, &response);
    choice = choice.or_else(|| by_key(ui, &response, choices, chosen));
    choice.filter(|choice| *choice != chosen)
}

fn by_key(ui: &Ui, response: &Response, choices: &[&str], chosen: usize) -> Option<usize> {
    if !response.has_focus() {
        return None;
    }
    // The arrows are ours, not the way to the next widget.
    let filter = eframe::egui::EventFilter { vertical_arrows: true, ..Default::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let last = choices.len().checked_sub(1)?;
    ui.input(|input| {
        let pressed = |key| input.key_pressed(key);
        if pressed(Key::ArrowDown) {
            return Some((chosen + 1).min(last));
        }
        if pressed(Key::ArrowUp) {
            return Some(chosen.saturating_sub(1));
        }
        if pressed(Key::Home) {
            return Some(0);
        }
        if pressed(Key::End) {
            return Some(last);
        }
        let typed = input.events.iter().find_map(|event| match event {
            Event::Text(text) if !text.trim().is_empty() => Some(text.to_lowercase()),
            _ => None,
        })?;
        // From the one after the present, so that a letter pressed again goes on.
        (1..=choices.len()).map(|step| (chosen + step) % choices.len()).find(|index| {
            choices.get(*index).is_some_and(|text| text.to_lowercase().starts_with(&typed))
        })
    })
}
