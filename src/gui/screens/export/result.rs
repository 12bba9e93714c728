//! The file is there: where, and what to do with it on both devices.

use eframe::egui::{Frame, Label, Margin, RichText, Ui};

use super::{Further, Message, Page, notices_ui};
use crate::gui::model::{ContactView, KeyView};
use crate::gui::report::WrittenFiles;
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::{self, GAP};
use crate::gui::widgets::{self, Severity};
use crate::messages::window::paper::ON_PAPER_MORE;
use crate::messages::window::{common, exports as words};
use crate::messages::{self, WITHOUT_A_FILE};
use crate::messages::{TO_RENEW, WHAT_IS_NEW};
use keyglance_core::exports::{Program, is_sentence};
use keyglance_profile::printable_path;

pub(super) fn ui(
    ui: &mut Ui,
    page: &Page,
    program: &'static Program,
    view: &ContactView,
    key: &KeyView,
    out: &mut Outbox<Message>,
) {
    let Some(files) = &page.files else { return };
    let mut bar = Outbox::new();
    let content = |ui: &mut Ui| {
        if widgets::back(ui, words::USE_WITH).clicked() {
            out.send(Message::Another);
        }
        widgets::status(ui, Severity::Good, &words::ready_for(program.name));
        ui.label(match (program.target.is_public(), files.protected) {
            (true, _) => words::SAVED_PUBLIC,
            (false, true) => words::SAVED_PROTECTED,
            (false, false) => words::SAVED_UNPROTECTED,
        });
        notices_ui(ui, view, key, out);
        if let Some(problem) = &page.problem {
            widgets::problem(ui, problem);
        }
        file_ui(ui, program, files, out);
        if let Some((trusted, known)) = &files.trusted {
            widgets::strong(ui, trusted);
            if let Some(known) = known {
                widgets::warning(ui, known);
            }
        }
        let on_both = !program.target.is_public();
        widgets::section(ui, if on_both { words::ON_BOTH_DEVICES } else { words::HERE });
        let mut number = 1..;
        let mut steps = |ui: &mut Ui, lines: &[&String], out: &mut Outbox<Message>| {
            for (line, number) in lines.iter().zip(&mut number) {
                step_ui(ui, number, line, page.copied.as_ref() == Some(*line), out);
            }
        };
        let lines: Vec<_> = files.open_command.iter().chain(&files.usage).collect();
        steps(ui, &lines, out);
        ui.add_space(GAP);
        widgets::warning(ui, &words::danger(program.target, files.protected));
        for note in &files.notes {
            widgets::warning(ui, note);
        }
        for (further, title, lines) in [
            (Further::WithoutFile, WITHOUT_A_FILE, &files.without_file),
            (Further::Renew, TO_RENEW, &files.undo),
        ] {
            if lines.is_empty() {
                continue;
            }
            let is_open = page.unfolded.contains(&further);
            if widgets::link(ui, &words::further(title, is_open)).clicked() {
                out.send(Message::Fold(further));
            }
            if is_open {
                if lines.iter().any(|line| messages::names_new_file(line)) {
                    widgets::weak(ui, WHAT_IS_NEW);
                }
                steps(ui, &lines.iter().collect::<Vec<_>>(), out);
            }
        }
    };
    widgets::page_with_bar(ui, content, |ui| {
        if widgets::button(ui, words::ANOTHER_PROGRAM).clicked() {
            bar.send(Message::Another);
        }
        let right = |ui: &mut Ui| {
            if widgets::primary(ui, common::DONE).clicked() {
                bar.go(Route::Contact(view.contact.id()));
            }
        };
        widgets::at_right(ui, right);
    });
    out.extend(bar, |message| message);
}

/// The file's card.
fn file_ui(ui: &mut Ui, program: &Program, files: &WrittenFiles, out: &mut Outbox<Message>) {
    let folder = files.path.parent().map(printable_path).unwrap_or_default();
    let about = match program.target.is_public() {
        true => words::about_public_file(&folder, files.bytes),
        false => words::about_file(&folder, files.bytes),
    };
    widgets::file_card_with(ui, &files.path, &about, |ui| {
        let code = program.target.scanned_by.is_some();
        if code && widgets::button(ui, common::SHOW_CODE).clicked() {
            out.send(Message::ShowCode);
        }
        if program.target.shared.is_none() && widgets::button(ui, ON_PAPER_MORE).clicked() {
            out.send(Message::OnPaper);
        }
        if widgets::button(ui, common::OPEN_FOLDER).clicked() {
            out.send(Message::OpenFolder);
        }
    });
    if let Some(public) = &files.public {
        widgets::weak(ui, &words::public_file(public));
    }
}

/// A command to copy, or what is to be done by hand.
fn step_ui(ui: &mut Ui, number: usize, line: &str, copied: bool, out: &mut Outbox<Message>) {
    let palette = theme::palette(ui.ctx());
    let margin = Margin::symmetric(16, 4);
    Frame::new().fill(palette.sunken).corner_radius(8).inner_margin(margin).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let command = |ui: &mut Ui| {
            let number = RichText::new(number.to_string()).font(theme::small_strong());
            ui.label(number.color(palette.weak));
            ui.add_space(GAP);
            let text = RichText::new(line);
            let text = if is_sentence(line) { text } else { text.monospace().size(14.0) };
            ui.add(Label::new(text).wrap());
        };
        if is_sentence(line) {
            ui.horizontal(command);
            return;
        }
        let right = |ui: &mut Ui| {
            let text = if copied { common::COPIED } else { common::COPY };
            if widgets::named(ui, text, &words::copy_command(number, copied)).clicked() {
                out.send(Message::Copy(line.to_owned()));
            }
        };
        widgets::spread(ui, theme::CONTROL, right, command);
    });
}
