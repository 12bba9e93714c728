//! What this device stores of pairings, and what may be done with it.

mod code_file;
mod export;
mod gate;
mod identity;
mod pairing_flow;
mod sealing;
pub mod storage;
mod text;
mod verification;

pub use code_file::{
    CodeFileError, CodeFormat, PIXELS_PER_MODULE, replace_code, write_new_code, write_secret_codes,
};
pub use export::{ExportFailure, ExportedCode, ExportedFiles, PreparedExport};
pub use gate::{Refusal, UsableKey, best_key, refusal};
pub use identity::{IdentityBackup, IdentityChangeError, PreparedIdentity, Protection};
pub use pairing_flow::{
    Channel, CheckCodeAnswer, FinishedPairing, PairingFlow, Step, StoreReport, StoreRequest,
};
pub use sealing::{OpenedStream, Opener, Sealer};
pub use storage::*;
pub use text::{printable, shell_quoted};
pub use verification::{FingerprintScanHint, VerificationResult, compare_fingerprint_code};
