//! Codes that phones scan, pages to print, and key files that come back.

use std::path::Path;

use jiff::Timestamp;
use keyglance_core::exports::{Group, TARGETS};
use keyglance_core::trust::Trust;
use keyglance_profile::{Profile, Require};
use keyglance_qr as qr;
use serde_json::json;

use crate::program::{Home, files, pair_and_compare, paired};
use keyglance_core::test_util::assert_hides;

/// What a camera reads from a picture file.
fn scanned(picture: &Path) -> String {
    let picture = qr::load_grayscale(&std::fs::read(picture).unwrap()).unwrap();
    let mut codes = qr::decode_image(&picture);
    assert_eq!(codes.len(), 1);
    codes.remove(0).into_text().unwrap()
}

/// Draws the paths of an SVG, eight pixels a module, as a browser would.
pub fn drawn(svg: &str) -> image::GrayImage {
    let side = between(svg, "viewBox=\"0 0 ", "\"").split(' ').next().unwrap().parse::<u32>();
    let side = side.unwrap();
    let mut picture = image::GrayImage::from_pixel(8 * side, 8 * side, image::Luma([255]));
    for part in between(svg, " d=\"M", "z\"").split("zM") {
        let (at, run) = part.split_once('h').unwrap();
        let (x, y) = at.split_once(' ').unwrap();
        let (x, y): (u32, u32) = (x.parse().unwrap(), y.parse().unwrap());
        let run: u32 = run.split('v').next().unwrap().parse().unwrap();
        for (i, j) in (8 * x..8 * (x + run)).flat_map(|i| (8 * y..8 * (y + 1)).map(move |j| (i, j)))
        {
            picture.put_pixel(i, j, image::Luma([0]));
        }
    }
    picture
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    text.split_once(start).unwrap().1.split_once(end).unwrap().0
}

fn exported(home: &Home, name: &str, target: &str, more: &[&str]) -> String {
    let args = ["export", name, "--for", target, "--plain", "--out", "-"];
    home.run(args.iter().chain(more)).ended(0).text()
}

fn is_private(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777 == 0o600
}

#[test]
fn a_code_holds_what_the_export_holds() {
    let [ana, bo] = paired();
    // Two codes are a page: `both_one_time_codes_are_on_one_page`.
    let phones =
        TARGETS.iter().filter(|target| target.scanned_by.is_some() && target.name != "totp");
    for target in phones.map(|target| target.name) {
        let more: &[&str] = if target == "wireguard" { &["--own-devices"] } else { &[] };
        let expected = exported(&ana, "Bo", target, more);
        let file = format!("{target}.png");
        let args = ["code", "Bo", "--for", target, "--out", &file];
        let run = ana.run(args.iter().chain(more)).ended(0);
        assert_eq!(scanned(&ana.path(&file)), expected, "{target}");
        assert!(run.text().contains("This code is the secret."), "{run:?}");
        assert!(is_private(&ana.path(&file)));
        assert!(!run.text().contains(&expected) && !run.err.contains(&expected));

        // The same by way of export, for another purpose, on the other side.
        let more = [more, &["--purpose", "office"]].concat();
        let file = format!("{target}.svg");
        let args = ["export", "Ana", "--for", target, "--qr", "--out", &file];
        bo.run(args.iter().chain(&more)).ended(0);
        let svg = std::fs::read_to_string(bo.path(&file)).unwrap();
        assert_eq!(
            qr::decode_image(&drawn(&svg))[0].text().as_deref().unwrap(),
            exported(&bo, "Ana", target, &more)
        );
    }
}

#[test]
fn a_page_has_every_code_with_its_label_and_warning_and_fetches_nothing() {
    let homes = [Home::new(), Home::new()];
    let names: [&[&str]; 2] = [&["--name", "Ana"], &["--name", "<i>Bo</i> & \"co\""]];
    pair_and_compare([&homes[0], &homes[1]], names);
    let ana = &homes[0];
    let key = "<i>Bo</i> & \"co\"";
    let args = ["code", key, "--for", "wifi", "--for", "meshtastic", "--for", "wireguard"];
    let more = ["--own-devices", "--ssid", "Guests", "--out", "page.html", "--json"];
    let run = ana.run(args.iter().chain(&more)).ended(0);
    assert_eq!(run.json()["codes"].as_array().unwrap().len(), 3);
    assert!(is_private(&ana.path("page.html")));
    let page = std::fs::read_to_string(ana.path("page.html")).unwrap();
    let figures: Vec<_> = page.split("<figure>").skip(1).collect();
    for (figure, (target, more)) in figures.iter().zip([
        ("wifi", ["--ssid", "Guests"].as_slice()),
        ("meshtastic", &[]),
        ("wireguard", &["--own-devices"]),
    ]) {
        assert_eq!(
            qr::decode_image(&drawn(figure))[0].text().as_deref().unwrap(),
            exported(ana, key, target, more)
        );
        assert!(figure.contains("This code is the secret."), "{target}");
        assert!(figure.contains("Anyone with this code can"), "{target}");
        assert!(figure.contains(&format!("{target}: &lt;i&gt;Bo&lt;/i&gt; &amp; &quot;co&quot;")));
    }
    assert_eq!(figures.len(), 3);
    assert!(figures[2].contains("impersonate"), "the warning of derived private keys");
    assert!(!page.contains("<i>") && !page.contains("<script") && !page.contains("src="));
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn both_one_time_codes_are_on_one_page() {
    let homes = paired();
    let codes = [(0, "Bo"), (1, "Ana")].map(|(side, other)| {
        let args = ["code", other, "--for", "totp", "--out", "codes.html"];
        homes[side].run(args).ended(0);
        let page = std::fs::read_to_string(homes[side].path("codes.html")).unwrap();
        let figures: Vec<_> = page.split("<figure>").skip(1).collect();
        let [own, theirs] = figures[..] else { panic!("{} figures", figures.len()) };
        assert!(own.contains("I say") && theirs.contains("says to me"), "{page}");
        [own, theirs].map(|figure| {
            let code = qr::decode_image(&drawn(figure)).remove(0).into_text().unwrap();
            between(&code, "secret=", "&").to_owned()
        })
    });
    let [[ana_says, bo_is_heard], [bo_says, ana_is_heard]] = codes;
    assert_eq!((&ana_says, &bo_says), (&ana_is_heard, &bo_is_heard));
    assert_ne!(ana_says, bo_says);

    // A picture holds one: nothing is written, nor on record as shown.
    let shown = |home: &Home| home.run(["keys", "show", "Bo", "--json"]).json().to_string();
    let before = shown(&homes[0]);
    let run = homes[0].run(["code", "Bo", "--for", "totp", "--out", "x.png"]).ended(2);
    assert!(run.err.contains(".html") && !homes[0].path("x.png").exists(), "{run:?}");
    assert_eq!(shown(&homes[0]), before);
}

#[test]
fn what_is_not_for_a_phone_is_not_shown_as_a_code() {
    let [ana, _bo] = paired();
    for target in TARGETS.iter().filter(|target| target.scanned_by.is_none()) {
        let out = format!("{}.png", target.name);
        let run = ana.run(["code", "Bo", "--for", target.name, "--out", &out]).ended(2);
        assert!(run.err.contains("wireguard") && run.err.contains("wifi"), "{run:?}");
        assert!(!ana.path(&out).exists());
    }
    ana.write("there.png", "precious");
    for (args, code, what) in [
        (&["code", "Bo", "--for", "wireguard", "--out", "x.png"][..], 2, "--own-devices"),
        (&["code", "Bo", "--for", "wifi", "--for", "meshtastic", "--out", "x.png"], 2, ".html"),
        (&["code", "Bo", "--for", "wifi", "--out", "x.gif"], 2, ".gif"),
        (&["code", "Bo", "--for", "wifi"], 2, "--out"),
        (&["code", "Bo", "--for", "wifi", "--channel", "x", "--out", "x.png"], 2, "channel"),
        (&["code", "Bo", "--for", "wifi", "--ssid", "a\nb", "--out", "x.png"], 2, "ssid"),
        (&["code", "Nobody", "--for", "wifi", "--out", "x.png"], 1, "Nobody"),
        (&["code", "Bo", "--for", "wifi", "--out", "there.png"], 1, "already there"),
        (&["export", "Bo", "--for", "hex", "--qr", "--out", "x.png"], 2, "not shown as a code"),
        (
            &["export", "Bo", "--for", "age", "--plain", "--ssid", "x"],
            2,
            "no option --ssid for age",
        ),
        (&["export", "Bo", "--for", "wireguard", "--plain", "--address", "x"], 2, "--address is"),
    ] {
        let run = ana.run(args).ended(code);
        assert!(run.err.contains(what), "{args:?}: {run:?}");
        assert!(!ana.path("x.png").exists());
    }
    assert_eq!(std::fs::read(ana.path("there.png")).unwrap(), b"precious");
    let profile = Profile::open(&ana.profile()).unwrap();
    let bo = profile.find_contact("Bo").unwrap().id();
    profile.set_trust(bo, Trust::Broken, Timestamp::UNIX_EPOCH).unwrap();
    ana.run(["code", "Bo", "--for", "wifi", "--out", "x.png"]).ended(3);
    assert!(!ana.path("x.png").exists());
}

#[test]
fn every_option_of_a_target_can_be_typed_and_is_listed() {
    let home = Home::new();
    let list = home.run(["export", "--list", "--json"]).ended(0).json();
    for command in ["export", "code"] {
        let help = home.run([command, "--help"]).ended(0).text();
        for target in TARGETS {
            let all = list["programs"].as_array().unwrap();
            let mut of_target = all.iter().filter(|program| program["target"] == target.name);
            let listed = of_target.next().expect("every target is listed");
            assert_eq!(listed["options"].as_array().unwrap().len(), target.options.len());
            for choice in target.options {
                assert!(help.contains(&format!("--{}", choice.name)), "{command} {choice:?}");
            }
        }
    }
    let [ana, _bo] = paired();
    let all = [
        ("--peer-public-key", "CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk="),
        ("--endpoint", "peer.example:1"),
        ("--listen-port", "2"),
        ("--address", "10.1.1.1/24"),
        ("--peer-address", "10.1.1.2/32"),
    ];
    let more: Vec<_> = all.iter().flat_map(|(name, text)| [*name, *text]).collect();
    let conf = exported(&ana, "Bo", "wireguard", &more);
    for (_, text) in all {
        assert!(conf.contains(&format!(" = {text}\n")), "{text}: {conf}");
    }
}

#[test]
fn a_program_is_named_as_people_call_it_and_gets_the_key_of_its_target() {
    let [ana, bo] = paired();
    let secret = |home: &Home, name: &str, program: &str| {
        let args = ["export", name, "--for", program, "--plain", "--out", "-"];
        home.run(args).ended(0).out
    };
    for (program, target) in
        [("restic", "passphrase"), ("LUKS", "raw"), ("Wi-Fi guest", "wifi"), ("sops", "age")]
    {
        assert_eq!(secret(&ana, "Bo", program), secret(&ana, "Bo", target), "{program}");
    }
    assert_eq!(secret(&ana, "Bo", "restic"), secret(&bo, "Ana", "borg"));

    let told = ana.run(["export", "Bo", "--for", "Restic", "--plain"]).ended(0).text();
    assert!(told.contains("restic -r REPOSITORY --password-file Bo.restic"), "{told}");
    assert!(!told.contains("borg") && ana.path("Bo.restic").exists(), "{told}");
    ana.write("passphrase", "correct horse");
    let args = ["export", "Bo", "--for", "restic", "--passphrase-file", "passphrase"];
    let told = ana.run(args).ended(0).text();
    assert!(told.contains("age -d -o Bo.restic Bo.restic.age"), "{told}");

    let list = ana.run(["export", "--list"]).ended(0).text();
    let titles = Group::ALL.map(Group::title);
    let places = titles.map(|title| list.find(title).expect("every group has its heading"));
    assert!(places.is_sorted(), "{list}");

    for (asked, what, next) in [
        ("foo", "No program called \"foo\"", "keyglance export --list"),
        ("signal", "Signal cannot take a key from outside", "Check its code instead."),
        ("restik", "No program called \"restik\"", "Close: restic"),
    ] {
        let said = ana.run(["export", "Bo", "--for", asked, "--plain"]).ended(2).err;
        assert!(said.contains(what) && said.contains(next), "{said}");
        ana.run(["code", "Bo", "--for", asked]).ended(2);
    }
}

/// An export of the whole key, from a fresh pairing.
fn with_key_file(more: &[&str]) -> [Home; 2] {
    let [ana, bo] = paired();
    ana.write("passphrase", "correct horse");
    let args = ["export", "Bo", "--for", "keyglance", "--out", "key"];
    ana.run(args.iter().chain(more)).ended(0);
    [ana, bo]
}

const SEALED: &[&str] = &["--passphrase-file", "passphrase"];

#[test]
fn a_key_file_comes_back_into_a_profile() {
    for sealed in [false, true] {
        let [ana, _bo] = with_key_file(if sealed { SEALED } else { &["--plain"] });
        let other = Home::new();
        other.write("key", std::fs::read(ana.path("key")).unwrap());
        other.write("passphrase", "correct horse");
        let args = ["import", "key", "--passphrase-file", "passphrase"];
        let run = other.run(args.iter().chain(&["--json"])).ended(0);
        // A passphrase proves nothing of where it comes from.
        assert_eq!(run.json()["verified"], false, "anybody can write a file: {run:?}");
        assert_eq!(run.json()["claim"]["method"], "check-code");
        assert!(run.err.contains("claims to be verified by check code on"), "{run:?}");
        assert_eq!((&run.json()["key"], &run.json()["new_contact"]), (&json!("Bo"), &json!(true)));
        let [here, there] = [&other, &ana].map(|home| exported(home, "Bo", "hex", &[]));
        assert_eq!(here, there);
        let list = other.run(["contacts", "list", "--json"]).json()["contacts"].clone();
        assert_eq!(list[0]["trust"], "unverified");
        let keys = other.run(["keys", "list", "--json"]).json()["keys"].clone();
        assert_eq!(keys[0]["trust"], "not-compared");
        assert_eq!(
            (&keys[0]["provenance"], &keys[0]["verified"]),
            (&json!("imported"), &json!(null))
        );

        // A second time it is told, and nothing is changed.
        let content = || -> Vec<_> {
            files(&other.profile()).iter().map(|file| std::fs::read(file).unwrap()).collect()
        };
        let before = content();
        let again = other.run(args.iter().chain(&["--name", "Someone"])).ended(1);
        assert!(again.err.contains("You have this key already: \"Bo\"."), "{again:?}");
        assert_eq!(content(), before);
    }
}

#[test]
fn an_imported_key_raises_nobodys_trust_and_takes_nobodys_name() {
    let [ana, _bo] = with_key_file(SEALED);
    let profile = Profile::open(&ana.profile()).unwrap();
    ana.run(["keys", "remove", "Bo", "--yes"]).ended(0);
    for trust in [Trust::Unverified, Trust::Broken] {
        let bo = profile.find_contact("Bo").unwrap().id();
        profile.set_trust(bo, trust, Timestamp::UNIX_EPOCH).unwrap();
        let args = ["import", "key", "--passphrase-file", "passphrase", "--json"];
        let run = ana.run(args).ended(0).json();
        assert_eq!(run["new_contact"], false);
        assert_eq!(profile.find_contact("Bo").unwrap().trust(), trust);
        ana.run(["keys", "remove", "Bo", "--yes"]).ended(0);
    }
    // Somebody else of that name.
    let [other, _] = with_key_file(SEALED);
    let theirs = std::fs::read(other.path("key")).unwrap();
    ana.write("theirs", theirs);
    let run = ana.run(["import", "theirs", "--passphrase-file", "passphrase"]).ended(0);
    assert!(run.err.contains("Bo has a different key"), "{run:?}");
    assert!(run.err.contains("another device"), "{run:?}");
    assert!(run.text().contains("Bo 2"), "{run:?}");
    profile.find_usable_key("Bo 2", Require::Usable).unwrap();
}

/// Everybody knows a public key: a file that names it proves nothing.
#[test]
fn a_forged_key_file_is_never_called_verified() {
    let [ana, _bo] = with_key_file(&["--plain"]);
    ana.run(["keys", "remove", "Bo", "--yes"]).ended(0);
    let number = ana.run(["verify", "Bo", "--json"]).ended(0).json()["safety_number"].clone();
    let contact = ana.run(["contacts", "show", "Bo", "--json"]).ended(0).json();
    assert_eq!(contact["trust"], "verified");
    ana.run(["import", "key"]).ended(0);
    let verified = || ana.run(["keys", "show", "Bo", "--json"]).ended(0).json()["verified"].clone();
    assert_eq!(verified(), json!(null));
    ana.run(["verify", "Bo", "--compare", number.as_str().unwrap()]).ended(0);
    assert_eq!(verified(), json!(null), "the contact is who it is; the file may be anybody's");
}

#[test]
fn a_key_file_that_is_none_is_not_imported() {
    let [ana, _bo] = with_key_file(SEALED);
    let home = Home::new();
    let whole = std::fs::read(ana.path("key")).unwrap();
    home.write("half", &whole[..whole.len() / 2]);
    home.write("key", whole);
    home.write("wrong", "wrong horse");
    home.write("right", "correct horse");
    home.write("letter", "{\"format\":\"something else\"}");
    for (args, code) in [
        (&["import", "key", "--passphrase-file", "wrong"][..], 1),
        (&["import", "key"], 2),
        (&["import", "half", "--passphrase-file", "right"], 1),
        (&["import", "letter"], 1),
        (&["import", "none"], 1),
        (&["import", "key", "--passphrase-file", "right", "--name", "a\u{202e}b"], 2),
    ] {
        home.run(args).ended(code);
    }
    assert_eq!(home.run(["keys", "list", "--json"]).json()["keys"].clone(), json!([]));
    assert_eq!(home.run(["contacts", "list", "--json"]).json()["contacts"].clone(), json!([]));
}

#[test]
fn neither_checking_nor_importing_shows_the_secret() {
    let [ana, _bo] = with_key_file(&["--plain"]);
    let bytes = std::fs::read(ana.path("key")).unwrap();
    let key = keyglance_core::keyfile::KeyFile::from_json(&bytes).unwrap();
    let other = Home::new();
    other.write("key", bytes);
    for args in [&["keys", "check", "key"][..], &["import", "key"]] {
        for more in [&[][..], &["--json"], &["-vvv"]] {
            let run = other.run(args.iter().chain(more));
            let said = run.text() + &run.err;
            assert_hides(&said, key.exporter().unwrap().secret_bytes());
            assert!(said.contains(&key.key_id().to_string()) || args[0] == "import", "{said}");
        }
    }
}
