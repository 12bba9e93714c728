//! Keys of both suites: how the program tells them apart, and what it makes of each.

use keyglance_core::test_util::KEY_FILE_VECTORS;
use serde_json::Value;

use crate::program::{Home, pair_and_compare, result};

/// A home with the published key of suite 1, called Classic, and that of suite 2, called
/// Hybrid.
fn home() -> (Home, Value) {
    let home = Home::new();
    let vectors: Value = serde_json::from_str(KEY_FILE_VECTORS).unwrap();
    for (name, file) in [("Classic", 0), ("Hybrid", 2)] {
        home.write("key.keyglance", vectors["key_files"][file].to_string());
        home.run(["import", "key.keyglance", "--name", name]).ended(0);
    }
    (home, vectors)
}

#[test]
fn a_post_quantum_identity_is_made_of_a_post_quantum_key_only() {
    let (home, vectors) = home();
    let refused = home.run(["export", "Classic", "--for", "age-pq", "--plain"]).ended(3);
    for said in ["made without post-quantum protection", "Pair again", "keyglance keys"] {
        assert!(refused.err.contains(said), "{refused:?}");
    }
    let mut files = std::fs::read_dir(home.path("")).unwrap();
    assert!(!files.any(|file| file.unwrap().file_name().to_string_lossy().contains("age-pq")));
    let piped = ["export", "Classic", "--for", "age-pq", "--plain", "--out", "-"];
    assert!(home.run(piped).ended(3).out.is_empty());

    home.run(["export", "Hybrid", "--for", "age-pq", "--plain", "--out", "id"]).ended(0);
    let published = vectors["files"].as_array().unwrap();
    let published = published.iter().find(|file| file["target"] == "age-pq").unwrap();
    for (file, member) in [("id", "text"), ("id.pub", "public")] {
        assert_eq!(std::fs::read_to_string(home.path(file)).unwrap(), published[member]);
    }
    // The old targets are made of both.
    for name in ["Classic", "Hybrid"] {
        home.run(["export", name, "--for", "age", "--plain"]).ended(0);
    }
}

#[test]
fn every_list_says_which_keys_are_post_quantum() {
    let (home, _) = home();
    let list = home.run(["keys", "list"]).ended(0).text();
    for line in list.lines() {
        assert_eq!(line.contains("post-quantum"), line.ends_with("Hybrid"), "{line}");
    }
    let keys = home.run(["keys", "list", "--json"]).ended(0).json()["keys"].clone();
    let told = |key: &Value| (key["suite"].clone(), key["post_quantum"].clone());
    for key in keys.as_array().unwrap() {
        let hybrid = key["name"] == "Hybrid";
        let suite = if hybrid {
            "Noise_XXhfs_25519+MLKEM768_ChaChaPoly_SHA256"
        } else {
            "Noise_XX_25519_ChaChaPoly_SHA256"
        };
        assert_eq!(told(key), (suite.into(), hybrid.into()));
        let name = key["name"].as_str().unwrap();
        let shown = home.run(["keys", "show", name, "--json"]).ended(0).json();
        assert_eq!(told(&shown), told(key));
        let contact = home.run(["contacts", "show", name, "--json"]).ended(0).json();
        assert_eq!(told(&contact["keys"][0]), told(key));
        for command in ["keys", "contacts"] {
            let text = home.run([command, "show", name]).ended(0).text();
            assert_eq!(text.contains("quantum"), hybrid, "{text}");
        }
        let safe = "Also safe from a quantum computer that recorded the pairing.";
        let text = home.run(["keys", "show", name]).ended(0).text();
        assert_eq!(text.lines().any(|line| line == safe), hybrid, "{text}");
    }
}

#[test]
fn the_list_of_targets_says_which_need_a_post_quantum_key() {
    let home = Home::new();
    let text = home.run(["export", "--list"]).ended(0).text();
    let marked = |line: &&str| line.ends_with("[post-quantum]");
    let marked: Vec<_> = text.lines().filter(marked).map(str::trim_start).collect();
    assert!(matches!(marked[..], [line] if line.starts_with("age post-quantum ")), "{text}");
    let list = home.run(["export", "--list", "--json"]).ended(0).json();
    for program in list["programs"].as_array().unwrap() {
        assert_eq!(program["post_quantum"], program["target"] == "age-pq", "{program}");
    }
}

/// Devices of today agree on suite 2, unless one of them is told otherwise; what is then
/// made on both sides fits, or is refused on both.
#[test]
fn what_two_devices_agreed_on_decides_what_is_made_of_it() {
    for (more, post_quantum) in [(&[][..], true), (&["--suite", "1"][..], false)] {
        let homes = [Home::new(), Home::new()];
        let names = [["--name", "Ana"], ["--name", "Bo"]];
        let args = [[&names[0][..], more].concat(), names[1].to_vec()];
        let both = pair_and_compare([&homes[0], &homes[1]], [&args[0], &args[1]]);
        let mut recipients = Vec::new();
        for (home, (run, _)) in homes.iter().zip(&both) {
            let told = result(run);
            assert_eq!(told["post_quantum"], post_quantum);
            let suite = told["suite"].as_str().unwrap();
            assert_eq!(suite.contains("+MLKEM768_"), post_quantum, "{suite}");
            let key = told["key_id"].as_str().unwrap();
            let export = ["export", key, "--for", "age-pq", "--plain", "--out", "id"];
            home.run(export).ended(if post_quantum { 0 } else { 3 });
            recipients.extend(std::fs::read_to_string(home.path("id.pub")));
        }
        assert_eq!(recipients.len(), if post_quantum { 2 } else { 0 });
        for recipient in &recipients {
            assert_eq!(recipient, &recipients[0]);
            assert!(recipient.starts_with("age1pq1") && recipient.len() == 1960);
        }
    }
}
