//! What stands in a code is read right: values and details, by fixtures that others published
//! or that were made without our code, and what is said of what is not as it should be.

use keyglance_inspect::{Confidence, Verdict, inspect};

use crate::samples::now;

fn told(payload: &str, id: &str) -> Verdict {
    let verdict = inspect(payload.as_bytes(), now());
    assert_eq!((verdict.id, verdict.confidence), (id, Confidence::Exact), "{payload}");
    verdict
}

fn values(verdict: &Verdict) -> Vec<(&str, &str)> {
    verdict.parts.iter().map(|part| (part.label(), part.reveal())).collect()
}

fn codes(verdict: &Verdict) -> Vec<&'static str> {
    verdict.warnings.iter().map(|warning| warning.code.word()).collect()
}

#[test]
fn what_a_hybrid_sign_in_is_for() {
    // Of CBOR {0: key, 1: secret, 2: 2, 3: 2026-01-01, 4: true, 5: "mc"}.
    let verdict = told(
        "FIDO:/175526127751661182645532520865277317030767379650549527484919726964864926200185402071139320525721399503712955833600316260079193988303291400203776486671106109321447142660",
        "fido.hybrid",
    );
    assert_eq!(verdict.details["operation"], "make a passkey");
    assert_eq!(verdict.details["made"], "2026-01-01T00:00:00Z");
    assert_eq!(verdict.parts[0].bytes_len(), 33);
    assert_eq!(verdict.parts[1].bytes_len(), 16);
}

#[test]
fn several_accounts_of_an_authenticator() {
    let verdict = told(
        "otpauth-migration://offline?data=CiwKFHsYTLC5jVvB5W%2B5eqnyx7P9f9vHEgVjYXJvbBoHRXhhbXBsZSABKAEwAgo2ChRK8Au4UGn%2B7p7aeDucAxcs9H3cLBIRY2Fyb2xAZXhhbXBsZS5uZXQaBU90aGVyIAEoATACEAEYAiABKAc%3D",
        "otpauth.export",
    );
    let parts = values(&verdict);
    assert_eq!(parts[0], ("account", "Example: carol"));
    assert_eq!(parts[2], ("account", "Other: carol@example.net"));
    assert_eq!(parts[3], ("secret", "4af00bb85069feee9eda783b9c03172cf47ddc2c"));
    assert_eq!((&verdict.details["batch"], &verdict.details["batches"]), (&2.into(), &2.into()));
}

/// The fixtures of matter.js and of the Connected Home over IP repository; a setup code of
/// HomeKit, put together by its format.
#[test]
fn setup_codes_of_home_automation() {
    let verdict = told("MT:YNJV7VSC00CMVH7SR00", "matter.setup");
    assert_eq!(
        values(&verdict),
        [("passcode", "34567890"), ("device", "vendor 9050, product 65279, discriminator 2976")]
    );
    let verdict = told("MT:Y.K9042C00KA0648G00", "matter.setup");
    assert_eq!(values(&verdict)[0], ("passcode", "20202021"));
    let verdict = told("X-HM://0071WK4SM7OSX", "homekit.setup");
    assert_eq!(
        values(&verdict),
        [("setup code", "51808582"), ("device", "category 7, setup id 7OSX")]
    );
    assert!(codes(&verdict).is_empty());
    for trivial in ["X-HM://00718BUFB7OSX", "MT:Y.K90AFN004QG46Y900"] {
        let id = if trivial.starts_with('M') { "matter.setup" } else { "homekit.setup" };
        assert_eq!(codes(&told(trivial, id)), ["weak"], "{trivial}");
    }
}

#[test]
fn radio_devices_keys_and_names() {
    // ZWaveDotNet's fixture.
    let verdict = told(
        "900132782003515253545541424344453132333435212223242500100435301537022065520001000000300578",
        "zwave.smartstart",
    );
    assert_eq!(values(&verdict)[0].1, "51525-35455-41424-34445-31323-33435-21222-32425");
    assert_eq!(verdict.details["smart_start"], true);
    let dsk = "9000119501333722920135454206493217052084130868456510";
    assert_eq!(told(dsk, "zwave.smartstart").details["smart_start"], false);
    // ZHA's.
    let hue = "HUE:Z:2E5D2E5F401B82F1A45621A50B551F726101 M:001788010CE5C843 D:H2504 A:2266";
    assert_eq!(
        values(&told(hue, "zigbee.install")),
        [("device", "001788010CE5C843"), ("install code", "2E5D2E5F401B82F1A45621A50B551F726101")]
    );
    // Two channels: one with a key of its own, and the default's number.
    let channels = "https://meshtastic.org/e/#ChkSEDXbaEEvazjFJzE4QNtyuOgaBVJpZGdlCgMSAQESBAgBOAM";
    let verdict = told(channels, "meshtastic.channel");
    assert_eq!(
        values(&verdict),
        [("key", "35db68412f6b38c527313840db72b8e8"), ("channel name", "Ridge"), ("key", "01")]
    );
    assert_eq!(codes(&verdict), ["public-key-known"]);
    // The default's key written out, and in a link from before version 2.0.
    for default in [
        "https://meshtastic.org/e/#ChwSENTxuzogKQdZ8Lz_q89OaQEaCExvbmdGYXN0EgQIATgD",
        "https://www.meshtastic.org/d/#CgUYAyIBAQ",
    ] {
        assert_eq!(codes(&told(default, "meshtastic.channel")), ["public-key-known"]);
    }
    // TR005's example, with its checksum.
    let sensor =
        "LW:D0:1122334455667788:AABBCCDDEEFF0011:AABB1122:OAABBCCDDEEFF:SYYWWNNNNNN:PFOOBAR:CAF2C";
    let verdict = told(sensor, "lorawan.device");
    assert_eq!(values(&verdict)[1], ("owner token", "AABBCCDDEEFF"));
    let broken = sensor.replace("FOOBAR", "FOOBAS");
    assert_eq!(inspect(broken.as_bytes(), now()).confidence, Confidence::Damaged);
}

#[test]
fn names_and_passwords_of_networks() {
    let verdict = told(r#"WIFI:T:WPA;S:a\;b\:c\\d;P:\"quoted\;word\";H:true;;"#, "wifi.network");
    assert_eq!(values(&verdict), [("network", r"a;b:c\d"), ("password", "\"quoted;word\"")]);
    // A protected network's password may be left out: that is no open network.
    assert!(codes(&told("WIFI:T:WPA;S:Home;;", "wifi.network")).is_empty());
    assert_eq!(codes(&told("WIFI:S:Home;;", "wifi.network")), ["insecure-transport"]);
    let verdict = told("ss://bm9uZTpwYTU1@proxy.example.org:8888", "shadowsocks");
    assert_eq!(values(&verdict), [("host", "proxy.example.org:8888"), ("password", "pa55")]);
    assert_eq!(codes(&verdict), ["insecure-transport"]);
    let old = "ss://YWVzLTI1Ni1nY206cGE1NS13MHJkQHByb3h5LmV4YW1wbGUub3JnOjgzODg=#Name";
    assert_eq!(values(&told(old, "shadowsocks"))[1], ("password", "pa55-w0rd"));
    let encoded = "socks://YWRhOnMzY3JldC1wdw@proxy.example.org:1080";
    assert_eq!(values(&told(encoded, "socks"))[1], ("password", "s3cret-pw"));
    let colon = "socks5://a%3Ab:p%40ss@proxy.example.org:1080";
    assert_eq!(values(&told(colon, "socks"))[1], ("password", "p@ss"));
    let http = "nc://login/server:http://cloud.example.org&user:bo&password:x7GfT-a9Kqz";
    let verdict = told(http, "nextcloud.login");
    assert_eq!(values(&verdict)[1], ("user", "bo"));
    assert_eq!(codes(&verdict), ["insecure-transport"]);
}

#[test]
fn what_a_share_link_leads_to() {
    let folder = "https://mega.nz/folder/ByBQ6lVx#WQB5Jssr-JGIW9k9RihmIw/file/IjKlMnOp";
    assert_eq!(
        values(&told(folder, "mega.folder")),
        [("id", "ByBQ6lVx"), ("key", "WQB5Jssr-JGIW9k9RihmIw"), ("place within", "IjKlMnOp")]
    );
    let pad = "https://cryptpad.fr/code/#/1/edit/ux7cTLdkhgUoTbMN-NLuvw/SohyLF7Lu6ProATIc-suV662/";
    let verdict = told(pad, "cryptpad.pad");
    assert_eq!(values(&verdict), [("key", "SohyLF7Lu6ProATIc-suV662")]);
    assert_eq!((&verdict.details["mode"], verdict.parts[0].bytes_len()), (&"edit".into(), 18));
    let drive = "https://drive.google.com/file/d/1blMMOdQtfg7ilYiL7TH9tMrQiAJf2RBI/view?usp=sharing&resourcekey=0-AbCdEfGhIjK";
    let verdict = told(drive, "gdrive.share");
    assert_eq!(values(&verdict)[1], ("resource key", "0-AbCdEfGhIjK"));
    assert_eq!(codes(&verdict), ["in-query"]);
    let code = "wormhole-transfer:4-hurricane";
    assert_eq!(codes(&told(code, "wormhole.transfer")), ["weak"]);
    let zero = "https://mega.nz/folder/ByBQ6lVx#AAAAAAAAAAAAAAAAAAAAAA";
    assert_eq!(codes(&told(zero, "mega.folder")), ["public-key-known"]);
}

/// A link without its key opens nothing: neither sentence says that it does.
#[test]
fn a_link_without_its_key_opens_nothing() {
    let verdict = told("https://mega.nz/file/AbCdEfGh", "mega.file");
    assert!(!verdict.photographed.contains("can read what it protects"));
    assert!(!verdict.proves.contains("The key stands after"));
    assert!(!verdict.unproved.contains("gets the key"));
    let with = "https://mega.nz/file/AbCdEfGh#7uRfJ-M7sYPcomMCWNNOmUy4nlxVAric5LVyLKmx_w4";
    let verdict = told(with, "mega.file");
    assert!(verdict.photographed.contains("can read what it protects"));
    assert!(verdict.proves.contains("The key stands after"));
    assert!(verdict.unproved.contains("gets the key"));
}

#[test]
fn who_signed_a_health_document_and_until_when() {
    let certificate = "HC1:6BFR70Y30FFWJWG.FKX*4*5BSLKLJCW5BCF3000/10G586ISWOPO:F2PLR$LF*B0DVKF6YHERD80AR4OSH$T31MAXF3UOA RIVK+N8RZH IFEFCEURZAD-1WC%SOD6ACD5:8NRI:DWJNGR%IZ4";
    let verdict = told(certificate, "hc1");
    assert_eq!(verdict.details["issuer"], "XX");
    assert_eq!(verdict.to_json(false)["expires"], "2026-05-10T03:48:16Z");
    let after = "2026-06-01T00:00:00Z".parse().unwrap();
    let codes: Vec<_> = inspect(certificate.as_bytes(), after).warnings;
    assert!(codes.iter().any(|warning| warning.code.word() == "expired"));
}

/// A health card of {"iss":"https://issuer.example.org/","nbf":1}, deflated by another program.
#[test]
fn a_health_card_is_unpacked() {
    let card = "shc:/5676295953265460346029254077280433602912016804533031220842706331303022626730315338047457763863343112252869246532315463310411667338124541036335303803673870232670210120202020";
    assert_eq!(told(card, "shc").details["issuer"], "https://issuer.example.org/");
    // What cannot be unpacked has no issuer.
    let plain =
        "shc:/5676295953265460346029254077280433602912015676296754063260346029072865030120202020";
    assert!(!told(plain, "shc").details.contains_key("issuer"));
}

/// Devices that were sold with an example's code let everybody in.
#[test]
fn examples_codes_are_known() {
    for (payload, id) in [
        ("MT:Y.K9042C00KA0648G00", "matter.setup"),
        (r#"{"ver":"v1","name":"PROV_1","pop":"abcd1234","transport":"ble"}"#, "esp.provisioning"),
        ("v=1&&eui=e835bfb227e98565&&cc=J01NME", "thread.joiner"),
        ("X-HM://00713L3UQ7OSX", "homekit.setup"),
        ("X-HM://00718C3317OSX", "homekit.setup"),
    ] {
        assert_eq!(codes(&told(payload, id)), ["public-key-known"], "{payload}");
    }
    let own = r#"{"ver":"v1","name":"PROV_1","pop":"k4m9x2q7","transport":"softap","password":"n8c3v5z1"}"#;
    let verdict = told(own, "esp.provisioning");
    assert!(codes(&verdict).is_empty());
    assert_eq!(values(&verdict)[2], ("network password", "n8c3v5z1"));
}

#[test]
fn what_is_newer_or_goes_without_encryption_is_pointed_out() {
    let pairing = "https://accounts.firefox.com/pair#channel_id=658db7fe98b249a5897b884f98fb31b7&channel_key=1hIDzTj5oY2HDeSg_jA2DhcOcAn5Uqq0cAYlZRNUIo4";
    let vless = "vless://12345678-1234-4234-8234-1234567890ab@a.example:443";
    let link = "shlink:/eyJ1cmwiOiAiaHR0cDovL2EuZXhhbXBsZS94IiwgImtleSI6ICJVbm9UUDlqOUNDdGxwU1pvZ2JHSXlZeVBGWnJzMEVGOE4xd2xFWW5QZjRRIn0";
    for (payload, id, warned) in [
        (format!("{pairing}&v=3"), "firefox.pairing", "newer"),
        (format!("{pairing}&v=2"), "firefox.pairing", ""),
        (format!("{vless}?security=none"), "v2ray", "insecure-transport"),
        (format!("{vless}?security=tls"), "v2ray", ""),
        (
            "https://meshtastic.org/e/#CgYaBE9wZW4SBAgBOAM".into(),
            "meshtastic.channel",
            "insecure-transport",
        ),
        ("wormhole-transfer:4-a-b?version=1".into(), "wormhole.transfer", "newer"),
        ("wormhole-transfer:4-a-b?version=0".into(), "wormhole.transfer", ""),
        (link.into(), "shlink", "insecure-transport"),
    ] {
        assert_eq!(codes(&told(&payload, id)).first().copied().unwrap_or(""), warned, "{payload}");
    }
}
