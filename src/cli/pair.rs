//! `keyglance pair`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use getrandom::SysRng;
use jiff::Timestamp;
use rand_core::UnwrapErr;
use serde_json::json;

use super::args::PairArgs;
use super::compare::{Entered, QUESTION, enter};
use super::failure::{Failure, MISMATCH, NOTHING_SCANNED};
use super::output;
use super::show::Show;
use super::source::{Sighting, Source, WAIT};
use super::{Context, identity};
use crate::messages;
use keyglance_core::contacts::Name;
use keyglance_core::crypto::KeyId;
use keyglance_core::pairing::{Diagnostic, DisplayName, PairingError, Phase, Role};
use keyglance_profile::{
    FinishedPairing, PairingFlow, Profile, SavedPairing, Step, shell_argument,
};

/// A status that still holds is not repeated before this time has passed.
const QUIET: Duration = Duration::from_secs(10);
/// The initiator's last code stays visible for this long if nobody confirms.
const LINGER: Duration = Duration::from_secs(10);

pub fn run(context: &Context, args: PairArgs) -> Result<(), Failure> {
    if let Some(name) = &args.save_as {
        name.parse::<Name>()?;
    }
    let name = args.name.as_deref().map(DisplayName::new).transpose()?;
    let source = Source::open(args.source())?;
    let show = match &args.show {
        Some(path) => Show::file(path.clone())?,
        None if args.stdin => Show::Lines { output: context.output },
        None => Show::terminal(context.output)?,
    };
    let profile = context.open_profile()?;
    // Nobody pairs for a key that cannot be stored.
    profile.check_writable()?;
    let own = identity::load_or_create(
        context,
        &profile,
        name.as_ref(),
        args.identity_passphrase.file(),
    )?;
    let mut flow = PairingFlow::new(
        Arc::new(own.key),
        name.unwrap_or(own.name),
        args.save_as.clone(),
        UnwrapErr(SysRng),
        Duration::ZERO,
    );
    if let Some(suite) = args.suite {
        flow = flow.with_suites(suite.into());
    }
    let mut pairing = Pair {
        context,
        profile,
        source,
        show,
        flow,
        began: Instant::now(),
        finished: None,
        said: None,
        args,
    };
    pairing.exchange()?;
    pairing.conclude()
}

struct Pair<'a> {
    context: &'a Context,
    args: PairArgs,
    profile: Profile,
    source: Source,
    show: Show,
    flow: PairingFlow<UnwrapErr<SysRng>>,
    began: Instant,
    finished: Option<Box<FinishedPairing>>,
    said: Option<(&'static str, Instant)>,
}

impl Pair<'_> {
    /// Shows and reads codes until both devices have the key.
    fn exchange(&mut self) -> Result<(), Failure> {
        self.show_code()?;
        self.show.status(&format!("Looking for the other code. {}", self.source.aim))?;
        let mut anything = false;
        while self.finished.is_none() {
            let view = self.source.look(WAIT)?;
            let steps = self.flow.tick(self.began.elapsed());
            self.take(steps)?;
            match view {
                Sighting::Texts(texts) => {
                    for text in texts {
                        anything = true;
                        let channel = self.source.channel;
                        let steps = self.flow.handle(self.began.elapsed(), &text, channel);
                        self.take(steps)?;
                    }
                }
                Sighting::Nothing => {}
                Sighting::Away(error) => self.say(messages::terminal::away(error))?,
                Sighting::Ended => return Err(self.ended(anything)),
            }
        }
        Ok(())
    }

    fn take(&mut self, steps: Vec<Step>) -> Result<(), Failure> {
        for step in self.flow.store(steps, &self.profile, Timestamp::now()) {
            tracing::info!("{step:?}");
            match step {
                Step::ShowCode => self.show_code()?,
                Step::PeerSeen => self.show.status("I see them. Waiting for them to see us.")?,
                Step::Locked => self.show.status("Agreed on a device. Exchanging keys.")?,
                Step::CheckCode(_) => self.show.status("Almost there.")?,
                Step::Finished(finished) => self.finished = Some(finished),
                Step::Reset(reason) => self.show.status(messages::reset(reason))?,
                Step::Waiting => self.waiting()?,
                Step::Diagnostic(diagnostic) => self.tell(diagnostic)?,
                Step::Failed(error) => return Err(error.into()),
                Step::NotStored(error) | Step::NotUnlocked(error) => return Err(error.into()),
                Step::KeptLocked(saved) => self.context.output.tell(kept_locked(&saved)),
                // `Step` may grow; what is not known here changes nothing.
                _ => {}
            }
        }
        Ok(())
    }

    fn show_code(&mut self) -> Result<(), Failure> {
        match self.flow.code().zip(self.flow.text()) {
            Some((code, text)) => self.show.code(code, text),
            None => Ok(()),
        }
    }

    /// Ten seconds without progress.
    fn waiting(&mut self) -> Result<(), Failure> {
        if self.flow.awaits_acknowledgement() && self.can_ask() {
            let shows = output::ask_yes_no("Does the other device show Paired?");
            if shows == Some(true) {
                let steps = self.flow.acknowledge();
                return self.take(steps);
            }
        }
        match self.flow.phase() {
            Phase::Offering => self.show.status(&format!("Nothing seen yet. {}", self.source.aim)),
            _ => self.show.status("Still waiting for the other device. Can it see this code?"),
        }
    }

    fn tell(&mut self, notice: Diagnostic) -> Result<(), Failure> {
        // When the screen is the camera, our own code is always in view.
        if notice == Diagnostic::OwnCode && self.args.screen {
            return Ok(());
        }
        self.say(messages::notice(notice))
    }

    /// Shows a status, unless it is the same as a moment ago.
    fn say(&mut self, sentence: &'static str) -> Result<(), Failure> {
        let now = Instant::now();
        match self.said.replace((sentence, now)) {
            Some((said, at)) if said == sentence && now.duration_since(at) < QUIET => Ok(()),
            _ => self.show.status(sentence),
        }
    }

    /// The source ended before the pairing did.
    fn ended(&mut self, anything: bool) -> Failure {
        if let Some(saved) = self.flow.saved_pairing() {
            return Failure::error("the other device did not confirm that it has the key")
                .advise(kept_locked(saved));
        }
        if anything {
            Failure::error("the other device stopped before both had the key")
                .advise("No key was saved. Start again on both.")
        } else {
            Failure::new(NOTHING_SCANNED, "no code was read").advise("No key was saved.")
        }
    }

    fn can_ask(&self) -> bool {
        self.source.leaves_input && output::can_ask()
    }

    /// Both devices have the key: asks for the check code and reports the result.
    fn conclude(&mut self) -> Result<(), Failure> {
        let Some(finished) = self.finished.take() else {
            return Err(PairingError::Cancelled.into());
        };
        let FinishedPairing { saved, check_code: code, peer, safety_number: number, role, suite } =
            *finished;
        let terminal = matches!(self.show, Show::Terminal { .. });
        self.show.status(&format!("Paired. This screen: {code}. Type it on the other device."))?;
        let compared = self.compare(saved.key_id)? == Entered::Matches;
        if terminal && role == Role::Initiator && !compared && !self.can_ask() {
            self.show.status("Showing the last code a little longer.")?;
            std::thread::sleep(LINGER);
        }

        let result = json!({
            "result": "paired",
            "key_id": saved.key_id.to_string(),
            "key": saved.key_name,
            "contact": saved.contact_name,
            "suggested_name": peer.name.as_str(),
            "check_code": code.digits(),
            "safety_number": number.digits(),
            "role": role.as_str(),
            "suite": suite.noise_name(),
            "post_quantum": suite.is_post_quantum(),
            "verified": compared || saved.verified.is_some(),
            "key_changed": saved.key_changed.is_some(),
        });
        let text = || {
            let mut text = format!(
                "Paired with {}.\nKey          {} ({})\nSafety number {number}\n",
                saved.contact_name, saved.key_name, saved.key_id
            );
            text.extend(messages::also_safe(suite).into_iter().flat_map(|safe| [safe, "\n"]));
            if compared {
                text.push_str("Compared by check code.\n");
            } else if let Some(verified) = saved.verified {
                text.push_str(&format!(
                    "Compared before, by {}.\n",
                    messages::method(verified.method)
                ));
            }
            text.push_str(&format!(
                "Next: keyglance export --for age {}\n",
                shell_argument(&saved.key_name)
            ));
            text
        };
        // Standard output carries our codes to the other device.
        if self.args.stdin {
            match self.context.output.json {
                true => self.context.output.tell(output::json_text(&result)),
                false => self.context.output.tell(text().trim_end()),
            }
        } else {
            self.context.output.result(text, &result)?;
        }
        if let Some(other) = &saved.key_changed {
            let since = self.profile.find_contact(other)?.since.strftime("%-d %b %Y");
            let contact = shell_argument(&saved.contact_name);
            self.context.output.tell(format!(
                "Attention: {other} has a different key than before (since {since}), which stays in \
                 use. This device is kept as “{}”, and its key is held back until you decide, and \
                 have compared it:\n  \
                 keyglance contacts decide --new-device {contact}\n  \
                 keyglance contacts decide --another-device {contact}\n  \
                 keyglance contacts decide --block {contact}",
                saved.contact_name
            ));
        }
        if !compared && saved.verified.is_none() {
            let key = shell_argument(&saved.key_name);
            return Err(Failure::new(MISMATCH, "the check code was not compared").advise(format!(
                "The key is kept, not compared. Later: keyglance compare --check-code DIGITS {key}\n\
                 If the other device says no: keyglance compare --says-no {key}"
            )));
        }
        Ok(())
    }

    /// Takes the digits of the other screen: typed, or from where the options say.
    fn compare(&self, key: KeyId) -> Result<Entered, Failure> {
        if self.args.skip_check {
            return Ok(Entered::Left);
        }
        if let Some(path) = &self.args.check_code_from {
            // A pipe blocks here until somebody opens its other end.
            let mut lines = super::source::open_lines(path)?;
            let next = || super::source::next_line(&mut lines, path);
            return enter(self.context, &self.profile, key, next);
        }
        if !self.can_ask() {
            return Ok(Entered::Left);
        }
        enter(self.context, &self.profile, key, || Ok(output::ask(QUESTION)))
    }
}

/// What became of a key that the other device did not confirm.
fn kept_locked(saved: &SavedPairing) -> String {
    format!(
        "The key is kept as “{}”, locked. If the other device shows Paired, run: \
         keyglance keys confirm {}",
        saved.key_name,
        shell_argument(&saved.key_name)
    )
}
