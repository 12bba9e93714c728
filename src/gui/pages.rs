//! Draws the page that is open.

use std::convert::Infallible;

use eframe::egui::Ui;

use super::app::App;
use super::code::Textures;
use super::message::Message;
use super::route::{Outbox, OutboxItem};
use super::screen::Screen;
use super::screens::{
    add, challenge, check, compare, contact, decide, export, first_run, from_paper, help, home,
    identity, import, locked, pairing, paper, phone, restore, result, seal, settings, share,
    verify, what_code,
};
use super::widgets;
use crate::messages::window::{chrome as words, common};

pub fn draw(ui: &mut Ui, app: &App, textures: &mut Textures, messages: &mut Vec<Message>) {
    let model = &app.model;
    match &app.screen {
        Screen::Opening => widgets::page(ui, |ui| {
            widgets::status(ui, widgets::Severity::Waiting, words::OPENING_THE_PROFILE);
        }),
        Screen::Unusable(notification) => widgets::page(ui, |ui| {
            widgets::status(ui, widgets::Severity::Problem, &notification.what);
            ui.label(&notification.advice);
            ui.horizontal_wrapped(|ui| {
                if widgets::primary(ui, common::TRY_AGAIN).clicked() {
                    messages.push(Message::Retry);
                }
                if widgets::button(ui, words::CHOOSE_FOLDER).clicked() {
                    messages.push(Message::ChooseProfile);
                }
            });
        }),
        Screen::Locked(page) => {
            collect(messages, Message::Locked, |out| locked::ui(ui, page, out));
        }
        Screen::FirstRun(page) => collect(messages, Message::FirstRun, |out| {
            first_run::ui(ui, page, model, textures, out);
        }),
        Screen::Home(page) => {
            collect(messages, Message::Home, |out| home::ui(ui, page, model, out));
        }
        Screen::Pairing(page) => collect(messages, Message::Pairing, |out| {
            pairing::ui(ui, page, model, textures, out);
        }),
        Screen::Result(page) => collect(messages, Message::Result, |out| {
            result::ui(ui, page, model.now, textures, out);
        }),
        Screen::Contact(page) => {
            collect(messages, Message::Contact, |out| contact::ui(ui, page, model, out));
        }
        Screen::Decide(page) => {
            collect(messages, Message::Decide, |out| decide::ui(ui, page, model, out));
        }
        Screen::Verify(page) => collect(messages, Message::Verify, |out| {
            verify::ui(ui, page, model, textures, out);
        }),
        Screen::Export(page) => collect(messages, Message::Export, |out| {
            export::ui(ui, page, model, textures, out);
        }),
        Screen::Compare(page) => {
            collect(messages, Message::Compare, |out| compare::ui(ui, page, out));
        }
        Screen::Add(page) => {
            collect(messages, Message::Add, |out| add::ui(ui, page, model, textures, out));
        }
        Screen::Identity(page) => {
            collect(messages, Message::Identity, |out| identity::ui(ui, page, model, out));
        }
        Screen::Restore(page) => {
            collect(messages, Message::Restore, |out| restore::ui(ui, page, model, out));
        }
        Screen::Settings(page) => collect(messages, Message::Settings, |out| {
            settings::ui(ui, page, model, textures, out);
        }),
        Screen::Share(page) => {
            collect(messages, Message::Share, |out| share::ui(ui, page, model, out));
        }
        Screen::Check(page) => {
            collect(messages, Message::Check, |out| check::ui(ui, page, model, out));
        }
        Screen::Phone(page) => collect(messages, Message::Phone, |out| {
            phone::ui(ui, page, model, textures, out);
        }),
        Screen::WhatCode(page) => collect(messages, Message::WhatCode, |out| {
            what_code::ui(ui, page, model, textures, out);
        }),
        Screen::Seal(page) => {
            collect(messages, Message::Seal, |out| seal::ui(ui, page, model, out));
        }
        Screen::Paper(page) => {
            collect(messages, Message::Paper, |out| paper::ui(ui, page, model, out));
        }
        Screen::FromPaper(page) => collect(messages, Message::FromPaper, |out| {
            from_paper::ui(ui, page, model, textures, out);
        }),
        Screen::Challenge(page) => {
            collect(messages, Message::Challenge, |out| challenge::ui(ui, page, model, out));
        }
        Screen::Import(page) => {
            collect(messages, Message::Import, |out| import::ui(ui, page, model, out));
        }
        Screen::Help => collect(
            messages,
            |never: Infallible| match never {},
            |out| {
                help::ui(ui, out);
            },
        ),
    }
}

/// Draws a screen, and wraps what it sends into messages of the window.
fn collect<M>(
    messages: &mut Vec<Message>,
    wrap: impl Fn(M) -> Message,
    draw: impl FnOnce(&mut Outbox<M>),
) {
    let mut out = Outbox::new();
    draw(&mut out);
    messages.extend(out.into_iter().map(|request| match request {
        OutboxItem::Message(message) => wrap(message),
        OutboxItem::Go(route) => Message::Go(route),
    }));
}
