//! A question, or a sheet, over the page.

use eframe::egui::{Context, Frame, Id, Key, Margin, Modal, RichText, Ui};

use super::text::heading_with_focus;
use crate::gui::focus;
use crate::gui::theme::{self, GAP};

/// What became of a dialog in this frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    Open,
    /// Esc, or a click beside it: the answer that changes nothing.
    Dismissed,
}

/// Draws a dialog of this title. The focus stays inside. Its first filled button should be
/// the answer that loses nothing.
pub fn dialog(ctx: &Context, title: &str, content: impl FnOnce(&mut Ui)) -> Dialog {
    let palette = theme::palette(ctx);
    let frame = Frame::new()
        .fill(palette.raised)
        .stroke(eframe::egui::Stroke::new(1.0, palette.hair))
        .corner_radius(20)
        .inner_margin(Margin::same(24));
    let width = (ctx.content_rect().width() - 64.0).clamp(200.0, 440.0);
    let id = Id::unique(("dialog", title));
    focus::over(ctx, id);
    let area = Modal::default_area(id).accessible_name(title);
    let modal = Modal::new(id).area(area).frame(frame).show(ctx, |ui| {
        ui.set_width(width);
        heading_with_focus(ui, RichText::new(title).font(theme::section()), 2);
        ui.add_space(GAP / 2.0);
        content(ui);
    });
    let beside = modal.backdrop_response.clicked();
    let escape = ctx.input_mut(|input| input.consume_key(Default::default(), Key::Escape));
    if beside || escape { Dialog::Dismissed } else { Dialog::Open }
}
