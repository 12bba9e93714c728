//! `keyglance challenge`: two people in a call ask each other who they are.

use std::io::BufRead as _;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;
use zeroize::Zeroizing;

use super::args::ChallengeArgs;
use super::export::note_newcomers;
use super::failure::{Failure, MISMATCH, NOTHING_SCANNED};
use super::page::wrap;
use super::{Context, output};
use crate::messages::challenge as words;
use keyglance_core::challenge::{Answer, Challenge, OneTimeCode};
use keyglance_core::crypto::Purpose;
use keyglance_profile::shell_argument;

/// Lines of text are no longer than this.
const COLUMNS: usize = 80;

/// The conversation, and whom it is with.
struct Call<'a> {
    context: &'a Context,
    challenge: Challenge,
    contact: String,
    key_id: String,
    compared: bool,
}

pub fn run(context: &Context, args: &ChallengeArgs) -> Result<(), Failure> {
    let purpose = Purpose::new(&args.purpose)?;
    let profile = context.open_profile()?;
    let key = profile.find_usable_key(&args.name, args.require.require())?;
    let mut call = Call {
        context,
        challenge: key.challenge(&purpose)?,
        contact: profile.contact_of(&key)?.name.to_string(),
        key_id: key.file.key_id().to_string(),
        compared: !key.is_unverified(),
    };
    note_newcomers(context, &key);
    if !call.compared {
        context.output.tell(words::not_compared_in_terminal(&shell_argument(&key.name)));
    }
    if args.say {
        return call.say();
    }
    if output::can_ask() && !context.output.json {
        let columns = output::terminal_size().map_or(COLUMNS, |size| size.columns.min(COLUMNS));
        let lines = wrap(words::IN_A_CALL, columns.saturating_sub(1));
        context.output.tell(format!("{}\n", lines.join("\n")));
        return call.ask();
    }
    call.read()
}

impl Call<'_> {
    fn own(&self) -> OneTimeCode {
        self.challenge.own(Timestamp::now())
    }

    /// Our number alone, for whoever asks the other side elsewhere.
    fn say(&self) -> Result<(), Failure> {
        let own = self.own();
        self.context.output.result(
            || format!("{}\n", words::you_say(own)),
            &json!({
                "contact": self.contact,
                "key_id": self.key_id,
                "compared": self.compared,
                "say": own.digits(),
                "seconds_left": own.seconds_left(),
            }),
        )
    }

    /// Takes one line of standard input.
    fn read(&mut self) -> Result<(), Failure> {
        self.context.output.tell(words::you_say(self.own()));
        let mut line = Zeroizing::new(String::new());
        let read = std::io::stdin().lock().read_line(&mut line);
        if !matches!(read, Ok(1..)) {
            return Err(none_given());
        }
        let answer = self.challenge.check(&line, Timestamp::now());
        self.decide(answer)
    }

    /// Asks on the terminal until a number is right or no more are taken. Our own stays in
    /// view: the other side has to hear it too.
    fn ask(&mut self) -> Result<(), Failure> {
        loop {
            let Some(text) = self.question(words::THEY_SAY).filter(|text| !text.is_empty()) else {
                return Err(none_given());
            };
            let answer = self.challenge.check(&text, Timestamp::now());
            if answer == Answer::Right {
                self.decide(answer)?;
                self.question(words::ENTER_ENDS);
                return Ok(());
            }
            if self.challenge.tries_left() == 0 {
                return self.decide(answer);
            }
            let (what, then) = words::answer(answer, &self.contact, self.compared);
            self.context.output.tell(format!("{what} {then}\n"));
        }
    }

    /// Asks below our own number, which goes on while nobody answers.
    fn question(&self, question: &str) -> Option<String> {
        self.context.output.tell(words::you_say(self.own()));
        let (answered, waits) = channel::<()>();
        thread::scope(|scope| {
            scope.spawn(move || {
                while waits.recv_timeout(until_next_second()) == Err(RecvTimeoutError::Timeout) {
                    output::rewrite_line_above(&words::you_say(self.own()));
                }
            });
            let answer = output::ask(question);
            drop(answered);
            answer
        })
    }

    fn decide(&self, answer: Answer) -> Result<(), Failure> {
        let (what, then) = words::answer(answer, &self.contact, self.compared);
        if answer == Answer::NotSixDigits {
            return Err(Failure::usage(what).of_kind(kind(answer)).advise(then));
        }
        if answer != Answer::Right {
            return Err(Failure::new(MISMATCH, what).of_kind(kind(answer)).advise(then));
        }
        self.context.output.result(
            || format!("✔ {what}\n{then}{}", if then.is_empty() { "" } else { "\n" }),
            &json!({
                "contact": self.contact,
                "key_id": self.key_id,
                "compared": self.compared,
                "answer": kind(answer),
            }),
        )
    }
}

/// What an answer is in JSON.
const fn kind(answer: Answer) -> &'static str {
    match answer {
        Answer::Right => "right",
        Answer::Own => "own_number",
        Answer::Again => "used_number",
        Answer::Late(_) => "old_number",
        Answer::Early(_) => "early_number",
        Answer::NotSixDigits => "not_six_digits",
        _ => "wrong_number",
    }
}

fn none_given() -> Failure {
    Failure::new(NOTHING_SCANNED, words::NONE_GIVEN).advise(words::NONE_GIVEN_ADVICE)
}

/// Until the clock of this computer shows another second.
fn until_next_second() -> Duration {
    let into = u64::try_from(Timestamp::now().subsec_millisecond()).unwrap_or_default();
    Duration::from_millis(1000 - into.min(999))
}
