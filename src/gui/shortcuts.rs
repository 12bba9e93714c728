//! Shortcuts, which the help screen lists, and what is pasted or dropped.

use eframe::egui::{Context, Event, Key, Modifiers};

use keyglance_profile::{WindowPlace, pasted_paths};

use super::app::App;
use super::message::Message;
use super::route::Route;
use super::screen::Screen;
use super::screens::{pairing, what_code};

/// Whether somebody did anything since the last frame.
pub fn is_used(ctx: &Context) -> bool {
    let by_itself = |event: &Event| matches!(event, Event::WindowFocused(_) | Event::PointerGone);
    ctx.input(|input| !input.events.iter().all(by_itself) || !input.raw.dropped_files.is_empty())
}

/// What was pressed, pasted or dropped since the last frame.
pub fn read(ctx: &Context, app: &App, messages: &mut Vec<Message>) {
    let pairing = matches!(&app.screen, Screen::Pairing(page) if page.end.is_none());
    let ready = app.model.device.is_some();
    let command = |key| ctx.input_mut(|input| input.consume_key(Modifiers::COMMAND, key));
    if ready && command(Key::N) {
        messages.push(Message::Go(Route::Pair));
    }
    if ready && command(Key::Comma) {
        messages.push(Message::Go(Route::Settings));
    }
    if command(Key::E)
        && let Some(key) = exportable(app)
    {
        messages.push(Message::Go(Route::Export(key)));
    }
    let plain = |key| ctx.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    if plain(Key::F1) {
        messages.push(Message::Go(Route::Help));
    }
    let full = is_full_screen(ctx);
    if plain(Key::F11) {
        messages.push(Message::FullScreen(!full));
    }
    // A menu, a list or a dialog that is open closes first, by itself.
    let above = ctx.any_popup_open() || ctx.memory(|memory| memory.top_modal_layer().is_some());
    if !above && plain(Key::Escape) {
        messages.push(if full { Message::FullScreen(false) } else { Message::Go(Route::Back) });
    }
    if !above && ctx.input_mut(|input| input.consume_key(Modifiers::ALT, Key::ArrowLeft)) {
        messages.push(Message::Go(Route::Back));
    }
    let place = place(ctx);
    if place.is_some() && app.model.settings.place != place {
        messages.extend(place.map(Message::Moved));
    }
    let dropped = ctx.input(|input| input.raw.dropped_files.clone());
    let paths: Vec<_> = dropped.into_iter().map(|file| file.path().to_owned()).collect();
    if !paths.is_empty() {
        messages.push(Message::Dropped(paths));
    }
    if !pairing {
        if ready && command(Key::O) {
            messages.push(Message::OpenFile);
        }
        if ready && !above && !ctx.text_edit_focused() {
            read_pasted(ctx, app, messages);
        }
        return;
    }
    let mut push = |message| messages.push(Message::Pairing(message));
    if command(Key::O) {
        push(pairing::Message::Open);
    }
    // While the user types, letters are text. Buttons that have the focus do not mind.
    if !ctx.text_edit_focused() {
        if plain(Key::F) {
            messages.push(Message::FullScreen(!full));
        }
        let mut push = |message| messages.push(Message::Pairing(message));
        for (key, message) in [
            (Key::C, pairing::Message::NextCamera),
            (Key::M, pairing::Message::Mirror),
            (Key::OpenBracket, pairing::Message::Brighten(-1)),
            (Key::CloseBracket, pairing::Message::Brighten(1)),
        ] {
            if plain(key) {
                push(message);
            }
        }
        let copied = ctx.input(|input| input.events.iter().any(|e| matches!(e, Event::Copy)));
        if copied {
            push(pairing::Message::Copy);
        }
        for event in ctx.input(|input| input.events.clone()) {
            match event {
                Event::Paste(text) if pasted_paths(&text).is_some() => {
                    messages.push(Message::PastedPaths(text));
                }
                Event::Paste(text) => {
                    messages.push(Message::Pairing(pairing::Message::Pasted(text)));
                }
                Event::PasteImage(image) => {
                    messages.push(Message::Pairing(pairing::Message::PastedPicture(image)));
                }
                _ => {}
            }
        }
    }
}

/// A code that was pasted outside a field: what it is. File managers copy a file as its name,
/// and where the window system hands over no dropped files, this is the way in.
fn read_pasted(ctx: &Context, app: &App, messages: &mut Vec<Message>) {
    for event in ctx.input(|input| input.events.clone()) {
        let pasted = match event {
            Event::Paste(text) if pasted_paths(&text).is_some() => {
                messages.push(Message::PastedPaths(text));
                continue;
            }
            Event::Paste(text) => what_code::Message::Pasted(text),
            Event::PasteImage(image) => what_code::Message::PastedPicture(image),
            _ => continue,
        };
        if !matches!(app.screen, Screen::WhatCode(_)) {
            messages.push(Message::Go(Route::WhatCode));
        }
        messages.push(Message::WhatCode(pasted));
    }
}

fn is_full_screen(ctx: &Context) -> bool {
    ctx.input(|input| input.viewport().fullscreen.unwrap_or(false))
}

/// Where the window is, in points at 100 %: the unit in which the next start sets it.
fn place(ctx: &Context) -> Option<WindowPlace> {
    let zoom = ctx.zoom_factor();
    ctx.input(|input| {
        let viewport = input.viewport();
        let size = viewport.inner_rect?.size() * zoom;
        let corner = viewport.outer_rect.map(|rect| rect.min.to_vec2() * zoom);
        let full_screen = viewport.fullscreen.unwrap_or(false);
        let place = WindowPlace {
            size: [size.x, size.y],
            position: corner.map(|corner| [corner.x, corner.y]),
            full_screen,
        };
        // Minimised, it has no size; in full screen, not its own.
        (!viewport.minimized.unwrap_or(false) && size.x >= 1.0).then_some(place)
    })
}

/// The key that Ctrl+E means: one of the contact that is shown.
fn exportable(app: &App) -> Option<keyglance_core::crypto::KeyId> {
    let view = match &app.screen {
        Screen::Contact(page) => app.model.contacts.get(page.id),
        Screen::Home(_) if app.model.contacts.contacts.len() == 1 => {
            app.model.contacts.contacts.first()
        }
        _ => None,
    };
    view?.best_key
}
