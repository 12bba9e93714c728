//! Panics of other crates become a miss.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// `None` where `call` panics: anyone may send a picture, and none may end the program.
pub(crate) fn catch_panic<T>(call: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(call)).ok()
}
