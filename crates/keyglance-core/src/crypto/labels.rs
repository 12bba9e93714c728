//! Every label that separates one use of a hash or key from another.
//!
//! `00` after a label, where the protocol asks for it, is part of the constant.

/// The Noise protocol name of suite 1 (Noise rev 34, section 8). 32 bytes.
pub const NOISE_XX: &str = "Noise_XX_25519_ChaChaPoly_SHA256";
/// The Noise protocol name of suite 2 (Noise HFS draft, rev 1). 44 bytes.
pub const NOISE_XXHFS: &str = "Noise_XXhfs_25519+MLKEM768_ChaChaPoly_SHA256";

/// Begins the Noise prologue; the suite and both HELLO bodies follow.
pub const PROLOGUE: &[u8] = b"keyglance/1\0";
/// Begins the preimage of a commitment.
pub const COMMIT: &[u8] = b"keyglance/1 commit\0";
/// Begins the preimage of a session id.
pub const SESSION_ID: &[u8] = b"keyglance/1 sid\0";
/// Begins the preimage of the check code.
pub const CHECK: &[u8] = b"keyglance/1 check\0";

/// Derives from an identity what authenticates a backup of its profile.
pub const BACKUP: &[u8] = b"keyglance/1 backup";

/// Goes into the seal of what is kept on paper.
pub const PAPER: &[u8] = b"keyglance/1 paper\0";

/// Extracts the exporter's root from the final chaining key.
pub const EXPORTER: &[u8] = b"keyglance/1 exporter";
/// Asks the root for the exporter's chain (Noise ASK draft); `01` is its index.
pub const ASK: &[u8] = b"ask\x01";
/// Stands before the label of every export.
pub const EXPORT_PREFIX: &[u8] = b"keyglance/1 ";

/// The identifier in every fingerprint, where a messenger has a phone number.
pub const FINGERPRINT_IDENTIFIER: &[u8] = b"keyglance";

/// Begins the preimage of a contact's picture.
pub const PICTURE: &[u8] = b"keyglance/1 picture\0";

// Labels that begin with "app" are other programs' own (docs/key-file.md).

/// Export: the public id of a shared key, 8 bytes.
pub const KEY_ID: &str = "key-id";
/// Export: 32 bytes for any program.
pub const RAW: &str = "raw";
/// Export: an X25519 identity in the age format.
pub const AGE_X25519: &str = "age-x25519";
/// Export: the seed of a hybrid identity in the age format, ML-KEM-768 and X25519.
pub const AGE_MLKEM768_X25519: &str = "age-mlkem768x25519";
/// Export: the X25519 identity that opens what the initiator sealed.
pub const SEAL_FROM_INITIATOR: &str = "seal-from-initiator";
/// Export: the X25519 identity that opens what the responder sealed.
pub const SEAL_FROM_RESPONDER: &str = "seal-from-responder";
/// Export: a WireGuard pre-shared key.
pub const WIREGUARD_PSK: &str = "wireguard-psk";
/// Export: the WireGuard private key of the pairing's initiator.
pub const WIREGUARD_INITIATOR: &str = "wireguard-initiator";
/// Export: the WireGuard private key of the pairing's responder.
pub const WIREGUARD_RESPONDER: &str = "wireguard-responder";
/// Export: a passphrase for any program that takes one.
pub const PASSPHRASE: &str = "passphrase";
/// Export: a KeePassXC key file.
pub const KEEPASSXC: &str = "keepassxc";
/// Export: a TLS pre-shared key.
pub const TLS_PSK: &str = "tls-psk";
/// Export: the key of a Meshtastic channel.
pub const MESHTASTIC: &str = "meshtastic";
/// Export: a symmetric JSON Web Key.
pub const JWK_OCT: &str = "jwk-oct";
/// Export: the key of an SQLCipher database.
pub const SQLCIPHER: &str = "sqlcipher";
/// Export: the key of a Tink keyset.
pub const TINK_AES_GCM: &str = "tink-aes-gcm";
/// Export: the public id of that key in its keyset, 4 bytes.
pub const TINK_KEY_ID: &str = "tink-key-id";
/// Export: a PASETO v4.local key.
pub const PASETO_V4_LOCAL: &str = "paseto-v4-local";
/// Export: an X25519 private key as PKCS#8.
pub const PEM_X25519: &str = "pem-x25519";
/// Export: an OpenVPN static key, 256 bytes.
pub const OPENVPN_STATIC: &str = "openvpn-static";
/// Export: the X25519 key that opens a Tor onion service.
pub const TOR_CLIENT_AUTH: &str = "tor-client-auth";
/// Export: the password of a Wi-Fi network, 15 bytes.
pub const WIFI: &str = "wifi";
/// Export: words to be typed, 16 or 32 bytes.
pub const WORDS: &str = "words";
/// Export: the keys of a git-crypt repository, 96 bytes.
pub const GIT_CRYPT: &str = "git-crypt";
/// Export: the password of an rclone crypt remote.
pub const RCLONE_PASSWORD: &str = "rclone-password";
/// Export: the second password of an rclone crypt remote, its salt.
pub const RCLONE_PASSWORD2: &str = "rclone-password2";
/// Export: the two public initialization vectors that rclone's obscuring takes, 16 bytes each.
pub const RCLONE_IV: &str = "rclone-iv";
/// Export: the secret of the codes that the pairing's initiator reads out, 20 bytes.
pub const TOTP_INITIATOR: &str = "totp-initiator";
/// Export: the secret of the codes that the pairing's responder reads out, 20 bytes.
pub const TOTP_RESPONDER: &str = "totp-responder";
/// Export: the pre-shared key of an IKEv2 connection.
pub const IKE_PSK: &str = "ike-psk";
/// Export: the post-quantum pre-shared key of an IKEv2 connection (RFC 8784).
pub const IKE_PPK: &str = "ike-ppk";
/// Export: the key of ESPHome's native API.
pub const ESPHOME_API: &str = "esphome-api";
/// Export: the password of a folder that an untrusted Syncthing device keeps.
pub const SYNCTHING_FOLDER: &str = "syncthing-folder";
/// Export: the secret of a MeshCore channel, 16 bytes.
pub const MESHCORE: &str = "meshcore";
