//! Two real programs pair: through pipes, through picture files, on terminals.

use keyglance_core::keyfile::KeyFile;
use keyglance_core::pairing::{Frame, Phase};

use crate::program::{Home, Run, Running, files, pair_through_pipes, paired};
use keyglance_core::test_util::{at, device, found};

/// What a program on pipes said of its pairing.
fn result(run: &Run) -> serde_json::Value {
    run.err
        .lines()
        .find_map(|line| serde_json::from_str(line).ok())
        .unwrap_or_else(|| panic!("no result: {run:?}"))
}

fn raw(home: &Home, name: &str, purpose: &str) -> Vec<u8> {
    let args = ["export", name, "--for", "raw", "--plain", "--out", "-", "--purpose", purpose];
    home.run(args).ended(0).out
}

#[test]
fn two_programs_pair_through_pipes() {
    let homes = [Home::new(), Home::new()];
    let args: [&[&str]; 2] =
        [&["--name", "Ana laptop", "--yes-check"], &["--save-as", "Ana at work", "--yes-check"]];
    let [(a, a_lines), (b, b_lines)] = pair_through_pipes([&homes[0], &homes[1]], args);
    let (a, b) = (result(&a.ended(0)), result(&b.ended(0)));

    for line in a_lines.iter().chain(&b_lines) {
        assert!(Frame::from_text(line).is_ok(), "not a frame, so a peer would stumble: {line}");
    }
    for same in ["check_code", "safety_number", "key_id"] {
        assert_eq!(a[same], b[same]);
    }
    assert_ne!(a["role"], b["role"]);
    assert_eq!(b["suggested_name"], "Ana laptop");
    assert_eq!(b["contact"], "Ana at work");
    assert_eq!((&a["verified"], &b["verified"]), (&true.into(), &true.into()));

    let name = a["key"].as_str().unwrap();
    let key = raw(&homes[0], name, "");
    assert_eq!((key.len(), &key), (32, &raw(&homes[1], "Ana at work", "")));
    assert_eq!(raw(&homes[0], name, "office"), raw(&homes[1], "Ana at work", "office"));
    assert_ne!(raw(&homes[0], name, "office"), key);
}

#[test]
fn two_programs_pair_through_picture_files() {
    let shared = Home::new();
    let homes = [Home::new(), Home::new()];
    let start = |i: usize, own: &str, other: &str| {
        let (show, watch) = (shared.path(own), shared.path(other));
        let args = ["pair", "--json", "--yes-check", "--name", "Ana", "--show"];
        let mut command = homes[i].command(args);
        command.arg(show).arg("--watch").arg(watch);
        Running::start(&mut command)
    };
    let both = [start(0, "a.png", "b.png"), start(1, "b.png", "a.png")];
    let [a, b] = both.map(|run| run.end().ended(0).json());
    for same in ["check_code", "safety_number", "key_id"] {
        assert_eq!(a[same], b[same]);
    }
    assert_eq!(raw(&homes[0], "Ana", ""), raw(&homes[1], "Ana", ""));
    let left: Vec<_> = files(shared.path("a.png").parent().unwrap());
    assert_eq!(left.len(), 2, "only the two pictures are left: {left:?}");
}

#[test]
fn debians_age_encrypts_on_one_device_and_decrypts_on_the_other() {
    if !found("age") {
        return;
    }
    let [ana, bo] = paired();
    let export = ["--for", "age", "--plain", "--out", "key.txt"];
    ana.run(["export", "Bo"].iter().chain(&export)).ended(0);
    bo.run(["export", "Ana"].iter().chain(&export)).ended(0);
    let recipient = std::fs::read_to_string(ana.path("key.txt.pub")).unwrap();
    let letter = bo.write("letter", "Meet me at noon.");
    let sealed = ana.path("letter.age");
    let age = |args: &[&std::ffi::OsStr]| {
        let out = std::process::Command::new("age").args(args).output().unwrap();
        assert!(out.status.success(), "{out:?}");
        out.stdout
    };
    age(&[
        "-r".as_ref(),
        recipient.trim().as_ref(),
        "-o".as_ref(),
        sealed.as_ref(),
        letter.as_ref(),
    ]);
    let opened = age(&["-d".as_ref(), "-i".as_ref(), bo.path("key.txt").as_ref(), sealed.as_ref()]);
    assert_eq!(opened, b"Meet me at noon.");
}

#[test]
fn a_second_pairing_loses_neither_key() {
    let [ana, bo] = paired();
    let first = raw(&ana, "Bo", "");
    let args: [&[&str]; 2] = [&["--yes-check"], &["--yes-check"]];
    let [(a, _), _] = pair_through_pipes([&ana, &bo], args);
    let again = result(&a.ended(0));
    assert_eq!(again["key"], "Bo 2");
    assert_eq!(raw(&ana, "Bo", ""), first);
    assert_ne!(raw(&ana, "Bo 2", ""), first);
    let contacts = ana.run(["contacts", "list", "--json"]).ended(0).json();
    assert_eq!(contacts.as_array().unwrap().len(), 1, "it is the same device: {contacts}");
}

#[test]
fn without_a_comparison_the_key_is_kept_but_not_called_verified() {
    let homes = [Home::new(), Home::new()];
    let [(a, _), (b, _)] =
        pair_through_pipes([&homes[0], &homes[1]], [&["--name", "Ana"], &["--name", "Bo"]]);
    for run in [&a, &b] {
        assert_eq!(run.code, Some(3), "{run:?}");
        assert_eq!(result(run)["verified"], false);
    }
    let keys = homes[0].run(["keys", "list", "--json"]).ended(0).json();
    assert_eq!(keys[0]["verified"], serde_json::Value::Null);
    assert_eq!(keys[0]["name"], "Bo");
    let export = homes[0].run(["export", "Bo", "--for", "raw", "--plain", "--out", "key"]);
    assert!(export.ended(0).err.contains("not checked yet"));
}

/// Two programs on terminals, whose people answer so. `None` where there are
/// no terminals.
fn answered(homes: [&Home; 2], answers: [&str; 2]) -> Option<[Run; 2]> {
    let shared = homes[0].path("");
    let [a, b] = ["a.png", "b.png"].map(|name| shared.join(name).to_string_lossy().into_owned());
    let start = |i: usize, own: &str, other: &str| {
        let name = ["Ana", "Bo"][i];
        let args = ["pair", "--name", name, "--show", own, "--watch", other];
        Some(Running::start(&mut homes[i].on_terminal(&args)?))
    };
    let mut both = [start(0, &a, &b)?, start(1, &b, &a)?];
    for (program, answer) in both.iter_mut().zip(answers) {
        let question = program.until("Does the other screen show");
        assert!(question.contains("Paired"), "{question}");
        program.write(format!("{answer}\n"));
    }
    Some(both.map(Running::wait))
}

#[test]
fn a_person_who_sees_other_digits_says_no_and_the_key_is_gone() {
    let homes = [Home::new(), Home::new()];
    let Some([a, b]) = answered([&homes[0], &homes[1]], ["no", "yes"]) else { return };
    assert_eq!(a.code, Some(3), "{a:?}");
    assert!(a.text().contains("the two devices do not agree"), "{a:?}");
    assert_eq!(homes[0].run(["keys", "list", "--json"]).ended(0).json(), serde_json::json!([]));
    assert_eq!(homes[0].run(["contacts", "list", "--json"]).json(), serde_json::json!([]));
    let kept: Vec<_> = ["keys", "contacts"]
        .iter()
        .flat_map(|part| files(&homes[0].profile().join(part)))
        .collect();
    assert!(kept.is_empty(), "{kept:?}");

    assert_eq!(b.code, Some(0), "{b:?}");
    let keys = homes[1].run(["keys", "list", "--json"]).ended(0).json();
    assert_eq!(keys[0]["verified"]["method"], "check-code");
}

#[test]
fn when_the_other_stops_before_the_end_nothing_is_kept() {
    let home = Home::new();
    home.run(["pair", "--stdin", "--yes-check"]).ended(4);

    let mut program = Running::start(&mut home.command(["pair", "--stdin", "--yes-check"]));
    program.write(format!("{}\n", device(1).text().unwrap()));
    let ended = program.end().ended(1);
    assert!(ended.err.contains("No key was saved"), "{ended:?}");
    assert_eq!(home.run(["keys", "list", "--json"]).json(), serde_json::json!([]));
}

#[test]
fn a_key_that_the_other_device_did_not_confirm_is_kept_locked() {
    let home = Home::new();
    let mut program = Running::start(&mut home.command(["pair", "--stdin", "--yes-check"]));
    let hello = program.line().unwrap();
    let Ok(Frame::Hello(theirs)) = Frame::from_text(&hello) else { panic!("{hello}") };
    // A peer that begins the handshake: its commitment is the lower one.
    let mut peer = (0..)
        .map(device)
        .find(|device| {
            matches!(Frame::from_text(device.text().unwrap()),
                Ok(Frame::Hello(ours)) if ours.commitment < theirs.commitment)
        })
        .unwrap();
    let mut answer = hello;
    while peer.phase() != Phase::Finished {
        peer.handle(at(1.0), &answer);
        if peer.phase() == Phase::Finished {
            break;
        }
        program.write(format!("{}\n", peer.text().unwrap()));
        answer = program.line().unwrap();
    }
    // DONE is lost.
    let ended = program.end().ended(1);
    assert!(ended.err.contains("locked"), "{ended:?}");

    let name = peer.pairing().unwrap().local.name.as_str().to_owned();
    let export = ["export", &name, "--for", "raw", "--plain", "--out", "-"];
    let refused = home.run(export).ended(3);
    assert!(refused.out.is_empty());
    home.run(["keys", "confirm", &name]).ended(0);
    let file = KeyFile::from_pairing(peer.pairing().unwrap(), jiff::Timestamp::UNIX_EPOCH);
    let target = keyglance_core::exports::Target::find("raw").unwrap();
    let purpose = keyglance_core::crypto::Purpose::new("").unwrap();
    let theirs = target.export(&file, &purpose).unwrap();
    assert_eq!(home.run(export).ended(0).out, theirs.file.expose());
}

#[test]
fn rubbish_on_standard_input_neither_stops_nor_pairs_it() {
    let home = Home::new();
    let mut program = Running::start(&mut home.command(["pair", "--stdin", "--yes-check"]));
    program.write(vec![b'K'; 3_000_000]);
    program
        .write(b"\nKG1:\n\0\xff\xfe\nKG1:AQMB8lLoB763R3bWq7g8koE0mjqPSv1FWJ9XvFdnpNNhTqMvNuEP\n");
    let own = program.line().unwrap();
    program.write(format!("{own}\n"));
    let ended = program.end().ended(1);
    assert!(ended.err.contains("own code"), "{ended:?}");
    assert_eq!(home.run(["keys", "list", "--json"]).json(), serde_json::json!([]));
}

#[test]
fn no_secret_is_in_any_log_line_or_argument() {
    let homes = [Home::new(), Home::new()];
    let verbose: [&[&str]; 2] = [&["-vvv", "--yes-check"], &["-vvv", "--yes-check"]];
    let runs = pair_through_pipes([&homes[0], &homes[1]], verbose);
    let mut said: String =
        runs.iter().flat_map(|(run, lines)| [run.err.clone(), lines.concat()]).collect();
    assert!(said.contains("Finished"), "the log tells something: {said}");
    for home in &homes {
        let name =
            home.run(["keys", "list", "--json"]).json()[0]["name"].as_str().unwrap().to_owned();
        for args in [
            vec!["-vvv", "keys", "show", &name],
            vec!["-vvv", "--json", "keys", "list"],
            vec!["-vvv", "identity"],
            vec!["-vvv", "contacts", "show", &name],
            vec!["-vvv", "export", &name, "--for", "age", "--plain", "--out", "key"],
        ] {
            let run = home.run(args).ended(0);
            said += &run.text();
            said += &run.err;
        }
    }
    for home in &homes {
        let stored = files(&home.profile());
        let mut secrets = 0;
        for path in stored {
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            let Ok(file) = serde_json::from_str::<serde_json::Value>(&text) else { continue };
            for secret in members(&file, "secret") {
                secrets += 1;
                for form in forms(&secret) {
                    assert!(!said.contains(&form), "a secret of {} was said", path.display());
                }
            }
        }
        assert!(secrets >= 2, "an identity and a key were looked at, not {secrets}");
    }
}

/// Every text under a member whose name tells that it is secret.
fn members(value: &serde_json::Value, name: &str) -> Vec<String> {
    match value {
        serde_json::Value::Object(object) => object
            .iter()
            .flat_map(|(key, value)| match value.as_str() {
                Some(text) if key.contains(name) || key == "exporter" => vec![text.to_owned()],
                _ => members(value, name),
            })
            .collect(),
        serde_json::Value::Array(items) => items.iter().flat_map(|v| members(v, name)).collect(),
        _ => Vec::new(),
    }
}

/// The ways in which 32 bytes are commonly written.
fn forms(secret: &str) -> Vec<String> {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
    let bytes = URL_SAFE_NO_PAD.decode(secret.trim_end_matches('=')).unwrap();
    assert_eq!(bytes.len(), 32);
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let part = |all: String| all[..all.len() / 2].to_owned();
    vec![
        part(secret.to_owned()),
        part(STANDARD.encode(&bytes)),
        part(STANDARD_NO_PAD.encode(&bytes)),
        part(hex.clone()),
        part(hex.to_uppercase()),
        part(format!("{bytes:?}").trim_matches(['[', ']']).to_owned()),
    ]
}
