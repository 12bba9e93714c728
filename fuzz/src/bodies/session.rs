//! Two sessions in every phase, with somebody between them who writes frames whose
//! checksums are right.

use std::time::Duration;

use keyglance_core::pairing::{Frame, Session, Suites};
use keyglance_core::rand_core::CryptoRng;
use keyglance_core::test_util::{STEPS, at, body, forged, pair_at};

/// The input as a script: how far the two have come, in suite 2 from 128 on, then what
/// happens next.
pub fn run(data: &[u8]) {
    let mut script = Script(data);
    let begin = script.byte();
    let suites = if begin < 128 { Suites::XX } else { Suites::OFFERED };
    let (initiator, responder) = pair_at(suites, usize::from(begin & 127) % (STEPS + 1));
    let mut both = [initiator, responder];
    let mut now = at(0.1);
    // A pairing has six texts; what comes after many more is the same again.
    for _ in 0..200 {
        if script.0.is_empty() {
            return;
        }
        step(&mut script, &mut both, &mut now);
        agree(&both);
    }
}

fn step<R: CryptoRng>(script: &mut Script<'_>, both: &mut [Session<R>; 2], now: &mut Duration) {
    let act = script.byte();
    let [one, two] = both;
    let (own, other) = if act & 1 == 0 { (one, two) } else { (two, one) };
    match act >> 1 & 7 {
        // As it should be, whole or one of its smallest parts, or a mirror.
        0 => {
            let part = usize::from(act >> 4).checked_sub(1);
            let shown = match part {
                Some(part) => other.codes(0).get(part).cloned(),
                None => other.text().map(str::to_owned),
            };
            see(own, *now, shown);
        }
        1 => see(own, *now, own.text().map(str::to_owned)),
        // What the other one shows, changed, with a right checksum.
        2 => {
            let Some(mut body) = other.text().map(body) else { return };
            for _ in 0..script.byte() % 4 {
                let (place, change) = (usize::from(script.byte()), script.byte());
                let place = place % body.len();
                body[place] ^= change;
            }
            see(own, *now, Some(forged(&body)));
        }
        // Any frame of the session that the other one is in.
        3 => {
            let mut forgery = script.take().to_vec();
            if let Some(shown) = other.text().map(body) {
                let same = usize::from(script.byte()) % 12;
                for (own, shown) in forgery.iter_mut().zip(shown).take(same) {
                    *own = shown;
                }
            }
            see(own, *now, Some(forged(&forgery)));
        }
        4 => {
            let text = String::from_utf8_lossy(script.take()).into_owned();
            see(own, *now, Some(text));
        }
        5 => {
            *now += Duration::from_millis(u64::from(script.byte()) * 500);
            own.tick(*now);
        }
        6 => {
            let shown = other.check_code().map(|code| code.to_string());
            let typed = String::from_utf8_lossy(script.take()).into_owned();
            own.enter_check_code(&shown.filter(|_| typed.is_empty()).unwrap_or(typed));
        }
        _ => match script.byte() % 8 {
            0 => drop(own.cancel()),
            1 => drop(own.reject_check_code()),
            2 => drop(own.restart(*now)),
            _ => drop(own.acknowledge()),
        },
    }
}

/// A text that is no frame changes nothing.
fn see<R: CryptoRng>(session: &mut Session<R>, now: Duration, text: Option<String>) {
    let Some(text) = text else { return };
    session.tick(now);
    let before = (session.phase(), session.text().map(str::to_owned));
    session.handle(now, &text);
    if Frame::from_text(&text).is_err() {
        assert_eq!(before, (session.phase(), session.text().map(str::to_owned)));
    }
}

/// If both have a key that they may use, it is the same.
fn agree<R: CryptoRng>(both: &[Session<R>; 2]) {
    let usable = |session: &Session<R>| Some(session.pairing()?.exporter().ok()?.key_id());
    if let [Some(one), Some(two)] = both.each_ref().map(usable) {
        assert_eq!(one, two);
    }
}

/// The rest of the input, taken from its start. Where it ends, zeros follow.
struct Script<'a>(&'a [u8]);

impl<'a> Script<'a> {
    fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *first
    }

    fn take(&mut self) -> &'a [u8] {
        let length = usize::from(self.byte()).min(self.0.len());
        let (taken, rest) = self.0.split_at(length);
        self.0 = rest;
        taken
    }
}
