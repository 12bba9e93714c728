//! `keyglance inspect --app`: how to check in an app, from the guide that is compiled in.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::Context;
use super::failure::Failure;
use super::inspect::paragraph;
use super::page::Look;
use crate::messages::inspect as words;
use keyglance_inspect::guide::{
    Access, AppPage, Category, FactLine, Line, guide, how_encryption_works,
};
use keyglance_profile::printable;

/// What is known of one app.
pub fn app(context: &Context, name: &str, now: Timestamp) -> Result<(), Failure> {
    let today = TimeZone::UTC.to_datetime(now).date();
    let Some(page) = guide().page(name, today) else {
        let near: Vec<_> = guide().near(name).into_iter().map(|app| app.name.as_str()).collect();
        let failure = Failure::error(words::no_such_app(&printable(name))).of_kind("not_found");
        return Err(match near[..] {
            [] => failure.advise("keyglance inspect --apps"),
            _ => failure.advise(format!("Close: {}", near.join(", "))),
        });
    };
    context.output.result(|| lines(&page.lines()), &document(&page))
}

/// The apps, by what they are.
pub fn list(context: &Context) -> Result<(), Failure> {
    let of = |category| {
        let apps = guide().of_category(category).into_iter();
        Value::from_iter(apps.map(|app| json!({ "id": app.id, "name": app.name })))
    };
    let document = json!({
        "checked": guide().checked.to_string(),
        "messengers": of(Category::Messenger),
        "meetings": of(Category::Meeting),
        "clouds": of(Category::Cloud),
    });
    context.output.result(|| lines(&guide().list()), &document)
}

/// How end-to-end encryption works, for each step who can read.
pub fn explain(context: &Context) -> Result<(), Failure> {
    let page = how_encryption_works();
    let text = || {
        let look = Look::of_terminal();
        let mut text = format!("{}\n", page.title);
        for phase in page.phases {
            text.push_str(&format!("\n{}\n", phase.title));
            paragraph(&mut text, "", phase.text);
            for (station, access) in phase.stations() {
                let mark = match access {
                    Access::Reads => look.glyph("○", "o"),
                    Access::Sealed => look.glyph("●", "*"),
                };
                text.push_str(&format!("    {mark} {station:<17} {}\n", access.words()));
            }
        }
        text.push_str(&format!("\n{}\n", page.remains_title));
        for sentence in page.remains {
            paragraph(&mut text, "- ", sentence);
        }
        text
    };
    let phase = |phase: &keyglance_inspect::guide::Phase| {
        let reads = |access| phase.stations().filter(move |(_, is)| *is == access);
        let names = |access| reads(access).map(|(station, _)| station).collect::<Vec<_>>();
        json!({
            "title": phase.title,
            "text": phase.text,
            "can_read": names(Access::Reads),
            "cannot_read": names(Access::Sealed),
        })
    };
    let document = json!({
        "title": page.title,
        "phases": page.phases.iter().map(phase).collect::<Vec<_>>(),
        "remains": page.remains,
    });
    context.output.result(text, &document)
}

fn lines(lines: &[Line]) -> String {
    let mut text = String::new();
    for (place, line) in lines.iter().enumerate() {
        match line {
            Line::Heading(heading) if place == 0 => text.push_str(&format!("{heading}\n")),
            Line::Heading(heading) => text.push_str(&format!("\n{heading}\n")),
            line => paragraph(&mut text, "", &line.to_string()),
        }
    }
    text
}

fn document(page: &AppPage) -> Value {
    let facts = |facts: &[FactLine]| {
        let fact = |fact: &FactLine| json!({ "text": fact.text, "sources": fact.sources });
        Value::from_iter(facts.iter().map(fact))
    };
    let sources = page.sources.iter().map(|source| {
        json!({
            "number": source.number,
            "text": source.text,
            "url": source.url,
            "dates": source.dates,
            "is_old": source.is_old,
        })
    });
    json!({
        "app": page.title,
        "about": page.subtitle,
        "facts": facts(&page.facts),
        "verify": {
            "steps": page.verify.steps,
            "platform": page.verify.platform,
            "facts": facts(&page.verify.lines),
        },
        "notes": facts(&page.notes),
        "sources": sources.collect::<Vec<_>>(),
    })
}
