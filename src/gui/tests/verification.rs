//! Verifying a contact by its safety number and its fingerprint code.

use super::harness::paired;
use super::{TestHarness, peer};
use keyglance_core::crypto::{Fingerprint, FingerprintCode};
use keyglance_core::trust::Method;
use keyglance_core::trust::Trust;

/// The name by which a row is ticked: digit by digit.
pub fn rows(number: &str) -> Vec<String> {
    let digits: Vec<String> =
        number.chars().filter(char::is_ascii_digit).map(String::from).collect();
    let group = |group: &[String]| group.join(" ");
    digits.chunks(15).map(|row| row.chunks(5).map(group).collect::<Vec<_>>().join(", ")).collect()
}

#[test]
fn four_ticked_rows_verify_and_a_mismatch_blocks_exports() {
    let (mut bench, bo) = paired();
    // One contact of one: nobody has to be chosen.
    bench.click("Check a contact…");
    assert!(bench.sees("Check \u{201c}Bo\u{201d}"));
    let rows = rows(&bo.pairing().unwrap().safety_number().to_string());
    assert_eq!(rows.len(), 4);
    for row in &rows {
        assert!(!bench.enabled("All four match"));
        bench.click(row);
    }
    // What was ticked by mistake is taken back.
    bench.click(&rows[1]);
    assert!(!bench.enabled("All four match"));
    bench.click(&rows[1]);
    bench.click("All four match");
    assert!(bench.sees("Compared with Bo"));
    let trust = |bench: &TestHarness| bench.profile().find_contact("Bo").unwrap().trust();
    let Trust::Verified(verified) = trust(&bench) else { panic!() };
    assert_eq!(verified.method, Method::SafetyNumber);
    bench.click("Done");
    assert!(bench.sees("by safety number"));

    bench.click("Compare again…");
    bench.click("They differ");
    // One slip of the hand does not count.
    assert!(matches!(trust(&bench), Trust::Verified(_)));
    bench.click("Read it again");
    assert!(matches!(trust(&bench), Trust::Verified(_)) && !bench.sees("do not match"));
    bench.click("They differ");
    bench.click("Yes, they differ");
    assert!(bench.sees("These numbers do not match."));
    assert_eq!(trust(&bench), Trust::Broken);
    bench.click("Close");
    assert!(bench.sees("Does not match") && !bench.sees("Use key with…"));
    // The page says one thing: no line of it says that the key is compared.
    assert!(!bench.sees("Compared 2 May 2026 by"));
    bench.click("Back to Home");
    assert!(bench.sees("Does not match") && bench.sees("Compare with Bo"));
}

#[test]
fn who_is_meant_is_asked_only_where_there_are_several() {
    let mut bench = TestHarness::ana();
    bench.click("Check a contact…");
    assert!(bench.sees("No contacts yet."));
    bench.click("Pair a device");
    bench.click("Cancel");
    for (name, seed) in [("Bo", 1), ("Cleo", 2)] {
        bench.pair(&mut peer(name, seed, seed));
        bench.compare_later();
        bench.click("Done");
    }
    bench.click("Check a contact…");
    assert!(bench.sees("Who?"));
    bench.click("Cleo");
    assert!(bench.sees("Check \u{201c}Cleo\u{201d}"));
    bench.click("Not in the list? Add somebody by a code or public key…");
    assert!(bench.sees("Add somebody you have not paired with"));
}

#[test]
fn scanning_their_fingerprint_code_verifies_and_a_foreign_one_does_not() {
    let (mut bench, bo) = paired();
    let local = Fingerprint::of(&bo.pairing().unwrap().local.identity);
    let remote = Fingerprint::of(&bo.pairing().unwrap().peer.identity);
    bench.click("Check a contact…");
    bench.click("Show mine");
    assert!(bench.sees("Our verification code"));
    bench.click("Done");
    bench.click("Scan theirs");
    bench.camera_sees("KG1:AAAA");
    assert!(bench.sees("not a verification code"));
    bench.camera_sees(&FingerprintCode::new(&remote, &local).to_text());
    assert!(bench.sees("That is our own code."));
    bench.camera_sees(&FingerprintCode::new(&local, &remote).to_text());
    assert!(bench.sees("Compared with Bo"));
    bench.click("Done");
    bench.click("Compare again…");
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
