//! `keyglance pair`.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use getrandom::SysRng;
use jiff::Timestamp;
use rand_core::UnwrapErr;
use serde_json::json;

use super::args::PairArgs;
use super::check_code_page::CheckCodePage;
use super::compare::{Entered, QUESTION, enter, take_entry};
use super::failure::{Failure, MISMATCH, NOTHING_SCANNED};
use super::output;
use super::pairing_screen::{Answer, PairingScreen};
use super::show::{Place, Show};
use super::source::{Sighting, Source, WAIT};
use super::{Context, card, identity};
use crate::awake::Awake;
use crate::messages::terminal::Stage;
use crate::messages::{self, Notification};
use keyglance_core::contacts::Name;
use keyglance_core::pairing::{
    Diagnostic, DisplayName, FrameError, Pace, PairingError, Phase, ResetReason, Role, Suites,
};
use keyglance_profile::{
    CardPlaces, Channel, FinishedPairing, PairingFlow, Profile, SavedPairing, Share, Step,
    shell_argument,
};

/// A status that still holds is not repeated before this time has passed.
const QUIET: Duration = Duration::from_secs(10);
/// The initiator's last code stays visible for this long where nobody can say that the
/// other device has read it.
const LINGER: Duration = Duration::from_secs(10);

pub fn run(context: &mut Context, args: PairArgs) -> Result<(), Failure> {
    // Standard output carries our codes to the other device.
    context.output.aside = args.stdin;
    let context = &*context;
    if let Some(name) = &args.save_as {
        name.parse::<Name>()?;
    }
    let name = args.name.as_deref().map(DisplayName::new).transpose()?;
    let place = match &args.show {
        Some(path) => Place::file(path.clone())?,
        None if args.stdin => Place::Lines,
        None => Place::terminal()?,
    };
    // Where the screen has the keys, it also takes the paths of pictures.
    let types = place.is_screen() && output::can_ask();
    let (paths, typed) = channel();
    let typed = (types && !args.picture.is_empty()).then_some(typed);
    let paths = typed.is_some().then_some(paths);
    let source = Source::open_with(args.source(), typed)?;
    let profile = context.open_profile()?;
    // Nobody pairs for a key that cannot be stored.
    profile.check_writable()?;
    let own = identity::load_or_create(
        context,
        &profile,
        name.as_ref(),
        args.identity_passphrase.file(),
    )?;
    let share = args.share.clone().map_or_else(Share::default, |share| share.0);
    let shared = profile.card_to_share(&CardPlaces::of_this_system(), &share, Timestamp::now())?;
    let flow = PairingFlow::new(
        Arc::new(own.key),
        name.unwrap_or(own.name),
        args.save_as.clone(),
        UnwrapErr(SysRng),
        Duration::ZERO,
    )
    .with_suites(args.suite.map_or(Suites::OFFERED, Suites::from))
    .with_card(shared.card());
    for notice in &shared.notices {
        let Notification { what, advice } = messages::terminal::explain(notice);
        context.output.tell(format!("Note: {what}\n{advice}"));
    }
    let you_share = messages::card::you_share(&shared.identifiers);
    let shares = !shared.identifiers.is_empty();
    // A screen of our own says it itself, and leaves nothing of it behind.
    if !place.is_screen() {
        context.output.tell(&you_share);
        if shares {
            context.output.tell(messages::card::REACHES);
        }
    }
    let pace = if args.reduced_motion { Pace::Reduced } else { Pace::Full };
    let mut pairing = Pair {
        context,
        profile,
        show: place.begin(context.output, types, pace)?,
        source,
        paths,
        flow,
        began: Instant::now(),
        finished: None,
        said: None,
        stage: None,
        waits_for_enter: false,
        foreign: None,
        notes: Vec::new(),
        you_share: shares.then_some(you_share),
        args,
    };
    let outcome = pairing.exchange().and_then(|()| pairing.compare());
    pairing.leave_screen();
    pairing.conclude(outcome?)
}

struct Pair<'a> {
    context: &'a Context,
    args: PairArgs,
    profile: Profile,
    source: Source,
    /// Takes paths of pictures that are typed on the screen.
    paths: Option<Sender<String>>,
    show: Show,
    flow: PairingFlow<UnwrapErr<SysRng>>,
    began: Instant,
    finished: Option<Box<FinishedPairing>>,
    said: Option<(Cow<'static, str>, Instant)>,
    /// How far it had come when that was last said.
    stage: Option<Stage>,
    /// It was said that the screen is looked at again on Enter.
    waits_for_enter: bool,
    /// What a code is that is none of ours.
    foreign: Option<String>,
    /// What is told once the screen is the shell's again.
    notes: Vec<String>,
    /// What the other device is told of this one, in a line, if it is anything.
    you_share: Option<String>,
}

impl Pair<'_> {
    /// Shows and reads codes until both devices have the key.
    fn exchange(&mut self) -> Result<(), Failure> {
        // A pipe has no screen that could go dark.
        let _awake = (!self.args.stdin).then(Awake::start);
        self.farewell();
        self.show_code()?;
        self.stage(Stage::Looking)?;
        if let (Show::Screen(_), Some(you_share)) = (&self.show, &self.you_share) {
            self.show.notice(you_share)?;
        }
        let mut anything = false;
        while self.finished.is_none() {
            let view = self.source.look(self.show.wait(WAIT))?;
            self.screen_turns()?;
            let steps = self.flow.tick(self.began.elapsed());
            self.take(steps)?;
            match view {
                Sighting::Codes(codes) => {
                    for code in codes {
                        anything = true;
                        let channel = self.source.channel;
                        let steps = self.flow.handle(self.began.elapsed(), code.bytes(), channel);
                        if steps.iter().any(is_foreign) {
                            self.foreign = messages::inspect::no_pairing_code(code.bytes());
                        }
                        self.take(steps)?;
                    }
                }
                Sighting::Nothing => {}
                Sighting::Useless(what) => self.show.notice(&what)?,
                Sighting::Told(Notification { what, advice }) => {
                    let what = format!("{what} {advice}");
                    // It goes with the screen that it is on.
                    if let Show::Screen(_) = self.show {
                        self.notes.push(what.clone());
                    }
                    self.show.notice(&what)?;
                }
                Sighting::Waits => self.screen_waits()?,
                Sighting::Away(error) => self.say(messages::terminal::away(error))?,
                Sighting::Ended => return Err(self.ended(anything)),
            }
        }
        Ok(())
    }

    /// The next code in its turn, another size of the terminal, and what is typed.
    fn screen_turns(&mut self) -> Result<(), Failure> {
        let Show::Screen(screen) = &mut self.show else { return Ok(()) };
        if screen.screen.is_stale() {
            self.show_code()?;
        }
        let awaits = self.flow.awaits_acknowledgement();
        let Show::Screen(screen) = &mut self.show else { return Ok(()) };
        screen.turn()?;
        if let Some(paths) = &self.paths {
            if let Some(path) = screen.type_path()? {
                // The source goes on until nothing is typed any more.
                let _ = paths.send(path);
            }
            return Ok(());
        }
        let typed = screen.typed();
        if typed.iter().any(|key| matches!(key, b'\r' | b'\n')) {
            self.waits_for_enter = false;
            self.source.look_again();
        }
        if typed.contains(&b'y') && awaits {
            let steps = self.flow.acknowledge();
            self.take(steps)?;
        }
        Ok(())
    }

    /// The desktop asks about each picture of the screen.
    fn screen_waits(&mut self) -> Result<(), Failure> {
        match &self.show {
            Show::Screen(screen) if screen.screen.has_keys() => {
                if !std::mem::replace(&mut self.waits_for_enter, true) {
                    self.show.notice(messages::terminal::LOOK_AGAIN)?;
                }
                Ok(())
            }
            // What is drawn in place leaves no line to ask on.
            Show::Screen(_) => {
                self.source.look_again();
                Ok(())
            }
            _ if self.source.ask_to_look_again() => Ok(()),
            _ => Err(self.ended(false)),
        }
    }

    fn take(&mut self, steps: Vec<Step>) -> Result<(), Failure> {
        // The initiator hears of the other device and answers it at once; the responder
        // only once the other device has answered.
        let seen = steps.iter().any(|step| matches!(step, Step::PeerSeen));
        let (flow, profile) = (&mut self.flow, &self.profile);
        let steps = self.show.tell_truly(|| {
            let steps = flow.store(steps, profile, Timestamp::now());
            let farewell = stopped(flow.saved_pairing(), steps.iter().any(is_finished));
            (steps, farewell)
        });
        for step in steps {
            tracing::info!("{step:?}");
            match step {
                Step::ShowCode => self.show_code()?,
                Step::PeerSeen => self.stage(Stage::Seen)?,
                Step::Locked if !seen => self.stage(Stage::Agreed)?,
                Step::CheckCode(_) => self.stage(Stage::Agreed)?,
                Step::Part { have, count } => {
                    match self.flow.phase() {
                        Phase::Offering if have == 1 => self.stage(Stage::Seen)?,
                        // The first part of an answer to ours.
                        Phase::Locked if have == 1 => self.stage(Stage::Agreed)?,
                        _ => {}
                    }
                    self.show.part(have, count)?;
                }
                Step::Finished(finished) => self.finished = Some(finished),
                Step::Reset(reason) => self.began_again(reason)?,
                Step::Waiting => self.waiting()?,
                Step::Diagnostic(diagnostic) => self.tell(diagnostic)?,
                Step::Failed(error) => return Err(error.into()),
                Step::NotStored(error) | Step::NotUnlocked(error) => return Err(error.into()),
                Step::KeptLocked(saved) => self.notes.push(kept_locked(&saved)),
                // `Step` may grow; what is not known here changes nothing.
                _ => {}
            }
        }
        self.farewell();
        if !matches!(self.show, Show::Screen(_)) {
            self.tell_notes();
        }
        Ok(())
    }

    /// What is said if a signal ends the program now.
    fn farewell(&self) {
        let saved = self.flow.saved_pairing();
        let finished = self.finished.is_some();
        self.show.tell_truly(|| ((), stopped(saved, finished)));
    }

    fn show_code(&mut self) -> Result<(), Failure> {
        self.flow.frame().map_or(Ok(()), |frame| self.show.code(frame))
    }

    fn stage(&mut self, stage: Stage) -> Result<(), Failure> {
        // Said once; on the screen it also takes away what was noted beside it.
        let again = self.stage.replace(stage) == Some(stage);
        if again && !matches!(self.show, Show::Screen(_)) {
            return Ok(());
        }
        let faces = self.source.channel == Channel::Camera;
        let aim = self.source.aim;
        let asks = messages::terminal::asks(stage, faces, aim);
        let line = match stage {
            Stage::Looking => format!("Looking for the other code. {aim}"),
            stage => format!("{}. {asks}", stage.words()),
        };
        self.show.stage(stage, asks, &line)
    }

    fn began_again(&mut self, reason: ResetReason) -> Result<(), Failure> {
        self.stage = None;
        if let Show::Screen(_) = self.show {
            self.stage(Stage::Looking)?;
        }
        self.show.notice(messages::reset(reason))
    }

    /// Ten seconds without progress.
    fn waiting(&mut self) -> Result<(), Failure> {
        if self.flow.awaits_acknowledgement() {
            if let Show::Screen(screen) = &mut self.show
                && screen.screen.has_keys()
                && self.paths.is_none()
            {
                return self.show.notice("Does the other screen show Same key? Then press y.");
            } else if self.can_ask() {
                let shows = output::ask_yes_no("Does the other device show Same key?");
                if shows == Some(true) {
                    let steps = self.flow.acknowledge();
                    return self.take(steps);
                }
            }
        }
        match self.flow.phase() {
            Phase::Offering => self.show.notice(&format!("Nothing seen yet. {}", self.source.aim)),
            _ => self.show.notice("Still waiting. Can it see our code?"),
        }
    }

    fn tell(&mut self, notice: Diagnostic) -> Result<(), Failure> {
        // When the screen is the camera, our own code is always in view.
        if notice == Diagnostic::OwnCode && self.args.screen {
            return Ok(());
        }
        if notice == Diagnostic::OwnCode && self.source.channel != Channel::Camera {
            return self.say("That is our own code. Give that of the other device.");
        }
        if notice == FOREIGN
            && let Some(what) = self.foreign.take()
        {
            return self.say(what);
        }
        self.say(messages::notice(notice))
    }

    /// Shows a status. Where it would be one more line, only unless it is the same as a
    /// moment ago.
    fn say(&mut self, sentence: impl Into<Cow<'static, str>>) -> Result<(), Failure> {
        let (sentence, now) = (sentence.into(), Instant::now());
        let in_place = matches!(self.show, Show::Screen(_));
        match self.said.replace((sentence.clone(), now)) {
            Some((said, at)) if said == sentence && now.duration_since(at) < QUIET && !in_place => {
                Ok(())
            }
            _ => self.show.notice(&sentence),
        }
    }

    /// The source ended before the pairing did.
    fn ended(&mut self, anything: bool) -> Failure {
        if let Some(saved) = self.flow.saved_pairing() {
            return Failure::error("The other device did not confirm that it has the key.")
                .advise(kept_locked(saved));
        }
        if anything {
            Failure::error("The other device stopped before both had the key.")
                .advise("No key was saved. Start again on both.")
        } else {
            Failure::new(NOTHING_SCANNED, "No code was read.").advise("No key was saved.")
        }
    }

    fn can_ask(&self) -> bool {
        self.source.leaves_input && output::can_ask()
    }

    /// Gives the terminal back to the shell, and says what was not said meanwhile.
    fn leave_screen(&mut self) {
        if let Show::Screen(_) = self.show {
            self.show = Show::Plain { output: self.context.output };
            self.tell_notes();
        }
    }

    fn tell_notes(&mut self) {
        for note in self.notes.drain(..) {
            self.context.output.tell(note);
        }
    }

    /// Both devices have the key: takes the digits of the other screen, typed or from
    /// where the options say.
    fn compare(&mut self) -> Result<Entered, Failure> {
        let Some(finished) = self.finished.clone() else {
            return Err(PairingError::Cancelled.into());
        };
        let asks = !self.args.skip_check && self.args.check_code_from.is_none();
        if let Show::Screen(screen) = &mut self.show {
            let types = asks && screen.screen.has_keys();
            let linger = (finished.role == Role::Initiator).then_some(LINGER);
            screen.same_key(&finished, types, linger)?;
            if types {
                let faced = self.source.channel == Channel::Camera;
                return compare_on_screen(screen, &self.profile, &finished, faced);
            }
        }
        let code = finished.check_code;
        self.leave_screen();
        self.show.notice(&format!("Paired. This screen: {code}. Type it on the other device."))?;
        let (key, tell) = (finished.saved.key_id, |text: &str| self.context.output.tell(text));
        if let Some(path) = &self.args.check_code_from {
            // A pipe blocks here until somebody opens its other end.
            let mut lines = super::source::open_lines(path)?;
            let next = || super::source::next_line(&mut lines, path);
            return enter(&self.profile, key, next, tell);
        }
        if !asks || !self.can_ask() {
            return Ok(Entered::Left);
        }
        enter(&self.profile, key, || Ok(output::ask(QUESTION)), tell)
    }

    /// Reports the result.
    fn conclude(&mut self, entered: Entered) -> Result<(), Failure> {
        let Some(finished) = self.finished.take() else {
            return Err(PairingError::Cancelled.into());
        };
        let compared = entered == Entered::Matches;
        let FinishedPairing {
            saved,
            check_code: code,
            peer,
            safety_number: number,
            role,
            suite,
            our_card,
            peer_card,
        } = *finished;
        let verified = compared || saved.verified.is_some();

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
            "verified": verified,
            "key_changed": saved.key_changed.is_some(),
            "you_shared": card::identifiers_json(&our_card),
            "they_shared": peer_card.as_ref().map(card::identifiers_json).unwrap_or_default(),
            "card_refused": peer_card.is_err(),
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
            match &peer_card {
                Ok(theirs) => text.push_str(&card::their_card(theirs, verified)),
                Err(error) => {
                    text.push_str(&format!("{}\n", messages::card::refused(*error)));
                }
            }
            text.push_str(&format!(
                "Next: keyglance export --for age {}\n",
                shell_argument(&saved.key_name)
            ));
            text
        };
        if self.args.stdin {
            self.context.output.result_aside(text, &result);
        } else {
            self.context.output.result(text, &result)?;
        }
        if let Some(other) = &saved.key_changed {
            let since = messages::date::day(self.profile.find_contact(other)?.since);
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
            return Err(Failure::new(MISMATCH, "The check code was not compared.").advise(format!(
                "The key is kept, not compared. Later: keyglance compare --check-code DIGITS {key}\n\
                 If the other device says no: keyglance compare --says-no {key}"
            )));
        }
        Ok(())
    }
}

/// Asks for the digits on the screen until they decide.
fn compare_on_screen(
    screen: &mut PairingScreen,
    profile: &Profile,
    finished: &FinishedPairing,
    faced: bool,
) -> Result<Entered, Failure> {
    let key = finished.saved.key_id;
    let mut page = CheckCodePage {
        code: finished.check_code,
        role: finished.role,
        peer: finished.saved.contact_name.clone(),
        turn_back: faced,
        typed: String::new(),
        told: None,
        deletes: false,
    };
    loop {
        match screen.ask(&mut page)? {
            Answer::Later => return Ok(Entered::Left),
            Answer::SomethingIsWrong => {
                profile.reject_check_code(key)?;
                return Err(PairingError::CheckCodeDiffers.into());
            }
            Answer::Digits(digits) => match take_entry(profile, key, &digits)? {
                Ok(entered) => return Ok(entered),
                Err(what) => page.told = Some(what),
            },
        }
    }
}

const fn is_foreign(step: &Step) -> bool {
    matches!(step, Step::Diagnostic(FOREIGN))
}

/// A code that is none of ours.
const FOREIGN: Diagnostic = Diagnostic::Unusable(FrameError::NotOurs);

fn is_finished(step: &Step) -> bool {
    matches!(step, Step::Finished(_))
}

/// What became of a pairing that was stopped by a signal.
fn stopped(saved: Option<&SavedPairing>, finished: bool) -> String {
    match saved {
        None => "Stopped. No key was saved.".to_owned(),
        Some(saved) if finished => format!(
            "Stopped. The key is kept as “{}”, not compared. Later: keyglance compare {}",
            saved.key_name,
            shell_argument(&saved.key_name)
        ),
        Some(saved) => format!("Stopped. {}", kept_locked(saved)),
    }
}

/// What became of a key that the other device did not confirm.
fn kept_locked(saved: &SavedPairing) -> String {
    format!(
        "The key is kept as “{}”, locked. If the other device shows Same key: \
         keyglance keys confirm {}",
        saved.key_name,
        shell_argument(&saved.key_name)
    )
}
