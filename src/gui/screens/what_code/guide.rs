//! "Is my messenger end-to-end encrypted?": what is known of apps, how to check in each of
//! them, and how such encryption works.

use std::hash::Hash;

use eframe::egui::{
    Align2, Color32, Label, RichText, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, vec2,
};
use jiff::tz::TimeZone;

use super::Message;
use crate::gui::icons;
use crate::gui::model::Model;
use crate::gui::route::Outbox;
use crate::gui::theme::{self, GAP};
use crate::gui::widgets;
use crate::messages::window::{common, guide as words};
use keyglance_inspect::guide::{
    Access, AppPage, Category, FactLine, Phase, guide, how_encryption_works,
};

/// Which page of the guide is open.
#[derive(Clone, Debug, Default)]
pub struct Page {
    at: At,
    search: String,
    /// It was opened from the list of apps, to which it goes back.
    from_list: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
enum At {
    #[default]
    List,
    /// An app, by its id.
    App(String),
    How,
}

impl Page {
    /// An app's page.
    pub fn app(id: &str) -> Self {
        Self { at: At::App(id.to_owned()), ..Self::default() }
    }

    /// How such encryption works.
    #[cfg(test)]
    pub fn how() -> Self {
        Self { at: At::How, ..Self::default() }
    }

    pub fn search(&mut self, text: String) {
        self.search = text;
    }

    /// The page before this one, within the guide.
    pub fn back(self) -> Option<Self> {
        (self.from_list && self.at != At::List).then_some(Self { at: At::List, ..self })
    }

    pub fn place(&self) -> impl Hash + use<> {
        self.at.clone()
    }

    fn to(&self, at: At) -> Message {
        let from_list = self.from_list || self.at == At::List;
        Message::Guide(Some(Self { at, search: self.search.clone(), from_list }))
    }

    pub fn ui(&self, ui: &mut Ui, model: &Model, out: &mut Outbox<Message>) {
        widgets::page(ui, |ui| {
            let back = if self.from_list && self.at != At::List {
                words::APPS
            } else {
                common::WHAT_IS_THIS_CODE
            };
            if widgets::back(ui, back).clicked() {
                out.send(Message::Guide(self.clone().back()));
            }
            let today = TimeZone::UTC.to_datetime(model.contacts.read_at).date();
            match &self.at {
                At::List => self.list_ui(ui, out),
                At::App(id) => {
                    if let Some(page) = guide().page(id, today) {
                        self.app_ui(ui, &page, out);
                    }
                }
                At::How => how_ui(ui),
            }
        });
    }

    fn list_ui(&self, ui: &mut Ui, out: &mut Outbox<Message>) {
        widgets::heading(ui, words::IS_IT_ENCRYPTED);
        ui.label(words::A_SCAN_ALONE);
        if widgets::link(ui, how_encryption_works().title).clicked() {
            out.send(self.to(At::How));
        }
        let mut search = self.search.clone();
        if widgets::search(ui, words::SEARCH, &mut search).changed() {
            out.send(Message::Search(search));
        }
        let found: Vec<_> = guide().search(&self.search).map(|app| app.id.as_str()).collect();
        for category in [Category::Messenger, Category::Meeting, Category::Cloud] {
            let apps = guide().of_category(category).into_iter();
            let apps: Vec<_> = apps.filter(|app| found.contains(&app.id.as_str())).collect();
            if apps.is_empty() {
                continue;
            }
            widgets::section(ui, category.heading());
            widgets::list(ui, category.heading(), |ui| {
                ui.horizontal_wrapped(|ui| {
                    for app in apps {
                        if widgets::chip(ui, None, &app.name, false).clicked() {
                            out.send(self.to(At::App(app.id.clone())));
                        }
                    }
                });
            });
        }
        if found.is_empty() {
            widgets::words(ui, words::nothing_is_called(self.search.trim()).into());
        }
        ui.add_space(GAP);
        widgets::weak(ui, &words::as_of(&guide().checked.to_string()));
    }

    fn app_ui(&self, ui: &mut Ui, page: &AppPage, out: &mut Outbox<Message>) {
        widgets::heading(ui, page.title.as_str());
        widgets::weak(ui, &page.subtitle);
        facts_ui(ui, &page.facts);
        widgets::section(ui, &page.verify_heading());
        widgets::list(ui, &page.verify_heading(), |ui| {
            for (place, step) in page.verify.steps.iter().enumerate() {
                ui.label(words::step(place + 1, step));
            }
        });
        facts_ui(ui, &page.verify.lines);
        if !page.notes.is_empty() {
            widgets::section(ui, words::NOTES);
            facts_ui(ui, &page.notes);
        }
        widgets::section(ui, words::SOURCES);
        widgets::list(ui, words::SOURCES, |ui| {
            for source in &page.sources {
                let line = RichText::new(source.to_string()).font(theme::small());
                ui.add(Label::new(line).wrap().selectable(true));
            }
        });
        ui.add_space(GAP);
        if widgets::link(ui, how_encryption_works().title).clicked() {
            out.send(self.to(At::How));
        }
    }
}

fn facts_ui(ui: &mut Ui, facts: &[FactLine]) {
    for fact in facts {
        ui.label(fact.to_string());
    }
}

/// How end-to-end encryption works, with a picture for each step.
fn how_ui(ui: &mut Ui) {
    let page = how_encryption_works();
    widgets::heading(ui, page.title);
    for phase in page.phases {
        widgets::section(ui, phase.title);
        ui.label(phase.text);
        ui.add_space(GAP);
        stations_ui(ui, phase);
    }
    widgets::section(ui, page.remains_title);
    widgets::list(ui, page.remains_title, |ui| {
        for sentence in page.remains {
            ui.label(*sentence);
        }
    });
}

/// How high a place is drawn, in points: an icon, and its name in two lines.
const STATION: f32 = 84.0;
/// The disc with the icon.
const DISC: f32 = 40.0;

/// The places that a message passes, on a line: an open lock where it can be read, a closed
/// one where it cannot.
fn stations_ui(ui: &mut Ui, phase: &Phase) {
    let palette = theme::palette(ui.ctx());
    let stations: Vec<_> = phase.stations().collect();
    let width = ui.available_width();
    let (rect, response) = ui.allocate_exact_size(vec2(width, STATION), Sense::hover());
    let told: Vec<_> =
        stations.iter().map(|(name, access)| words::station(name, access.words())).collect();
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, told.join("; ")));
    let each = width / stations.len().max(1) as f32;
    let middle = rect.top() + DISC / 2.0;
    let ends = rect.left() + each / 2.0..=rect.right() - each / 2.0;
    ui.painter().hline(ends, middle, Stroke::new(2.0, palette.line));
    for (place, (name, access)) in stations.iter().enumerate() {
        let centre = rect.left_top() + vec2(each * (place as f32 + 0.5), DISC / 2.0);
        let about = phase.about.contains(&place);
        let (icon, ink, fill) = match access {
            Access::Reads => (icons::LOCK_OPEN, palette.attention, palette.soft_attention),
            Access::Sealed => (icons::LOCK, palette.accent, palette.soft),
        };
        let line = Stroke::new(if about { 3.0 } else { 1.0 }, ink);
        let disc = eframe::egui::Rect::from_center_size(centre, Vec2::splat(DISC));
        ui.painter().rect(disc, DISC / 2.0, fill, line, StrokeKind::Inside);
        ui.painter().text(centre, Align2::CENTER_CENTER, icon, theme::icon(20.0), ink);
        let words =
            ui.painter().layout((*name).to_owned(), theme::small(), palette.text, each - GAP / 2.0);
        let at = centre + vec2(-words.size().x / 2.0, DISC / 2.0 + GAP / 2.0);
        ui.painter().galley(at, words, Color32::PLACEHOLDER);
    }
}
