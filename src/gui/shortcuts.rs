//! Keys, pasted and dropped things. What each does, Help says.

use eframe::egui::{Context, Event, Key, Modifiers};

use super::message::Action;
use super::screens::pairing;
use super::state::{Screen, State};

/// What was pressed, pasted or dropped since the last frame.
pub fn read(ctx: &Context, state: &State, actions: &mut Vec<Action>) {
    let pairing = matches!(&state.screen, Screen::Pairing(pairing) if pairing.ended.is_none());
    let ready = state.own.is_some();
    let command = |key| ctx.input_mut(|input| input.consume_key(Modifiers::COMMAND, key));
    if ready && command(Key::N) {
        actions.push(Action::Pair);
    }
    if ready && command(Key::Comma) {
        actions.push(Action::Settings);
    }
    if command(Key::E)
        && let Some(key) = exportable(state)
    {
        actions.push(Action::Export(key));
    }
    let plain = |key| ctx.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    if plain(Key::F1) {
        actions.push(Action::Help);
    }
    if plain(Key::Escape) {
        actions.push(Action::Back);
    }
    // As large as it is at 100 %, which is what the next start asks for.
    let zoom = ctx.zoom_factor();
    let size = ctx.input(|input| input.viewport().inner_rect.map(|rect| rect.size() * zoom));
    if let Some(size) = size.map(|size| [size.x, size.y])
        && state.settings.window != Some(size)
    {
        actions.push(Action::Resized(size));
    }
    if !pairing {
        return;
    }
    let mut push = |action| actions.push(Action::Pairing(action));
    if command(Key::O) {
        push(pairing::Do::Open);
    }
    // While somebody writes, letters are letters.
    if !ctx.egui_wants_keyboard_input() {
        for (key, action) in [
            (Key::C, pairing::Do::NextCamera),
            (Key::M, pairing::Do::Mirror),
            (Key::F, pairing::Do::FullScreen),
            (Key::OpenBracket, pairing::Do::White(-1)),
            (Key::CloseBracket, pairing::Do::White(1)),
        ] {
            if plain(key) {
                push(action);
            }
        }
        let copied = ctx.input(|input| input.events.iter().any(|e| matches!(e, Event::Copy)));
        if copied {
            push(pairing::Do::Copy);
        }
        for event in ctx.input(|input| input.events.clone()) {
            match event {
                Event::Paste(text) => push(pairing::Do::Pasted(text)),
                Event::PasteImage(image) => push(pairing::Do::PastedPicture(image)),
                _ => {}
            }
        }
    }
    let dropped = ctx.input(|input| input.raw.dropped_files.clone());
    let paths: Vec<_> = dropped.into_iter().map(|file| file.path().to_owned()).collect();
    if !paths.is_empty() {
        actions.push(Action::Dropped(paths));
    }
}

/// The key that is meant where none is named: of the contact that is shown.
fn exportable(state: &State) -> Option<keyglance_core::crypto::KeyId> {
    let person = match &state.screen {
        Screen::Contact(page) => state.people.person(page.id),
        Screen::Home(_) if state.people.contacts.len() == 1 => state.people.contacts.first(),
        _ => None,
    };
    let keys = &person?.keys;
    keys.iter().rev().find(|key| key.acknowledged).map(|key| key.id)
}
