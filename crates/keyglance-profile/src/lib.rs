//! What this device keeps of its pairings, and what may be done with it.
//!
//! # Where to begin
//!
//! - [`Profile`] is a folder with this device's identity, its contacts and the keys
//!   that it shares with them. Every change is atomic and survives a crash.
//! - [`PairingFlow`] runs a pairing and stores its key before the other device is
//!   told; [`Profile::enter_check_code`] takes what a person typed.
//! - [`Profile::usable_key`] is the one gate: a key that passes it can be exported
//!   ([`Profile::prepare_export`]) or sealed with ([`Profile::sealer`]); one that does
//!   not says why ([`Refusal`]).
//! - [`Profile::card_to_share`] says what this device tells of itself when it pairs:
//!   nothing that the user did not choose.
//! - [`Profile::record_verification`], [`PreparedIdentity`] and [`IdentityBackup`] do
//!   the rest of what a person does with contacts and with this device's identity.
//!
//! A program's own part is to ask, to show and to report. Dates and random numbers
//! are passed in.
//!
//! ```
//! use std::sync::Arc;
//! use std::time::Duration;
//!
//! use keyglance_core::crypto::{IdentityKey, Purpose};
//! use keyglance_core::exports::{OptionValues, Target};
//! use keyglance_core::pairing::{CheckEntry, DisplayName, Session};
//! use keyglance_core::{SysRng, jiff::Timestamp, rand_core::UnwrapErr};
//! use keyglance_profile::{Channel, PairingFlow, Profile, Require, Step};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let folder = folder.path().join("profile");
//! let profile = Profile::open(&folder)?;
//! let mut rng = UnwrapErr(SysRng);
//! let now = Timestamp::now();
//! let own = profile.new_identity(Some(DisplayName::new("Ana's laptop")?), &mut rng, now)?;
//! let mut flow = PairingFlow::new(Arc::new(own.key), own.name, None, rng, Duration::ZERO);
//!
//! // The other device; a real one is seen by a camera.
//! let mut rng = UnwrapErr(SysRng);
//! let key = Arc::new(IdentityKey::generate(&mut rng));
//! let mut bo = Session::new(key, DisplayName::new("Bo's laptop")?, rng, Duration::ZERO);
//!
//! let mut time = Duration::ZERO;
//! let mut finished = None;
//! while finished.is_none() {
//!     time += Duration::from_millis(100);
//!     bo.handle(time, &flow.code().ok_or("the pairing failed")?);
//!     let seen = bo.code().ok_or("Bo's session failed")?.to_owned();
//!     let steps = flow.handle(time, &seen, Channel::Camera);
//!     for step in flow.store(steps, &profile, now) {
//!         if let Step::Finished(pairing) = step {
//!             finished = Some(pairing);
//!         }
//!     }
//! }
//! let finished = finished.ok_or("no pairing")?;
//! // Show `finished.check_code`, and take what a person reads off the other screen.
//! let typed = bo.check_code().ok_or("Bo shows nothing")?.digits();
//! let entry = profile.enter_check_code(finished.saved.key_id, &typed, now)?;
//! assert_eq!(entry, CheckEntry::Match);
//!
//! let key = profile.usable_key(finished.saved.key_id, Require::Compared)?;
//! let target = Target::find("age")?;
//! let export = profile.prepare_export(key, target, Purpose::none(), &OptionValues::default())?;
//! let files = export.write_file(&folder.with_file_name("ana.txt"), now)?;
//! assert!(files.path.exists() && files.public.is_some());
//! # Ok(())
//! # }
//! ```

mod card;
mod challenge;
mod code_file;
mod export;
mod file_kind;
mod file_names;
mod gate;
mod get_command;
mod identity;
mod known_host;
mod lookup;
mod pairing_flow;
mod paper;
mod passphrases;
mod phone_page;
mod sealing;
pub mod storage;
mod usage;
mod verdict;
mod verification;

pub use card::{
    CardCandidate, CardNotice, CardPlace, CardPlaces, CardReadError, CardSource, GpgError, OwnCard,
    OwnCardEntry, Share, ShareError, SharedCard,
};
pub use code_file::{
    CodeFileError, CodeFormat, PIXELS_PER_MODULE, replace_code, write_new_code, write_secret_codes,
};
pub use export::{ExportFailure, ExportedCode, ExportedFiles, PreparedExport};
pub use file_kind::{
    FileKind, FileKindError, OpenKeyError, Protected, file_kind, kind_of, open_protected, read_key,
};
pub use file_names::{file_address, named_file, pasted_paths};
pub use gate::{Refusal, Require, UsableKey, best_key, newcomers, refusal, shared_refusal};
pub use get_command::GetCommand;
pub use identity::{IdentityBackup, IdentityChangeError, PreparedIdentity, Protection};
pub use keyglance_core;
pub use keyglance_core::outgoing::{
    printable, printable_lines, printable_path, shell_argument, shell_path, shell_quoted,
};
pub use keyglance_qr;
pub use known_host::KnownHost;
pub use lookup::{Candidate, CandidateId};
pub use pairing_flow::{Channel, FinishedPairing, PairingFlow, Step, StoreReport, StoreRequest};
pub use paper::{
    FromPaper, PageRead, Paper, PaperError, PaperPage, PaperReader, write_pages, write_restored,
};
pub use passphrases::{Strength, six_words};
pub use phone_page::{
    MAX_PAGE_ADDRESS, PHONE_PAGE_FILES, PageAddress, PageAddressError, PhonePage, PhonePageError,
};
pub use sealing::{
    OpenedStream, Opener, SealFileError, Sealer, is_called_sealed, sealed_path, unsealed_path,
};
pub use storage::*;
pub use usage::{program_undo_lines, program_usage_lines, undo_lines, usage_lines};
pub use verdict::Verdict;
pub use verification::{
    FingerprintScan, FingerprintScanHint, VerificationResult, compare_fingerprint_code, shown_by,
};
