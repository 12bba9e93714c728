//! Shortcuts, which the help screen lists, and what is pasted or dropped.

use eframe::egui::{Context, Event, Key, Modifiers};

use super::app::App;
use super::message::Message;
use super::route::Route;
use super::screen::Screen;
use super::screens::pairing;

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
    if plain(Key::Escape) {
        messages.push(Message::Go(Route::Back));
    }
    // In points at 100 %, the unit in which the next start sets it.
    let zoom = ctx.zoom_factor();
    let size = ctx.input(|input| input.viewport().inner_rect.map(|rect| rect.size() * zoom));
    if let Some(size) = size.map(|size| [size.x, size.y])
        && app.model.settings.window != Some(size)
    {
        messages.push(Message::Resized(size));
    }
    if !pairing {
        return;
    }
    let mut push = |message| messages.push(Message::Pairing(message));
    if command(Key::O) {
        push(pairing::Message::Open);
    }
    // While the user types, letters are text.
    if !ctx.egui_wants_keyboard_input() {
        for (key, message) in [
            (Key::C, pairing::Message::NextCamera),
            (Key::M, pairing::Message::Mirror),
            (Key::F, pairing::Message::FullScreen),
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
                Event::Paste(text) => push(pairing::Message::Pasted(text)),
                Event::PasteImage(image) => push(pairing::Message::PastedPicture(image)),
                _ => {}
            }
        }
    }
    let dropped = ctx.input(|input| input.raw.dropped_files.clone());
    let paths: Vec<_> = dropped.into_iter().map(|file| file.path().to_owned()).collect();
    if !paths.is_empty() {
        messages.push(Message::Dropped(paths));
    }
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
