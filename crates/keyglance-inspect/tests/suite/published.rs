//! Values that standards and programs publish, beside the samples: other hands computed
//! their checksums.

use keyglance_inspect::{Confidence, inspect};

use crate::samples::now;

#[test]
fn published_values_are_told() {
    for (id, payload) in [
        // NIP-19.
        ("nostr.npub", "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg"),
        ("nostr.nsec", "nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5"),
        (
            "nostr.nprofile",
            "nprofile1qqsrhuxx8l9ex335q7he0f09aej04zpazpl0ne2cgukyawd24mayt8gpp4mhxue69uhhytnc9e3k7mgpz4mhxue69uhkg6nzv9ejuumpv34kytnrdaksjlyr9p",
        ),
        // The did:key method.
        ("did.key", "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"),
        ("did.key", "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169"),
        ("did.key", "did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc"),
        ("did.key", "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme"),
        // BIP-173, BIP-350, BIP-32.
        ("bitcoin.address", "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4"),
        ("bitcoin.address", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"),
        (
            "bitcoin.xpub",
            "xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8",
        ),
        // BOLT 11.
        (
            "lightning.invoice",
            "lnbc1pvjluezsp5zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zygspp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdpl2pkx2ctnv5sxxmmwwd5kgetjypeh2ursdae8g6twvus8g6rfwvs8qun0dfjkxaq9qrsgq357wnc5r2ueh7ck6q93dj32dlqnls087fxdwk8qakdyafkq3yap9us6v52vjjsrvywa6rt52cm9r9zqt8r2t7mlcwspyetp5h2tztugp9lfyql",
        ),
        // EIP-55.
        ("ethereum.address", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"),
        // rend-spec-v3, as two known sites show it.
        ("tor.onion", "duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad.onion"),
        (
            "tor.onion",
            "http://2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion/index.html",
        ),
        // The Zigbee specification's install code.
        ("zigbee.install", "Z:000D6F000B7E4E2F$I:83FED3407A939723A5C639B26916D505C3B5"),
        // connectedhomeip's example.
        ("matter.setup", "MT:-24J0AFN00KA0648G00"),
        // TR005.
        (
            "lorawan.device",
            "LW:D0:1122334455667788:AABBCCDDEEFF0011:AABB1122:OAABBCCDDEEFF:SYYWWNNNNNN:PFOOBAR:CAF2C",
        ),
        // minisign, libp2p, age.
        ("minisign.public", "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"),
        ("libp2p.peer", "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA"),
        ("age.recipient", "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"),
        // dnscrypt.info.
        ("dnsstamp", "sdns://AgcAAAAAAAAABzEuMC4wLjEAEmRucy5jbG91ZGZsYXJlLmNvbQovZG5zLXF1ZXJ5"),
        // OpenThread, SGP.22.
        ("thread.joiner", "v=1&&eui=0001020304050607&&cc=J01NME"),
        ("esim.activation", "LPA:1$SMDP.EXAMPLE.COM$04386-AGYFT-A74Y8-3F815"),
    ] {
        let verdict = inspect(payload.as_bytes(), now());
        let told = (verdict.id, verdict.confidence);
        assert_eq!(told, (id, Confidence::Exact), "{payload}: {:?}", verdict.warnings);
    }
}

/// RFC 9580's and the OpenPGP samples' way to a fingerprint, by the key "Alice Lovelace".
#[test]
fn an_openpgp_fingerprint_is_computed() {
    let block = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n\
                 mDMEXEcE6RYJKwYBBAHaRw8BAQdArjWwk3FAqyiFbFBKT4TzXcVBqPTB3gmzlC/U\n\
                 b7O1u10=\n-----END PGP PUBLIC KEY BLOCK-----\n";
    let verdict = inspect(block.as_bytes(), now());
    assert_eq!(verdict.details["fingerprint"], "EB85BB5FA33A75E15E944E63F231550C4F47E38E");
}

/// The numbers that a Matter code holds.
#[test]
fn a_matter_code_is_decoded() {
    let verdict = inspect(b"MT:-24J0AFN00KA0648G00", now());
    assert_eq!(verdict.parts[0].reveal(), "20202021");
    assert_eq!(verdict.parts[1].reveal(), "vendor 65521, product 32769, discriminator 3840");
}

/// ISO/IEC 18013-5, annex D.3.1.
#[test]
fn an_mdoc_engagement_is_told() {
    let hex = "a30063312e30018201d818584ba4010220012158205a88d182bce5f42efa59943f33359d2e8a968ff289d93e5fa444b624343167fe225820b16e8cf858ddc7690407ba61d4c338237a8cfcf3de6aa672fc60a557aa32fc670281830201a300f401f50b5045efef742b2c4837a9a3b0e1d05a6917";
    let bytes = data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap();
    let text = format!("mdoc:{}", data_encoding::BASE64URL_NOPAD.encode(&bytes));
    let verdict = inspect(text.as_bytes(), now());
    assert_eq!((verdict.id, verdict.confidence), ("mdoc.engagement", Confidence::Exact));
    assert_eq!(verdict.parts[1].reveal(), "Bluetooth");
}
