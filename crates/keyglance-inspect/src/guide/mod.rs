//! How to check in an app: what is known of messengers and cloud services, with sources.
//!
//! Compiled in, "as of" [`Guide::checked`]. Facts only: where no primary source was found, a
//! value is [`State::Unknown`].
//!
//! ```
//! use keyglance_inspect::guide::{State, guide};
//!
//! let signal = guide().find("signal").ok_or("no such app")?;
//! assert_eq!(signal.e2ee.messages.as_ref().map(|fact| fact.value), Some(State::Default));
//! assert_eq!(signal.verify.path, ["Chat", "contact's name", "View safety number"]);
//! # Ok::<(), &str>(())
//! ```

mod encryption;
mod page;
mod search;

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::verdict::{Evidence, Photographed, Verdict};

pub use encryption::{Access, Explanation, Phase, STATIONS, how_encryption_works};
pub use page::{AppPage, FactLine, Line, SourceLine, VerifyPage};

/// All that is known of apps.
#[derive(Debug, Deserialize, Serialize)]
#[non_exhaustive]
pub struct Guide {
    /// The day on which all of it was last looked through.
    pub checked: Date,
    /// The apps, in no order of rank.
    pub apps: Vec<App>,
}

/// A messenger, a service for meetings or a cloud service.
#[derive(Debug, Deserialize, Serialize)]
#[non_exhaustive]
pub struct App {
    /// Its name for programs.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub category: Category,
    /// What is end-to-end encrypted.
    pub e2ee: Encryption,
    /// How two people check it.
    pub verify: Verify,
    /// The ids of this crate's kinds that are its codes.
    pub codes: Vec<String>,
    /// Whether its program's source can be read.
    pub client_open_source: OpenSource,
    /// What else is to be known.
    pub notes: Vec<Note>,
    /// Where all of it is from.
    pub sources: Vec<Source>,
}

/// What an app is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Category {
    /// Messages between people.
    Messenger,
    /// Calls and meetings.
    Meeting,
    /// Files that are stored and shared.
    Cloud,
}

/// What is end-to-end encrypted; `None` where an app of this category has no such thing.
#[derive(Debug, Deserialize, Serialize)]
#[non_exhaustive]
pub struct Encryption {
    /// Messages between two.
    pub messages: Option<Fact>,
    /// Messages among several.
    pub groups: Option<Fact>,
    /// Calls.
    pub calls: Option<Fact>,
    /// Backups.
    pub backups: Option<Fact>,
    /// Stored files.
    pub files: Option<Fact>,
    /// Links that are shared.
    pub links: Option<Fact>,
}

/// A statement with its sources.
#[derive(Debug, Deserialize, Serialize)]
#[non_exhaustive]
pub struct Fact {
    /// What is so.
    pub value: State,
    /// For what it holds.
    pub scope: String,
    /// Places in [`App::sources`].
    pub sources: Vec<usize>,
}

/// Whether something is end-to-end encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum State {
    /// Always.
    Default,
    /// If somebody turns it on.
    Optional,
    /// No.
    Absent,
    /// No primary source says.
    Unknown,
}

/// How two people check that nobody stands between them.
#[derive(Debug, Deserialize, Serialize)]
#[non_exhaustive]
pub struct Verify {
    /// Whether the app has it; `None` if that is not known.
    pub exists: Option<bool>,
    /// What to touch, one after the other.
    pub path: Vec<String>,
    /// Where the path is so.
    pub path_platform: String,
    /// What is shown there.
    pub shows: String,
    /// Whether a code is shown to be scanned.
    pub qr: Option<bool>,
    /// What to compare.
    pub compare: String,
    /// What that proves.
    pub proves: String,
    /// Places in [`App::sources`].
    pub sources: Vec<usize>,
}

/// Whether a program's source can be read.
#[derive(Debug, Deserialize, Serialize)]
#[non_exhaustive]
pub struct OpenSource {
    /// What is so.
    pub value: Openness,
    /// Where it is.
    pub url: Option<String>,
    /// Places in [`App::sources`].
    pub sources: Vec<usize>,
}

/// How much of a program's source can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Openness {
    /// All.
    Yes,
    /// None.
    No,
    /// Some.
    Partly,
    /// No primary source says.
    Unknown,
}

/// A sentence with its sources.
#[derive(Debug, Deserialize, Serialize)]
#[non_exhaustive]
pub struct Note {
    /// The sentence.
    pub text: String,
    /// Places in [`App::sources`].
    pub sources: Vec<usize>,
}

/// Where something is from.
#[derive(Debug, Deserialize, Serialize)]
#[non_exhaustive]
pub struct Source {
    /// Who wrote it.
    pub publisher: String,
    /// What it is called.
    pub title: String,
    /// Where it is.
    pub url: String,
    /// Year, month and day of it, as far as they stand in it.
    pub dated: Option<String>,
    /// The day on which it was read.
    pub read: Date,
    /// How it was read.
    pub seen: Seen,
}

/// How a source was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Seen {
    /// The page itself.
    Direct,
    /// A copy on another host.
    Copy,
    /// Its words, as others quote them.
    Quoted,
    /// It is only listed somewhere.
    Listed,
}

impl Source {
    /// Whether it was read more than two years before `today`: then a page says "checked
    /// long ago".
    #[must_use]
    pub fn is_old(&self, today: Date) -> bool {
        let months = |date: Date| i32::from(date.year()) * 12 + i32::from(date.month());
        months(today) - months(self.read) > 24
    }
}

impl Guide {
    /// The app that shows codes of this kind.
    #[must_use]
    pub fn app_of(&self, kind: &str) -> Option<&App> {
        self.apps.iter().find(|app| app.codes.iter().any(|code| code == kind))
    }

    /// The app whose page tells how to check what a code belongs to: "How do I check …?".
    #[must_use]
    pub fn app_for(&self, verdict: &Verdict) -> Option<&App> {
        self.app_of_code(verdict.id, verdict.app)
    }

    fn app_of_code(&self, kind: &str, app: &str) -> Option<&App> {
        self.app_of(kind).or_else(|| self.find(app))
    }
}

/// Formats that are no app's: there is no place in a program where a number is shown.
const FORMATS: &[&str] =
    &["openpgp", "age", "ssh", "pem", "jwk", "minisign", "tor", "libp2p", "did", "dnsstamp"];

/// How to check a code of this kind beyond what it shows itself; empty where there is nothing
/// to check.
pub(crate) fn how_to_check(id: &str, app: &str, evidence: Evidence, who: Photographed) -> String {
    let family = id.split_once('.').map_or(id, |(family, _)| family);
    // A link that carries its key has no person on the other side, and a sign-in no number.
    if evidence == Evidence::Fragment || matches!(family, "jwt" | "fido" | "openid" | "mdoc") {
        return String::new();
    }
    if let Some(app) = guide().app_of(id) {
        return app.how_to_check();
    }
    match (family, evidence) {
        ("keyglance", Evidence::Compare) => {
            "In Keyglance: scan it with the other device, or compare the safety number that both \
             screens show."
                .to_owned()
        }
        ("keyglance", _) => "In Keyglance each screen shows six digits at the end, the check \
                             code. Type them on the other device."
            .to_owned(),
        (_, Evidence::None | Evidence::Secret) => String::new(),
        (family, Evidence::Key) if FORMATS.contains(&family) => {
            "Compare it with what its owner gives you by another way, in person or by telephone."
                .to_owned()
        }
        // The app's other codes are checked in the same place.
        _ => match guide().app_of_code(id, app) {
            Some(app) => app.how_to_check(),
            None if evidence == Evidence::ServerSees => String::new(),
            // A lamp has no conversation to check.
            None if who == Photographed::Device => String::new(),
            None => not_known(app),
        },
    }
}

fn not_known(app: &str) -> String {
    format!("Where {app} shows a number to compare is not known to us.")
}

impl App {
    /// Where the number to compare is shown and what to do with it, in a sentence or two. Empty
    /// for a cloud service that has none.
    #[must_use]
    pub fn how_to_check(&self) -> String {
        let verify = &self.verify;
        if !verify.path.is_empty() {
            format!("In {}: {}. {}.", self.name, verify.path.join(" › "), verify.compare)
        } else if verify.exists == Some(false) && !verify.compare.is_empty() {
            format!("In {} {}. {}.", self.name, verify.shows, verify.compare)
        } else if self.category == Category::Cloud {
            String::new()
        } else {
            not_known(&self.name)
        }
    }
}

/// The guide.
#[must_use]
pub fn guide() -> &'static Guide {
    static GUIDE: LazyLock<Guide> = LazyLock::new(|| {
        let text = include_str!("../../assets/e2ee-apps.json");
        // A test reads it too.
        serde_json::from_str(text).unwrap_or(Guide { checked: Date::ZERO, apps: Vec::new() })
    });
    &GUIDE
}
