//! How a page is laid out: one column in the middle, and below it a bar that stays.

use eframe::egui::{
    CentralPanel, Frame, Id, Margin, Rect, Response, Role, ScrollArea, Sense, Stroke, Ui,
    UiBuilder, WidgetInfo, accesskit, vec2,
};

use crate::gui::focus;
use crate::gui::theme::{self, AROUND, COLUMN, GAP, MARGIN, NARROW};

/// Whether buttons and verbs shorten and pictures go.
pub fn is_narrow(ui: &Ui) -> bool {
    ui.ctx().content_rect().width() < NARROW
}

/// A column that scrolls if it is too long.
pub fn page(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    frame(ui, |ui| {
        scroll(ui, Place::High, COLUMN, content);
    });
}

/// A column that stands in the middle while it is short: for pages whose height stays.
pub fn page_centred(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    frame(ui, |ui| {
        scroll(ui, Place::Middle, COLUMN, content);
    });
}

/// The same in a part of the window, at most this wide.
pub fn page_of(ui: &mut Ui, width: f32, content: impl FnOnce(&mut Ui)) {
    scroll(ui, Place::Middle, width, content);
}

/// A column over a bar with the page's buttons, which is always in view. In a window that
/// is higher than a page needs, the bar does not go down to its edge: what is filled in and
/// what is pressed stay near each other.
pub fn page_with_bar(ui: &mut Ui, content: impl FnOnce(&mut Ui), bar: impl FnOnce(&mut Ui)) {
    frame(ui, |ui| {
        let all = ui.max_rect();
        let [bar_id, page_id] = [remembered(ui, "bar"), remembered(ui, "page")];
        let [bar_height, page_height] = [(bar_id, 72.0), (page_id, 0.0)]
            .map(|(id, first)| ui.data(|data| data.get_temp(id)).unwrap_or(first));
        let needed: f32 = page_height + bar_height;
        let above = (all.height() - needed).clamp(0.0, space_above(all.height()));
        let height = needed.max(PAGE_HEIGHT).min(all.height() - above);
        let sheet = Rect::from_min_size(all.min + vec2(0.0, above), vec2(all.width(), height));
        let split = (sheet.bottom() - bar_height).max(sheet.top());
        let (above, below) = sheet.split_top_bottom_at_y(split);
        // The page first, since Tab follows the order in which widgets are drawn.
        let used = ui
            .scope_builder(UiBuilder::new().max_rect(above), |ui| {
                scroll(ui, Place::Top, COLUMN, content)
            })
            .inner;
        remember(ui, page_id, used);
        let palette = theme::palette(ui.ctx());
        let line = if sheet.bottom() < all.bottom() {
            below.x_range().shrink(side(ui, COLUMN))
        } else {
            below.x_range()
        };
        ui.painter().hline(line, below.top(), Stroke::new(1.0, palette.hair));
        let bar_builder =
            UiBuilder::new().max_rect(below).accessibility_role(accesskit::Role::Toolbar);
        let used = ui
            .scope_builder(bar_builder, |ui| {
                column(ui, COLUMN, |ui| {
                    ui.add_space(GAP * 1.5);
                    ui.horizontal_wrapped(bar);
                    ui.add_space(GAP * 1.5);
                })
            })
            .inner;
        remember(ui, bar_id, used);
    });
}

/// The whole window, on the page's colour.
pub fn frame(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let frame = Frame::central_panel(ui.style()).inner_margin(Margin::ZERO);
    CentralPanel::default().frame(frame).show(ui, content);
}

/// Where a column stands while there is more room than it needs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Top,
    /// A quarter of what the window is higher than a page usually is below its top: what
    /// changes below does not move it.
    High,
    Middle,
}

/// What a page usually needs, in points.
const PAGE_HEIGHT: f32 = 720.0;

fn space_above(height: f32) -> f32 {
    ((height - PAGE_HEIGHT) / 4.0).max(0.0).floor()
}

/// Returns the height that the column needs with the space around it.
fn scroll(ui: &mut Ui, place: Place, width: f32, content: impl FnOnce(&mut Ui)) -> f32 {
    let room = ui.available_height();
    let area = ScrollArea::vertical().id_salt(focus::place(ui.ctx())).auto_shrink(false);
    let shown = area.show(ui, |ui| {
        let margin = if is_narrow(ui) { f32::from(MARGIN) } else { GAP * 3.0 };
        let id = remembered(ui, "height");
        let height = ui.data(|data| data.get_temp(id)).unwrap_or(room);
        let left = (room - height - 2.0 * margin).max(0.0);
        ui.add_space(
            margin
                + match place {
                    Place::Top => 0.0,
                    Place::High => left.min(space_above(room)),
                    Place::Middle => left / 2.0,
                },
        );
        let used = column(ui, width, content);
        ui.add_space(margin);
        if place != Place::Top {
            remember(ui, id, used);
        }
        used + 2.0 * margin
    });
    shown.inner
}

/// The space at the left and the right of a column that is at most this wide.
fn side(ui: &Ui, width: f32) -> f32 {
    let least = if is_narrow(ui) { f32::from(MARGIN) } else { AROUND };
    ((ui.available_width() - width) / 2.0).max(least).floor()
}

/// A column at most this wide, in the middle. Returns its height.
fn column(ui: &mut Ui, width: f32, content: impl FnOnce(&mut Ui)) -> f32 {
    let all = ui.available_width();
    let side = side(ui, width);
    let spacing = ui.spacing().item_spacing;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.add_space(side);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing = spacing;
            ui.set_width((all - 2.0 * side).max(0.0));
            content(ui);
        })
        .response
        .rect
        .height()
    })
    .inner
}

fn remembered(ui: &Ui, what: &str) -> Id {
    Id::unique((focus::place(ui.ctx()), what))
}

/// Remembers a size for the next pass, which is drawn at once where it changed.
fn remember(ui: &Ui, id: Id, size: f32) {
    let before: Option<f32> = ui.data(|data| data.get_temp(id));
    if before.is_none_or(|before| (before - size).abs() > 0.5) {
        ui.data_mut(|data| data.insert_temp(id, size));
        ui.ctx().request_discard("a size that was not known");
    }
}

/// A list, for screen readers: its rows are told as "1 of 4".
pub fn list<R>(ui: &mut Ui, name: &str, content: impl FnOnce(&mut Ui) -> R) -> R {
    let builder =
        UiBuilder::new().accessibility_role(accesskit::Role::List).accessibility_label(name);
    ui.scope_builder(builder, content).inner
}

/// A card that can be pressed as a whole, and may hold buttons of its own. `name` is what
/// screen readers say.
pub fn row<R>(
    ui: &mut Ui,
    name: &str,
    attention: bool,
    content: impl FnOnce(&mut Ui) -> R,
) -> (Response, R) {
    let palette = theme::palette(ui.ctx());
    let builder = UiBuilder::new().id_salt(name).sense(Sense::click());
    let inner = ui.scope_builder(builder, |ui| {
        let response = ui.response();
        let fill = match (attention, response.hovered()) {
            (true, _) => palette.soft_attention,
            (false, true) => palette.sunken,
            (false, false) => palette.raised,
        };
        let line = match (attention, response.hovered()) {
            (true, _) => palette.attention,
            (false, true) => palette.accent,
            (false, false) => palette.hair,
        };
        Frame::new()
            .fill(fill)
            .stroke(Stroke::new(1.0, line))
            .corner_radius(12)
            .inner_margin(Margin::symmetric(16, 12))
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                content(ui)
            })
            .inner
    });
    let response = inner.response;
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, name));
    super::buttons::ring(ui, &response);
    (response, inner.inner)
}

/// Two parts of equal width beside each other, or below each other where it is narrow.
pub fn two_columns(ui: &mut Ui, gap: f32, left: impl FnOnce(&mut Ui), right: impl FnOnce(&mut Ui)) {
    if is_narrow(ui) {
        left(ui);
        ui.add_space(gap);
        right(ui);
    } else {
        beside(ui, gap, left, right);
    }
}

/// Two parts of equal width beside each other.
pub fn beside(ui: &mut Ui, gap: f32, left: impl FnOnce(&mut Ui), right: impl FnOnce(&mut Ui)) {
    let width = ((ui.available_width() - gap) / 2.0).floor();
    let spacing = ui.spacing().item_spacing;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = gap;
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing = spacing;
            ui.set_width(width);
            left(ui);
        });
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing = spacing;
            ui.set_width(width);
            right(ui);
        });
    });
}
