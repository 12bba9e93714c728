//! What is told of apps has a source.

use keyglance_inspect::guide::{
    Access, Fact, Openness, STATIONS, Source, State, guide, how_encryption_works,
};
use keyglance_inspect::jiff::civil::date;
use keyglance_inspect::serde_json::{self, Value};
use keyglance_inspect::{Evidence, inspect, kinds};

use crate::samples::{now, samples};

#[test]
fn every_statement_has_a_source_and_every_place_exists() {
    assert!(guide().apps.len() >= 30);
    let mut count = 0;
    for app in &guide().apps {
        let name = &app.name;
        let e2ee = &app.e2ee;
        let facts: [&Option<Fact>; 6] =
            [&e2ee.messages, &e2ee.groups, &e2ee.calls, &e2ee.backups, &e2ee.files, &e2ee.links];
        let facts: Vec<&Fact> = facts.into_iter().flatten().collect();
        for fact in &facts {
            assert_eq!(fact.value == State::Unknown, fact.sources.is_empty(), "{name}: {fact:?}");
        }
        let open = &app.client_open_source;
        assert!(open.value == Openness::Unknown || !open.sources.is_empty(), "{name}");
        let verify = &app.verify;
        assert!(verify.path.is_empty() || !verify.sources.is_empty(), "{name}");
        assert!(verify.path.is_empty() || !verify.compare.is_empty(), "{name}");
        let named = facts.iter().flat_map(|fact| &fact.sources);
        let notes = app.notes.iter().flat_map(|note| &note.sources);
        for place in named.chain(notes).chain(&verify.sources).chain(&open.sources) {
            assert!(*place < app.sources.len(), "{name}: {place}");
        }
        for source in &app.sources {
            assert!(source.url.starts_with("https://"), "{name}: {}", source.url);
            assert!(!source.is_old(guide().checked), "{name}: {}", source.title);
        }
        count += app.sources.len();
    }
    assert!(count >= 60, "{count}");
}

#[test]
fn every_code_is_a_kind_of_one_app() {
    let codes: Vec<&String> = guide().apps.iter().flat_map(|app| &app.codes).collect();
    for code in &codes {
        assert!(kinds().any(|kind| kind.id == **code), "{code}");
        assert_eq!(codes.iter().filter(|other| other == &code).count(), 1, "{code}");
    }
}

#[test]
fn apps_are_found_by_id_and_name() {
    for name in ["signal", "Signal", " SIGNAL ", "Element (Matrix)", "element"] {
        assert!(guide().find(name).is_some(), "{name}");
    }
    assert!(guide().find("sig").is_none());
    assert!(guide().search("sIg").any(|app| app.id == "signal"));
    for (name, id) in [
        ("google drive", "google-drive"),
        ("GoogleDrive", "google-drive"),
        ("Facebook Messenger", "messenger"),
        ("matrix", "element"),
        ("Messenger (Facebook)", "messenger"),
    ] {
        assert_eq!(guide().find(name).map(|app| app.id.as_str()), Some(id), "{name}");
    }
    assert!(guide().find("").is_none() && guide().find("()").is_none());
    assert_eq!(guide().search("").count(), guide().apps.len());
    // What a name stands for is one app's.
    for app in &guide().apps {
        for name in [&app.id, &app.name] {
            assert_eq!(guide().find(name).map(|it| &it.id), Some(&app.id), "{name}");
        }
    }
}

#[test]
fn a_slip_of_the_finger_is_understood() {
    let near = |name| guide().near(name).iter().map(|app| app.id.as_str()).collect::<Vec<_>>();
    assert_eq!(near("singal"), ["signal"]);
    assert_eq!(near("Whatsap"), ["whatsapp"]);
    assert_eq!(near("telegrem"), ["telegram"]);
    assert_eq!(near("three ma"), ["threema"]);
    for other in ["", "x", "siggnnaall", "notepad"] {
        assert!(near(other).is_empty(), "{other}: {:?}", near(other));
    }
}

/// One page in full, as a person reads it.
#[test]
fn a_page_in_sentences() {
    let page = guide().page("signal", date(2026, 12, 1)).unwrap();
    let text: Vec<String> = page.lines().iter().map(ToString::to_string).collect();
    assert_eq!(
        text,
        [
            "Signal",
            "Messenger, as of 2026-11-25",
            "Messages: end-to-end encrypted by default (every message) [4]",
            "Groups: not known to us",
            "Calls: end-to-end encrypted by default (every call) [4]",
            "Backups: not known to us",
            "The app's source code: published (https://github.com/signalapp) [1][2]",
            "How do I check Signal? (on Android)",
            "1. Chat",
            "2. Contact's name",
            "3. View safety number",
            "What you see: 60 digits and a QR code [1][2]",
            "How to compare: Read the digits to each other, or scan the other's code [1][2]",
            "What it proves: both apps hold the same two identity keys for this conversation \
             [1][2]",
            "There is a QR code to scan for it. [1][2]",
            "What it does not prove: that the program is the published one, or that nobody has \
             taken over the other device.",
            "Notes",
            "Key transparency: the app can check a contact's key by itself; it says nothing of \
             who the person is. [3]",
            "Sources",
            "[1] Signal: libsignal, fingerprint.rs: how the digits and the code are made. \
             https://github.com/signalapp/libsignal. Read on 2026-11-25",
            "[2] Signal: Signal-Android, conversation settings: View safety number. \
             https://github.com/signalapp/Signal-Android. Read on 2026-11-25",
            "[3] Signal: Automatic Key Verification. \
             https://support.signal.org/hc/en-us/articles/10223569377562. Read on 2026-11-25",
            "[4] Signal: Speak Freely (home page). https://signal.org/. Read as others quote it \
             on 2026-11-25",
        ]
    );
}

/// What has no source is said to be not known, and nothing is said of how good an app is.
#[test]
fn every_page_says_what_is_known_and_no_more() {
    for app in &guide().apps {
        let page = app.page(guide().checked, guide().checked);
        for fact in &page.facts {
            assert_eq!(fact.text.contains("not known to us"), fact.sources.is_empty(), "{fact}");
            let numbers = page.sources.iter().map(|source| source.number).collect::<Vec<_>>();
            assert!(fact.sources.iter().all(|number| numbers.contains(number)), "{fact}");
        }
        let text: Vec<String> = page.lines().iter().map(ToString::to_string).collect();
        let text = text.join("\n");
        assert!(!page.verify.lines.is_empty(), "{}", app.name);
        for word in ["unknown", "secure than", "best", "better", "recommend", "()", ": \n"] {
            assert!(!text.contains(word), "{}: {word}\n{text}", app.name);
        }
        // A path without what to compare at its end would lead nowhere.
        assert!(page.verify.steps.is_empty() || text.contains("How to compare: "), "{}", app.name);
    }
}

#[test]
fn a_page_that_nobody_has_checked_for_long_says_so() {
    let said = |today| {
        let page = guide().page("threema", today).unwrap();
        let told = page.sources.iter().filter(|source| source.dates.contains("checked long ago"));
        assert!(page.sources.iter().all(|it| it.is_old == it.dates.contains("long ago")));
        told.count()
    };
    assert_eq!(said(date(2028, 11, 30)), 0);
    assert!(said(date(2028, 12, 1)) > 0);
}

#[test]
fn the_list_has_every_app_once() {
    let lines: Vec<String> = guide().list().iter().map(ToString::to_string).collect();
    for app in &guide().apps {
        assert_eq!(lines.iter().filter(|line| **line == app.name).count(), 1, "{}", app.name);
    }
    // In the order of the alphabet.
    let place = |name: &str| lines.iter().position(|line| line == name).unwrap();
    assert!(place("Briar") < place("Signal") && place("Signal") < place("WhatsApp"));
    assert!(lines.last().unwrap().contains("2026-11-25"));
}

/// The file says more than is read of it: none of it is lost.
#[test]
fn all_of_the_file_is_read() {
    let file: Value = serde_json::from_str(include_str!("../../assets/e2ee-apps.json")).unwrap();
    assert_eq!(file["schema"], 1);
    let apps = serde_json::to_value(&guide().apps).unwrap();
    for (read, written) in apps.as_array().unwrap().iter().zip(file["apps"].as_array().unwrap()) {
        for (field, value) in written.as_object().unwrap() {
            if field != "e2ee" {
                assert_eq!(&read[field], value, "{}", written["id"]);
                continue;
            }
            for (field, fact) in value.as_object().unwrap() {
                assert_eq!(&read["e2ee"][field], fact, "{}", written["id"]);
            }
        }
    }
}

/// Who can read, from the article's phases to encryption between the devices.
#[test]
fn how_encryption_works_is_true() {
    let page = how_encryption_works();
    let readers = |place: usize| {
        let phase = &page.phases[place];
        phase.stations().filter(|it| it.1 == Access::Reads).map(|it| it.0).collect::<Vec<_>>()
    };
    for (place, phase) in page.phases.iter().enumerate() {
        // Both ends always read, the network never does.
        let readers = readers(place);
        assert!(readers.contains(&"Your device") && readers.contains(&"The other device"));
        assert!(!readers.contains(&"Network"), "{}", phase.title);
        assert!(phase.about.iter().all(|it| *it < STATIONS.len()));
        assert!(phase.text.len() < 300, "{}", phase.title);
    }
    assert!(readers(1).contains(&"Front server"));
    assert!(!readers(2).contains(&"Disk") && readers(2).contains(&"Service"));
    assert_eq!(readers(page.phases.len() - 1), ["Your device", "The other device"]);
}

#[test]
fn a_source_is_old_after_two_years() {
    let source: &Source = &guide().apps[0].sources[0];
    assert!(!source.is_old(date(2028, 11, 30)));
    assert!(source.is_old(date(2028, 12, 1)));
}

/// "How do I check …?" leads from a code to a page: any of an app's codes, and no one else's.
#[test]
fn a_code_leads_to_its_apps_page() {
    for (code, app) in [
        ("https://signal.me/#p/+15555550100", Some("signal")),
        ("https://matrix.to/#/@ana:example.org", Some("element")),
        ("OPENPGP4FPR:D1A66E1A23B182C9980F788CFBFCC82A015E7330", Some("deltachat")),
        ("WIFI:S:Guest;;", None),
        ("https://example.org/", None),
        ("hello", None),
    ] {
        let verdict = inspect(code.as_bytes(), now());
        assert_eq!(guide().app_for(&verdict).map(|app| app.id.as_str()), app, "{code}");
    }
}

/// A verdict says how to check, or that it is not known.
#[test]
fn verdicts_name_the_path() {
    let signal = inspect(
        b"sgnl://rereg?uuid=x&pub_key=Be14TG0VMtmqn7%2BvknYHKN5LiNIEm2L0PNFqQtt0%2F284",
        now(),
    );
    let path =
        "In Signal: Chat › contact's name › View safety number. Read the digits to each other";
    assert!(signal.unproved.contains(path), "{}", signal.unproved);
    let telegram = inspect(b"tg://login?token=Y3JtzZwErOBf2vbaNbJiGAoG8hAHR97ZvB8Fmz-c8Vs", now());
    let unknown = "Where Telegram shows a number to compare is not known to us.";
    assert!(telegram.unproved.ends_with(unknown), "{}", telegram.unproved);
    let session = format!("05{}", "a7".repeat(32));
    let session = inspect(session.as_bytes(), now());
    assert!(
        session.unproved.ends_with(
            "In Session the account ID is the public key. Compare the whole account ID."
        )
    );
    // Another code of an app of the guide.
    let device =
        "sgnl://linkdevice?uuid=x&pub_key=Be14TG0VMtmqn7%2BvknYHKN5LiNIEm2L0PNFqQtt0%2F284";
    assert!(inspect(device.as_bytes(), now()).unproved.contains(path));
    // A link that carries its key has nobody's number.
    for id in
        ["signal.group-2", "signal.call-1", "signal.stickers-1", "fido.hybrid-2", "openid.offer-1"]
    {
        let sample = samples().into_iter().find(|sample| sample.id == id).unwrap();
        let unproved = inspect(&sample.payload, now()).unproved;
        assert!(
            !unproved.contains("In Signal") && !unproved.contains("number"),
            "{id}: {unproved}"
        );
    }
    let ssh = inspect(b"SHA256:ixyiCIIQPWEuoeNtPCM/JkTvHHtNSkAdj0lJWFwwCcY", now());
    assert!(ssh.unproved.ends_with("by another way, in person or by telephone."));
    let wifi = inspect(b"WIFI:S:Guest;;", now());
    assert!(!wifi.unproved.contains("number to compare"), "{}", wifi.unproved);
}

/// No sentence about a number where there is none to compare: links to files, keys of no app,
/// what is unknown.
#[test]
fn verdicts_ask_for_a_number_only_of_people() {
    for sample in samples() {
        let verdict = inspect(&sample.payload, now());
        let asks = verdict.unproved.contains("number to compare is not known");
        let named = guide().apps.iter().find(|app| app.name == verdict.app);
        let file = matches!(verdict.evidence, Evidence::Fragment | Evidence::ServerSees)
            && named.is_none_or(|app| app.verify.exists.is_none());
        let nobody = ["unknown", "Keyglance", "SSH", "PEM", "Wi-Fi", "Matter"];
        assert!(!(asks && (file || nobody.contains(&verdict.app))), "{}", sample.id);
        assert!(!verdict.unproved.contains("  ") && !verdict.unproved.ends_with(' '));
    }
}
