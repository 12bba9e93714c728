//! What is done with a contact and its keys more rarely: each asks in a dialog of its own,
//! and no single click loses anything. The list and a contact's page share them.

use eframe::egui::{Context, Ui};

use crate::gui::effect::{Effect, ProfileCommand};
use crate::gui::model::{ContactView, KeyView, Model};
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::GAP;
use crate::gui::widgets::{self, Dialog};
use crate::messages;
use crate::messages::window::common;
use crate::messages::window::manage as words;
use keyglance_core::contacts::{ContactId, Name};
use keyglance_core::crypto::KeyId;

/// The question that is open, if any.
#[derive(Debug, Default)]
pub struct Questions {
    open: Option<Question>,
    problem: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// The new name, as it is typed.
    Rename(ContactId, String),
    Delete(ContactId),
    DeleteKey(KeyId),
    /// The new label, as it is typed.
    Label(KeyId, String),
    StopUsing(KeyId),
    /// The other device said that the check codes differ.
    SaysNo(KeyId),
}

#[derive(Debug)]
pub enum Message {
    Ask(Question),
    /// What is typed now.
    Text(String),
    Answer(Answer),
    Dismiss,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Yes,
    /// Delete the contact's only key, and not the contact.
    KeyOnly,
}

impl Questions {
    /// Whether something was typed that would be lost.
    pub fn is_changed(&self, model: &Model) -> bool {
        match &self.open {
            Some(Question::Rename(id, text)) => {
                model.contacts.get(*id).is_some_and(|view| view.contact.name.as_str() != text)
            }
            Some(Question::Label(id, text)) => {
                let label = |key: &KeyView| key.purpose.clone().unwrap_or_default();
                model.contacts.key(*id).is_some_and(|(_, key)| label(key) != *text)
            }
            Some(
                Question::Delete(_)
                | Question::DeleteKey(_)
                | Question::StopUsing(_)
                | Question::SaysNo(_),
            )
            | None => false,
        }
    }
}

pub fn update(questions: &mut Questions, model: &Model, message: Message) -> Vec<Effect> {
    questions.problem = None;
    match (message, &mut questions.open) {
        (Message::Ask(question), open) => *open = Some(question),
        (Message::Dismiss, open) => *open = None,
        (Message::Text(new), Some(Question::Rename(_, text) | Question::Label(_, text))) => {
            *text = new
        }
        (Message::Answer(answer), Some(question)) => {
            return match carry_out(question, model, answer) {
                Ok(effects) => {
                    questions.open = None;
                    effects
                }
                Err(problem) => {
                    questions.problem = Some(problem);
                    Vec::new()
                }
            };
        }
        (Message::Text(_) | Message::Answer(_), _) => {}
    }
    Vec::new()
}

fn carry_out(question: &Question, model: &Model, answer: Answer) -> Result<Vec<Effect>, String> {
    let command = match question {
        Question::Rename(id, text) => {
            let name: Name =
                text.parse().map_err(|error| messages::window::names::refused_name(text, error))?;
            let is_another =
                |view: &&ContactView| view.contact.id() != *id && view.contact.name.is_same(&name);
            if let Some(other) = model.contacts.contacts.iter().find(is_another) {
                return Err(messages::window::names::name_taken(&other.contact.name));
            }
            ProfileCommand::RenameContact(*id, name.to_string())
        }
        Question::Delete(id) if answer == Answer::KeyOnly => {
            let only = model.contacts.get(*id).and_then(|view| view.keys.first());
            return Ok(only
                .map(|key| ProfileCommand::RemoveKey(key.id).into())
                .into_iter()
                .collect());
        }
        Question::Delete(id) => {
            return Ok(vec![ProfileCommand::RemoveContact(*id).into(), Effect::Go(Route::Home)]);
        }
        Question::DeleteKey(id) => ProfileCommand::RemoveKey(*id),
        Question::Label(id, text) => ProfileCommand::SetKeyPurpose(*id, text.trim().to_owned()),
        Question::StopUsing(id) => ProfileCommand::RetireKey(*id, true),
        Question::SaysNo(id) => ProfileCommand::RejectCheckCode(*id),
    };
    Ok(vec![command.into()])
}

/// Draws the open question over the page.
pub fn ui(ctx: &Context, questions: &Questions, model: &Model, out: &mut Outbox<Message>) {
    let Some(question) = &questions.open else { return };
    let problem = questions.problem.as_deref();
    let contact = |id: ContactId| model.contacts.get(id);
    let shown = match question {
        Question::Rename(id, text) => contact(*id).map(|view| {
            let title = messages::window::quoted(words::RENAME, &view.contact.name, "");
            widgets::dialog(ctx, &title, |ui| {
                text_ui(ui, words::NEW_NAME, text, problem, words::RENAME, out)
            })
        }),
        Question::Delete(id) => contact(*id).map(|view| {
            let title = messages::window::quoted(words::DELETE, &view.contact.name, "?");
            widgets::dialog(ctx, &title, |ui| delete_ui(ui, view, out))
        }),
        Question::DeleteKey(id) => model.contacts.key(*id).map(|(_, key)| {
            let title = messages::window::quoted(common::DELETE_THE_KEY, &key.name, "?");
            widgets::dialog(ctx, &title, |ui| {
                ui.label(messages::SHREDDED);
                answers(ui, common::KEEP_IT, out, |ui, out| {
                    if widgets::attention(ui, words::DELETE_FOR_GOOD).clicked() {
                        out.send(Message::Answer(Answer::Yes));
                    }
                });
            })
        }),
        Question::Label(id, text) => model.contacts.key(*id).map(|(_, key)| {
            let title = messages::window::quoted(words::LABEL_FOR, &key.name, "");
            widgets::dialog(ctx, &title, |ui| {
                ui.label(words::ABOUT_LABELS);
                text_ui(ui, words::WHAT_IT_IS_FOR, text, problem, common::SAVE, out);
            })
        }),
        Question::StopUsing(id) => model.contacts.key(*id).map(|(_, key)| {
            let title = messages::window::quoted(words::STOP_USING, &key.name, "?");
            widgets::dialog(ctx, &title, |ui| {
                ui.label(words::ABOUT_STOPPING);
                answers(ui, words::KEEP_USING_IT, out, |ui, out| {
                    if widgets::button(ui, words::STOP_USING_IT).clicked() {
                        out.send(Message::Answer(Answer::Yes));
                    }
                });
            })
        }),
        Question::SaysNo(id) => model.contacts.key(*id).map(|(_, key)| {
            let title = words::THE_OTHER_DEVICE_SAYS_NO;
            widgets::dialog(ctx, title, |ui| {
                widgets::words(ui, messages::window::contact::says_no(&key.name).into());
                answers(ui, words::KEEP_THE_KEY, out, |ui, out| {
                    if widgets::attention(ui, common::DELETE_THE_KEY).clicked() {
                        out.send(Message::Answer(Answer::Yes));
                    }
                });
            })
        }),
    };
    // What the question was about may be gone.
    if shown.is_none_or(|dialog| dialog == Dialog::Dismissed) {
        out.send(Message::Dismiss);
    }
}

fn text_ui(
    ui: &mut Ui,
    field: &str,
    text: &str,
    problem: Option<&str>,
    act: &str,
    out: &mut Outbox<Message>,
) {
    let mut text = text.to_owned();
    if widgets::field(ui, field, &mut text).changed() {
        out.send(Message::Text(text));
    }
    if let Some(problem) = problem {
        widgets::warning(ui, problem);
    }
    ui.add_space(GAP);
    ui.horizontal_wrapped(|ui| {
        if widgets::primary(ui, act).clicked() {
            out.send(Message::Answer(Answer::Yes));
        }
        if widgets::button(ui, common::CANCEL).clicked() {
            out.send(Message::Dismiss);
        }
    });
}

fn delete_ui(ui: &mut Ui, view: &ContactView, out: &mut Outbox<Message>) {
    match view.keys.len() {
        0 => {}
        1 => {
            ui.label(words::ITS_KEY_IS_DELETED_TOO);
        }
        many => {
            ui.label(words::keys_are_deleted(many));
        }
    }
    if !view.keys.is_empty() {
        ui.label(messages::SHREDDED);
    }
    answers(ui, common::KEEP_IT, out, |ui, out| {
        if view.keys.len() == 1 && widgets::attention(ui, words::DELETE_THE_KEY_ONLY).clicked() {
            out.send(Message::Answer(Answer::KeyOnly));
        }
        if widgets::attention(ui, words::DELETE_FOR_GOOD).clicked() {
            out.send(Message::Answer(Answer::Yes));
        }
    });
}

/// The answer that loses nothing is filled, and comes first.
fn answers(
    ui: &mut Ui,
    keep: &str,
    out: &mut Outbox<Message>,
    others: impl FnOnce(&mut Ui, &mut Outbox<Message>),
) {
    ui.add_space(GAP);
    ui.horizontal_wrapped(|ui| {
        if widgets::primary(ui, keep).clicked() {
            out.send(Message::Dismiss);
        }
        others(ui, out);
    });
}
