//! Verifying a contact by its safety number and its fingerprint code.

use super::harness::paired;
use keyglance_core::crypto::{Fingerprint, FingerprintCode};
use keyglance_core::trust::Method;
use keyglance_core::trust::Trust;

#[test]
fn four_ticked_rows_verify_and_a_mismatch_blocks_exports() {
    let (mut bench, bo) = paired();
    bench.click("Check Bo");
    let number = bo.pairing().unwrap().safety_number();
    let rows: Vec<String> = number
        .to_string()
        .split(' ')
        .collect::<Vec<_>>()
        .chunks(3)
        .map(|row| row.join(" "))
        .collect();
    assert_eq!(rows.len(), 4);
    for row in &rows {
        assert!(!bench.enabled("All match"));
        bench.click(row);
    }
    bench.click("All match");
    assert!(bench.sees("Bo is verified"));
    let Trust::Verified(verified) = bench.profile().find_contact("Bo").unwrap().trust() else {
        panic!()
    };
    assert_eq!(verified.method, Method::SafetyNumber);
    bench.click("Done");
    bench.click("Check safety number");
    bench.click("They don't match");
    assert!(bench.sees("These numbers do not match."));
    assert_eq!(bench.profile().find_contact("Bo").unwrap().trust(), Trust::Broken);
    bench.click("Stop using this key");
    assert!(bench.sees("Does not match") && !bench.enabled("Export…"));
}

#[test]
fn scanning_their_fingerprint_code_verifies_and_a_foreign_one_does_not() {
    let (mut bench, bo) = paired();
    let local = Fingerprint::of(&bo.pairing().unwrap().local.identity);
    let remote = Fingerprint::of(&bo.pairing().unwrap().peer.identity);
    bench.click("Check Bo");
    bench.click("Show mine");
    assert!(bench.sees("Our fingerprint code"));
    bench.click("Done");
    bench.click("Scan theirs");
    bench.camera_sees("KG1:AAAA");
    assert!(bench.sees("not a verification code"));
    bench.camera_sees(&FingerprintCode::new(&remote, &local).to_text());
    assert!(bench.sees("That is our own code."));
    bench.camera_sees(&FingerprintCode::new(&local, &remote).to_text());
    assert!(bench.sees("Bo is verified"));
    bench.click("Done");
    bench.click("Check safety number");
    bench.click("Scan theirs");
    // One wrong code in view says nothing of Bo: it may be anybody's screen.
    bench.camera_sees(&FingerprintCode::new(&local, &local).to_text());
    let trust = |bench: &crate::gui::tests::TestHarness| {
        bench.profile().find_contact("Bo").unwrap().trust()
    };
    assert!(bench.sees("Was it the screen of Bo that you scanned?"));
    assert!(matches!(trust(&bench), Trust::Verified(_)));
    bench.click("No, scan again");
    let stranger = Fingerprint::from_bytes([7; 32]);
    bench.camera_sees(&FingerprintCode::new(&stranger, &remote).to_text());
    assert!(bench.sees("This is not the code that Bo would show to this device."));
    assert!(matches!(trust(&bench), Trust::Verified(_)));
    bench.click("Yes: it does not match");
    assert!(bench.sees("These numbers do not match."));
    assert_eq!(bench.profile().find_contact("Bo").unwrap().trust(), Trust::Broken);
}
