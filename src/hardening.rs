//! What this process asks of the system for the sake of its secrets.

/// Leaves no core dump behind: it would hold every key in use.
///
/// With `alone`, also keeps other programs of the same user from reading this one's
/// memory. The window does without: desktop portals, which show its file dialogs,
/// look up who calls them in `/proc` and refuse what they cannot look up.
pub fn harden(alone: bool) {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        // Where it fails the limit is what it was, which is no reason not to work.
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
    #[cfg(target_os = "linux")]
    if alone {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = alone;
}

/// Lets desktop portals look up who calls them, as the window does.
#[cfg(feature = "cli")]
pub fn admit_portals() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::Dumpable);
    }
}
