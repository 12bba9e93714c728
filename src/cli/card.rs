//! `keyglance card`.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::args::{CardArgs, CardChoice};
use super::failure::Failure;
use super::{Context, output};
use crate::messages::{self, card};
use keyglance_core::identifiers::{Identifier, IdentifierKind};
use keyglance_core::pairing::Card;
use keyglance_profile::{
    CardCandidate, CardPlace, CardPlaces, CardReadError, CardSource, OwnCard, printable,
    shell_argument,
};

pub fn run(context: &Context, args: &CardArgs) -> Result<(), Failure> {
    let profile = context.open_profile()?;
    let places = CardPlaces::of_this_system();
    // All of them are read before any is stored.
    let chosen = args
        .set
        .iter()
        .map(|choice| read(&places, choice, args.yes))
        .collect::<Result<Vec<_>, _>>()?;
    for candidate in chosen {
        profile.share_on_card(candidate, Timestamp::now())?;
    }
    for kind in &args.unset {
        if !profile.take_off_card(*kind)? {
            context.output.tell(format!("{} was not shared.", kind.name()));
        }
    }
    let own = profile.own_card()?;
    context.output.result(|| text(&own, &places), &json!({ "card": json(&own, &places) }))
}

/// Reads what the user chose.
fn read(places: &CardPlaces, choice: &CardChoice, yes: bool) -> Result<CardCandidate, Failure> {
    let kind = choice.kind;
    let read = match &choice.given {
        None => places.read(kind),
        Some(given) => places.read_given(kind, given),
    };
    let read = match read {
        Err(CardReadError::LooksPrivate { unless_public: Some(public), .. }) if yes => Ok(*public),
        read => read,
    };
    read.map_err(|error| match error {
        CardReadError::Several(keys) => several(kind, &keys),
        CardReadError::Given => Failure::usage(format!("{} is kept nowhere.", kind.name()))
            .advise(format!("Give it: keyglance card --set {}=FILE", kind.name())),
        error => error.into(),
    })
}

fn several(kind: IdentifierKind, candidates: &[CardCandidate]) -> Failure {
    let line = |key: &CardCandidate| {
        let label = key.label.as_deref().map(|label| format!("  {}", printable(label)));
        let value = key.identifier.to_string();
        let choice = format!("{}={}", kind.name(), compact(&value));
        let choice = shell_argument(&choice);
        format!("  keyglance card --set {choice}{}", label.unwrap_or_default())
    };
    let lines: Vec<String> = candidates.iter().map(line).collect();
    Failure::usage(format!("There is more than one {}.", kind.title()))
        .advise(format!("Choose one:\n{}", lines.join("\n")))
}

/// Without the gaps that make it easy to read.
fn compact(value: &str) -> String {
    value.split_whitespace().collect()
}

fn text(own: &OwnCard, places: &CardPlaces) -> String {
    let mut text = format!("{}\n\n", card::you_share(&own.shared()));
    for kind in IdentifierKind::ALL {
        let entry = own.entry(kind);
        let tick = if entry.is_some_and(|entry| entry.shared) { "[x]" } else { "[ ]" };
        let from = match entry {
            Some(entry) => {
                text.push_str(&format!("{tick} {:10} {}\n", kind.name(), shown(&entry.identifier)));
                card::source(&entry.source, entry.read_at)
            }
            None => {
                text.push_str(&format!("{tick} {:10} -\n", kind.name()));
                from(kind, &places.of(kind))
            }
        };
        text.push_str(&format!("               {from}\n"));
    }
    text.push_str(&format!("\n{}\n{}\n", card::ALL_PUBLIC, card::REACHES));
    text
}

/// Where it would be read, or how it is given.
fn from(kind: IdentifierKind, place: &CardPlace) -> String {
    match place {
        CardPlace::Given => format!("keyglance card --set {}=FILE", kind.name()),
        place => card::place(place),
    }
}

/// As its program shows it; a name may hold anything.
fn shown(identifier: &Identifier) -> String {
    printable(&identifier.to_string())
}

fn json(own: &OwnCard, places: &CardPlaces) -> Vec<Value> {
    let row = |kind: IdentifierKind| {
        let place = match places.of(kind) {
            CardPlace::Files(paths) => {
                paths.iter().map(|path| output::json_path(path).into_owned()).collect()
            }
            _ => Vec::new(),
        };
        let Some(entry) = own.entry(kind) else {
            return json!({ "kind": kind.name(), "shared": false, "read_from": place });
        };
        let (source, path) = match &entry.source {
            CardSource::File(path) => ("file", Some(output::json_path(path))),
            CardSource::HostName => ("system", None),
            CardSource::Gpg => ("gpg", None),
            CardSource::Given => ("given", None),
        };
        json!({
            "kind": kind.name(),
            "shared": entry.shared,
            "read_from": place,
            "value": entry.identifier.to_string(),
            "source": source,
            "path": path,
            "read_at": output::json_time(entry.read_at),
        })
    };
    IdentifierKind::ALL.map(row).to_vec()
}

/// What stands on a card, in a JSON result.
pub fn identifiers_json(card: &Card) -> Vec<Value> {
    let known = card.identifiers().filter_map(Result::ok);
    known
        .map(|identifier| {
            json!({ "kind": identifier.kind().name(), "value": identifier.to_string() })
        })
        .collect()
}

/// What the other device shared, below each other.
pub fn their_card(card: &Card, compared: bool) -> String {
    let known: Vec<Identifier> = card.identifiers().filter_map(Result::ok).collect();
    if known.is_empty() {
        return format!("{}\n", messages::card::SHARED_NOTHING);
    }
    let mut text = "They shared:\n".to_owned();
    for identifier in &known {
        text.push_str(&format!("  {:10} {}\n", identifier.kind().name(), shown(identifier)));
    }
    if !compared {
        text.push_str(&format!("{}\n", messages::card::NOT_COMPARED));
    }
    text
}
