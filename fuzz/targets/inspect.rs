#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| keyglance_fuzz::bodies::inspect::run(data));
