//! What the other device shared, in the terminal.

use keyglance_core::identifiers::IdentifierKind;
use keyglance_core::pairing::Card;
use keyglance_core::test_util::{identifiers, shared_card};

use crate::program::{Home, Run, files, pair_through_pipes, paired};

/// The other device shared `card` with each of the keys: written into the profile, as a
/// pairing would have.
pub fn shared(home: &Home, card: &Card) {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(card.to_bytes());
    for path in files(&home.profile().join("keys")) {
        let bytes = std::fs::read(&path).unwrap();
        let Ok(mut key) = serde_json::from_slice::<serde_json::Value>(&bytes) else { continue };
        key["card"] = text.clone().into();
        std::fs::write(&path, key.to_string()).unwrap();
    }
}

/// Two devices that compared, of which the first one's Bo shared one of each.
fn with_card(host: &str) -> Home {
    let [ana, _bo] = paired();
    shared(&ana, &shared_card(host));
    ana
}

/// The same, not compared.
fn not_compared() -> Home {
    let [ana, bo] = [Home::new(), Home::new()];
    pair_through_pipes([&ana, &bo], [&["--name", "Ana"], &["--name", "Bo"]]);
    shared(&ana, &shared_card("bo-laptop"));
    ana
}

/// With a home folder of its own, whose known hosts nobody else changes.
fn run(home: &Home, args: &[&str]) -> Run {
    crate::program::Running::start(home.command(args).env("HOME", home.path(""))).end()
}

#[test]
fn a_public_file_is_written_without_a_question() {
    let ana = with_card("Bo-Laptop");
    let told = run(&ana, &["export", "Bo", "--for", "ssh"]).ended(0);
    let text = told.text();
    assert!(told.err.contains("ssh will trust this key for: bo-laptop"), "{told:?}");
    assert!(text.contains("Wrote Bo.known_hosts") && !text.contains("passphrase"), "{text}");
    assert!(text.contains("cat Bo.known_hosts >> ~/.ssh/known_hosts"), "{text}");
    assert!(text.contains("ssh-keygen -R bo-laptop"), "{text}");
    let line = std::fs::read_to_string(ana.path("Bo.known_hosts")).unwrap();
    assert!(line.starts_with("bo-laptop ssh-ed25519 AAAA"), "{line}");
    let json = run(&ana, &["export", "Bo", "--for", "ssh", "--json"]).ended(0).json();
    assert_eq!(json["trusted_host"], "bo-laptop");
    assert_eq!((&json["public"], &json["protected"]), (&true.into(), &false.into()));
    assert!(json["file"].as_str().unwrap().ends_with("Bo-2.known_hosts"), "nothing is replaced");
    // It is no secret, so nothing protects it, and there is no separate one.
    ana.write("words", "correct horse battery staple\n");
    for more in [&["--passphrase-file", "words"][..], &["--separate-key-for", "office"]] {
        let args = [&["export", "Bo", "--for", "ssh"], more].concat();
        assert!(!run(&ana, &args).ended(2).err.is_empty());
    }
    let left = run(&ana, &["export", "Bo", "--for", "ssh-login", "--out", "-"]).ended(0).text();
    assert!(left.starts_with("restrict,pty ssh-ed25519 ") && left.ends_with(" keyglance:Bo\n"));
}

#[test]
fn a_key_that_is_not_compared_gives_nothing_of_the_card_without_a_word() {
    let ana = not_compared();
    for target in ["ssh", "ssh-login", "Syncthing", "OpenPGP", "age-recipient", "minisign"] {
        let refused = run(&ana, &["export", "Bo", "--for", target, "--out", "x"]).ended(3);
        assert!(refused.err.contains("theirs only if the pairing was with them"), "{refused:?}");
        assert!(refused.err.contains("keyglance compare Bo"), "{refused:?}");
        assert!(refused.err.contains("--not-compared") && !ana.path("x").exists());
    }
    let refused = run(&ana, &["export", "Bo", "--for", "wireguard", "--plain"]).ended(3);
    assert!(refused.err.contains("--not-compared"), "{refused:?}");
    let json = run(&ana, &["export", "Bo", "--for", "ssh", "--json"]).ended(3).json();
    assert_eq!(json["error"]["code"], "not_compared");
    let out = ["--out", "-", "--not-compared"];
    for target in ["ssh", "ssh-login", "age-recipient"] {
        let args = [&["export", "Bo", "--for", target], &out[..]].concat();
        let text = run(&ana, &args).ended(0).text();
        assert!(text.starts_with("# NOT COMPARED\n"), "{target}: {text}");
    }
    let args = ["export", "Bo", "--for", "ssh", "--not-compared", "--require-compared"];
    assert_eq!(run(&ana, &args).code, Some(2));
    // What they shared is shown, and so is what it is worth.
    let shown = run(&ana, &["contacts", "show", "Bo"]).ended(0).text();
    assert!(shown.contains("Not compared: these are theirs only if"), "{shown}");
}

#[test]
fn what_they_shared_is_shown_as_their_programs_show_it() {
    let ana = with_card("bo-laptop");
    for command in ["contacts", "keys"] {
        let shown = run(&ana, &[command, "show", "Bo"]).ended(0).text();
        for one in identifiers("bo-laptop") {
            let line = format!("They shared    {}  {one}\n", one.kind().title());
            assert!(shown.contains(&line), "{line}: {shown}");
        }
        assert!(!shown.contains("Not compared"), "{shown}");
    }
    let contact = run(&ana, &["contacts", "show", "Bo", "--json"]).ended(0).json();
    let key = run(&ana, &["keys", "show", "Bo", "--json"]).ended(0).json();
    assert_eq!(contact["keys"][0]["shared"], key["shared"]);
    let kinds: Vec<_> =
        key["shared"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, IdentifierKind::ALL.map(IdentifierKind::name));
    assert!(key["shared"][0]["key"].as_str().unwrap().starts_with("ssh-ed25519 AAAA"));
    assert!(key["shared"][0]["problem"].is_null());
}

#[test]
fn what_was_not_shared_is_told_with_what_to_do() {
    let [ana, _bo] = paired();
    let missing = run(&ana, &["export", "Bo", "--for", "syncthing"]).ended(3);
    assert!(missing.err.contains("shared no Syncthing device ID."), "{missing:?}");
    assert!(missing.err.contains("--share syncthing"), "{missing:?}");
    assert!(missing.err.contains("--for syncthing-folder"), "the other thing of this name");
    let shown = run(&ana, &["contacts", "show", "Bo"]).ended(0).text();
    assert!(!shown.contains("They shared"), "{shown}");
}

#[test]
fn a_name_that_can_be_another_hosts_is_not_taken() {
    let ana = with_card("github.com");
    let refused = run(&ana, &["export", "Bo", "--for", "ssh", "--out", "x"]).ended(2);
    assert!(refused.err.contains("“github.com”") && refused.err.contains("--host HOST"));
    assert!(!ana.path("x").exists());
    for host in ["*", "github.com,x", "@cert-authority *", "-oProxyCommand=id", "a b"] {
        let host = format!("--host={host}");
        run(&ana, &["export", "Bo", "--for", "ssh", "--out", "x", &host]).ended(2);
        assert!(!ana.path("x").exists(), "{host}");
    }
    let args = ["export", "Bo", "--for", "ssh", "--out", "x", "--host", "[10.0.0.7]:2222"];
    let told = run(&ana, &args).ended(0).text();
    assert!(told.contains("ssh -o StrictHostKeyChecking=yes -p 2222 10.0.0.7"), "{told}");
    assert!(told.contains("HostKeyAlias='[10.0.0.7]:2222'"), "{told}");
}

#[test]
fn a_host_that_ssh_knows_by_another_key_is_told() {
    if !keyglance_core::test_util::found("ssh-keygen") {
        return;
    }
    let ana = with_card("bo-laptop");
    std::fs::create_dir(ana.path(".ssh")).unwrap();
    let other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFhmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZm";
    ana.write(".ssh/known_hosts", format!("bo-laptop {other}\n"));
    let told = run(&ana, &["export", "Bo", "--for", "ssh", "--json"]).ended(0);
    assert!(told.err.contains("ssh knows bo-laptop by another key already"), "{told:?}");
    assert_eq!(told.json()["known_host"], "other_key");
    let list = std::fs::read_to_string(ana.path(".ssh/known_hosts")).unwrap();
    assert_eq!(list, format!("bo-laptop {other}\n"), "it is only read");
}

#[test]
fn what_was_made_of_a_card_is_listed_when_it_was_somebody_elses() {
    let make = |ana: &Home| {
        for target in ["ssh", "ssh-login", "hex"] {
            let args = ["export", "Bo", "--for", target, "--plain", "--not-compared"];
            run(ana, &args).ended(0);
        }
    };
    let undo = ["SSH: ssh-keygen -R bo-laptop", "delete the line that ends in keyglance:Bo"];
    let lists = |run: &Run| {
        assert!(run.err.contains("is still in other programs"), "{run:?}");
        assert!(undo.iter().all(|line| run.err.contains(line)), "{run:?}");
        assert!(!run.err.contains("hex"), "that is of the key: {run:?}");
    };
    // They look at the numbers, and these differ.
    let ana = not_compared();
    make(&ana);
    lists(&run(&ana, &["compare", "Bo", "--differs"]).ended(3));
    let shown = run(&ana, &["contacts", "show", "Bo"]).ended(0).text();
    assert!(undo.iter().all(|line| shown.contains(line)), "and for as long as it stands: {shown}");
    lists(&run(&ana, &["contacts", "delete", "Bo", "--yes"]).ended(0));
    // The other device says no: the key is wiped, and its record with it.
    let ana = not_compared();
    make(&ana);
    lists(&run(&ana, &["compare", "Bo", "--says-no"]).ended(3));
    assert!(files(&ana.profile().join("keys")).is_empty());
}
