//! Files sealed with a pair's key: by us, by age, and by nobody else.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::program::{Home, Running, files, pair_through_pipes, paired};
use keyglance_capture::test_util::found;
use keyglance_core::crypto::{Exporter, Fingerprint, PublicKey, SafetyNumber};
use keyglance_core::zeroize::Zeroizing;

/// Runs age, which must succeed, and gives what it wrote.
fn age(args: &[&Path]) -> Vec<u8> {
    let run = Command::new("age").args(args).output().unwrap();
    assert!(run.status.success(), "{run:?}");
    run.stdout
}

/// More than one of age's chunks, and of our blocks.
fn long() -> Vec<u8> {
    (0..3_000_000_u32).flat_map(u32::to_le_bytes).take(3_000_001).collect()
}

#[test]
fn one_seals_and_the_other_opens() {
    let [ana, bo] = paired();
    for (name, content) in [("empty", vec![]), ("letter.txt", b"Noon.".to_vec()), ("film", long())]
    {
        ana.write(name, &content);
        ana.run(["seal", name, "--for", "Bo"]).ended(0);
        assert_eq!(std::fs::read(ana.path(name)).unwrap(), content, "the original is kept");
        let sealed = format!("{name}.age");
        std::fs::copy(ana.path(&sealed), bo.path(&sealed)).unwrap();
        let told = bo.run(["open", &sealed, "--json"]).ended(0).json();
        assert_eq!((&told["contact"], &told["trust"]), (&"Ana".into(), &"verified".into()));
        assert_eq!((&told["sealed_by"], &told["sealer_unknown"]), (&"peer".into(), &Value::Null));
        let own = ana.run(["open", &sealed, "--json", "--out", &format!("{name}.own")]);
        let own = own.ended(0).json();
        assert_eq!((&own["contact"], &own["sealed_by"]), (&"Bo".into(), &"you".into()));
        assert_eq!(told["bytes"], content.len());
        assert_eq!(std::fs::read(bo.path(name)).unwrap(), content);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(bo.path(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "what was secret stays so");
        }
    }
}

#[test]
fn age_opens_what_we_seal_and_we_open_what_age_seals() {
    if !found("age") {
        return;
    }
    let [ana, bo] = paired();
    for purpose in ["", "office"] {
        let out = format!("key-{purpose}");
        let named = (!purpose.is_empty()).then_some(["--purpose", purpose]);
        let named: &[&str] = named.as_ref().map_or(&[], |named| named);
        let export = ["export", "Ana", "--for", "age", "--plain", "--out", &out];
        bo.run([&export, named].concat()).ended(0);
        let sealed_files = format!("sealed-files-{purpose}");
        let export = ["export", "Ana", "--for", "sealed-files", "--plain", "--out", &sealed_files];
        bo.run([&export, named].concat()).ended(0);
        assert!(!bo.path(&format!("{sealed_files}.pub")).exists());
        let letter = format!("letter-{purpose}");
        ana.write(&letter, long());
        ana.run([&["seal", &letter, "--for", "Bo"], named].concat()).ended(0);
        let sealed = ana.path(&format!("{letter}.age"));
        let opened = age(&["-d".as_ref(), "-i".as_ref(), &bo.path(&sealed_files), &sealed]);
        assert_eq!(opened, long());
        // Each block opens what its device sealed, and nothing else.
        let blocks = std::fs::read_to_string(bo.path(&sealed_files)).unwrap();
        let mut opens = 0;
        for block in ["initiator", "responder"] {
            let (_, key) = blocks.split_once(&format!("# sealed by the {block}\n")).unwrap();
            bo.write("one", key.lines().next().unwrap());
            let mut age = Command::new("age");
            age.arg("-d").arg("-i").arg(bo.path("one")).arg(&sealed);
            opens += u8::from(age.output().unwrap().status.success());
        }
        assert_eq!(opens, 1);

        let recipients = bo.path(&format!("{out}.pub"));
        let theirs = ana.path(&format!("theirs-{purpose}.age"));
        age(&["-R".as_ref(), &recipients, "-o".as_ref(), &theirs, &ana.path(&letter)]);
        let run = ana.run([&["open", theirs.to_str().unwrap()], named].concat()).ended(0);
        assert!(run.text().contains("Not known who sealed it"), "{run:?}");
        assert_eq!(std::fs::read(theirs.with_extension("")).unwrap(), long());
        // Bo exported for this purpose, so that nobody needs to name it.
        std::fs::copy(&sealed, bo.path(&format!("{letter}.age"))).unwrap();
        bo.run(["open", &format!("{letter}.age")]).ended(0);
    }
}

#[test]
fn nothing_half_written_and_nothing_replaced() {
    let [ana, bo] = paired();
    ana.write("film", long());
    ana.run(["seal", "film", "--for", "Bo", "--out", "sealed"]).ended(0);
    let sealed = std::fs::read(ana.path("sealed")).unwrap();
    let before = |home: &Home| files(home.path("").as_path()).len();
    let there = before(&bo);
    let mut flipped = sealed.clone();
    let middle = flipped.len() - 100_000;
    flipped[middle] ^= 1;
    let many = [&sealed[..], b"more"].concat();
    for bad in [
        &sealed[..sealed.len() - 1],
        &sealed[..2_000_000],
        &sealed[..30],
        &flipped,
        &many,
        b"",
        b"age-encryption.org/v1\n",
    ] {
        bo.write("film.age", bad);
        let run = bo.run(["open", "film.age"]).ended(1);
        assert!(run.err.contains("damaged") || run.err.contains("not an age file"), "{run:?}");
        assert_eq!(before(&bo), there + 1, "only what we wrote is there");
    }
    // What is there stays there.
    bo.write("film.age", &sealed);
    bo.write("film", "another film");
    let run = bo.run(["open", "film.age"]).ended(1);
    assert!(run.err.contains("already there"), "{run:?}");
    assert_eq!(std::fs::read(bo.path("film")).unwrap(), b"another film");
    bo.run(["open", "film.age", "--out", "ours"]).ended(0);
    assert_eq!(std::fs::read(bo.path("ours")).unwrap(), long());
    ana.run(["seal", "film", "--for", "Bo", "--out", "sealed"]).ended(1);
    for wrong in [
        &["seal", "nothing", "--for", "Bo"][..],
        &["seal", "film", "--for", "Nobody"],
        &["seal", "profile", "--for", "Bo"],
    ] {
        ana.run(wrong).ended(1);
    }
    ana.run(["seal", "film", "film", "--for", "Bo", "--out", "x"]).ended(2);
    bo.run(["open", "ours"]).ended(2);
}

/// A file that is not finished has no name, so that nothing is left of it; and what
/// only looks like a leftover is not ours to clean.
#[cfg(target_os = "linux")]
#[test]
fn a_killed_program_leaves_nothing_and_the_next_cleans_nothing() {
    let [ana, _bo] = paired();
    ana.write("letter", "Noon.");
    ana.run(["seal", "letter", "--for", "Bo", "--out", "finished.age"]).ended(0);
    // An earlier build, killed as it finished a file, left a second name of it.
    let second = ana.path(".keyglance-tmp-4194999-0-finished.age");
    std::fs::hard_link(ana.path("finished.age"), &second).unwrap();
    let strange = ana.write(".keyglance-tmp-4194998-0-x", "somebody's");
    let link = ana.path(".keyglance-tmp-4194997-0-x");
    std::os::unix::fs::symlink(ana.path("letter"), &link).unwrap();
    let an_hour = std::time::Duration::from_secs(3600);
    for path in [&second, &strange] {
        let file = std::fs::File::options().write(true).open(path).unwrap();
        file.set_modified(std::time::SystemTime::now() - an_hour).unwrap();
    }
    let there = files(&ana.path(""));
    let whole = std::fs::read(ana.path("finished.age")).unwrap();
    let mut seal = Running::start(&mut ana.command(["seal", "-", "--for", "Bo", "--out", "x.age"]));
    seal.write(long());
    seal.kill();
    assert_eq!(files(&ana.path("")), there);
    ana.run(["seal", "letter", "--for", "Bo", "--out", "y.age"]).ended(0);
    assert_eq!(std::fs::read(ana.path("finished.age")).unwrap(), whole);
    assert_eq!(std::fs::read(strange).unwrap(), b"somebody's");
    assert_eq!(std::fs::read(ana.path("letter")).unwrap(), b"Noon.");
    assert_eq!(files(&ana.path("")).len(), there.len() + 1);
}

#[test]
fn nobody_else_opens_it() {
    let [ana, _bo] = paired();
    let [_, eve] = paired();
    ana.write("letter", "Noon.");
    ana.run(["seal", "letter", "--for", "Bo"]).ended(0);
    std::fs::copy(ana.path("letter.age"), eve.path("letter.age")).unwrap();
    let run = eve.run(["open", "letter.age"]).ended(1);
    assert!(run.err.contains("None of your keys"), "{run:?}");
    assert!(!eve.path("letter").exists());
    // Another purpose is another key.
    ana.run(["seal", "letter", "--for", "Bo", "--purpose", "x", "--out", "x.age"]).ended(0);
    ana.run(["open", "x.age"]).ended(1);
    ana.run(["open", "x.age", "--purpose", "x", "--out", "again"]).ended(0);
    assert_eq!(std::fs::read(ana.path("again")).unwrap(), b"Noon.");
}

#[test]
fn a_retired_key_opens_and_seals_nothing() {
    let [ana, _bo] = paired();
    ana.write("letter", "Noon.");
    ana.run(["seal", "letter", "--for", "Bo"]).ended(0);
    ana.run(["keys", "retire", "Bo"]).ended(0);
    ana.run(["seal", "letter", "--for", "Bo", "--out", "again.age"]).ended(3);
    let run = ana.run(["open", "letter.age", "--out", "opened"]).ended(0);
    assert!(run.text().contains("Sealed by you, with the key Bo (not in use)."), "{run:?}");
    assert_eq!(std::fs::read(ana.path("opened")).unwrap(), b"Noon.");
}

/// What is known now counts, not what was known when the file was sealed.
#[test]
fn the_state_of_the_key_is_told_as_it_is() {
    let homes = [Home::new(), Home::new()];
    let args = |name| ["--skip-check", "--name", name];
    pair_through_pipes([&homes[0], &homes[1]], [&args("Ana"), &args("Bo")]);
    let [ana, bo] = &homes;
    ana.write("letter", "Noon.");
    let sealed = ana.run(["seal", "letter", "--for", "Bo", "--out", "-"]).ended(0).out;
    bo.write("letter.age", sealed);
    let open = |out: &str, expected: &str| {
        let run = bo.run(["open", "letter.age", "--out", out]).ended(0);
        assert!(run.text().contains(expected), "{run:?}");
        run
    };
    open("1", "Sealed by Ana on their side, if the key Ana (not compared) is theirs.");
    bo.run(["compare", "Ana", "--differs"]).ended(3);
    let run = open("2", "Sealed by Ana on their side, if the key Ana (does not match) is theirs.");
    assert!(run.err.contains("Attention"), "{run:?}");
}

#[test]
fn through_pipes() {
    let [ana, bo] = paired();
    let mut seal = Running::start(&mut ana.command(["seal", "-", "--for", "Bo"]));
    seal.write(b"Noon.");
    let sealed = seal.end().ended(0).out;
    let mut open = Running::start(&mut bo.command(["open", "-"]));
    open.write(&sealed);
    let opened = open.end().ended(0);
    assert_eq!(opened.out, b"Noon.");
    assert_eq!(opened.err, "Sealed by Ana on their side, with the key Ana (compared).\n");
}

/// Nobody takes a part for the whole, or a changed start for content.
#[test]
fn a_stream_that_is_not_whole_is_told_as_a_part() {
    let [ana, bo] = paired();
    ana.write("film", long());
    let sealed = ana.run(["seal", "film", "--for", "Bo", "--out", "-"]).ended(0).out;
    let open = |sealed: &[u8]| {
        bo.write("film.age", sealed);
        bo.run(["open", "film.age", "--out", "-"]).ended(1)
    };
    let mut flipped = sealed.clone();
    let first = sealed.windows(5).position(|bytes| bytes == b"\n--- ").unwrap() + 200;
    flipped[first] ^= 1;
    for changed in [&flipped, &sealed[..first + 40_000]] {
        let run = open(changed);
        assert_eq!(run.out, b"", "its first chunk was not genuine");
        assert!(!run.err.contains("only a part"), "{run:?}");
    }
    let run = open(&sealed[..sealed.len() - 3]);
    assert!(!run.out.is_empty() && long().starts_with(&run.out));
    assert!(run.err.contains("only a part"), "{run:?}");
    assert!(!run.err.contains("Sealed by"), "{run:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_as_that() {
    let [ana, bo] = paired();
    ana.write("letter", "Noon.");
    ana.write("film", long());
    let full = || std::fs::File::options().write(true).open("/dev/full").unwrap();
    for file in ["letter", "film"] {
        let sealed = ana.run(["seal", file, "--for", "Bo", "--out", "-"]).ended(0).out;
        bo.write("sealed", sealed);
        for mut command in [
            ana.command(["seal", file, "--for", "Bo", "--out", "-"]),
            bo.command(["open", "sealed", "--out", "-"]),
        ] {
            let run = Running::start(command.stdout(full())).end().ended(1);
            assert!(run.err.contains("There is no space left to write the result."), "{run:?}");
        }
    }
}

/// A file for these recipients, by age itself: as an attacker makes it.
fn sealed_by_age(home: &Home, recipients: &[&str], content: &str) -> Vec<u8> {
    let mut command = Command::new("age");
    for recipient in recipients {
        command.args(["-r", recipient]);
    }
    let run = command.arg(home.write("by-age", content)).output().unwrap();
    assert!(run.status.success(), "{run:?}");
    run.stdout
}

/// The recipient that an identity file opens, as age-keygen tells it; of the last
/// identity in the file.
fn recipient(identity: &Path) -> String {
    let run = Command::new("age-keygen").arg("-y").arg(identity).output().unwrap();
    assert!(run.status.success(), "{run:?}");
    String::from_utf8(run.stdout).unwrap().lines().last().unwrap().to_owned()
}

/// The audit's attack: somebody who knows the public recipient, and no secret, seals
/// an invoice.
#[test]
fn who_knows_the_public_recipient_alone_is_not_taken_for_a_contact() {
    if !found("age") {
        return;
    }
    let [ana, bo] = paired();
    ana.run(["export", "Bo", "--for", "age", "--plain", "--out", "key"]).ended(0);
    let public = std::fs::read_to_string(ana.path("key.pub")).unwrap();
    bo.write("invoice.age", sealed_by_age(&ana, &[public.trim()], "Pay 9000."));
    let run = bo.run(["open", "invoice.age", "--out", "1"]).ended(0);
    assert!(run.text().contains("Not known who sealed it"), "{run:?}");
    assert!(!run.text().contains("Sealed by"), "{run:?}");
    let told = bo.run(["open", "invoice.age", "--out", "2", "--json"]).ended(0).json();
    assert_eq!(told["sealed_by"], Value::Null);
    assert_eq!(told["sealer_unknown"], "public-recipient");
}

/// A second recipient knows the file key, and can put other content in its place.
#[test]
fn of_a_file_for_several_nobody_is_named() {
    if !found("age") || !found("age-keygen") {
        return;
    }
    let [ana, bo] = paired();
    let export = ["export", "Bo", "--for", "sealed-files", "--plain", "--out", "key"];
    ana.run(export).ended(0);
    let blocks = std::fs::read_to_string(ana.path("key")).unwrap();
    let eve = ana.path("eve");
    assert!(Command::new("age-keygen").arg("-o").arg(&eve).output().unwrap().status.success());
    let eve = recipient(&eve);
    for line in blocks.lines().filter(|line| !line.starts_with('#')) {
        let seal = recipient(&ana.write("block", line));
        let told = |recipients: &[&str], name: &str| {
            bo.write("plan.age", sealed_by_age(&ana, recipients, "Noon."));
            bo.run(["open", "plan.age", "--json", "--out", name]).ended(0).json()
        };
        let alone = told(&[&seal], &format!("alone-{seal}"));
        assert!(alone["sealed_by"] == "peer" || alone["sealed_by"] == "you", "{alone}");
        for (i, recipients) in [[&seal, &eve], [&eve, &seal]].into_iter().enumerate() {
            let both = told(&recipients.map(String::as_str), &format!("both-{i}-{seal}"));
            assert_eq!(both["sealed_by"], Value::Null);
            assert_eq!(both["sealer_unknown"], "other-recipients");
        }
        let run = bo.run(["open", "plan.age", "--out", &format!("told-{seal}")]).ended(0);
        assert!(run.text().contains("age does not tell who sealed it"), "{run:?}");
        assert!(!run.text().contains("Sealed by"), "{run:?}");
    }
}

/// The audit's attack: a key file that anybody can write, with the public keys of two
/// that know each other and a secret of the attacker's own.
#[test]
fn a_forged_key_does_not_borrow_the_trust_of_its_contact() {
    let [ana, _bo] = paired();
    let contact = ana.run(["contacts", "show", "Bo", "--json"]).ended(0).json();
    assert_eq!(contact["trust"], "verified");
    let key = |text: &Value| PublicKey::from_base64url(text.as_str().unwrap()).unwrap();
    let own = key(&ana.run(["identity", "--json"]).ended(0).json()["public_key"]);
    let peer = key(&contact["public_key"]);
    let number = SafetyNumber::new(&Fingerprint::of(&own), &Fingerprint::of(&peer));
    let exporter = Exporter::from_secret_bytes(Zeroizing::new([65; 32]));
    let forged = |role: &str| {
        json!({
            "format": "keyglance-shared-key", "version": 1,
            "key_id": exporter.key_id().to_string(),
            "suite": "Noise_XX_25519_ChaChaPoly_SHA256", "role": role,
            "created": "2026-01-01T00:00:00Z",
            "local": { "name": "Ana", "public_key": own.to_base64url() },
            "peer": { "name": "Bo", "public_key": peer.to_base64url() },
            "verified": { "method": "check-code", "at": "2026-01-01T00:00:00Z" },
            "safety_number": number.to_string(),
            // 32 bytes of 65.
            "exporter": "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE",
        })
        .to_string()
    };
    ana.write("forged.keyglance", forged("initiator"));
    ana.run(["import", "forged.keyglance"]).ended(0);
    // The attacker seals in either role: as Bo, or as Ana herself.
    for role in ["responder", "initiator"] {
        let eve = Home::new();
        eve.write("forged.keyglance", forged(role));
        eve.run(["import", "forged.keyglance", "--name", "victim"]).ended(0);
        eve.write("news", "I changed my bank account.");
        let sealed = eve.run(["seal", "news", "--for", "victim", "--out", "-"]).ended(0).out;
        ana.write("news.age", sealed);
        let run = ana.run(["open", "news.age", "--out", &format!("{role}-1")]).ended(0);
        assert!(run.text().contains("not compared"), "{run:?}");
        assert!(!run.text().contains("(compared)"), "{run:?}");
        assert!(!run.text().to_lowercase().contains("verified"), "{run:?}");
        let out = format!("{role}-2");
        let told = ana.run(["open", "news.age", "--json", "--out", &out]).ended(0).json();
        assert_eq!(told["trust"], "not-compared");
    }
}

/// The audit's headers, by the real program.
#[test]
fn a_header_without_an_end_is_refused() {
    let [ana, _bo] = paired();
    let there = files(&ana.path("")).len();
    let line = format!("{}\n", "A".repeat(64));
    let stanza = format!("-> X25519 {0}\n{0}\n", "B".repeat(42) + "A");
    for (header, expected) in [
        (format!("-> junk x\n{}", line.repeat(600)), "damaged or cut off"),
        (format!("-> junk x\n{}", line.repeat(1_600)), "larger than 64 KiB"),
        (format!("-> junk x\n{}", line.repeat(16_000)), "larger than 64 KiB"),
        (stanza.repeat(2_000), "more than 64"),
    ] {
        ana.write("hostile.age", format!("age-encryption.org/v1\n{header}"));
        let run = ana.run(["open", "hostile.age"]).ended(1);
        assert!(run.err.contains(expected), "{run:?}");
        assert_eq!(files(&ana.path("")).len(), there + 1, "only what we wrote is there");
    }
}
