//! Verify: the safety number, read aloud row by row, or the other's
//! fingerprint code, scanned.

use std::time::Duration;

use eframe::egui::{RichText, Ui, vec2};
use jiff::Timestamp;

use crate::gui::code::Textures;
use crate::gui::message::{Action, Effect};
use crate::gui::state::{ContactView, Screen, State};
use crate::gui::theme::{self, GAP};
use crate::gui::widgets::{self, Severity};
use crate::messages;
use crate::messages::Notification;
use keyglance_capture::{OpticsError, ScanEvent, ScannedFrame};
use keyglance_core::contacts::ContactId;
use keyglance_core::crypto::{Comparison, Fingerprint, FingerprintCode, FingerprintCodeError};
use keyglance_core::trust::Trust;
use keyglance_core::trust::{Method, Verified};

const ROWS: usize = 4;

#[derive(Debug)]
pub struct Verify {
    pub contact: ContactId,
    ticked: [bool; ROWS],
    view: View,
    answer: Option<bool>,
    sight: Option<ScannedFrame>,
    sights: u64,
    failed: Option<OpticsError>,
    hint: Option<&'static str>,
    hinted: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    Numbers,
    Scan,
    Ours,
}

#[derive(Debug)]
pub enum Do {
    Tick(usize, bool),
    View(View),
    Match,
    Differ,
    Again,
}

impl Verify {
    pub fn new(contact: ContactId) -> Self {
        Self {
            contact,
            ticked: [false; ROWS],
            view: View::Numbers,
            answer: None,
            sight: None,
            sights: 0,
            failed: None,
            hint: None,
            hinted: Duration::ZERO,
        }
    }
}

pub fn apply(state: &mut State, action: Do) -> Vec<Effect> {
    let scan = state.scan();
    let Screen::Verify(verify) = &mut state.screen else { return Vec::new() };
    match action {
        Do::Tick(row, on) => {
            if let Some(ticked) = verify.ticked.get_mut(row) {
                *ticked = on;
            }
        }
        Do::View(view) => {
            verify.view = view;
            verify.sight = None;
            verify.failed = None;
            return vec![if view == View::Scan { scan } else { Effect::StopScan }];
        }
        Do::Match if verify.ticked == [true; ROWS] => {
            return settle(state, Some(Method::SafetyNumber));
        }
        Do::Match => {}
        Do::Differ => return settle(state, None),
        Do::Again => **verify = Verify::new(verify.contact),
    }
    Vec::new()
}

/// What the comparison gave: a method where it matched.
fn settle(state: &mut State, matched: Option<Method>) -> Vec<Effect> {
    let Screen::Verify(verify) = &mut state.screen else { return Vec::new() };
    let Some(person) = state.people.person(verify.contact) else { return Vec::new() };
    verify.answer = Some(matched.is_some());
    verify.view = View::Numbers;
    let trust = match matched {
        // The clerk, who has a clock, dates it.
        Some(method) => Trust::Verified(Verified { method, at: Timestamp::UNIX_EPOCH }),
        None => Trust::Broken,
    };
    vec![Effect::SetTrust(person.contact.name.to_string(), trust), Effect::StopScan]
}

/// Ours, for the other device to scan, and to compare theirs with.
fn own_code(state: &State, person: &ContactView) -> Option<FingerprintCode> {
    let own = state.own.as_ref()?;
    let local = Fingerprint::of(own.key.public());
    Some(FingerprintCode::new(&local, person.contact.fingerprint()))
}

pub fn scanned(state: &mut State, event: ScanEvent) -> Vec<Effect> {
    let now = state.now;
    let Screen::Verify(verify) = &mut state.screen else { return Vec::new() };
    let sight = match event {
        ScanEvent::Seen(sight) => sight,
        ScanEvent::Failed(error) => {
            verify.failed = Some(error);
            return Vec::new();
        }
        ScanEvent::Opened(_) | ScanEvent::Ended => return Vec::new(),
    };
    let texts: Vec<String> =
        sight.codes.iter().filter_map(|(reading, _)| reading.text.clone()).collect();
    verify.sight = Some(sight);
    verify.failed = None;
    verify.sights += 1;
    if texts.is_empty() {
        return Vec::new();
    }
    let contact = verify.contact;
    let Some(ours) = state.people.person(contact).and_then(|person| own_code(state, person)) else {
        return Vec::new();
    };
    let mut hint = None;
    for text in texts {
        let compared = FingerprintCode::from_text(&text).and_then(|code| ours.compare(&code));
        match compared {
            Ok(Comparison::Match) => return settle(state, Some(Method::FingerprintCode)),
            Ok(Comparison::Mismatch) => return settle(state, None),
            Ok(Comparison::OwnCode) => hint = Some("That is our own code. Scan theirs."),
            Err(FingerprintCodeError::NotOurs) => {
                hint = Some("That is a QR code, but not a fingerprint code.");
            }
            Err(FingerprintCodeError::Version) => {
                hint = Some("The other app has another version. Update both, then try again.");
            }
            Err(_) => hint = Some("That code could not be read. Still looking."),
        }
    }
    if let Screen::Verify(verify) = &mut state.screen {
        verify.hint = hint;
        verify.hinted = now;
    }
    Vec::new()
}

pub fn show(ui: &mut Ui, state: &State, textures: &mut Textures, actions: &mut Vec<Action>) {
    let Screen::Verify(verify) = &state.screen else { return };
    let Some(person) = state.people.person(verify.contact) else {
        widgets::page(ui, |ui| {
            ui.label("This contact is not there any more.");
        });
        return;
    };
    if verify.view == View::Ours {
        let Some(code) = own_code(state, person) else { return };
        widgets::beside_code(ui, textures, &code.to_text(), (100, 100), |ui| {
            widgets::heading(ui, "Our fingerprint code");
            ui.label(format!("On {}, press Scan theirs.", person.contact.name));
            ui.label("It holds no secret: anybody may see it.");
            ui.add_space(GAP);
            if widgets::primary(ui, "Done").clicked() {
                actions.push(Action::VerifyPage(Do::View(View::Numbers)));
            }
        });
        return;
    }
    widgets::page(ui, |ui| {
        let mut asked = Vec::new();
        let mut push = |action| asked.push(Action::VerifyPage(action));
        match (verify.answer, verify.view) {
            (Some(true), _) => {
                widgets::status(
                    ui,
                    Severity::Good,
                    &format!("{} is verified", person.contact.name),
                );
                ui.label("Nobody is in between.");
                if widgets::primary(ui, "Done").clicked() {
                    actions.push(Action::Back);
                }
            }
            (Some(false), _) => {
                widgets::status(ui, Severity::Problem, messages::DIFFER);
                ui.label(messages::DIFFER_STEPS);
                ui.add_space(GAP);
                ui.horizontal(|ui| {
                    if widgets::primary(ui, "Compare again").clicked() {
                        push(Do::Again);
                    }
                    if widgets::button(ui, "Stop using this key").clicked() {
                        actions.push(Action::Back);
                    }
                });
            }
            (None, View::Scan) => scan(ui, state, verify, textures, &mut push),
            (None, _) => numbers(ui, verify, person, &mut push),
        }
        actions.extend(asked);
        ui.add_space(GAP * 2.0);
        if verify.answer.is_none() && widgets::button(ui, "Back").clicked() {
            actions.push(Action::Back);
        }
    });
}

fn numbers(ui: &mut Ui, verify: &Verify, person: &ContactView, push: &mut impl FnMut(Do)) {
    widgets::heading(ui, &format!("Check {}", person.contact.name));
    ui.horizontal(|ui| {
        if widgets::button(ui, "Scan theirs").clicked() {
            push(Do::View(View::Scan));
        }
        if widgets::button(ui, "Show mine").clicked() {
            push(Do::View(View::Ours));
        }
    });
    ui.add_space(GAP);
    ui.label("Or read aloud, row by row, and tick each row that is the same on both:");
    let digits: Vec<char> = person.safety_number.chars().collect();
    for (i, row) in digits.chunks(60 / ROWS).enumerate() {
        let groups: Vec<String> = row.chunks(5).map(|group| group.iter().collect()).collect();
        let mut on = verify.ticked.get(i).copied().unwrap_or_default();
        let text = RichText::new(groups.join(" ")).font(theme::rows());
        if ui.checkbox(&mut on, text).changed() {
            push(Do::Tick(i, on));
        }
    }
    ui.add_space(GAP);
    ui.horizontal(|ui| {
        let all = verify.ticked == [true; ROWS];
        if ui.add_enabled_ui(all, |ui| widgets::primary(ui, "All match")).inner.clicked() {
            push(Do::Match);
        }
        if widgets::button(ui, "They don't match").clicked() {
            push(Do::Differ);
        }
    });
}

fn scan(
    ui: &mut Ui,
    state: &State,
    verify: &Verify,
    textures: &mut Textures,
    push: &mut impl FnMut(Do),
) {
    widgets::heading(ui, "Scan their fingerprint code");
    ui.label("On the other device open this contact, press Check safety number, then Show mine.");
    let width = ui.available_width();
    let size = vec2(width, width * 9.0 / 16.0);
    match (&verify.failed, &verify.sight) {
        (Some(error), _) => {
            let Notification { what, advice } = messages::window::optics(error);
            widgets::warning(ui, &what);
            ui.label(advice);
            if widgets::button(ui, "Try again").clicked() {
                push(Do::View(View::Scan));
            }
        }
        (None, Some(sight)) => {
            let colour = theme::palette(ui.ctx()).accent;
            textures.show_sight(ui, sight, verify.sights, size, state.settings.mirror, colour);
        }
        (None, None) => {
            ui.label("Starting the camera…");
        }
    }
    if let Some(hint) = verify.hint
        && state.now < verify.hinted + Duration::from_secs(6)
    {
        widgets::strong(ui, hint);
    }
    if widgets::button(ui, "Compare numbers instead").clicked() {
        push(Do::View(View::Numbers));
    }
}
