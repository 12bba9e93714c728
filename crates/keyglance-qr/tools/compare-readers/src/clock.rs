//! Time that the processor spent, not time that passed: other programs do not count.

/// CPU time of this thread, in milliseconds.
#[cfg(unix)]
pub(crate) fn cpu_milliseconds() -> f64 {
    use rustix::time::{ClockId, clock_gettime};

    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

/// Where no such clock is at hand, time that passed.
#[cfg(not(unix))]
pub(crate) fn cpu_milliseconds() -> f64 {
    use std::sync::LazyLock;
    use std::time::Instant;

    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed().as_secs_f64() * 1e3
}
