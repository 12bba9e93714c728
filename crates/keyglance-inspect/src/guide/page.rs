//! An app's page in sentences, which the window and the terminal lay out.

use std::fmt;

use jiff::civil::Date;
use keyglance_core::text::begin_large;

use super::{App, Category, Fact, Guide, Openness, Seen, Source, State, not_known};

/// What is known of one app, in sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AppPage {
    /// The app's name.
    pub title: String,
    /// What it is, and the day on which all of it was looked through.
    pub subtitle: String,
    /// What is end-to-end encrypted, and whether the program's source is open.
    pub facts: Vec<FactLine>,
    /// How two people check it.
    pub verify: VerifyPage,
    /// What else is to be known.
    pub notes: Vec<FactLine>,
    /// Where all of it is from; a fact's numbers are [`SourceLine::number`]s.
    pub sources: Vec<SourceLine>,
}

/// A sentence and where it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FactLine {
    /// The sentence.
    pub text: String,
    /// [`SourceLine::number`]s.
    pub sources: Vec<usize>,
}

/// How two people check that nobody stands between them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct VerifyPage {
    /// What to touch, one after the other; empty where that is not known.
    pub steps: Vec<String>,
    /// On which devices the steps are so, as in "on Android".
    pub platform: Option<String>,
    /// What is shown there, what to compare and what that proves, or that it is not known.
    pub lines: Vec<FactLine>,
}

/// A source, as it stands at the end of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SourceLine {
    /// From 1.
    pub number: usize,
    /// Who wrote it and what it is called.
    pub text: String,
    /// Where it is. Shown and copied; nothing opens it by itself.
    pub url: String,
    /// When it is from, when it was read and how.
    pub dates: String,
    /// Whether it was checked long ago.
    pub is_old: bool,
}

/// A page's parts in their order, for those who have only lines.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Line {
    /// What follows.
    Heading(String),
    /// A sentence and where it is from.
    Fact(FactLine),
    /// One of several steps, with its number from 1.
    Step(usize, String),
    /// Any other sentence.
    Text(String),
    /// A source.
    Source(SourceLine),
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Heading(text) | Self::Text(text) => f.write_str(text),
            Self::Fact(fact) => fact.fmt(f),
            Self::Step(number, text) => write!(f, "{number}. {text}"),
            Self::Source(source) => source.fmt(f),
        }
    }
}

impl fmt::Display for FactLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        for (place, number) in self.sources.iter().enumerate() {
            write!(f, "{}{number}]", if place == 0 { " [" } else { "[" })?;
        }
        Ok(())
    }
}

impl fmt::Display for SourceLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {}. {}. {}", self.number, self.text, self.url, self.dates)
    }
}

impl Category {
    /// The word for one of them.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Messenger => "Messenger",
            Self::Meeting => "Calls and meetings",
            Self::Cloud => "Cloud storage",
        }
    }

    /// The heading of a list of them.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Messenger => "Messengers",
            Self::Meeting => "Calls and meetings",
            Self::Cloud => "Cloud storage and links",
        }
    }
}

impl State {
    /// The end of a sentence that begins "Messages: ".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Default => "end-to-end encrypted by default",
            Self::Optional => "end-to-end encrypted only where it is turned on",
            Self::Absent => "not end-to-end encrypted",
            Self::Unknown => "not known to us",
        }
    }
}

impl Openness {
    const fn words(self) -> &'static str {
        match self {
            Self::Yes => "published",
            Self::No => "not published",
            Self::Partly => "published in part",
            Self::Unknown => "not known to us",
        }
    }
}

/// Places in [`App::sources`] as numbers.
fn numbers(places: &[usize]) -> Vec<usize> {
    places.iter().map(|place| place + 1).collect()
}

fn fact(subject: &str, fact: &Fact) -> FactLine {
    let words = fact.value.words();
    let scope = match fact.scope.as_str() {
        "" => String::new(),
        scope => format!(" ({scope})"),
    };
    FactLine { text: format!("{subject}: {words}{scope}"), sources: numbers(&fact.sources) }
}

fn source((place, source): (usize, &Source), today: Date) -> SourceLine {
    let dated = match &source.dated {
        Some(date) => format!("from {date}, "),
        None => String::new(),
    };
    let how = match source.seen {
        Seen::Direct => "read",
        Seen::Copy => "a copy read",
        Seen::Quoted => "read as others quote it",
        Seen::Listed => "found in a list, not read itself",
    };
    let is_old = source.is_old(today);
    let old = if is_old { ": checked long ago" } else { "" };
    SourceLine {
        number: place + 1,
        text: format!("{}: {}", source.publisher, source.title),
        url: source.url.clone(),
        dates: begin_large(&format!("{dated}{how} on {}{old}", source.read)),
        is_old,
    }
}

impl App {
    /// The page, as it is on the day `today`.
    #[must_use]
    pub fn page(&self, checked: Date, today: Date) -> AppPage {
        let e2ee = &self.e2ee;
        let calls = match self.category {
            Category::Meeting => "Calls and meetings",
            _ => "Calls",
        };
        let mut facts: Vec<FactLine> = [
            ("Messages", &e2ee.messages),
            ("Groups", &e2ee.groups),
            (calls, &e2ee.calls),
            ("Backups", &e2ee.backups),
            ("Files", &e2ee.files),
            ("Links", &e2ee.links),
        ]
        .into_iter()
        .filter_map(|(subject, it)| it.as_ref().map(|it| fact(subject, it)))
        .collect();
        let open = &self.client_open_source;
        let place = match open.url.as_deref() {
            Some(url) if !url.is_empty() => format!(" ({url})"),
            _ => String::new(),
        };
        facts.push(FactLine {
            text: format!("The app's source code: {}{place}", open.value.words()),
            sources: numbers(&open.sources),
        });
        let sources = self.sources.iter().enumerate().map(|it| source(it, today)).collect();
        let notes = self.notes.iter();
        AppPage {
            title: self.name.clone(),
            subtitle: format!("{}, as of {checked}", self.category.word()),
            facts,
            verify: self.verify_page(),
            notes: notes
                .map(|note| FactLine { text: note.text.clone(), sources: numbers(&note.sources) })
                .collect(),
            sources,
        }
    }

    fn verify_page(&self) -> VerifyPage {
        let verify = &self.verify;
        let sources = numbers(&verify.sources);
        let mut lines = Vec::new();
        let mut say = |text: String| lines.push(FactLine { text, sources: sources.clone() });
        match (verify.exists, verify.path.is_empty()) {
            (None, _) => say(format!(
                "Whether {} has a number or code to compare is not known to us.",
                self.name
            )),
            (Some(false), _) => {
                say(format!("{} has no separate number or code to compare.", self.name));
            }
            (Some(true), true) => say(not_known(&self.name)),
            (Some(true), false) => {}
        }
        for (subject, text) in [
            ("What you see", &verify.shows),
            ("How to compare", &verify.compare),
            ("What it proves", &verify.proves),
        ] {
            if !text.is_empty() {
                say(format!("{subject}: {text}"));
            }
        }
        match verify.qr {
            Some(true) => say("There is a QR code to scan for it.".to_owned()),
            Some(false) => say("There is no QR code to scan for it.".to_owned()),
            None => {}
        }
        if verify.exists == Some(true) {
            let text = "What it does not prove: that the program is the published one, or that \
                        nobody has taken over the other device.";
            lines.push(FactLine { text: text.to_owned(), sources: Vec::new() });
        }
        let known = !matches!(&*verify.path_platform, "" | "unknown" | "all");
        let platform = match verify.path_platform.as_str() {
            "web" => "in the browser".to_owned(),
            name @ ("phone" | "desktop") => format!("on a {name}"),
            name => format!("on {name}"),
        };
        VerifyPage {
            steps: verify.path.clone(),
            platform: (known && !verify.path.is_empty()).then_some(platform),
            lines,
        }
    }
}

impl AppPage {
    /// The heading over [`AppPage::verify`].
    #[must_use]
    pub fn verify_heading(&self) -> String {
        let platform = self.verify.platform.as_ref();
        let platform = platform.map(|it| format!(" ({it})")).unwrap_or_default();
        format!("How do I check {}?{platform}", self.title)
    }

    /// All of it in its order.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        let mut lines = vec![Line::Heading(self.title.clone()), Line::Text(self.subtitle.clone())];
        lines.extend(self.facts.iter().cloned().map(Line::Fact));
        lines.push(Line::Heading(self.verify_heading()));
        let steps = self.verify.steps.iter().enumerate();
        lines.extend(steps.map(|(place, step)| Line::Step(place + 1, begin_large(step))));
        lines.extend(self.verify.lines.iter().cloned().map(Line::Fact));
        if !self.notes.is_empty() {
            lines.push(Line::Heading("Notes".to_owned()));
            lines.extend(self.notes.iter().cloned().map(Line::Fact));
        }
        lines.push(Line::Heading("Sources".to_owned()));
        lines.extend(self.sources.iter().cloned().map(Line::Source));
        lines
    }
}

impl Guide {
    /// The page of the app that has this id or name.
    #[must_use]
    pub fn page(&self, name: &str, today: Date) -> Option<AppPage> {
        Some(self.find(name)?.page(self.checked, today))
    }

    /// All apps by category, in the order of the alphabet and not of any merit.
    #[must_use]
    pub fn list(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        for category in [Category::Messenger, Category::Meeting, Category::Cloud] {
            lines.push(Line::Heading(category.heading().to_owned()));
            let apps = self.of_category(category);
            lines.extend(apps.into_iter().map(|app| Line::Text(app.name.clone())));
        }
        lines.push(Line::Text(format!("As of {}.", self.checked)));
        lines
    }
}
