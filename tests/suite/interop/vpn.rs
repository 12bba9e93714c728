//! Tunnels, each between two devices that have nothing in common but a cable.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use super::network::{Server, udp_port};
use super::told::Told;
use super::{LETTER, Pair, failed, finish, need, passed, shown, succeeded};

/// Two network namespaces, each with a folder of its own in the place of one of the
/// system's.
struct Namespaces {
    names: [String; 2],
    /// Enters one of them.
    enter: [Vec<String>; 2],
    folders: [PathBuf; 2],
}

impl Namespaces {
    /// `None`, with a word, where they are not allowed. `place` is the folder of the system
    /// that each has for itself.
    fn new(pair: &Pair, place: &str) -> Option<Self> {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let id = format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let names = [format!("kg-a-{id}"), format!("kg-b-{id}")];
        let [a, b] = &names;
        let script = format!(
            "set -e; ip netns add {a}; ip netns add {b}
             ip -n {a} link add cable type veth peer name cable netns {b}
             ip -n {a} addr add 192.0.2.1/24 dev cable; ip -n {b} addr add 192.0.2.2/24 dev cable
             ip -n {a} link set cable up; ip -n {b} link set cable up
             ip -n {a} link set lo up; ip -n {b} link set lo up; mkdir -p {place}"
        );
        let folders = ["a", "b"].map(|side| pair.make_folder(&format!("system-{side}/etc")));
        for side in ["a", "b"] {
            pair.make_folder(&format!("system-{side}/run"));
        }
        let made = Path::new("/dev/net/tun").exists()
            && keyglance_core::test_util::found("ip")
            && keyglance_core::test_util::found("unshare")
            && pair.run("sh", &["-c", &script], b"").status.success();
        if !made {
            println!("skipped: network namespaces not found");
        }
        let enter = [0, 1].map(|side| {
            let system = folders[side].parent().unwrap().display();
            let mount = format!(
                "mkdir -p /run/wireguard && mount --bind '{system}/etc' {place} && \
                 mount --bind '{system}/run' /run/wireguard && exec \"$@\""
            );
            ["ip", "netns", "exec", &names[side], "unshare", "--mount", "sh", "-c", &mount, "sh"]
                .map(str::to_owned)
                .to_vec()
        });
        made.then_some(Self { names, enter, folders })
    }

    /// A told line, run on one of the two devices.
    fn run(&self, side: usize, told: &Told<'_>, line: &str, places: &[(&str, &str)]) -> Output {
        finish(&mut self.command(side, told, line, places), b"")
    }

    fn ok(&self, side: usize, told: &Told<'_>, line: &str, places: &[(&str, &str)]) -> Vec<u8> {
        succeeded(line, self.run(side, told, line, places))
    }

    fn command(
        &self,
        side: usize,
        told: &Told<'_>,
        line: &str,
        places: &[(&str, &str)],
    ) -> Command {
        let enter: Vec<_> = self.enter[side].iter().map(String::as_str).collect();
        told.shell_within(&enter, line, places)
    }

    /// Another program there.
    fn within(&self, pair: &Pair, side: usize, words: &[&str]) -> Command {
        let enter: Vec<_> = self.enter[side].iter().map(String::as_str).collect();
        pair.limited(&[&enter[..], words].concat())
    }
}

impl Drop for Namespaces {
    fn drop(&mut self) {
        for name in &self.names {
            // What was started there by what we ran, and by nobody else.
            let pids = Command::new("ip").args(["netns", "pids", name]).output();
            let pids = pids.map(|out| String::from_utf8_lossy(&out.stdout).into_owned());
            for pid in pids.unwrap_or_default().split_whitespace() {
                let _ = Command::new("kill").arg(pid).output();
            }
            let _ = Command::new("ip").args(["netns", "del", name]).output();
        }
    }
}

const INSTALL: &str = "sudo install -m 600 {file} /etc/wireguard/{interface}.conf";
const UP: &str = "sudo wg-quick up {interface}";
const DOWN: &str = "sudo wg-quick down {interface}";
const REMOVE: &str = "sudo rm /etc/wireguard/{interface}.conf";
const SET_PSK: &str = "sudo wg set INTERFACE peer KEY preshared-key {file}";
const NEW_PSK: &str = "sudo wg set INTERFACE peer KEY preshared-key NEW";

fn value(text: &str, name: &str) -> String {
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("{name} = ")));
    line.unwrap_or_else(|| panic!("no {name} in {text}")).to_owned()
}

/// The halves fit each other, and wg and wg-quick take them, under the name that the file
/// has of itself.
#[test]
fn wireguard_tools() {
    need!("wg", "wg-quick");
    let pair = Pair::new();
    let own: &[&str] = &["--own-devices", "--endpoint", "[fe80::1%lo]:51820"];
    let files = pair.files_with("wireguard", [own, own]);
    let strip = |told: &Told<'_>| {
        // wg-quick takes names that could be an interface's: the file's own is one.
        let out = pair.ok("wg-quick", &["strip", &told.shown()], b"");
        String::from_utf8(out).unwrap()
    };
    let [ana, bo, wrong] = [&files.ana, &files.bo, &files.wrong].map(strip);
    let public = |conf: &str| {
        let key = pair.ok("wg", &["pubkey"], value(conf, "PrivateKey").as_bytes());
        String::from_utf8(key).unwrap().trim().to_owned()
    };
    assert_eq!(public(&ana), value(&bo, "PublicKey"));
    assert_eq!(public(&bo), value(&ana, "PublicKey"));
    assert_ne!(public(&wrong), value(&ana, "PublicKey"));
    assert_eq!(value(&ana, "PresharedKey"), value(&bo, "PresharedKey"));
    assert!(!ana.contains("Address"), "wg-quick took out what is its own: {ana}");
    // What is written, wg parses: it stumbles over nothing but the missing device.
    let set = finish(pair.program("wg").args(["setconf", "nosuch", "/dev/stdin"]), ana.as_bytes());
    let said = String::from_utf8_lossy(&set.stderr).into_owned();
    assert!(said.contains("Unable to modify interface") && !said.contains("parsing"), "{said}");
    passed("wg");
}

/// Names that a user may choose: wg-quick takes the file under the name that it gets.
#[test]
fn wg_quick_takes_every_default_file_name() {
    need!("wg-quick");
    let pair = Pair::new();
    for name in [
        "Ana's workstation at home",
        "\u{30ce}\u{30fc}\u{30c8}",
        "\u{1f98a}",
        "-rf",
        "bo.laptop",
        "twelve-chars",
        "../up",
    ] {
        let home = crate::program::Home::new();
        home.write("cy.keyglance", super::strangers_key());
        home.run(["import", "cy.keyglance", &format!("--name={name}")]).ended(0);
        let export =
            ["export", "--for=wireguard", "--own-devices", "--plain", "--json", "--", name];
        let file = home.run(export).ended(0).json()["file"].as_str().unwrap().to_owned();
        pair.ok("wg-quick", &["strip", shown(&home.path(&file))], b"");
    }
    passed("wg-quick");
}

#[test]
#[ignore = "slow: make interop runs it"]
fn a_wireguard_tunnel_carries_the_letter() {
    need!("wg", "wg-quick", "wireguard-go", "python3");
    let pair = Pair::new();
    let Some(two) = Namespaces::new(&pair, "/etc/wireguard") else { return };
    // Who is 10.66.0.1 was decided by the pairing; the cable's addresses were not.
    let endpoint =
        ["192.0.2.2:51820", "192.0.2.1:51820"].map(|e| ["--own-devices", "--endpoint", e]);
    let files = pair.files_with("wireguard", [&endpoint[0], &endpoint[1]]);
    let psk = pair.files_in("wireguard-psk", [&[], &[]], ["a;b", "ünï", "-rf", "back\\slash"]);
    let address = value(&files.bo.text(), "Address").replace("/32", "");
    let arrives = |seconds: u32| {
        let listen = format!(
            "import socket\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n\
             s.settimeout({seconds})\ns.bind(('{address}', 7000))\nprint('bound', flush=True)\n\
             try:\n    print(s.recv(999).decode(), flush=True)\n\
             except TimeoutError:\n    print('nothing came', flush=True)"
        );
        let send = format!(
            "import socket, sys\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n\
             s.sendto(sys.stdin.buffer.read(), ('{address}', 7000))"
        );
        let mut listener = Server::start(&mut two.within(&pair, 1, &["python3", "-c", &listen]));
        listener.says(false, &["bound"]);
        let mut send = two.within(&pair, 0, &["python3", "-c", &send]);
        succeeded("send", finish(&mut send, LETTER));
        listener.says(false, &["nothing came", str::from_utf8(LETTER).unwrap()]).0 == 1
    };

    // The second secret alone, before the two have spoken: of another purpose, then ours.
    let there = value(&files.bo.text(), "PublicKey");
    let set = |told: &Told<'_>, line: &str| {
        let places = [("INTERFACE", "key"), ("KEY", there.as_str()), ("NEW", "new/key.psk")];
        two.ok(1, told, line, &places);
    };
    two.ok(1, &files.bo, INSTALL, &[]);
    two.ok(1, &files.bo, UP, &[]);
    set(&psk.wrong, SET_PSK);
    two.ok(0, &files.ana, INSTALL, &[]);
    two.ok(0, &files.ana, UP, &[]);
    assert!(!arrives(3), "with another second secret");
    set(&psk.bo, SET_PSK);
    assert!(arrives(30), "with the one of the tunnel");
    passed("wireguard-go");

    // Renewed on one side only, both have another.
    let new = pair.new_file("wireguard-psk");
    set(&psk.bo, NEW_PSK);
    let shown_there =
        finish(&mut two.within(&pair, 1, &["wg", "show", "key", "preshared-keys"]), b"");
    let shown_there = String::from_utf8(succeeded("wg show", shown_there)).unwrap();
    assert!(shown_there.trim().ends_with(new.text().trim()), "{shown_there}");

    // With another purpose's or another key's file there is no tunnel.
    for wrong in files.wrong_ones() {
        two.ok(1, &files.bo, DOWN, &[]);
        two.ok(1, &files.bo, REMOVE, &[]);
        assert!(!two.folders[1].join("key.conf").exists());
        two.ok(1, wrong, INSTALL, &[]);
        // Under the address that the letter goes to, so that nothing else stops it.
        let conf = two.folders[1].join("key.conf");
        let text = std::fs::read_to_string(&conf).unwrap();
        let [own, peer] = ["Address", "AllowedIPs"].map(|name| value(&text, name));
        let mine = files.bo.text();
        let text = text
            .replace(&format!("Address = {own}"), &format!("Address = {}", value(&mine, "Address")))
            .replace(
                &format!("AllowedIPs = {peer}"),
                &format!("AllowedIPs = {}", value(&mine, "AllowedIPs")),
            );
        std::fs::write(&conf, text).unwrap();
        two.ok(1, wrong, UP, &[]);
        assert!(!arrives(3), "with another file");
    }
    two.ok(1, &files.wrong, DOWN, &[]);
    two.ok(0, &files.ana, DOWN, &[]);
}

#[test]
#[ignore = "slow: make interop runs it"]
fn openvpn() {
    need!("openvpn", "openssl");
    let pair = Pair::new();
    let files = pair.files("openvpn");
    let mut prints = Vec::new();
    for name in ["server", "client"] {
        let (key, certificate) = (format!("{name}.key"), format!("{name}.pem"));
        let args = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
        let more = ["-nodes", "-subj", "/CN=peer", "-keyout", &key, "-out", &certificate];
        pair.ok("openssl", &[&args[..], &more].concat(), b"");
        let args = ["x509", "-noout", "-fingerprint", "-sha256", "-in", &certificate];
        let print = String::from_utf8(pair.ok("openssl", &args, b"")).unwrap();
        prints.push(print.trim().split_once('=').unwrap().1.to_owned());
    }
    let configure = |name: &str, peer: &str, more: &str| {
        let common = "dev null\nproto udp4\nverb 3\nifconfig-noexec\n";
        let keys = format!("cert {name}.pem\nkey {name}.key\npeer-fingerprint {peer}\n");
        pair.write(&format!("{name}.ovpn"), format!("{common}{keys}{more}"));
    };
    let start = |name: &str, told: &Told<'_>| {
        let line = "openvpn --config YOURS.ovpn --tls-crypt {file}";
        Server::start(&mut told.shell(line, &[("YOURS", name)]))
    };
    let done = "Initialization Sequence Completed";
    for (told, expected) in [(&files.bo, 0), (&files.wrong, 1), (&files.stranger, 1)] {
        let port = udp_port();
        let listen = format!("local 127.0.0.1\nlport {port}\ntls-server\ndh none\n");
        configure("server", &prints[1], &listen);
        configure("client", &prints[0], &format!("remote 127.0.0.1 {port}\nnobind\ntls-client\n"));
        let mut server = start("server", &files.ana);
        server.says(false, &["link local (bound)"]);
        let mut client = start("client", told);
        assert_eq!(server.says(false, &[done, "tls-crypt unwrap error"]).0, expected);
        if expected == 0 {
            client.says(false, &[done]);
        }
    }
    passed("openvpn");
}

/// An IKE_SA between two daemons by the pre-shared key and the required post-quantum one.
/// (No ESP: not every kernel has it.)
#[test]
#[ignore = "slow: make interop runs it"]
fn strongswan() {
    need!("swanctl");
    if !Path::new("/usr/sbin/charon-systemd").exists() {
        println!("skipped: charon-systemd not found");
        return;
    }
    let pair = Pair::new();
    let Some(two) = Namespaces::new(&pair, "/etc/swanctl") else { return };
    let ids: &[&str] = &["--id", "ana@example.org,bo@example.org"];
    let files = pair.files_with("strongswan", [ids, ids]);
    let install = "sudo install -m 600 {file} /etc/swanctl/conf.d/{stem}.conf";
    let load = "sudo swanctl --load-creds";
    let mut daemons = Vec::new();
    let sides = [("192.0.2.1", "ana", "192.0.2.2", "bo"), ("192.0.2.2", "bo", "192.0.2.1", "ana")];
    for (side, (here, own, there, peer)) in sides.into_iter().enumerate() {
        let folder = &two.folders[side];
        std::fs::create_dir(folder.join("conf.d")).unwrap();
        let swanctl = format!(
            "connections {{\n kg {{\n  version = 2\n  proposals = aes256-sha256-modp2048\n  local_addrs = {here}\n  remote_addrs = {there}\n  \
             ppk_id = keyglance\n  ppk_required = yes\n  local {{\n   auth = psk\n   id = {own}@example.org\n  }}\n  \
             remote {{\n   auth = psk\n   id = {peer}@example.org\n  }}\n }}\n}}\ninclude conf.d/*.conf\n"
        );
        std::fs::write(folder.join("swanctl.conf"), swanctl).unwrap();
        let socket = folder.with_file_name("vici");
        let socket = format!("unix://{}", socket.display());
        let settings = format!(
            "charon-systemd {{\n load = random nonce drbg openssl gmp aes sha1 sha2 hmac kdf curve25519 pem pkcs1 x509 \
             pubkey kernel-netlink socket-default vici\n retransmit_tries = 1\n retransmit_timeout = 1\n \
             plugins {{\n  vici {{\n   socket = {socket}\n  }}\n }}\n}}\nswanctl {{\n socket = {socket}\n load = random drbg openssl gmp aes sha1 sha2 pem pkcs1 x509\n}}\n"
        );
        std::fs::write(folder.with_file_name("strongswan.conf"), settings).unwrap();
    }
    let settings = |side: usize| two.folders[side].with_file_name("strongswan.conf");
    let swanctl = |side: usize, args: &[&str]| {
        let mut command = two.within(&pair, side, &[&["swanctl"], args].concat());
        finish(command.env("STRONGSWAN_CONF", settings(side)), b"")
    };
    let told_on = |side: usize, told: &Told<'_>, line: &str| {
        let mut command = two.command(side, told, line, &[]);
        succeeded(line, finish(command.env("STRONGSWAN_CONF", settings(side)), b""));
    };
    for (side, told) in [(0, &files.ana), (1, &files.bo)] {
        let mut command = two.within(&pair, side, &["/usr/sbin/charon-systemd"]);
        daemons.push(Server::start(command.env("STRONGSWAN_CONF", settings(side))));
        let start = Instant::now();
        while !two.folders[side].with_file_name("vici").exists() {
            assert!(start.elapsed() < Duration::from_secs(60), "the daemon did not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        told_on(side, told, install);
        told_on(side, told, load);
        succeeded("swanctl", swanctl(side, &["--load-conns"]));
    }
    let initiate = || swanctl(0, &["--initiate", "--ike", "kg", "--timeout", "20"]);
    let terminate =
        || drop(swanctl(0, &["--terminate", "--ike", "kg", "--force", "--timeout", "5"]));
    let said = succeeded("swanctl", initiate());
    assert!(super::contains(&said, b"initiate completed successfully"));
    assert!(super::contains(&swanctl(0, &["--list-sas"]).stdout, b"ESTABLISHED"));
    // Another key, then the right one with another post-quantum key, refused each time.
    let right = files.bo.text();
    let ppk = |text: &str| {
        text.rsplit_once("secret = ").unwrap().1.split('\n').next().unwrap().to_owned()
    };
    let mixed = right.replace(&ppk(&right), &ppk(&files.wrong.text()));
    assert_ne!(mixed, right);
    let conf = two.folders[1].join("conf.d/key.swanctl.conf");
    for text in [files.wrong.text(), files.stranger.text(), mixed] {
        terminate();
        told_on(1, &files.bo, "sudo rm /etc/swanctl/conf.d/{stem}.conf");
        told_on(1, &files.bo, "sudo swanctl --load-creds --clear");
        assert!(!conf.exists());
        std::fs::write(&conf, text).unwrap();
        told_on(1, &files.bo, load);
        failed("swanctl", &initiate());
    }
    // It was none of the rest that stood in the way.
    terminate();
    told_on(1, &files.bo, "sudo swanctl --load-creds --clear");
    told_on(1, &files.bo, install);
    told_on(1, &files.bo, load);
    succeeded("swanctl", initiate());
    passed("swanctl");
    passed("charon-systemd");
}
