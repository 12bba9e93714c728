//! Two people in a call ask each other who they are, by numbers that only the other has.

use std::process::Command;

use jiff::{SignedDuration, Timestamp};
use keyglance_core::challenge::{Answer, Challenge, STEP, TRIES};
use keyglance_core::crypto::Purpose;
use keyglance_core::exports::{ExportError, Target};
use keyglance_core::keyfile::KeyFile;
use keyglance_core::test_util::{device, found, paired, pairing, time, unacknowledged};

const NOW: &str = "2026-11-26T20:00:07Z";

/// The key files of both sides of the pairing with this number.
fn sides(seed: u64) -> [KeyFile; 2] {
    let (ana, bo) = (seed, seed + 1);
    [(ana, bo), (bo, ana)].map(|(own, other)| {
        let session = paired(device(own), device(other));
        KeyFile::from_pairing(pairing(&session), time("2026-11-23T04:00:00Z"))
    })
}

fn both() -> [Challenge; 2] {
    sides(1).map(|key| Challenge::new(&key, &Purpose::none()).unwrap())
}

fn later(seconds: i64) -> Timestamp {
    time(NOW) + SignedDuration::from_secs(seconds)
}

#[test]
fn each_knows_the_other_by_the_number_that_is_read_out() {
    let [mut ana, mut bo] = both();
    let now = time(NOW);
    let said = [ana.own(now), bo.own(now)];
    assert_ne!(said[0], said[1], "each side has numbers of its own");
    assert_eq!(said[0].seconds_left(), 23);
    assert_eq!(bo.check(&said[0].to_string(), now), Answer::Right);
    assert_eq!(ana.check(&said[1].digits(), now), Answer::Right);
    // As people and other keyboards write it.
    let [mut ana, bo] = both();
    let typed = bo.own(now).to_string().replace(' ', " - ");
    assert_eq!(ana.check(&format!("\u{200E}{typed}\n"), now), Answer::Right);
}

/// Whoever has no key can only repeat what is said, now or later.
#[test]
fn what_we_said_ourselves_is_never_right() {
    let [mut ana, _] = both();
    let said = ana.own(time(NOW)).digits();
    for seconds in [0, 1, 22, 23, 52, 53, 90, 300, 590] {
        assert_eq!(ana.check(&said, later(seconds)), Answer::Own, "{seconds} s later");
    }
    assert_eq!(ana.tries_left(), TRIES, "an honest mistake is no try");
}

#[test]
fn a_number_counts_for_a_step_before_and_after_its_own() {
    let bo = &both()[1];
    let number = bo.own(time(NOW)).digits();
    let told = |seconds| both()[0].check(&number, later(seconds));
    let step = i64::try_from(STEP).unwrap();
    for steps in -1..=1 {
        assert_eq!(told(steps * step), Answer::Right, "{steps}");
    }
    assert_eq!(told(2 * step), Answer::Late(60));
    assert_eq!(told(20 * step), Answer::Late(600));
    assert_eq!(told(-2 * step), Answer::Early(60));
    assert_eq!(told(-20 * step), Answer::Early(600));
    assert_eq!(told(21 * step), Answer::Wrong { left: TRIES - 1 });
    assert_eq!(told(-21 * step), Answer::Wrong { left: TRIES - 1 });
    assert_eq!(told(86_400), Answer::Wrong { left: TRIES - 1 });
}

/// Who listens in and calls at once has a number that was true a moment ago.
#[test]
fn a_number_is_right_once() {
    let [mut ana, bo] = both();
    let before = bo.own(later(-30)).digits();
    let number = bo.own(time(NOW)).digits();
    assert_eq!(ana.check(&number, time(NOW)), Answer::Right);
    assert_eq!(ana.check(&number, later(10)), Answer::Again);
    assert_eq!(ana.check(&before, later(10)), Answer::Again, "nor an earlier one");
    let next = bo.own(later(30)).digits();
    assert_eq!(ana.check(&next, later(30)), Answer::Right);
}

#[test]
fn guessing_ends() {
    let [mut ana, bo] = both();
    let right = bo.own(time(NOW)).digits();
    let taken = |n: i64| [ana.own(later(30 * n)).digits(), bo.own(later(30 * n)).digits()];
    let taken: Vec<_> = (-20..=20).flat_map(taken).collect();
    let mut wrong = (0..).map(|n| format!("{n:06}")).filter(|number| !taken.contains(number));
    for other in ["", "12345", "1234567", "12345x", "½"] {
        assert_eq!(ana.check(other, time(NOW)), Answer::NotSixDigits, "{other:?}");
    }
    for left in (0..TRIES).rev() {
        let guess = wrong.next().unwrap();
        assert_eq!(ana.check(&guess, time(NOW)), Answer::Wrong { left });
    }
    assert_eq!(ana.check(&right, time(NOW)), Answer::NoTriesLeft, "not even the right one");
}

#[test]
fn another_word_another_pairing_and_nobody_have_other_numbers() {
    let [ana, bo] = sides(1);
    let office = Purpose::new("office").unwrap();
    let number = Challenge::new(&bo, &office).unwrap().own(time(NOW)).digits();
    let asked = |key: &KeyFile, purpose: &Purpose| {
        Challenge::new(key, purpose).unwrap().check(&number, time(NOW))
    };
    assert_eq!(asked(&ana, &office), Answer::Right);
    let wrong = Answer::Wrong { left: TRIES - 1 };
    assert_eq!(asked(&ana, &Purpose::none()), wrong);
    assert_eq!(asked(&sides(5)[0], &office), wrong);
    // The other side may not have the key at all.
    let refused = Challenge::new(&unacknowledged(&ana), &office).unwrap_err();
    assert!(matches!(refused, ExportError::NotAcknowledged(_)));
}

/// What authenticator apps are given is what is asked for here.
#[test]
fn an_app_shows_the_same_numbers() {
    if !found("oathtool") {
        return;
    }
    let [ana, bo] = sides(1);
    let export = Target::find("totp").unwrap().export(&ana, &Purpose::none()).unwrap();
    let text = String::from_utf8(export.file.expose().to_vec()).unwrap();
    assert_eq!(text.lines().count(), 2);
    for (line, key) in text.lines().zip([&ana, &bo]) {
        let secret = line.split_once("secret=").unwrap().1.split_once('&').unwrap().0;
        let at = time(NOW).strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
        let run = Command::new("oathtool").args(["--totp", "-b", "--now", &at, secret]).output();
        let theirs = String::from_utf8(run.unwrap().stdout).unwrap();
        let shown = Challenge::new(key, &Purpose::none()).unwrap().own(time(NOW));
        assert_eq!(shown.digits(), theirs.trim());
    }
}

#[test]
fn nothing_of_it_is_printed() {
    let [challenge, _] = both();
    assert_eq!(format!("{challenge:?}"), "Challenge { … }");
}

#[test]
fn no_time_and_no_text_is_too_odd() {
    for at in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX] {
        let [mut ana, bo] = both();
        assert!((1..=STEP).contains(&ana.own(at).seconds_left()), "{at}");
        let number = bo.own(at).digits();
        assert_eq!(ana.check(&number, at), Answer::Right, "{at}");
        for text in ["\0", "🦊🦊🦊🦊🦊🦊", "-12345", "+12345", "999999999999999999999999"]
        {
            assert_eq!(ana.check(text, at), Answer::NotSixDigits, "{text:?}");
        }
    }
}
