//! The table itself. A new program is one entry here.

use super::super::{
    OptionValues, Target, age, age_pq, age_recipient, base64, esphome, git_crypt, hex, jwk,
    keepassxc, keyglance, meshcore, meshtastic, minisign, openpgp, openvpn, paseto, passphrase,
    pem, raw, rclone, sealed_files, sqlcipher, ssh, ssh_login, strongswan, syncthing, tink,
    tls_psk, tor, totp, wifi, wireguard, wireguard_psk, words,
};
use super::{Group, KeylessProgram, Program};

/// Every program, group by group, in the order of lists.
pub static PROGRAMS: &[Program] = &[
    Program {
        aliases: &["sealed"],
        uses: &["encrypt", "file", "send", "age", "rage"],
        summary: "Opens the files that you encrypt for each other, in age and rage too.",
        ..of("Sealed files", Group::Files, &sealed_files::TARGET)
    },
    Program {
        aliases: &["rage", "typage", "passage", "sops", "chezmoi"],
        uses: &["encrypt", "file", "secrets", "dotfiles", "git"],
        summary: "An identity that both devices hold, to encrypt files for you both.",
        ..of("age", Group::Files, &age::TARGET)
    },
    Program {
        aliases: &["age-pq", "age pq"],
        uses: &["encrypt", "file", "quantum"],
        summary: "The same for age 1.3 and later, safe from quantum computers.",
        ..of("age post-quantum", Group::Files, &age_pq::TARGET)
    },
    Program {
        uses: &["backup", "repository", "snapshot", "password"],
        summary: "The password of a backup repository.",
        told_by: Some("restic"),
        extension: Some("restic"),
        ..of("restic", Group::Files, &passphrase::TARGET)
    },
    Program {
        aliases: &["borgbackup", "vorta", "borgmatic"],
        uses: &["backup", "repository", "archive", "passphrase"],
        summary: "The passphrase of a backup repository.",
        told_by: Some("borg"),
        extension: Some("borg"),
        ..of("borg", Group::Files, &passphrase::TARGET)
    },
    Program {
        uses: &["backup", "archive", "passphrase", "cloud"],
        summary: "The passphrase of a backup's archives.",
        told_by: Some("duplicity"),
        extension: Some("duplicity"),
        ..of("duplicity", Group::Files, &passphrase::TARGET)
    },
    Program {
        aliases: &["rclone crypt", "cloud folder"],
        uses: &["cloud", "sync", "backup", "remote", "crypt", "s3", "drive", "dropbox"],
        summary: "A cloud folder that you both read and the cloud cannot.",
        ..of("rclone", Group::Files, &rclone::TARGET)
    },
    Program {
        aliases: &["untrusted device"],
        uses: &["sync", "folder", "encrypt", "backup", "nas"],
        summary: "An encrypted copy of a folder with somebody who cannot read it.",
        ..of("Syncthing folder", Group::Files, &syncthing::FOLDER)
    },
    Program {
        uses: &["git", "repository", "secrets", "encrypt"],
        summary: "Secrets in a git repository that you both work in.",
        ..of("git-crypt", Group::Files, &git_crypt::TARGET)
    },
    Program {
        aliases: &["ansible"],
        uses: &["secrets", "servers", "encrypt", "password"],
        summary: "The password of encrypted variables.",
        told_by: Some("ansible-vault"),
        extension: Some("vault-password"),
        ..of("ansible-vault", Group::Files, &passphrase::TARGET)
    },
    Program {
        aliases: &["gnupg"],
        uses: &["encrypt", "file", "mail", "passphrase"],
        summary: "A passphrase to encrypt single files with.",
        told_by: Some("gpg"),
        extension: Some("gpg-passphrase"),
        ..of("gpg", Group::Files, &passphrase::TARGET)
    },
    Program {
        aliases: &["cryptsetup", "dm-crypt"],
        uses: &["disk", "drive", "partition", "encrypt", "usb", "linux"],
        summary: "A key file that opens an encrypted disk.",
        told_by: Some("cryptsetup"),
        ..of("LUKS", Group::Disks, &raw::TARGET)
    },
    Program {
        aliases: &["truecrypt"],
        uses: &["disk", "drive", "volume", "container", "encrypt", "usb"],
        summary: "A key file that opens an encrypted volume.",
        told_by: Some("VeraCrypt"),
        ..of("VeraCrypt", Group::Disks, &raw::TARGET)
    },
    Program {
        uses: &["folder", "encrypt", "cloud", "password"],
        summary: "The password of an encrypted folder.",
        told_by: Some("gocryptfs"),
        extension: Some("gocryptfs"),
        ..of("gocryptfs", Group::Disks, &passphrase::TARGET)
    },
    Program {
        uses: &["folder", "encrypt", "cloud", "password"],
        summary: "The password of an encrypted folder, whose names and sizes are hidden too.",
        told_by: Some("cryfs"),
        extension: Some("cryfs"),
        ..of("CryFS", Group::Disks, &passphrase::TARGET)
    },
    Program {
        aliases: &["keepass", "keepassdx", "keepass2", "kdbx"],
        uses: &["password manager", "database", "login", "vault"],
        summary: "A key file that opens a password database.",
        ..of("KeePassXC", Group::Passwords, &keepassxc::TARGET)
    },
    Program {
        aliases: &["password", "cryptomator", "joplin", "keeshare"],
        uses: &["password field", "restic", "borg", "gpg", "openssl", "ansible", "cryfs"],
        summary: "43 letters and digits for any program with a password field.",
        ..of("Passphrase", Group::Passwords, &passphrase::TARGET)
    },
    Program {
        aliases: &["mnemonic", "7z", "7-zip", "bitwarden send", "paper"],
        fields: &[
            "whatsapp backup",
            "threema backup",
            "proton outside password",
            "element recovery phrase",
        ],
        uses: &["password field", "type", "phone", "cryptomator", "joplin", "bitwarden"],
        summary: "Twelve words to type wherever a password is asked for.",
        ..of("Words", Group::Passwords, &words::TARGET)
    },
    Program {
        aliases: &["sqlite"],
        uses: &["database", "sql", "encrypt"],
        summary: "The key of an encrypted database.",
        ..of("SQLCipher", Group::Passwords, &sqlcipher::TARGET)
    },
    Program {
        aliases: &["wg", "wg-quick"],
        uses: &["vpn", "tunnel", "private line"],
        summary: "A private line between the two devices.",
        ..of("WireGuard", Group::Networks, &wireguard::TARGET)
    },
    Program {
        aliases: &["wireguard-psk", "preshared key"],
        uses: &["vpn", "tunnel", "psk", "quantum"],
        summary: "A second secret for a WireGuard tunnel that is there already.",
        ..of("WireGuard PSK", Group::Networks, &wireguard_psk::TARGET)
    },
    Program {
        aliases: &["tls-crypt", "tls-auth"],
        uses: &["vpn", "tunnel", "server"],
        summary: "Hides an OpenVPN server from strangers.",
        ..of("OpenVPN", Group::Networks, &openvpn::TARGET)
    },
    Program {
        aliases: &["ipsec", "ikev2", "swanctl"],
        uses: &["vpn", "tunnel", "quantum", "psk", "ppk"],
        summary: "An IPsec tunnel, safe from later quantum computers.",
        ..of("strongSwan", Group::Networks, &strongswan::TARGET)
    },
    Program {
        aliases: &["home-assistant", "hass", "home assistant"],
        uses: &["home automation", "iot", "esp32", "noise"],
        summary: "Lets Home Assistant control a device that the other one made.",
        ..of("ESPHome", Group::Networks, &esphome::TARGET)
    },
    Program {
        aliases: &["tor-client-auth", "onion"],
        uses: &["onion service", "hidden service", "anonymous"],
        summary: "Reaches an onion service that the other device runs.",
        ..of("Tor", Group::Networks, &tor::CLIENT)
    },
    Program {
        aliases: &["tor-service-auth", "onion service"],
        uses: &["onion service", "hidden service", "server", "anonymous"],
        summary: "Lets only the other device reach the onion service of this one.",
        ..of("Tor service", Group::Networks, &tor::SERVICE)
    },
    Program {
        aliases: &["psk", "stunnel", "mosquitto", "mqtt"],
        uses: &["server", "tls", "certificate", "iot", "home automation"],
        summary: "Connects two servers without certificates.",
        ..of("TLS-PSK", Group::Networks, &tls_psk::TARGET)
    },
    Program {
        aliases: &["openssh", "ssh host", "known_hosts", "scp", "sftp"],
        uses: &["server", "login", "host key", "fingerprint", "remote"],
        summary: "ssh knows their computer at the first connection.",
        ..of("SSH", Group::Shared, &ssh::TARGET)
    },
    Program {
        aliases: &["authorized_keys", "ssh user"],
        uses: &["server", "account", "public key", "remote"],
        summary: "Lets them log in on this computer as you.",
        ..of("SSH login", Group::Shared, &ssh_login::TARGET)
    },
    Program {
        aliases: &["syncthing device", "syncthing id"],
        uses: &["sync", "folder", "device", "share"],
        summary: "Their device, for your Syncthing to share folders with.",
        ..of("Syncthing", Group::Shared, &syncthing::DEVICE)
    },
    Program {
        aliases: &["pgp", "gpg fingerprint", "openpgp fingerprint"],
        uses: &["mail", "signature", "verify", "gpg", "certify"],
        summary: "The fingerprint of their key, to certify it.",
        ..of("OpenPGP", Group::Shared, &openpgp::TARGET)
    },
    Program {
        aliases: &["recipient"],
        uses: &["encrypt", "file", "public key"],
        summary: "Encrypts files that only they can open.",
        ..of("age recipient", Group::Shared, &age_recipient::TARGET)
    },
    Program {
        uses: &["download", "release", "signature", "verify"],
        summary: "Checks that downloads are signed by them.",
        ..of("minisign", Group::Shared, &minisign::TARGET)
    },
    Program {
        aliases: &["wifi", "wlan", "guest network"],
        uses: &["guest", "phone", "router", "network", "internet"],
        summary: "A guest network that a phone joins by a code.",
        phone: true,
        ..of("Wi-Fi guest", Group::Phones, &wifi::TARGET)
    },
    Program {
        uses: &["vpn", "tunnel", "phone", "android", "iphone"],
        summary: "A private line between your computer and your phone, by a code.",
        // A phone has no key of its own to fill in.
        preset: &[("own-devices", OptionValues::ON)],
        phone: true,
        ..of("WireGuard", Group::Phones, &wireguard::TARGET)
    },
    Program {
        aliases: &["lora", "mesh"],
        uses: &["radio", "channel", "phone", "off grid"],
        summary: "A private radio channel that phones join by a code.",
        phone: true,
        ..of("Meshtastic", Group::Phones, &meshtastic::TARGET)
    },
    Program {
        aliases: &["totp", "2fa", "aegis", "google authenticator", "authenticator", "oathtool"],
        uses: &["call", "phone", "voice", "one-time", "impostor", "who are you"],
        summary: "Are you you? Six digits on the phone that each reads out in a call.",
        phone: true,
        ..of("One-time codes", Group::Phones, &totp::TARGET)
    },
    Program {
        uses: &["radio", "channel", "phone", "off grid", "lora", "mesh"],
        summary: "A private radio channel that phones join by a code.",
        phone: true,
        ..of("MeshCore", Group::Phones, &meshcore::TARGET)
    },
    Program {
        aliases: &["meshtastic-psk"],
        uses: &["radio", "channel", "lora", "mesh", "command line"],
        summary: "The same radio channel, for the radio at this computer.",
        ..of("Meshtastic PSK", Group::Developers, &meshtastic::PSK)
    },
    Program {
        aliases: &["whole", "key file", "shared key"],
        uses: &["another computer", "move", "copy", "library"],
        summary: "The shared key itself, for another Keyglance or a program of yours.",
        ..of("Whole key", Group::Developers, &keyglance::TARGET)
    },
    Program {
        aliases: &["jose", "jwe", "jwcrypto", "json web key"],
        uses: &["json", "token", "web"],
        summary: "A JSON Web Key of 256 bits.",
        ..of("JWK", Group::Developers, &jwk::TARGET)
    },
    Program {
        aliases: &["paserk", "pyseto"],
        uses: &["token", "web"],
        summary: "A key for v4.local tokens.",
        ..of("PASETO", Group::Developers, &paseto::TARGET)
    },
    Program {
        aliases: &["keyset"],
        uses: &["google", "aead", "aes"],
        summary: "A keyset for AES-256-GCM.",
        ..of("Tink", Group::Developers, &tink::TARGET)
    },
    Program {
        aliases: &["raw", "bytes", "binary", "libsodium"],
        uses: &["32 bytes", "key"],
        summary: "The key as 32 bytes.",
        ..of("Raw bytes", Group::Developers, &raw::TARGET)
    },
    Program {
        aliases: &["hexadecimal"],
        uses: &["text", "digits", "key"],
        summary: "The same 32 bytes as 64 digits.",
        ..of("hex", Group::Developers, &hex::TARGET)
    },
    Program {
        aliases: &["b64"],
        uses: &["text", "key"],
        summary: "The same 32 bytes as 44 letters, digits and signs.",
        ..of("base64", Group::Developers, &base64::TARGET)
    },
    Program {
        aliases: &["pem-x25519", "x25519", "pkcs8"],
        uses: &["private key", "curve", "openssl"],
        summary: "An X25519 private key that both devices hold.",
        ..of("PEM", Group::Developers, &pem::TARGET)
    },
    Program {
        uses: &["encrypt", "file", "passphrase"],
        summary: "A passphrase for openssl enc.",
        told_by: Some("openssl"),
        extension: Some("openssl"),
        ..of("OpenSSL", Group::Developers, &passphrase::TARGET)
    },
];

/// What people ask for and what cannot take a key from outside, each with what to do instead.
pub const WITHOUT_KEYS_FROM_OUTSIDE: &[KeylessProgram] = &[
    with_a_code("Signal"),
    with_a_code("WhatsApp"),
    with_a_code("Threema"),
    with_a_code("Session"),
    with_a_code("Briar"),
    with_a_code("SimpleX"),
    with_a_code("Tox"),
    with_a_code("Wire"),
    with_a_code("OMEMO"),
    with_a_code("Element"),
    with_a_code("Element X"),
    keyless("WhatsApp 64-digit key", MADE_BY_ITSELF),
    keyless("Matrix recovery key", MADE_BY_ITSELF),
    keyless("Nextcloud", MADE_BY_ITSELF),
    keyless("Tailscale", BOUND),
    keyless("Nebula", BOUND),
    keyless("LoRaWAN", BOUND),
    keyless("Zigbee", BOUND),
    keyless("Firefox Sync", BOUND),
    keyless("CryptPad", BOUND),
    keyless("systemd-creds", BOUND),
    keyless("NIP-44", BOUND),
    keyless("Tresorit", BEFORE_THE_UPLOAD),
    keyless("Dropbox", BEFORE_THE_UPLOAD),
    keyless("openssl enc -K", UNNOTICED),
];

const MADE_BY_ITSELF: &str = "The program makes this secret itself.";
const BOUND: &str = "Its keys are bound to its own devices, hardware or accounts.";
const BEFORE_THE_UPLOAD: &str =
    "Encrypt before the upload: with rclone, restic, or the files that you seal.";
const UNNOTICED: &str =
    "What is encrypted so can be changed unnoticed. Take a passphrase instead: openssl.";

/// A program whose keys two people check by a code of its own.
const fn with_a_code(name: &'static str) -> KeylessProgram {
    KeylessProgram { name, answer: "Check its code instead.", has_code: true }
}

const fn keyless(name: &'static str, answer: &'static str) -> KeylessProgram {
    KeylessProgram { name, answer, has_code: false }
}

/// An entry that takes what its target is.
const fn of(name: &'static str, group: Group, target: &'static Target) -> Program {
    Program {
        name,
        group,
        summary: "",
        target,
        preset: &[],
        aliases: &[],
        fields: &[],
        uses: &[],
        phone: false,
        told_by: None,
        extension: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_groups_stand_in_order_and_none_is_empty() {
        let order: Vec<Group> = PROGRAMS.iter().map(|program| program.group).collect();
        let mut groups = order.clone();
        groups.dedup();
        assert_eq!(groups, Group::ALL);
        for program in PROGRAMS {
            assert!(program.summary.ends_with('.'), "{}", program.name);
        }
    }

    #[test]
    fn a_program_is_told_its_own_lines_and_no_others() {
        for program in PROGRAMS {
            let lines: Vec<_> = program.usage().collect();
            assert!(!lines.is_empty(), "{} is told nothing", program.name);
            let others = [
                "restic",
                "borg",
                "gocryptfs",
                "gpg",
                "openssl",
                "ansible-vault",
                "cryfs",
                "duplicity",
                "cryptsetup",
                "VeraCrypt",
            ];
            if let Some(own) = program.told_by {
                for other in others.iter().filter(|other| **other != own) {
                    assert!(
                        lines.iter().all(|line| !line.contains(other)),
                        "{}: {lines:?}",
                        program.name
                    );
                }
            }
        }
        // Who speaks of single programs speaks of each that it lists.
        for line in passphrase::TARGET.usage.iter().chain(raw::TARGET.usage) {
            let told = PROGRAMS.iter().filter_map(|program| program.told_by);
            assert!(told.into_iter().any(|word| line.contains(word)), "nobody is told: {line}");
        }
    }

    #[test]
    fn what_a_phone_scans_can_be_shown_as_a_code() {
        for program in PROGRAMS {
            assert_eq!(program.phone, program.group == Group::Phones, "{}", program.name);
            if program.phone {
                assert!(program.target.scanned_by.is_some(), "{}", program.name);
            }
            for name in program.preset_options().names() {
                assert!(program.target.has(name), "{}: {name}", program.name);
            }
        }
    }
}
