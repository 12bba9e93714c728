//! Nothing is told of this device that the user did not choose, nothing private ever, and
//! nothing that is not what the user saw when choosing it.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use keyglance_core::crypto::IdentityKey;
use keyglance_core::identifiers::{Identifier, IdentifierKind};
use keyglance_core::pairing::{Card, CardError, CardItem, Frame};
use keyglance_core::test_util::{name, seeded, time};
use keyglance_profile::{
    CardNotice, CardPlaces, CardReadError, CardSource, Channel, FinishedPairing, GpgError,
    PairingFlow, Profile, Share, ShareError, Step, StoreError,
};
use rand_chacha::ChaCha20Rng;
use tempfile::{TempDir, tempdir};

use crate::store::NOW;

const ONE: &str = "ssh-ed25519 \
    AAAAC3NzaC1lZDI1NTE5AAAAIPEFfiKnhtP/Tj7K7gjHKS/8BWCJ4nk2urt6zBCWGn8r ana@laptop\n";
const OTHER: &str = "ssh-ed25519 \
    AAAAC3NzaC1lZDI1NTE5AAAAILXR2ExlrKRnR7O46nUbqI3w+OTBBRbBMT1UEAGgOx68 ana@laptop\n";
const WIREGUARD: &str = "VJJXH6ac+RYKgVO6TJgdU5JkkhGz1NyIE6/7/5pZACk=";
/// A certificate that openssl made, and the ID that Syncthing would give it.
const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----
MIIBPDCB76ADAgECAhQVHlFgxgHFNwK9pudCeRpoZvkuXjAFBgMrZXAwFDESMBAG
A1UEAwwJc3luY3RoaW5nMB4XDTI2MTEyNjIxMTgyNloXDTQ2MDEyNTIxMTgyNlow
FDESMBAGA1UEAwwJc3luY3RoaW5nMCowBQYDK2VwAyEApqlHwnZ9OgZQ7k5nc52X
WfvsD/XtXtPVITJtNVBhrCWjUzBRMB0GA1UdDgQWBBTbw+KMD3dMUdGlyt5W+lwI
QUucBjAfBgNVHSMEGDAWgBTbw+KMD3dMUdGlyt5W+lwIQUucBjAPBgNVHRMBAf8E
BTADAQH/MAUGAytlcANBAFTQ9tWxmEidklZWi4of3/T14Q5hdsth0xSrD5FOuoM0
6MALzZtqC95LGYGXhRtIf7afACkA4p+Lkh+RiX6+VAY=
-----END CERTIFICATE-----
";

/// A user with a profile, a home folder and a server's keys.
struct Ana {
    profile: Profile,
    places: CardPlaces,
    folder: TempDir,
}

impl Ana {
    fn new() -> Self {
        let folder = tempdir().unwrap();
        let root = folder.path();
        let places = CardPlaces {
            home: root.join("home"),
            ssh_server: root.join("etc/ssh"),
            host_name: "ana-laptop".to_owned(),
            gpg: root.join("no-gpg").into(),
        };
        let ana = Self { profile: Profile::open(&root.join("profile")).unwrap(), places, folder };
        ana.write("etc/ssh/ssh_host_ed25519_key.pub", ONE);
        ana.write("home/.ssh/id_ed25519.pub", OTHER);
        ana
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// The user ticks this kind.
    fn ticks(&self, kind: IdentifierKind) {
        self.profile.share_on_card(self.places.read(kind).unwrap(), time(NOW)).unwrap();
    }

    fn shares(&self, share: &Share) -> Vec<IdentifierKind> {
        let shared = self.profile.card_to_share(&self.places, share, time(NOW)).unwrap();
        shared.identifiers.iter().map(Identifier::kind).collect()
    }

    fn refused(&self, kind: IdentifierKind) -> CardReadError {
        self.places.read(kind).unwrap_err()
    }

    fn ticked(&self, kind: IdentifierKind) -> bool {
        self.profile.own_card().unwrap().entry(kind).unwrap().shared
    }
}

use IdentifierKind::{Age, HostName, Minisign, OpenPgp, SshHost, SshUser, Syncthing, WireGuard};

#[test]
fn nothing_is_shared_that_nobody_chose() {
    let ana = Ana::new();
    // Though every file is there to be read.
    ana.write("home/.local/state/syncthing/cert.pem", CERTIFICATE);
    assert!(ana.shares(&Share::Chosen).is_empty());
    assert!(ana.profile.own_card().unwrap().entries().is_empty());
    assert!(!ana.path("profile/card.json").exists(), "and nothing is written");
}

#[test]
fn what_was_chosen_is_shared_from_then_on_and_named_kinds_are_for_one_pairing() {
    let ana = Ana::new();
    ana.ticks(SshHost);
    ana.ticks(HostName);
    assert_eq!(ana.shares(&Share::Chosen), [SshHost, HostName]);
    assert!(ana.shares(&Share::Only(Vec::new())).is_empty());
    assert_eq!(ana.shares(&Share::Only(vec![HostName])), [HostName]);
    // One that was never chosen, for once; two names of it are one.
    assert_eq!(ana.shares(&Share::Only(vec![SshUser, SshUser, SshHost])), [SshHost, SshUser]);
    assert_eq!(ana.shares(&Share::Chosen), [SshHost, HostName], "as before");
    assert!(ana.profile.take_off_card(SshHost).unwrap());
    assert!(!ana.profile.take_off_card(SshHost).unwrap());
    assert_eq!(ana.shares(&Share::Chosen), [HostName]);
}

#[test]
fn a_chosen_entry_survives_the_program_with_where_it_came_from() {
    let ana = Ana::new();
    ana.ticks(SshUser);
    let folder = ana.path("profile");
    let card = Profile::open(&folder).unwrap().own_card().unwrap();
    let entry = card.entry(SshUser).unwrap();
    assert_eq!(entry.source, CardSource::File(ana.path("home/.ssh/id_ed25519.pub")));
    assert_eq!((entry.read_at, entry.shared), (time(NOW), true));
    assert_eq!(entry.identifier, SshUser.parse(OTHER).unwrap());
    let mode = fs::metadata(folder.join("card.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_link_a_pipe_a_folder_and_what_is_too_large_are_refused() {
    let ana = Ana::new();
    let path = ana.path("home/.ssh/id_ed25519.pub");
    let target = ana.write("elsewhere.pub", OTHER);
    fs::remove_file(&path).unwrap();
    assert_eq!(ana.refused(SshUser), CardReadError::Missing(path.clone()));
    symlink(&target, &path).unwrap();
    assert_eq!(ana.refused(SshUser), CardReadError::NotAFile(path.clone()));
    fs::remove_file(&path).unwrap();
    // Nobody ever writes to it: whoever waits for that hangs.
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &path,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
        0,
    )
    .unwrap();
    assert_eq!(ana.refused(SshUser), CardReadError::NotAFile(path.clone()));
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert_eq!(ana.refused(SshUser), CardReadError::NotAFile(path.clone()));
    fs::remove_dir(&path).unwrap();
    fs::write(&path, format!("{OTHER}{}", " ".repeat(17 * 1024 - OTHER.len()))).unwrap();
    assert_eq!(ana.refused(SshUser), CardReadError::TooLarge(path.clone()));
    fs::write(&path, format!("{OTHER}{}", " ".repeat(16 * 1024 - OTHER.len()))).unwrap();
    assert!(ana.places.read(SshUser).is_ok(), "16 KiB are read");
}

#[test]
fn a_private_key_is_refused_in_whatever_place_it_is_given() {
    let ana = Ana::new();
    let openssh = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n";
    let path = ana.write("home/.ssh/id_ed25519.pub", openssh);
    assert_eq!(ana.refused(SshUser), CardReadError::PrivateKey(Some(path)));
    // A certificate and its key in one file, and a file of age's.
    let pem = format!("{CERTIFICATE}-----BEGIN EC PRIVATE KEY-----\nMHc=\n");
    let path = ana.write("home/.config/syncthing/cert.pem", pem);
    assert_eq!(ana.refused(Syncthing), CardReadError::PrivateKey(Some(path)));
    for (kind, text) in [
        (Age, "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"),
        (Age, "age-secret-key-1gfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpq4egaex"),
        (Minisign, "untrusted comment: minisign encrypted secret key\nRWRTY0Iy"),
        (SshHost, openssh),
    ] {
        assert_eq!(ana.places.read_text(kind, text), Err(CardReadError::PrivateKey(None)));
        let path = ana.write("given", text);
        let read = ana.places.read_file(kind, &path);
        assert_eq!(read, Err(CardReadError::PrivateKey(Some(path))));
    }
    assert!(ana.places.read_text(WireGuard, WIREGUARD).is_ok());
}

/// Of WireGuard a private key has the form of a public one, but five bits of it are as
/// `wg genkey` sets them.
#[test]
fn a_wireguard_key_that_looks_private_is_never_shared_without_a_word() {
    let ana = Ana::new();
    for key in [
        "yLrlvJ+lDdTh9NTtYYMvaIUHTCY6hzs64fMZDkFPCWM=",
        "CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICEg=",
    ] {
        // As `umask 077; wg genkey > wireguard.key` makes it.
        let path = ana.write("wireguard.key", key);
        let mode = |mode| fs::Permissions::from_mode(mode);
        fs::set_permissions(&path, mode(0o600)).unwrap();
        let read = ana.places.read_file(WireGuard, &path);
        let refused = CardReadError::LooksPrivate { path: Some(path.clone()), unless_public: None };
        assert_eq!(read, Err(refused));
        // Where others can read it, it may be one public key in sixteen: the user says so.
        fs::set_permissions(&path, mode(0o644)).unwrap();
        for read in [ana.places.read_file(WireGuard, &path), ana.places.read_text(WireGuard, key)] {
            let Err(CardReadError::LooksPrivate { unless_public: Some(public), .. }) = read else {
                panic!("{read:?}")
            };
            ana.profile.share_on_card(*public, time(NOW)).unwrap();
            assert_eq!(ana.shares(&Share::Chosen), [WireGuard]);
        }
    }
    let path = ana.write("wireguard.pub", WIREGUARD);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    assert!(ana.places.read_file(WireGuard, &path).is_ok());
}

#[test]
fn syncthings_certificate_is_found_in_both_places_and_its_key_never_opened() {
    let ana = Ana::new();
    let (now, before) = (ana.path("home/.local/state/syncthing"), "home/.config/syncthing");
    assert_eq!(ana.refused(Syncthing), CardReadError::Missing(now.join("cert.pem")));
    ana.write(&format!("{before}/cert.pem"), CERTIFICATE);
    // A pipe: the test would hang, or it would be an error, if it were looked at.
    let key = ana.path(before).join("key.pem");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &key,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::empty(),
        0,
    )
    .unwrap();
    let read = ana.places.read(Syncthing).unwrap();
    assert_eq!(read.source, CardSource::File(ana.path(before).join("cert.pem")));
    // The newer place is looked at first, and what is wrong there is not passed over.
    ana.write("home/.local/state/syncthing/cert.pem", "no certificate");
    assert!(matches!(ana.refused(Syncthing), CardReadError::Invalid { .. }));
}

#[test]
fn an_identifier_that_has_changed_is_not_shared_any_more_and_told() {
    let ana = Ana::new();
    ana.ticks(SshHost);
    ana.ticks(SshUser);
    ana.ticks(HostName);
    ana.write("etc/ssh/ssh_host_ed25519_key.pub", OTHER);
    let asked = ana.profile.card_to_share(&ana.places, &Share::Only(vec![SshHost]), time(NOW));
    assert_eq!(asked, Err(ShareError::Changed(SshHost)), "nor when it is named");
    let shared = ana.profile.card_to_share(&ana.places, &Share::Chosen, time(NOW)).unwrap();
    assert_eq!(shared.notices, [CardNotice::Changed(SshHost)]);
    assert_eq!(
        shared.identifiers.iter().map(Identifier::kind).collect::<Vec<_>>(),
        [SshUser, HostName]
    );
    assert!(!ana.ticked(SshHost) && ana.ticked(SshUser));
    // Told once; and it does not come back by itself.
    ana.write("etc/ssh/ssh_host_ed25519_key.pub", ONE);
    let again = ana.profile.card_to_share(&ana.places, &Share::Chosen, time(NOW)).unwrap();
    assert_eq!((again.identifiers.len(), again.notices.len()), (2, 0));
    ana.ticks(SshHost);
    assert_eq!(ana.shares(&Share::Chosen), [SshHost, SshUser, HostName]);
}

#[test]
fn one_that_is_gone_or_became_private_is_not_shared_any_more_and_told() {
    let ana = Ana::new();
    ana.ticks(SshHost);
    ana.ticks(SshUser);
    let host = ana.path("etc/ssh/ssh_host_ed25519_key.pub");
    fs::remove_file(&host).unwrap();
    let user = ana.write("home/.ssh/id_ed25519.pub", "-----BEGIN OPENSSH PRIVATE KEY-----");
    let shared = ana.profile.card_to_share(&ana.places, &Share::Chosen, time(NOW)).unwrap();
    assert!(shared.identifiers.is_empty() && shared.card().is_empty());
    assert_eq!(
        shared.notices,
        [
            CardNotice::Unreadable(SshHost, CardReadError::Missing(host)),
            CardNotice::Unreadable(SshUser, CardReadError::PrivateKey(Some(user))),
        ]
    );
    assert!(!ana.ticked(SshHost) && !ana.ticked(SshUser));
}

#[test]
fn the_host_name_is_offered_for_the_local_network_too_and_can_be_another() {
    let mut ana = Ana::new();
    let names: Vec<String> = ana
        .places
        .candidates(HostName)
        .unwrap()
        .iter()
        .map(|name| name.identifier.to_string())
        .collect();
    assert_eq!(names, ["ana-laptop", "ana-laptop.local"]);
    let local = ana.places.candidates(HostName).unwrap().pop().unwrap();
    ana.profile.share_on_card(local, time(NOW)).unwrap();
    assert_eq!(ana.shares(&Share::Chosen), [HostName]);
    let typed = ana.places.read_text(HostName, "nas.lan").unwrap();
    ana.profile.share_on_card(typed, time(NOW)).unwrap();
    // What was typed is not the system's, so that the system's does not count.
    ana.places.host_name = "elsewhere".to_owned();
    assert_eq!(ana.shares(&Share::Chosen), [HostName]);
    ana.places.host_name = String::new();
    assert_eq!(ana.refused(HostName), CardReadError::NoHostName);
    ana.places.host_name = "a\u{202e}b".to_owned();
    assert_eq!(ana.refused(HostName), CardReadError::NoHostName);
}

#[test]
fn gpg_is_asked_only_for_its_own_kind_and_several_keys_are_a_choice() {
    let mut ana = Ana::new();
    assert_eq!(ana.refused(OpenPgp), CardReadError::Gpg(GpgError::NotInstalled));
    let (one, other) = ("0".repeat(39) + "1", "0".repeat(39) + "2");
    let asked = ana.path("asked");
    let gpg = ana.write(
        "gpg",
        format!(
            "#!/bin/sh\necho \"$*\" >> '{}'\nprintf 'sec:u:::::::::::scESC:\\nfpr:::::::::{one}:\\n\
             sec:u:::::::::::scESC:\\nfpr:::::::::{other}:\\n'\n",
            asked.display()
        ),
    );
    fs::set_permissions(&gpg, fs::Permissions::from_mode(0o700)).unwrap();
    ana.places.gpg = gpg.into();
    let CardReadError::Several(mut keys) = ana.refused(OpenPgp) else { panic!("no choice") };
    assert_eq!(keys.len(), 2);
    ana.profile.share_on_card(keys.remove(1), time(NOW)).unwrap();
    ana.ticks(SshHost);
    assert_eq!(ana.shares(&Share::Chosen), [SshHost, OpenPgp]);
    let asked = fs::read_to_string(asked).unwrap();
    assert_eq!(asked, "--batch --no-tty --with-colons --list-secret-keys\n", "once");
}

#[test]
fn a_damaged_or_newer_card_shares_nothing() {
    let ana = Ana::new();
    ana.ticks(SshHost);
    let path = ana.path("profile/card.json");
    let good = fs::read_to_string(&path).unwrap();
    let twice = good.replace(
        "\"entries\": [",
        &format!(
            "\"entries\": [{},",
            serde_json::from_str::<serde_json::Value>(&good).unwrap()["entries"][0]
        ),
    );
    for damaged in ["", "{}", &good.replace("ssh-host", "ssh"), &twice] {
        fs::write(&path, damaged).unwrap();
        let shared = ana.profile.card_to_share(&ana.places, &Share::Chosen, time(NOW)).unwrap();
        assert!(shared.identifiers.is_empty(), "{damaged}");
        let is_told = |notice: &CardNotice| {
            matches!(notice, CardNotice::NothingKnown(StoreError::OwnCardDamaged(_)))
        };
        assert!(shared.notices.iter().any(is_told), "{damaged}: {shared:?}");
        let named = Share::Only(vec![SshUser]);
        assert!(ana.profile.card_to_share(&ana.places, &named, time(NOW)).is_err());
    }
    // Whoever wants to share nothing can pair all the same.
    assert!(ana.shares(&Share::Only(Vec::new())).is_empty());
    ana.ticks(SshUser);
    assert_eq!(ana.shares(&Share::Chosen), [SshUser]);
    fs::write(&path, good.replace("\"version\": 1", "\"version\": 2")).unwrap();
    assert_eq!(ana.profile.own_card(), Err(StoreError::Newer(2)));
    let chosen = ana.places.read(SshHost).unwrap();
    assert_eq!(ana.profile.share_on_card(chosen, time(NOW)), Err(StoreError::Newer(2)));
}

type Flow = PairingFlow<ChaCha20Rng>;

fn flow(seed: u64, card: Card) -> Flow {
    let mut rng = seeded(seed);
    let key = Arc::new(IdentityKey::generate(&mut rng));
    let name = name(&format!("device {seed}"));
    PairingFlow::new(key, name, None, rng, Duration::ZERO).with_card(card)
}

/// Pairs two devices: the lengths of CONFIRM and DONE as they were shown, and how each
/// finished, the responder first.
fn pair((one, two): (Card, Card)) -> (Vec<usize>, [Box<FinishedPairing>; 2]) {
    let folder = tempdir().unwrap();
    let mut flows = [flow(1, one), flow(2, two)];
    let profiles = ["one", "two"].map(|name| Profile::open(&folder.path().join(name)).unwrap());
    let (mut lengths, mut finished) = (Vec::new(), [None, None]);
    let mut at = Duration::ZERO;
    while finished.iter().any(Option::is_none) {
        at += Duration::from_millis(100);
        assert!(at < Duration::from_secs(10), "they do not pair");
        for (this, other) in [(0, 1), (1, 0)] {
            let code = flows[other].code().unwrap();
            let steps = flows[this].handle(at, &code, Channel::Camera);
            for step in flows[this].store(steps, &profiles[this], time(NOW)) {
                if let Step::Finished(done) = step {
                    finished[this] = Some(done);
                }
            }
        }
        for flow in &flows {
            if let Some(frame @ (Frame::Confirm { .. } | Frame::Done { .. })) = flow.frame() {
                lengths.push(frame.to_bytes().len());
            }
        }
    }
    lengths.sort();
    lengths.dedup();
    let finished = finished.map(Option::unwrap);
    for (profile, done) in profiles.iter().zip(&finished) {
        let keys = profile.keys().unwrap().0;
        let kept = keys[0].file.card().unwrap();
        assert_eq!(kept, done.peer_card.clone().unwrap_or_default(), "it is kept");
    }
    (lengths, finished)
}

#[test]
fn confirm_and_done_are_as_short_as_they_can_be_unless_something_was_chosen() {
    let ana = Ana::new();
    let card =
        |share: &Share| ana.profile.card_to_share(&ana.places, share, time(NOW)).unwrap().card();
    // 28 bytes and a checksum: the version, the sid, the byte 1 and a tag.
    assert_eq!(pair((card(&Share::Chosen), Card::default())).0, [32]);
    ana.ticks(SshHost);
    ana.ticks(HostName);
    assert_eq!(pair((card(&Share::Only(Vec::new())), Card::default())).0, [32]);
    let (lengths, finished) = pair((card(&Share::Chosen), Card::default()));
    assert_eq!(lengths, [32, 32 + 34 + 2 + "ana-laptop".len()]);
    let [ours, theirs] = finished;
    assert_eq!(theirs.peer_card.unwrap(), card(&Share::Chosen));
    assert_eq!(ours.our_card, card(&Share::Chosen));
    assert!(ours.peer_card.unwrap().is_empty() && theirs.our_card.is_empty());
}

#[test]
fn a_card_that_breaks_the_rules_is_left_out_told_and_the_pairing_stands() {
    let kind = SshHost.on_card();
    let broken = Card::unchecked(vec![CardItem { kind, value: vec![9; 31] }]);
    let (_, [one, two]) = pair((broken, Card::default()));
    assert_eq!(two.peer_card, Err(CardError::Value));
    assert_eq!(one.peer_card, Ok(Card::default()));
}
