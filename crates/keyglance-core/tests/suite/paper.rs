//! A secret in shares of which some are enough: as words, as codes, and never wrong.

use std::collections::HashSet;
use std::process::Command;

use keyglance_core::crypto::Purpose;
use keyglance_core::exports::{OptionValues, Target};
use keyglance_core::keyfile::KeyFile;
use keyglance_core::paper::{
    Added, Content, GatherError, Gathering, Kind, LIST, MAX_SEALED, PageText, Plan, PlanError,
    SealedText, Share, ShareError, split,
};
use keyglance_core::test_util::{device, found, paired, pairing, seeded, time};
use rand_core::Rng as _;

fn plan(needed: u8, count: u8) -> Plan {
    Plan::new(needed, count).unwrap()
}

fn shares(secret: &[u8], needed: u8, count: u8, seed: u64) -> Vec<Share> {
    split(secret, plan(needed, count), &mut seeded(seed)).unwrap()
}

fn gathered<'a>(shares: impl IntoIterator<Item = &'a Share>) -> Gathering {
    let mut gathering = Gathering::default();
    for share in shares {
        assert_eq!(gathering.add(share.clone()), Ok(Added::New));
    }
    gathering
}

#[test]
fn any_that_are_enough_restore_it_and_fewer_do_not() {
    for (needed, count) in [(2, 2), (2, 3), (3, 5), (5, 5), (9, 16)] {
        for bytes in [16, 34, 64] {
            let mut secret = vec![0; bytes];
            seeded(bytes as u64).fill_bytes(&mut secret);
            let all = shares(&secret, needed, count, 7);
            assert_eq!(all.len(), usize::from(count));
            let needed = usize::from(needed);
            for first in 0..all.len() {
                let chosen = || all.iter().cycle().skip(first);
                let whole = gathered(chosen().take(needed));
                assert_eq!(whole.secret().unwrap()[..], secret[..], "{needed} of {count}");
                let few = gathered(chosen().take(needed - 1));
                let missing = GatherError::Missing { have: needed as u8 - 1, needed: needed as u8 };
                assert_eq!(few.secret(), Err(missing));
                assert!(whole.is_complete() && !few.is_complete());
            }
            // Others than the first are as good.
            let last = gathered(all.iter().rev());
            assert_eq!(last.secret().unwrap()[..], secret[..]);
        }
    }
}

#[test]
fn what_is_no_plan_is_refused() {
    assert_eq!(Plan::new(1, 1), Err(PlanError::TooFew));
    assert_eq!(Plan::new(1, 3), Err(PlanError::TooFew), "each page would be the secret");
    assert_eq!(Plan::new(0, 0), Err(PlanError::TooFew));
    assert_eq!(Plan::new(4, 3), Err(PlanError::TooManyNeeded));
    assert_eq!(Plan::new(2, 17), Err(PlanError::TooMany));
    assert_eq!((Plan::DEFAULT.needed(), Plan::DEFAULT.count()), (2, 3));
    for bytes in [0, 1, 15, 17, 33, 65, 66] {
        assert!(split(&vec![1; bytes], Plan::DEFAULT, &mut seeded(1)).is_none(), "{bytes}");
    }
}

#[test]
fn words_come_back_however_they_are_typed() {
    let share = &shares(&[0x5a; 32], 2, 3, 1)[1];
    let words = share.words();
    assert_eq!(words.split(' ').count(), 33);
    assert_eq!(shares(&[0x5a; 16], 2, 3, 1)[1].words().split(' ').count(), 20);
    let numbered: String =
        words.split(' ').enumerate().map(|(n, word)| format!("{}. {word}\r\n", n + 1)).collect();
    let short: Vec<_> = words.split(' ').map(|word| &word[..4]).collect();
    for form in [
        &*words,
        &words.to_uppercase(),
        &numbered,
        &short.join("\t"),
        &format!("\u{FEFF} {} \n", *words),
    ] {
        let read = Share::from_words(form).unwrap();
        assert_eq!(*read.words(), *words, "{form:?}");
        assert_eq!((read.number(), read.needed(), read.set()), (2, 2, share.set()));
    }
    // All of a set begin with the same two words.
    let first_two = words.split(' ').take(2).collect::<Vec<_>>().join(" ");
    assert_eq!(share.set().to_string(), first_two);
}

/// RS1024 finds up to three wrong words for certain (SLIP-0039, "Checksum").
#[test]
fn a_wrong_word_is_told_and_so_are_two_that_are_exchanged() {
    let share = &shares(&[0x5a; 32], 2, 3, 1)[0];
    let text = share.words();
    let words: Vec<_> = text.split(' ').collect();
    let list: Vec<_> = LIST.lines().collect();
    for place in 0..words.len() {
        for other in [list[(place * 31) % 1024], list[1023 - place]] {
            let mut wrong = words.clone();
            if wrong[place] != other {
                wrong[place] = other;
                let read = Share::from_words(&wrong.join(" "));
                assert_eq!(read.unwrap_err(), ShareError::Checksum, "word {place}");
            }
        }
        let mut wrong = words.clone();
        wrong.swap(place, (place + 1) % 33);
        if wrong != words {
            assert_eq!(Share::from_words(&wrong.join(" ")).unwrap_err(), ShareError::Checksum);
        }
        let mut missing = words.clone();
        missing.remove(place);
        assert!(Share::from_words(&missing.join(" ")).is_err());
    }
    let mut odd = words.clone();
    odd[4] = "accademic";
    let close = ShareError::UnknownWord { place: 5, close: vec!["academic"] };
    assert_eq!(Share::from_words(&odd.join(" ")).unwrap_err(), close);
    odd[4] = "🦊";
    let none = ShareError::UnknownWord { place: 5, close: vec![] };
    assert_eq!(Share::from_words(&odd.join(" ")).unwrap_err(), none);
    for (short, length) in [("", 0), ("academic", 1), ("academic acid", 2)] {
        assert_eq!(Share::from_words(short).unwrap_err(), ShareError::Length(length));
    }
}

#[test]
fn pages_of_two_sets_are_not_mixed() {
    let [ours, theirs] = [1, 2].map(|seed| shares(&[0x5a; 32], 2, 3, seed));
    let mut gathering = gathered(&ours[..1]);
    assert_eq!(gathering.add(ours[0].clone()), Ok(Added::Known), "a page twice is one page");
    let (set, other) = (ours[0].set(), theirs[1].set());
    assert_eq!(gathering.add(theirs[1].clone()), Err(GatherError::OtherSet { set, other }));
    assert!(!gathering.is_complete());
    gathering.add(ours[2].clone()).unwrap();
    assert_eq!(gathering.secret().unwrap()[..], [0x5a; 32]);
    assert_eq!(gathering.numbers().collect::<Vec<_>>(), [1, 3]);
}

/// Two sets that happen to have one name: the digest of the secret tells them apart.
#[test]
fn a_forged_page_never_restores_another_secret() {
    let ours = shares(&[0x5a; 32], 2, 3, 1);
    // The same random numbers, so the same name, and another secret.
    let forged = shares(&[0xa5; 32], 2, 3, 1);
    assert_eq!(ours[0].set(), forged[0].set());
    let mut gathering = gathered(&ours[..1]);
    assert_eq!(gathering.add(forged[0].clone()), Err(GatherError::Differs));
    gathering.add(forged[1].clone()).unwrap();
    assert_eq!(gathering.secret(), Err(GatherError::Forged));
    // Of another plan, or another length.
    for other in [shares(&[0x5a; 32], 3, 3, 1), shares(&[0x5a; 16], 2, 3, 1)] {
        assert_eq!(gathered(&ours[..1]).add(other[1].clone()), Err(GatherError::Differs));
    }
}

/// Each share alone looks like any other: no byte stays the same where the secret does.
#[test]
fn shares_of_one_secret_differ_each_time() {
    let mut seen = HashSet::new();
    for seed in 0..50 {
        for share in shares(&[0; 32], 2, 3, seed) {
            let words = share.words();
            let value = words.split(' ').skip(4).take(26).collect::<Vec<_>>().join(" ");
            assert!(seen.insert(value), "{seed}");
        }
    }
}

fn key() -> KeyFile {
    let session = paired(device(1), device(2));
    KeyFile::from_pairing(pairing(&session), time("2026-11-23T04:00:00Z"))
}

fn export(target: &str) -> Vec<u8> {
    let target = Target::find(target).unwrap();
    let options = OptionValues::default().with("remote", "cloud:folder").of(target);
    target.export_with(&key(), &Purpose::none(), &options).unwrap().file.expose().to_vec()
}

/// What words alone bring back, and what needs the code of a page.
#[test]
fn every_export_comes_back() {
    for (target, kind) in [
        ("passphrase", Kind::Passphrase),
        ("words", Kind::Words),
        ("age", Kind::Age),
        ("raw", Kind::Bytes),
        ("git-crypt", Kind::File),
        ("rclone", Kind::File),
        ("openvpn", Kind::File),
        ("keepassxc", Kind::File),
        ("keyglance", Kind::File),
    ] {
        let file = export(target);
        let content = Content::file(&file, &mut seeded(9));
        assert_eq!(content.kind, kind, "{target}");
        let all = split(&content.secret, Plan::DEFAULT, &mut seeded(3)).unwrap();
        let secret = gathered(&all[1..]).secret().unwrap();
        if kind == Kind::File {
            let sealed = SealedText::seal(&file, &content.secret, all[0].set()).unwrap();
            let read = SealedText::from_text(&sealed.text()).unwrap();
            assert!(read.is_of(all[2].set()), "{target}");
            assert_eq!(read.open(&secret).unwrap()[..], file[..], "{target}");
            assert!(read.open(&[7; 32]).is_none() && read.open(&[]).is_none());
            assert!(!kind.by_words());
            continue;
        }
        let restored = kind.file(&secret).unwrap();
        if kind == Kind::Age {
            // The same but for the date of its comment.
            let file = String::from_utf8(file).unwrap();
            let (_, rest) = file.split_once('\n').unwrap();
            assert_eq!(std::str::from_utf8(&restored).unwrap(), rest);
        } else {
            assert_eq!(restored[..], file[..], "{target}");
        }
    }
    assert!(
        SealedText::seal(&[0; MAX_SEALED + 1], &[0; 32], shares(&[0; 32], 2, 3, 1)[0].set())
            .is_none()
    );
    // A sealed file that was changed does not open.
    let set = shares(&[0; 32], 2, 3, 1)[0].set();
    let sealed = SealedText::seal(b"noon", &[3; 32], set).unwrap();
    let text = sealed.text();
    let at = text.len() - 3;
    let other = if &text[at..=at] == "A" { "B" } else { "A" };
    let changed = [&text[..at], other, &text[at + 1..]].concat();
    assert!(SealedText::from_text(&changed).is_none_or(|sealed| sealed.open(&[3; 32]).is_none()));
}

#[test]
fn a_page_comes_back_from_its_code() {
    let share = shares(&[0x5a; 32], 2, 3, 1)[1].clone();
    let name = "Ana’s laptop = 100 %";
    let page =
        PageText { share, kind: Kind::Device, name: name.to_owned(), created: Some(1_764_000_000) };
    let text = page.text();
    let read = PageText::from_text(&text).unwrap().unwrap();
    assert_eq!((read.kind, &*read.name, read.created), (Kind::Device, name, page.created));
    assert_eq!(*read.share.words(), *page.share.words());
    // Members of later versions are left aside; other codes are none of ours.
    let later = text.replace(" name=", " colour=blue name=") + "\r\n";
    assert_eq!(PageText::from_text(&later).unwrap().unwrap().name, name);
    for other in ["", "academic acid", "hello\nworld", "kg1:abc", "WIFI:S:x;;\nkeyglance"] {
        assert!(PageText::from_text(other).is_none(), "{other:?}");
    }
    let damaged = text.replacen(text.split(' ').nth(7).unwrap(), "zero", 1);
    assert!(PageText::from_text(&damaged).unwrap().is_err());
}

#[test]
fn nothing_that_is_read_makes_it_panic() {
    let share = &shares(&[0x5a; 32], 2, 3, 1)[0];
    let page = PageText { share: share.clone(), kind: Kind::Age, name: "x".into(), created: None };
    let sealed = SealedText::seal(b"noon", &[3; 32], share.set()).unwrap();
    let texts = [share.words().to_string(), page.text().to_string(), sealed.text()];
    let mut rng = seeded(4);
    let list: Vec<_> = LIST.lines().collect();
    for _ in 0..2000 {
        let mut bytes = texts[rng.next_u32() as usize % 3].clone().into_bytes();
        for _ in 0..1 + rng.next_u32() % 6 {
            let at = rng.next_u32() as usize % bytes.len();
            bytes[at] = rng.next_u32() as u8;
        }
        bytes.truncate(1 + rng.next_u32() as usize % bytes.len());
        let text = String::from_utf8_lossy(&bytes);
        let _ =
            (Share::from_words(&text), PageText::from_text(&text), SealedText::from_text(&text));
        let count = rng.next_u32() as usize % 60;
        let words: Vec<_> = (0..count).map(|_| list[rng.next_u32() as usize % 1024]).collect();
        assert!(Share::from_words(&words.join(" ")).is_err());
    }
    let _ = Share::from_words(&"zero ".repeat(100_000));
    for kind in Kind::ALL {
        for bytes in 0..80 {
            let _ = kind.file(&vec![0; bytes]);
        }
        assert_eq!(Kind::find(kind.name()), Some(kind));
    }
    for file in [&b""[..], b"\xff", b"# nothing\n", b"AGE-SECRET-KEY-1\n", &[0; 5000]] {
        assert_eq!(Content::file(file, &mut seeded(1)).secret.len(), 32);
    }
}

#[test]
fn nothing_of_a_secret_is_printed() {
    let share = &shares(&[0x5a; 32], 2, 3, 1)[0];
    let page =
        PageText { share: share.clone(), kind: Kind::Age, name: String::new(), created: None };
    let gathering = gathered([share]);
    let content = Content::file(&[0x5a; 32], &mut seeded(1));
    let said = format!("{share:?} {page:?} {gathering:?} {content:?}");
    let words = share.words();
    let hidden = words.split(' ').skip(4).filter(|word| said.contains(word)).count();
    assert_eq!(hidden, 0, "{said}");
    assert!(!said.contains("90"), "{said}");
}

/// A Python that has the reference implementation of SLIP-0039, if there is one.
fn python() -> Option<String> {
    let python = std::env::var("KEYGLANCE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    if !python.contains('/') && !found(&python) {
        return None;
    }
    let run = Command::new(&python).args(["-c", "import shamir_mnemonic"]).output().unwrap();
    if !run.status.success() {
        println!("skipped: shamir-mnemonic not found");
        return None;
    }
    Some(python)
}

#[test]
fn the_reference_implementation_restores_our_shares_and_we_restore_its() {
    let Some(python) = python() else { return };
    let run = |code: &str, args: &[&str]| {
        let run = Command::new(&python).args(["-c", code]).args(args).output().unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        String::from_utf8(run.stdout).unwrap()
    };
    for (bytes, needed, count) in [(16, 2, 3), (32, 2, 3), (32, 3, 5), (44, 4, 4), (64, 2, 2)] {
        let mut secret = vec![0; bytes];
        seeded(bytes as u64).fill_bytes(&mut secret);
        let hex = data_encoding::HEXLOWER.encode(&secret);
        let all = shares(&secret, needed, count, 11);
        let words: Vec<_> =
            all.iter().rev().take(needed.into()).map(|share| share.words().to_string()).collect();
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let theirs = run(
            "import sys\nfrom shamir_mnemonic import combine_mnemonics\nprint(combine_mnemonics(sys.argv[1:]).hex())",
            &words,
        );
        assert_eq!(theirs.trim(), hex, "{needed} of {count}");
        let made = run(
            "import sys\nfrom shamir_mnemonic import generate_mnemonics\n\
             n, k, secret, extendable, e = sys.argv[1:]\n\
             for words in generate_mnemonics(1, [(int(k), int(n))], bytes.fromhex(secret), extendable=extendable == 'yes', iteration_exponent=int(e))[0]: print(words)",
            &[
                &count.to_string(),
                &needed.to_string(),
                &hex,
                if bytes == 32 { "yes" } else { "no" },
                "1",
            ],
        );
        let made: Vec<_> = made.lines().map(|line| Share::from_words(line).unwrap()).collect();
        assert_eq!(gathered(&made[..needed.into()]).secret().unwrap()[..], secret[..]);
    }
}
