//! Turns panics of other crates into a missing result.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// `None` if `call` panics: pictures come from anyone, and none of them may end the
/// program.
pub(crate) fn catch_panic<T>(call: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(call)).ok()
}
