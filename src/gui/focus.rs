//! Where the keyboard is on a new page, and what Enter means there.
//!
//! While a page is drawn its widgets offer themselves. The first field is preferred, else
//! the filled button, else the first card, else the heading: of those that are in view. For
//! what the page was opened for it scrolls.

use eframe::egui::{Context, Id, Key, Response, Ui};

/// How much a widget wants the focus of a new page, the most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// What the page was opened for.
    First,
    Field,
    Filled,
    Card,
    Heading,
}

/// What is known of the page that is open.
#[derive(Clone, Copy, Default)]
struct State {
    /// Which page it is: [`Screen::place`](super::screen::Screen::place).
    place: Option<u64>,
    /// The page is new: its best widget gets the focus.
    is_new: bool,
    best: Option<(Rank, Id)>,
    /// The filled button.
    filled: Option<Id>,
    /// The heading that has the focus. No other heading can be reached by Tab.
    heading: Option<Id>,
}

fn state_id() -> Id {
    Id::unique("focus of the page")
}

fn change(ctx: &Context, change: impl FnOnce(&mut State)) {
    ctx.data_mut(|data| change(data.get_temp_mut_or_default(state_id())));
}

fn state(ctx: &Context) -> State {
    ctx.data(|data| data.get_temp(state_id()).unwrap_or_default())
}

/// Before a page is drawn.
pub fn begin(ctx: &Context, place: u64) {
    change(ctx, |state| {
        state.is_new |= state.place != Some(place);
        state.place = Some(place);
        state.best = None;
        state.filled = None;
    });
}

/// Before a dialog is drawn. A new one, which the last pass did not draw, takes the focus.
pub fn over(ctx: &Context, id: Id) {
    let pass = ctx.cumulative_pass_nr();
    let drawn: Option<u64> = ctx.data_mut(|data| {
        let before = data.get_temp(id);
        data.insert_temp(id, pass);
        before
    });
    if drawn.is_none_or(|drawn| drawn + 1 < pass) {
        begin_over(ctx);
    }
}

/// A dialog has opened over the page: its best widget gets the focus.
fn begin_over(ctx: &Context) {
    change(ctx, |state| {
        state.is_new = true;
        state.best = None;
    });
}

/// After a page was drawn.
pub fn end(ctx: &Context) {
    let State { is_new, best, .. } = state(ctx);
    let Some((rank, id)) = best.filter(|_| is_new) else { return };
    change(ctx, |state| {
        state.is_new = false;
        state.heading = (rank == Rank::Heading).then_some(id);
    });
    ctx.memory_mut(|memory| memory.request_focus(id));
    // A heading takes the focus once it senses it.
    ctx.request_discard("the focus of a new page");
}

/// Offers a widget for the focus of a new page.
pub fn offer(ui: &Ui, rank: Rank, response: &Response) {
    if !response.enabled() {
        return;
    }
    // Half hidden below a bar is not in view; the outline of a widget may be.
    let in_view = ui.clip_rect().contains_rect(response.rect.shrink(4.0));
    if rank == Rank::First && !in_view && state(ui.ctx()).is_new {
        ui.scroll_to_rect(response.rect.expand(8.0), None);
    }
    change(ui.ctx(), |state| {
        if rank == Rank::Filled {
            state.filled = Some(response.id);
        }
        if !in_view && rank != Rank::First {
            return;
        }
        if state.best.is_none_or(|(best, _)| rank < best) {
            state.best = Some((rank, response.id));
        }
    });
}

/// Where the filled button of the page is.
#[cfg(test)]
pub fn filled(ctx: &Context) -> Option<eframe::egui::Rect> {
    state(ctx).filled.and_then(|id| ctx.read_response(id)).map(|response| response.rect)
}

/// Whether this heading has the focus, or is about to get it.
pub fn is_on_heading(ctx: &Context, id: Id) -> bool {
    state(ctx).heading == Some(id)
}

/// The page that is open, for what is remembered of each.
pub fn place(ctx: &Context) -> u64 {
    state(ctx).place.unwrap_or_default()
}

/// Whether the user pressed Enter and meant the page: the focus is on nothing that does
/// something of its own on Enter. A text field of one line does not.
pub fn entered(ui: &Ui) -> bool {
    let ctx = ui.ctx();
    ui.is_enabled()
        && ctx.memory(|memory| memory.allows_interaction(ui.layer_id()))
        && ctx.input(|input| input.key_pressed(Key::Enter) && input.modifiers.is_none())
        && !ctx.any_popup_open()
        && (ctx.text_edit_focused()
            || ctx.memory(|memory| memory.focused()).is_none_or(|id| is_on_heading(ctx, id)))
}
