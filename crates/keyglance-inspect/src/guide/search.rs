//! Which app somebody means.

use keyglance_core::text::{is_near, natural_order, without_accents};

use super::{App, Category, Guide};

/// Other names that people use for an app, by its id.
const ALIASES: &[(&str, &[&str])] = &[
    ("deltachat", &["delta"]),
    ("element", &["matrix", "element x", "schildichat"]),
    ("google-messages", &["android messages", "rcs"]),
    ("icloud", &["icloud", "icloud drive", "advanced data protection"]),
    ("imessage", &["apple messages"]),
    ("messenger", &["facebook", "facebook messenger", "meta messenger"]),
    ("onedrive", &["microsoft onedrive"]),
    ("simplex", &["simplex"]),
    ("teams", &["teams", "ms teams"]),
    ("google-drive", &["gdrive", "google docs"]),
    ("bitwarden-send", &["bitwarden"]),
    ("whatsapp", &["whats app", "wa"]),
];

/// A name without what people leave out: capitals, accents, spaces and signs.
fn plain(name: &str) -> String {
    without_accents(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

impl App {
    /// Every name that it is found by.
    fn names(&self) -> impl Iterator<Item = &str> {
        let aliases = ALIASES.iter().find(|(id, _)| *id == self.id).map_or(&[][..], |it| it.1);
        let short = self.name.split(" (").next().unwrap_or_default();
        [self.id.as_str(), self.name.as_str(), short].into_iter().chain(aliases.iter().copied())
    }
}

impl Guide {
    /// The app with this id, name or other name. Case, accents, spaces and signs do not matter.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&App> {
        let name = plain(name);
        self.apps.iter().find(|app| !name.is_empty() && app.names().any(|it| plain(it) == name))
    }

    /// The apps that somebody may have meant who wrote a name that is none: "did you mean". Two
    /// letters may be wrong.
    #[must_use]
    pub fn near(&self, name: &str) -> Vec<&App> {
        let name = plain(name);
        let near = |app: &&App| app.names().any(|it| is_near(&name, &plain(it)));
        self.apps.iter().filter(near).collect()
    }

    /// The apps of which a name has these letters in it, for a search field; all if there are
    /// none.
    pub fn search(&self, letters: &str) -> impl Iterator<Item = &App> {
        let letters = plain(letters);
        self.apps.iter().filter(move |app| app.names().any(|name| plain(name).contains(&letters)))
    }

    /// The apps of a category by their names, in the order of the alphabet.
    #[must_use]
    pub fn of_category(&self, category: Category) -> Vec<&App> {
        let mut apps: Vec<&App> = self.apps.iter().filter(|it| it.category == category).collect();
        apps.sort_by(|one, other| natural_order(&one.name, &other.name));
        apps
    }
}
