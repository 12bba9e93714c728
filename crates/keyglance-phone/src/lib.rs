//! What the page for phones is made of: the session, the reader, the exports and files, as
//! one WebAssembly module.
//!
//! [`Instance`] has a method for each call and is what the tests drive; [`abi`]
//! puts them behind a C ABI, with a buffer for what goes in and one for what comes out, and
//! is the only code of the workspace that is unsafe. The page beside it (`page/`) shows and
//! asks; no rule about keys is decided there or here.

pub mod abi;
mod code;
mod error;
mod event;
mod export;
mod files;
mod instance;
mod key;
mod reader;
mod session;

pub use error::Error;
pub use instance::{Instance, Output};
pub use reader::{Effort, Reader};
