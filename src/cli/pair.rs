//! `keyglance pair`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use getrandom::SysRng;
use jiff::Timestamp;
use rand_core::UnwrapErr;
use serde_json::json;

use super::args::PairArgs;
use super::failure::{Failure, MISMATCH, NOTHING_SCANNED};
use super::output;
use super::show::Show;
use super::source::{LOOK, Source, View};
use super::{Context, identity};
use crate::messages;
use keyglance_core::contacts::local_name;
use keyglance_core::keyfile::KeyFile;
use keyglance_core::pairing::{Diagnostic, DisplayName, Event, PairingError, Phase, Role, Session};
use keyglance_core::trust::{Method, Verified};
use keyglance_profile::{Profile, SavedPairing};

/// What still holds is not said again before so long without it.
const QUIET: Duration = Duration::from_secs(10);
/// The initiator's last code stays up so long where nobody says that it is done.
const LINGER: Duration = Duration::from_secs(10);

pub fn run(context: &Context, args: PairArgs) -> Result<(), Failure> {
    if let Some(name) = &args.save_as {
        local_name(name)?;
    }
    let name = args.name.as_deref().map(DisplayName::new).transpose()?;
    let source = Source::new(&args)?;
    let show = match &args.show {
        Some(path) => Show::file(path.clone())?,
        None if args.stdin => Show::Lines { output: context.output },
        None => Show::terminal(context.output)?,
    };
    let profile = context.open_profile()?;
    let own = identity::load_or_create(
        context,
        &profile,
        name.as_ref(),
        args.identity_passphrase_file.as_deref(),
    )?;
    let session = Session::new(
        Arc::new(own.key),
        name.unwrap_or(own.name),
        UnwrapErr(SysRng),
        Duration::ZERO,
    );
    let mut pairing = Pair {
        context,
        profile,
        source,
        show,
        session,
        began: Instant::now(),
        kept: None,
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
    session: Session<UnwrapErr<SysRng>>,
    began: Instant,
    /// The present session's key, once it is stored.
    kept: Option<SavedPairing>,
    said: Option<(&'static str, Instant)>,
}

impl Pair<'_> {
    /// Shows and reads codes until both have the key.
    fn exchange(&mut self) -> Result<(), Failure> {
        self.show_code()?;
        self.show.status(&format!("Looking for the other code. {}", self.source.aim))?;
        let mut anything = false;
        while self.session.phase() != Phase::Finished {
            let view = self.source.look(LOOK)?;
            let now = self.began.elapsed();
            let events = self.session.tick(now);
            self.take(events)?;
            match view {
                View::Texts(texts) => {
                    for text in texts {
                        anything = true;
                        let events = self.session.handle(self.began.elapsed(), &text);
                        self.take(events)?;
                    }
                }
                View::Nothing => {}
                View::Away(error) => self.say(messages::terminal::away(&error))?,
                View::Ended => return Err(self.ended(anything)),
            }
        }
        Ok(())
    }

    fn take(&mut self, events: Vec<Event>) -> Result<(), Failure> {
        for event in events {
            tracing::info!("{}", describe(&event));
            match event {
                Event::ShowCode => self.show_code()?,
                Event::PeerSeen => self.show.status("I see them. Waiting for them to see us.")?,
                Event::Locked(_) => self.show.status("Agreed on a device. Exchanging keys.")?,
                Event::CheckCode(code) => {
                    self.show.status(&format!("Almost there. The check code is {code}."))?;
                }
                // Stored before the next code is shown: neither device ever
                // believes in a key that the other one lost.
                Event::Paired => self.keep()?,
                Event::Finished => match &self.kept {
                    Some(kept) => self.profile.acknowledge(kept.key_id)?,
                    None => self.keep()?,
                },
                Event::Unacknowledged(_) => self.kept = None,
                Event::Reset(reason) => self.show.status(messages::reset(reason))?,
                Event::Waiting => self.waiting()?,
                Event::Diagnostic(notice) => self.tell(notice)?,
                Event::Failed(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn show_code(&mut self) -> Result<(), Failure> {
        match self.session.text() {
            Some(text) => self.show.code(text),
            None => Ok(()),
        }
    }

    fn keep(&mut self) -> Result<(), Failure> {
        if let Some(pairing) = self.session.pairing() {
            let name = self.args.save_as.as_deref();
            let file = KeyFile::from_pairing(pairing, Timestamp::now());
            self.kept = Some(self.profile.save_pairing(file, name, self.source.trust)?);
        }
        Ok(())
    }

    /// Ten seconds without progress.
    fn waiting(&mut self) -> Result<(), Failure> {
        let unconfirmed = self.session.pairing().is_some();
        if unconfirmed && self.can_ask() {
            let shows = output::ask_yes_no("Does the other device show Paired?");
            if shows == Some(true) {
                let events = self.session.acknowledge();
                return self.take(events);
            }
        }
        match self.session.phase() {
            Phase::Offering => self.show.status(&format!("Nothing seen yet. {}", self.source.aim)),
            _ => self.show.status("Still waiting for the other device. Can it see this code?"),
        }
    }

    fn tell(&mut self, notice: Diagnostic) -> Result<(), Failure> {
        // On one's own screen, one's own code is always in view.
        if notice == Diagnostic::OwnCode && self.args.screen {
            return Ok(());
        }
        self.say(messages::notice(notice))
    }

    /// Says it, unless it was said just now and still holds.
    fn say(&mut self, sentence: &'static str) -> Result<(), Failure> {
        let now = Instant::now();
        match self.said.replace((sentence, now)) {
            Some((said, at)) if said == sentence && now.duration_since(at) < QUIET => Ok(()),
            _ => self.show.status(sentence),
        }
    }

    /// The source gives nothing more, and we are not done.
    fn ended(&mut self, anything: bool) -> Failure {
        if let Some(kept) = &self.kept {
            return Failure::error("the other device did not confirm that it has the key").advise(
                format!(
                    "The key is kept as {:?}, locked. If the other device shows Paired, run: \
                     keyglance keys confirm {:?}",
                    kept.key_name, kept.key_name
                ),
            );
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

    /// Both have the key: the check code, and the result.
    fn conclude(&mut self) -> Result<(), Failure> {
        let (Some(kept), Some(pairing)) = (self.kept.clone(), self.session.pairing()) else {
            return Err(PairingError::Cancelled.into());
        };
        let (code, role) = (pairing.check_code, pairing.role);
        let peer = pairing.peer.name.clone();
        let number = pairing.safety_number();
        let matches = if self.args.yes_check {
            Some(true)
        } else if self.can_ask() {
            self.show.status("Paired.")?;
            output::ask_yes_no(&format!("Does the other screen show {code} ?"))
        } else {
            None
        };
        match matches {
            Some(true) => {
                let verified = Verified { method: Method::CheckCode, at: Timestamp::now() };
                self.profile.verify(kept.key_id, verified)?;
            }
            Some(false) => {
                self.session.reject_check_code();
                self.profile.discard_pairing(&kept)?;
                return Err(PairingError::CheckCodeDiffers.into());
            }
            None => {}
        }
        let terminal = matches!(self.show, Show::Terminal { .. });
        if terminal && role == Role::Initiator && matches == Some(true) && self.args.yes_check {
            self.show.status("Paired. Showing the last code a little longer.")?;
            std::thread::sleep(LINGER);
        }

        let result = json!({
            "result": "paired",
            "key_id": kept.key_id.to_string(),
            "key": kept.key_name,
            "contact": kept.contact_name,
            "suggested_name": peer.as_str(),
            "check_code": code.digits(),
            "safety_number": number.digits(),
            "role": match role { Role::Initiator => "initiator", Role::Responder => "responder" },
            "verified": matches == Some(true) || kept.verified.is_some(),
            "key_changed": kept.key_changed.is_some(),
        });
        let text = || {
            let mut text = format!(
                "Paired with {}.\nKey          {} ({})\nSafety number {number}\n",
                kept.contact_name, kept.key_name, kept.key_id
            );
            if matches == Some(true) {
                text.push_str("Verified: you compared the check code.\n");
            } else if let Some(verified) = kept.verified {
                text.push_str(&format!(
                    "Verified before, by {}.\n",
                    messages::method(verified.method)
                ));
            }
            text.push_str(&format!("Next: keyglance export {:?} --for age\n", kept.key_name));
            text
        };
        // Standard output is the other device's.
        if self.args.stdin {
            let text = if self.context.output.json { result.to_string() } else { text() };
            self.context.output.tell(text.trim_end());
        } else {
            self.context.output.result(text, &result)?;
        }
        if let Some(other) = &kept.key_changed {
            let since = self.profile.contact(other)?.since.strftime("%-d %b %Y");
            self.context.output.tell(format!(
                "Attention: {other} has a different key than before (since {since}). Nothing was \
                 replaced: this device is kept as {:?}, and the old key is not exported until you decide:\n  \
                 keyglance contacts decide {:?} --keep-both\n  \
                 keyglance contacts decide {:?} --replace",
                kept.contact_name, kept.contact_name, kept.contact_name
            ));
        }
        if matches.is_none() && kept.verified.is_none() {
            return Err(Failure::new(MISMATCH, "the check code was not compared").advise(format!(
                "The key is kept, not checked yet. Compare {code} with the other screen; if they \
                 differ, run: keyglance keys remove {:?}",
                kept.key_name
            )));
        }
        Ok(())
    }
}

/// For the log: never a secret.
fn describe(event: &Event) -> String {
    match event {
        Event::Unacknowledged(_) => "left before the other device acknowledged".to_owned(),
        event => format!("{event:?}"),
    }
}
