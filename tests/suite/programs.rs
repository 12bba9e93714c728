//! Two real programs pair: through pipes, through picture files, on terminals.

use keyglance_core::keyfile::KeyFile;
use keyglance_core::pairing::{Frame, Phase};

use crate::program::{
    Home, Run, Running, files, pair_and_compare, pair_through_pipes, paired, result,
};
use keyglance_core::test_util::{at, body, device, forged, found};

fn raw(home: &Home, name: &str, purpose: &str) -> Vec<u8> {
    let args = ["export", name, "--for", "raw", "--plain", "--out", "-"];
    let purpose = (!purpose.is_empty()).then_some(["--purpose", purpose]);
    home.run(args.into_iter().chain(purpose.into_iter().flatten())).ended(0).out
}

#[test]
fn two_programs_pair_through_pipes() {
    let homes = [Home::new(), Home::new()];
    let args: [&[&str]; 2] = [&["--name", "Ana laptop"], &["--save-as", "Ana at work"]];
    let [(a, a_lines), (b, b_lines)] = pair_and_compare([&homes[0], &homes[1]], args);
    let (a, b) = (result(&a.ended(3)), result(&b.ended(3)));

    for line in a_lines.iter().chain(&b_lines) {
        assert!(Frame::from_text(line).is_ok(), "not a frame, so a peer would stumble: {line}");
    }
    for same in ["safety_number", "key_id"] {
        assert_eq!(a[same], b[same]);
    }
    for other in ["role", "check_code"] {
        assert_ne!(a[other], b[other]);
    }
    assert_eq!(b["suggested_name"], "Ana laptop");
    assert_eq!(b["contact"], "Ana at work");
    assert_eq!((&a["verified"], &b["verified"]), (&false.into(), &false.into()));
    for (home, name) in [(&homes[0], &a), (&homes[1], &b)].map(|(home, run)| (home, &run["key"])) {
        let key = home.run(["keys", "show", name.as_str().unwrap(), "--json"]).ended(0).json();
        assert_eq!(key["verified"]["method"], "check-code");
    }

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
        let args = ["pair", "--json", "--skip-check", "--name", "Ana", "--show"];
        let mut command = homes[i].command(args);
        command.arg(show).arg("--watch").arg(watch);
        Running::start(&mut command)
    };
    let both = [start(0, "a.png", "b.png"), start(1, "b.png", "a.png")];
    let [a, b] = both.map(|run| run.end().ended(3).json());
    for same in ["safety_number", "key_id"] {
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
    let [(a, _), _] = pair_through_pipes([&ana, &bo], [&[], &[]]);
    let again = result(&a.ended(0));
    assert_eq!(again["key"], "Bo · key 2");
    assert_eq!(raw(&ana, "Bo", ""), first);
    assert_ne!(raw(&ana, "Bo · key 2", ""), first);
    let contacts = ana.run(["contacts", "list", "--json"]).ended(0).json()["contacts"].clone();
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
    let keys = homes[0].run(["keys", "list", "--json"]).ended(0).json()["keys"].clone();
    assert_eq!(keys[0]["verified"], serde_json::Value::Null);
    assert_eq!(keys[0]["name"], "Bo");
    let export = homes[0].run(["export", "Bo", "--for", "raw", "--plain", "--out", "key"]);
    assert!(export.ended(0).err.contains("not compared"));
}

/// What a person types when asked for the digits of the other screen.
#[derive(Clone, Copy)]
enum Answer {
    Right,
    WrongTwice,
    Later,
}

/// Two programs on terminals, whose people answer so. `None` where there are
/// no terminals.
fn answered(homes: [&Home; 2], answers: [Answer; 2]) -> Option<[Run; 2]> {
    let shared = homes[0].path("");
    let [a, b] = ["a.png", "b.png"].map(|name| shared.join(name).to_string_lossy().into_owned());
    let start = |i: usize, own: &str, other: &str| {
        let name = ["Ana", "Bo"][i];
        let args = ["pair", "--name", name, "--show", own, "--watch", other];
        Some(Running::start(&mut homes[i].on_terminal(&args)?))
    };
    let mut both = [start(0, &a, &b)?, start(1, &b, &a)?];
    let shown = both.each_mut().map(|program| {
        let said = program.until("Digits on the other screen:");
        let (_, digits) = said.split_once("This screen: ").expect("it shows its own digits");
        digits.chars().take(7).collect::<String>()
    });
    for (i, program) in both.iter_mut().enumerate() {
        let answer = match answers[i] {
            Answer::Right => vec![shown[1 - i].clone()],
            // Whoever sees the same digits on both screens types those.
            Answer::WrongTwice => vec!["000 000".to_owned(), shown[i].clone(), "111111".to_owned()],
            Answer::Later => vec![String::new()],
        };
        for line in answer {
            program.write(format!("{line}\n"));
        }
    }
    Some(both.map(Running::wait))
}

#[test]
fn digits_that_are_wrong_twice_wipe_the_key_and_right_ones_verify_it() {
    let homes = [Home::new(), Home::new()];
    let answers = [Answer::WrongTwice, Answer::Right];
    let Some([a, b]) = answered([&homes[0], &homes[1]], answers) else { return };
    assert_eq!(a.code, Some(3), "{a:?}");
    assert!(a.text().contains("One try is left."), "{a:?}");
    assert!(a.text().contains("These are your own digits."), "not counted: {a:?}");
    assert!(a.text().contains("The two devices do not agree"), "{a:?}");
    assert_eq!(
        homes[0].run(["keys", "list", "--json"]).ended(0).json()["keys"].clone(),
        serde_json::json!([])
    );
    assert_eq!(
        homes[0].run(["contacts", "list", "--json"]).json()["contacts"].clone(),
        serde_json::json!([])
    );
    let kept: Vec<_> = ["keys", "contacts"]
        .iter()
        .flat_map(|part| files(&homes[0].profile().join(part)))
        .collect();
    assert!(kept.is_empty(), "{kept:?}");

    assert_eq!(b.code, Some(0), "{b:?}");
    let keys = homes[1].run(["keys", "list", "--json"]).ended(0).json()["keys"].clone();
    assert_eq!(keys[0]["verified"]["method"], "check-code");
}

#[test]
fn what_is_left_for_later_is_compared_later_and_entries_are_counted_over_restarts() {
    let homes = [Home::new(), Home::new()];
    let Some([a, b]) = answered([&homes[0], &homes[1]], [Answer::Later; 2]) else { return };
    assert_eq!((a.code, b.code), (Some(3), Some(3)), "{a:?} {b:?}");
    let shown = |home: &Home, name: &str| {
        let told = home.run(["compare", name, "--json"]).ended(0).json();
        (told["check_code"].as_str().unwrap().to_owned(), told["entries_left"].clone())
    };
    let (ana, bo) = (shown(&homes[0], "Bo"), shown(&homes[1], "Ana"));
    assert_eq!((&ana.1, &bo.1), (&2.into(), &2.into()));
    let type_here =
        |home: &Home, name: &str, digits: &str| home.run(["compare", name, "--check-code", digits]);
    type_here(&homes[0], "Bo", &ana.0).ended(2);
    type_here(&homes[0], "Bo", "12345").ended(2);
    assert_eq!(shown(&homes[0], "Bo").1, 2, "neither was counted");
    let wrong = if bo.0 == "000000" { "000001" } else { "000000" };
    type_here(&homes[0], "Bo", wrong).ended(3);
    assert_eq!(shown(&homes[0], "Bo").1, 1);
    let right = type_here(&homes[0], "Bo", &bo.0).ended(0);
    assert!(right.text().contains("Compared with Bo"), "{right:?}");
    type_here(&homes[0], "Bo", &bo.0).ended(1);

    // The other person hears "no": nothing here tells that device.
    homes[1].run(["verify", "Ana", "--says-no"]).ended(3);
    assert_eq!(
        homes[1].run(["keys", "list", "--json"]).json()["keys"].clone(),
        serde_json::json!([])
    );
}

#[test]
fn no_screen_shows_the_digits_that_it_asks_for() {
    let homes = [Home::new(), Home::new()];
    let args: [&[&str]; 2] = [&["-vvv", "--name", "Ana"], &["-vvv", "--name", "Bo"]];
    let [(a, _), (b, _)] = pair_through_pipes([&homes[0], &homes[1]], args);
    let digits = |run: &Run| result(run)["check_code"].as_str().unwrap().to_owned();
    for (home, run, other, name) in
        [(&homes[0], &a, digits(&b), "Bo"), (&homes[1], &b, digits(&a), "Ana")]
    {
        let mut said = run.err.clone();
        for args in [
            vec!["-vvv", "compare", name],
            vec!["-vvv", "--json", "compare", name],
            vec!["keys", "show", name, "--json"],
            vec!["contacts", "show", name, "--json"],
            vec!["compare", name, "--check-code", "000000"],
            vec!["compare", name, "--check-code", "000000"],
            vec!["compare", name],
        ] {
            let run = home.run(args);
            said += &run.text();
            said += &run.err;
        }
        let grouped = format!("{} {}", &other[..3], &other[3..]);
        assert!(!said.contains(&other) && !said.contains(&grouped), "{said}");
    }
}

#[test]
fn a_script_gives_the_digits_when_they_are_asked_for() {
    if !found("mkfifo") {
        return;
    }
    let homes = [Home::new(), Home::new()];
    let pipe = homes[0].path("digits");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let from = ["--name", "Ana", "--check-code-from", pipe.to_str().unwrap()];
    let args = |i: usize| -> Vec<&str> {
        let own: &[&str] = if i == 0 { &from } else { &["--name", "Bo", "--skip-check"] };
        ["pair", "--stdin", "--json"].iter().chain(own).copied().collect()
    };
    let mut ana = Running::start(&mut homes[0].command(args(0)));
    let mut bo = Running::start(&mut homes[1].command(args(1)));
    let (mut to_bo, mut to_ana) = (bo.take_input(), ana.take_input());
    let (from_ana, from_bo) = (ana.take_output(), bo.take_output());
    let there = std::thread::spawn(move || pass_on(from_ana, &mut to_bo));
    let back = std::thread::spawn(move || pass_on(from_bo, &mut to_ana));
    let bo = result(&bo.wait().ended(3));
    // Ana's program waits for the digits meanwhile.
    std::fs::write(&pipe, format!("{}\n", bo["check_code"].as_str().unwrap())).unwrap();
    let ana = result(&ana.wait().ended(0));
    assert_eq!(ana["verified"], true);
    for thread in [there, back] {
        thread.join().unwrap();
    }
}

fn pass_on(from: impl std::io::BufRead, to: &mut impl std::io::Write) {
    for line in from.lines().map_while(Result::ok) {
        // The other one may have ended already.
        let _ = writeln!(to, "{line}");
    }
}

/// Somebody between two programs brings each to reveal its key, computes the check
/// codes, and lets the pairing die. Nobody presses anything.
#[test]
fn a_relay_between_two_programs_gets_three_tries_from_each() {
    let homes = [Home::new(), Home::new()];
    let mut programs = homes
        .each_ref()
        .map(|home| Running::start(&mut home.command(["pair", "--stdin", "--skip-check"])));
    let mut tries = [0, 0];
    let mut open = [true, true];
    let mut seed = 1;
    while open != [false, false] {
        for (i, program) in programs.iter_mut().enumerate() {
            if !open[i] {
                continue;
            }
            let Some(line) = program.line() else {
                open[i] = false;
                continue;
            };
            let Ok(Frame::Hello(theirs)) = Frame::from_text(&line) else { panic!("{line}") };
            // With the higher commitment, so that the program reveals first.
            let mut rogue = loop {
                seed += 1;
                let rogue = device(seed);
                let hello = Frame::from_text(rogue.text().unwrap());
                if matches!(hello, Ok(Frame::Hello(h)) if h.commitment > theirs.commitment) {
                    break rogue;
                }
            };
            rogue.handle(at(1.0), &line);
            program.write(format!("{}\n", rogue.text().unwrap()));
            let message1 = program.line().unwrap();
            assert!(
                matches!(Frame::from_text(&message1), Ok(Frame::Message1 { .. })),
                "{message1}"
            );
            tries[i] += 1;
            rogue.handle(at(1.0), &message1);
            let genuine = body(rogue.text().unwrap());
            for n in 1..=3 {
                let mut forgery = genuine.clone();
                *forgery.last_mut().unwrap() ^= n;
                program.write(format!("{}\n", forged(&forgery)));
            }
        }
    }
    assert_eq!(tries, [3, 3]);
    for program in programs {
        let ended = program.end().ended(1);
        assert!(ended.err.contains("Somebody may be guessing"), "{ended:?}");
    }
}

#[test]
fn when_the_other_stops_before_the_end_nothing_is_kept() {
    let home = Home::new();
    home.run(["pair", "--stdin", "--skip-check"]).ended(4);

    let mut program = Running::start(&mut home.command(["pair", "--stdin", "--skip-check"]));
    program.write(format!("{}\n", device(1).text().unwrap()));
    let ended = program.end().ended(1);
    assert!(ended.err.contains("No key was saved"), "{ended:?}");
    assert_eq!(home.run(["keys", "list", "--json"]).json()["keys"].clone(), serde_json::json!([]));
}

#[test]
fn a_key_that_the_other_device_did_not_confirm_is_kept_locked() {
    let home = Home::new();
    let mut program = Running::start(&mut home.command(["pair", "--stdin", "--skip-check"]));
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
    let mut program = Running::start(&mut home.command(["pair", "--stdin", "--skip-check"]));
    program.write(vec![b'K'; 3_000_000]);
    program
        .write(b"\nKG1:\n\0\xff\xfe\nKG1:AQMB8lLoB763R3bWq7g8koE0mjqPSv1FWJ9XvFdnpNNhTqMvNuEP\n");
    let own = program.line().unwrap();
    program.write(format!("{own}\n"));
    let ended = program.end().ended(1);
    assert!(ended.err.contains("own code"), "{ended:?}");
    assert_eq!(home.run(["keys", "list", "--json"]).json()["keys"].clone(), serde_json::json!([]));
}

#[test]
fn no_secret_is_in_any_log_line_or_argument() {
    let homes = [Home::new(), Home::new()];
    let verbose: [&[&str]; 2] = [&["-vvv"], &["-vvv"]];
    let runs = pair_and_compare([&homes[0], &homes[1]], verbose);
    let mut said: String =
        runs.iter().flat_map(|(run, lines)| [run.err.clone(), lines.concat()]).collect();
    assert!(said.contains("Finished"), "the log tells something: {said}");
    for home in &homes {
        let name = home.run(["keys", "list", "--json"]).json()["keys"].clone()[0]["name"]
            .as_str()
            .unwrap()
            .to_owned();
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
