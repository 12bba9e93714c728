//! The first page: a name for this device.

use eframe::egui::text::LayoutJob;
use eframe::egui::{
    Align, Layout, Rect, Role, Sense, TextStyle, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use super::camera_test::CameraTest;
use crate::gui::code::Textures;
use crate::gui::effect::{Effect, ProfileCommand, WorldCommand};
use crate::gui::icons;
use crate::gui::model::Model;
use crate::gui::picture;
use crate::gui::route::{Outbox, Route};
use crate::gui::theme::{self, GAP};
use crate::gui::widgets;
use crate::messages;
use crate::messages::window::first_run as words;
use keyglance_core::pairing::DisplayName;

#[derive(Debug)]
pub struct Page {
    name: String,
    problem: Option<String>,
    pub camera_test: CameraTest,
}

#[derive(Debug)]
pub enum Message {
    Name(String),
    Begin,
    TestCamera(bool),
}

impl Page {
    pub fn new(name: String) -> Self {
        Self { name, problem: None, camera_test: CameraTest::default() }
    }
}

/// Why this cannot be the device's name, if so.
fn problem(text: &str) -> Option<String> {
    let text = text.trim();
    let error = DisplayName::new(text).err();
    error.map(|error| messages::window::names::refused_device_name(text, error))
}

pub fn update(page: &mut Page, model: &Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Name(name) => {
            page.problem = problem(&name);
            page.name = name;
        }
        Message::TestCamera(on) => return vec![page.camera_test.turn(on, model).into()],
        Message::Begin => match DisplayName::new(page.name.trim()) {
            Ok(name) if !name.as_str().is_empty() => {
                return vec![
                    Effect::DismissNotification,
                    WorldCommand::StopScan.into(),
                    ProfileCommand::CreateIdentity(name).into(),
                ];
            }
            Ok(_) => page.problem = Some(messages::window::names::NAME_MISSING.to_owned()),
            Err(_) => page.problem = problem(&page.name),
        },
    }
    Vec::new()
}

pub fn ui(
    ui: &mut Ui,
    page: &Page,
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    if widgets::is_narrow(ui) || ui.available_height() < LOW {
        let begin = std::cell::Cell::new(None);
        widgets::page_with_bar(
            ui,
            |ui| {
                let palette = theme::palette(ui.ctx());
                if ui.ctx().content_rect().height() >= LOWEST {
                    picture::mark(ui, 56.0, &palette, palette.page);
                }
                form_ui(ui, page, model, textures, out);
                promise_ui(ui);
            },
            |ui| begin.set(begin_ui(ui)),
        );
        begin.into_inner().into_iter().for_each(|begin| begin.send(out));
        return;
    }
    widgets::frame(ui, |ui| wide_ui(ui, page, model, textures, out));
}

/// The left is the picture, in every theme; the right scrolls.
fn wide_ui(
    ui: &mut Ui,
    page: &Page,
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    let all = ui.max_rect();
    let left = all.width() * PICTURE_SHARE;
    let (left, right) = all.split_left_right_at_x(all.left() + left);
    ui.painter().rect_filled(left, 0.0, theme::SUCCESS);
    picture_ui(&mut ui.new_child(UiBuilder::new().max_rect(left)), left);
    ui.scope_builder(UiBuilder::new().max_rect(right), |ui| {
        widgets::page_of(ui, FORM, |ui| {
            form_ui(ui, page, model, textures, out);
            ui.add_space(GAP * 2.0);
            ui.horizontal_wrapped(begin_ui).inner.into_iter().for_each(|begin| begin.send(out));
            ui.add_space(GAP * 4.0);
            promise_ui(ui);
        });
    });
}

/// How much of the window's width the picture has.
const PICTURE_SHARE: f32 = 5.0 / 12.0;
/// Below this height there is no picture, in points.
const LOWEST: f32 = 360.0;
/// Below this height the form scrolls over a bar with its button, in points.
const LOW: f32 = 520.0;
/// How wide the form is, in points.
const FORM: f32 = 424.0;

fn picture_ui(ui: &mut Ui, rect: Rect) {
    let palette = theme::ON_SUCCESS;
    let width = (rect.width() * 0.42).min(300.0);
    let text = (rect.width() - 2.0 * GAP * 4.0).min(320.0);
    let words = |ui: &Ui, text: &str, font, colour, width| {
        let mut job = LayoutJob::simple(text.to_owned(), font, colour, width);
        job.halign = Align::Center;
        ui.painter().layout_job(job)
    };
    let title = words(ui, words::TWO_SCREENS_ONE_KEY, theme::heading_of(26.0), palette.text, text);
    // Lines of our own only where each of them fits.
    let longest = words::ABOUT.lines().map(|line| {
        let line = line.to_owned();
        ui.painter().layout_no_wrap(line, theme::body(), palette.weak).size().x
    });
    let fits = longest.fold(0.0, f32::max) <= text;
    let lines = if fits { words::ABOUT.to_owned() } else { words::ABOUT.replace('\n', " ") };
    let about = words(ui, &lines, theme::body(), palette.weak, text);
    let mark = width / picture::MARK_RATIO;
    let all = mark + GAP * 5.0 + title.size().y + GAP * 1.5 + about.size().y;
    let top = rect.center().y - all / 2.0;
    let centre = rect.center().x;
    let at = Rect::from_min_size(pos2(centre - width / 2.0, top), vec2(width, mark));
    picture::mark(
        &mut ui.new_child(UiBuilder::new().max_rect(at)),
        width,
        &palette,
        theme::SUCCESS,
    );
    let mut top = at.bottom() + GAP * 5.0;
    for (galley, text) in [(title, words::TWO_SCREENS_ONE_KEY), (about, words::ABOUT)] {
        let size = galley.size();
        let at = Rect::from_min_size(pos2(centre - size.x / 2.0, top), size);
        let response = ui.allocate_rect(at, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
        ui.painter().galley(pos2(centre, top), galley, palette.text);
        top += size.y + GAP * 1.5;
    }
}

fn form_ui(
    ui: &mut Ui,
    page: &Page,
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    widgets::heading(ui, words::WELCOME_TO_KEYGLANCE);
    ui.add_space(GAP * 2.0);
    let mut name = page.name.clone();
    if widgets::field_strong(ui, words::WHAT_IS_THIS_DEVICE_CALLED, &mut name).changed() {
        out.send(Message::Name(name));
    }
    match &page.problem {
        Some(problem) => widgets::warning(ui, problem),
        None => widgets::weak(ui, words::ABOUT_THE_NAME),
    }
    ui.add_space(GAP * 2.0);
    camera_ui(ui, page, model, textures, out);
}

/// What was pressed at the foot of the form.
#[derive(Clone, Copy)]
enum Pressed {
    Begin,
    Restore,
}

impl Pressed {
    fn send(self, out: &mut Outbox<Message>) {
        match self {
            Self::Begin => out.send(Message::Begin),
            Self::Restore => out.go(Route::Restore),
        }
    }
}

fn begin_ui(ui: &mut Ui) -> Option<Pressed> {
    let width = (ui.available_width() * 0.48).min(200.0);
    let begin = widgets::primary_wide(ui, words::BEGIN, width).clicked();
    ui.add_space(GAP);
    let restore = widgets::link(ui, words::RESTORE_A_BACKUP).clicked();
    begin.then_some(Pressed::Begin).or(restore.then_some(Pressed::Restore))
}

fn promise_ui(ui: &mut Ui) {
    ui.spacing_mut().item_spacing.y = GAP / 2.0;
    widgets::small_strong(ui, words::NOTHING_LEAVES);
    widgets::weak(ui, words::NO_ACCOUNT);
}

/// The camera that pairing begins with, to be tried where there is one.
fn camera_ui(
    ui: &mut Ui,
    page: &Page,
    model: &Model,
    textures: &mut Textures,
    out: &mut Outbox<Message>,
) {
    const TEST: &str = words::TEST_IT;
    let palette = theme::palette(ui.ctx());
    let (name, line) = match model.cameras.first() {
        Some(camera) => (camera.name.as_str(), words::CAMERA_FOUND),
        None => (words::NO_CAMERA, words::WITHOUT_CAMERA),
    };
    let on = page.camera_test.on;
    widgets::card(ui, |ui| {
        ui.set_width(ui.available_width());
        let body = TextStyle::Body.resolve(ui.style());
        let button = match (model.cameras.is_empty(), on) {
            (true, false) => None,
            (_, true) => Some(words::STOP),
            (false, false) => Some(TEST),
        };
        let aside = button.map_or(0.0, |text| widgets::button_width(ui, text, body) + GAP);
        ui.horizontal(|ui| {
            widgets::label_silent(ui, icons::CAMERA, theme::icon(24.0), palette.accent);
            ui.add_space(GAP / 2.0);
            let width = (ui.available_width() - aside).max(1.0);
            ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::top_down(Align::Min), |ui| {
                ui.set_width(width);
                ui.spacing_mut().item_spacing.y = GAP / 2.0;
                widgets::strong(ui, name);
                widgets::weak(ui, line);
            });
            if let Some(text) = button
                && widgets::button(ui, text).clicked()
            {
                out.send(Message::TestCamera(!on));
            }
        });
        if on {
            page.camera_test.view_ui(ui, model, textures);
        }
    });
}
