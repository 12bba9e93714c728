//! The C ABI: what the page imports and exports. Every call gives the length of the output,
//! or an error's number below zero, and the output then says what happened.
#![allow(unsafe_code, reason = "a page calls these names, and gives memory by its address")]

use std::cell::RefCell;
use std::convert::Infallible;
use std::io::{self, Read, Write};

use keyglance_core::rand_core::{TryCryptoRng, TryRng};
use keyglance_core::zeroize::{Zeroize as _, Zeroizing};

use crate::{Error, Instance, Output};

/// Most bytes of an input.
const MAX_INPUT: usize = 64 * 1024 * 1024;

/// More of the stack than any call with a key takes; a WebAssembly module has 1 MiB.
const WIPED_STACK: usize = 256 * 1024;

/// What the page brings.
#[cfg(target_arch = "wasm32")]
mod host {
    #[link(wasm_import_module = "host")]
    unsafe extern "C" {
        /// Fills `length` bytes from `at` on with random ones.
        pub(super) fn random(at: *mut u8, length: usize);
        /// Puts at most `length` bytes of the file at `at`: how many, 0 at its end, below
        /// zero where it cannot be read.
        pub(super) fn read(at: *mut u8, length: usize) -> i32;
        /// Takes `length` bytes of the result: below zero where it cannot.
        pub(super) fn write(at: *const u8, length: usize) -> i32;
    }
}

/// For type checks where there is no page; nothing calls it.
#[cfg(not(target_arch = "wasm32"))]
mod host {
    pub(super) unsafe fn random(_: *mut u8, _: usize) {}
    pub(super) unsafe fn read(_: *mut u8, _: usize) -> i32 {
        -1
    }
    pub(super) unsafe fn write(_: *const u8, _: usize) -> i32 {
        -1
    }
}

/// The page's random numbers: those of the browser.
struct HostRng;

impl HostRng {
    /// What browsers give in one call.
    const MOST: usize = 65_536;

    fn fill(bytes: &mut [u8]) {
        for part in bytes.chunks_mut(Self::MOST) {
            // SAFETY: the page writes the part's own bytes and keeps no address.
            unsafe { host::random(part.as_mut_ptr(), part.len()) };
        }
    }
}

impl TryRng for HostRng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        Self::fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        Self::fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        Self::fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for HostRng {}

/// For the age library, whose random numbers are the platform's.
#[cfg(target_arch = "wasm32")]
mod for_age {
    fn random(bytes: &mut [u8]) -> Result<(), getrandom_02::Error> {
        super::HostRng::fill(bytes);
        Ok(())
    }

    getrandom_02::register_custom_getrandom!(random);
}

/// The file that the page reads.
struct HostFile;

impl Read for HostFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // SAFETY: the page writes at most the buffer's own bytes and keeps no address.
        let read = unsafe { host::read(buffer.as_mut_ptr(), buffer.len()) };
        let read = usize::try_from(read).ok().filter(|read| *read <= buffer.len());
        read.ok_or_else(|| io::ErrorKind::Other.into())
    }
}

/// The result that the page takes.
struct HostResult;

impl Write for HostResult {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // SAFETY: the page reads these bytes alone and keeps no address.
        let taken = unsafe { host::write(bytes.as_ptr(), bytes.len()) };
        if taken < 0 { Err(io::ErrorKind::Other.into()) } else { Ok(bytes.len()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

thread_local! {
    static INSTANCE: RefCell<Instance<HostRng>> = RefCell::new(Instance::default());
    static INPUT: RefCell<Zeroizing<Vec<u8>>> = RefCell::default();
    static OUTPUT: RefCell<Output> = RefCell::default();
}

/// Does a call with the input, and keeps what it gives as the output.
fn call(work: impl FnOnce(&mut Instance<HostRng>, &[u8]) -> Result<Output, Error>) -> i32 {
    const BUSY: Error = Error::State("another call is running");
    let result = INSTANCE.with(|instance| {
        let mut instance = instance.try_borrow_mut().map_err(|_| BUSY)?;
        INPUT.with(|input| work(&mut instance, &input.try_borrow().map_err(|_| BUSY)?))
    });
    let (output, code) = match result {
        Ok(output) => (output, None),
        Err(error) => (Output::new(error.to_json()), Some(error.code())),
    };
    let length = i32::try_from(output.len()).unwrap_or(i32::MAX);
    OUTPUT.set(output);
    code.unwrap_or(length)
}

/// The same; the input, which may be secret, is wiped afterwards.
fn call_and_wipe(work: impl FnOnce(&mut Instance<HostRng>, &[u8]) -> Result<Output, Error>) -> i32 {
    let code = call(work);
    INPUT.with(|input| {
        if let Ok(mut input) = input.try_borrow_mut() {
            input.zeroize();
        }
    });
    code
}

/// Where the page writes `length` bytes of input; null for more than 64 MiB. What was there
/// is wiped.
// SAFETY: no other symbol of the module has this name.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
#[must_use]
pub extern "C" fn input(length: usize) -> *mut u8 {
    if length > MAX_INPUT {
        return std::ptr::null_mut();
    }
    INPUT.with(|input| {
        let Ok(mut input) = input.try_borrow_mut() else { return std::ptr::null_mut() };
        if length > input.capacity() {
            // A buffer that grows leaves copies behind.
            *input = Zeroizing::new(vec![0; length]);
        } else {
            input.fill(0);
            input.resize(length, 0);
        }
        input.as_mut_ptr()
    })
}

/// Where the output of the last call is.
// SAFETY: no other symbol of the module has this name.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
#[must_use]
pub extern "C" fn output() -> *const u8 {
    OUTPUT.with_borrow(|output| output.as_ptr())
}

/// The length of the output, of an error's too.
// SAFETY: no other symbol of the module has this name.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
#[must_use]
pub extern "C" fn output_length() -> usize {
    OUTPUT.with_borrow(|output| output.len())
}

/// When `tick` has something to do next, in milliseconds; -1 for never.
// SAFETY: no other symbol of the module has this name.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
#[must_use]
pub extern "C" fn next_deadline() -> f64 {
    INSTANCE.with(|instance| instance.try_borrow().map_or(-1.0, |it| it.next_deadline()))
}

/// Wipes the instance, both buffers, and what the calls before left of the stack.
// SAFETY: no other symbol of the module has this name.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn wipe() -> i32 {
    let code = call_and_wipe(|it, _| {
        it.wipe();
        Ok(Output::default())
    });
    INPUT.set(Zeroizing::default());
    wipe_stack();
    code
}

/// Writes zeros where the frames of earlier calls were, which may have held secrets.
#[inline(never)]
fn wipe_stack() {
    let mut frames = [0xff_u8; WIPED_STACK];
    frames.zeroize();
    std::hint::black_box(&frames);
}

macro_rules! exports {
    ($call:ident: $($(#[$doc:meta])* $name:ident($($argument:ident: $kind:ty),*) $work:expr;)*) => {$(
        $(#[$doc])*
        // SAFETY: no other symbol of the module has this name.
        #[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
        pub extern "C" fn $name($($argument: $kind),*) -> i32 {
            $call($work)
        }
    )*};
}

// The next frame is written over this one.
exports! { call:
    /// [`Instance::decode_luma`].
    decode_luma(width: u32, height: u32, stride: u32)
        |it, pixels| it.decode_luma(pixels, (width, height, stride));
    /// [`Instance::decode_rgba`].
    decode_rgba(width: u32, height: u32) |it, pixels| it.decode_rgba(pixels, (width, height));
    /// [`Instance::decode_picture_rgba`].
    decode_picture_rgba(width: u32, height: u32)
        |it, pixels| it.decode_picture_rgba(pixels, (width, height));
}

exports! { call_and_wipe:
    /// [`Instance::reader_effort`].
    reader_effort(level: u32) |it, _| it.reader_effort(level);
    /// [`Instance::encode`].
    encode() |it, bytes| it.encode(bytes);
    /// [`Instance::begin`].
    begin(now: f64, suites: u32) |it, name| it.begin(name, now, suites, HostRng);
    /// [`Instance::reduce_motion`]: 0 or 1.
    reduce_motion(reduced: u32) |it, _| {
        it.reduce_motion(reduced != 0);
        Ok(Output::default())
    };
    /// [`Instance::sighted`].
    sighted(now: f64) |it, code| it.sighted(code, now);
    /// [`Instance::tick`].
    tick(now: f64) |it, _| it.tick(now);
    /// [`Instance::restart`].
    restart(now: f64) |it, _| it.restart(now);
    /// [`Instance::cancel`].
    cancel() |it, _| it.cancel();
    /// [`Instance::acknowledge`].
    acknowledge() |it, _| it.acknowledge();
    /// [`Instance::code`].
    code(now: f64) |it, _| it.code(now);
    /// [`Instance::text`].
    text() |it, _| Ok(it.text());
    /// [`Instance::compare`].
    compare(unix: f64) |it, typed| it.compare(typed, unix);
    /// [`Instance::differ`].
    differ() |it, _| it.differ();
    /// [`Instance::summary`].
    summary(unix: f64) |it, _| it.summary(unix);
    /// [`Instance::card`].
    card() |it, _| it.card();
    /// [`Instance::targets`].
    targets() |it, _| it.targets();
    /// [`Instance::export`].
    export(unix: f64) |it, request| it.export(request, unix);
    /// [`Instance::export_details`].
    export_details() |it, _| it.export_details();
    /// [`Instance::key_json`].
    key_json() |it, _| it.key_json();
    /// [`Instance::import`].
    import(_unix: f64) |it, input| it.import(input);
    /// [`Instance::key_file`].
    key_file(log2: u32) |it, passphrase| it.key_file(passphrase, log2);
    /// [`Instance::passphrase_check`].
    passphrase_check() |it, passphrase| it.passphrase_check(passphrase);
    /// [`Instance::seal`].
    seal(_unix: f64) |it, purpose| it.seal(purpose, HostFile, HostResult);
    /// [`Instance::open`].
    open() |it, purposes| it.open(purposes, HostFile, HostResult);
    /// [`Instance::version`].
    version() |it, _| Ok(it.version());
}
