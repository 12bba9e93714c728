//! Programs that talk over a network, here over this machine's own.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{TcpListener, UdpSocket};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command};

use super::{LETTER, Pair, contains, failed, finish, need, passed, shown, succeeded, text};

/// A program that runs until we have seen enough.
pub struct Server {
    child: Child,
    out: BufReader<ChildStdout>,
    err: BufReader<ChildStderr>,
}

impl Server {
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let err = BufReader::new(child.stderr.take().unwrap());
        Self { child, out, err }
    }

    /// Ends its standard input, and its work with it.
    pub fn close_input(&mut self) {
        drop(self.child.stdin.take());
    }

    /// Reads what it says until one of these is in a line; which one, and
    /// the line.
    pub fn says(&mut self, on_error: bool, wanted: &[&str]) -> (usize, String) {
        let mut said = String::new();
        loop {
            let start = said.len();
            let read = if on_error {
                self.err.read_line(&mut said)
            } else {
                self.out.read_line(&mut said)
            };
            assert!(read.unwrap() > 0, "it ended without {wanted:?}: {said}{}", self.rest());
            let line = &said[start..];
            if let Some(found) = wanted.iter().position(|text| line.contains(text)) {
                return (found, line.to_owned());
            }
        }
    }

    fn rest(&mut self) -> String {
        let mut rest = String::new();
        let _ = self.out.read_to_string(&mut rest);
        let _ = self.err.read_to_string(&mut rest);
        rest
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // `timeout` passes the signal on to the program, which kill -9 would not.
        let id = self.child.id().to_string();
        let _ = Command::new("kill").arg(id).status();
        let _ = self.child.wait();
    }
}

/// A port that nobody has just now.
fn port() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string()
}

fn udp_port() -> String {
    UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string()
}

#[test]
#[ignore = "slow: make interop runs it"]
fn mosquitto() {
    need!("mosquitto", "mosquitto_pub", "mosquitto_sub");
    let pair = Pair::new();
    let files = pair.files("tls-psk");
    let port = port();
    // The broker may give up root's rights, and reads the file before it does.
    let config = format!(
        "listener {port} 127.0.0.1\npsk_hint pair\npsk_file {}\nuse_identity_as_username true\n\
         allow_anonymous false\nuser root\n",
        shown(&files.ana)
    );
    let config = pair.write("mosquitto.conf", config);
    let mut command = pair.program("mosquitto");
    let mut broker = Server::start(command.args(["-v", "-c", shown(&config)]));
    broker.says(true, &["running"]);
    let client = |program, file: &Path, more: &[&str]| {
        let line = text(file);
        let key = line.trim_end().strip_prefix("pair:").unwrap();
        // As we tell users: an argument would show the key to everybody on the machine.
        pair.write(program, format!("--psk-identity pair\n--psk {key}\n"));
        let mut command = pair.program(program);
        command.env("XDG_CONFIG_HOME", pair.path("")).args(["-h", "127.0.0.1", "-p", &port]);
        finish(command.args(["-t", "letters"]).args(more), LETTER)
    };
    succeeded("mosquitto_pub", client("mosquitto_pub", &files.bo, &["-r", "-s"]));
    let got = client("mosquitto_sub", &files.ana, &["-C", "1", "-N"]);
    assert_eq!(succeeded("mosquitto_sub", got), LETTER);
    failed("mosquitto_pub", &client("mosquitto_pub", &files.wrong, &["-r", "-s"]));
    passed("mosquitto");
}

#[test]
#[ignore = "slow: make interop runs it"]
fn stunnel() {
    need!("stunnel");
    let pair = Pair::new();
    let files = pair.files("tls-psk");
    let port = port();
    let config = |name: &str, key: &Path, more: &str| {
        let common = "foreground = yes\ndebug = notice\nsyslog = no\npid =\n[letters]\n";
        let key = shown(key);
        pair.write(name, format!("{common}ciphers = PSK\nPSKsecrets = {key}\n{more}"))
    };
    pair.write("letter", LETTER);
    let letter = pair.path("letter");
    let serve =
        format!("accept = 127.0.0.1:{port}\nexec = /bin/cat\nexecArgs = cat {}\n", shown(&letter));
    let server = config("server.conf", &files.ana, &serve);
    let mut command = pair.program("stunnel");
    let mut server = Server::start(command.arg(server));
    server.says(true, &["Configuration successful"]);
    let connect = |name, key: &Path| {
        // Without an accept line it talks to its own input and output.
        let more = format!("client = yes\nPSKidentity = pair\nconnect = 127.0.0.1:{port}\n");
        let path = config(name, key, &more);
        let inetd = text(&path).replace("[letters]\n", "");
        pair.write(name, inetd);
        finish(pair.program("stunnel").arg(path), b"")
    };
    assert_eq!(succeeded("stunnel", connect("client.conf", &files.bo)), LETTER);
    let refused = connect("wrong.conf", &files.wrong);
    assert!(!contains(&refused.stdout, LETTER), "a wrong key was taken");
    passed("stunnel");
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
    let start = |name: &str, peer: &str, key: &Path, more: &[&str]| {
        let mut command = pair.program("openvpn");
        command.args(["--dev", "null", "--proto", "udp4", "--verb", "3", "--ifconfig-noexec"]);
        command.args(["--cert", &format!("{name}.pem"), "--key", &format!("{name}.key")]);
        command.args(["--peer-fingerprint", peer, "--tls-crypt", shown(key)]).args(more);
        Server::start(&mut command)
    };
    let done = "Initialization Sequence Completed";
    for (key, expected) in [(&files.bo, 0), (&files.wrong, 1)] {
        let port = udp_port();
        let listen = ["--local", "127.0.0.1", "--lport", &port, "--tls-server", "--dh", "none"];
        let mut server = start("server", &prints[1], &files.ana, &listen);
        server.says(false, &["link local (bound)"]);
        let connect = ["--remote", "127.0.0.1", &port, "--nobind", "--tls-client"];
        let mut client = start("client", &prints[0], key, &connect);
        assert_eq!(server.says(false, &[done, "tls-crypt unwrap error"]).0, expected);
        if expected == 0 {
            client.says(false, &[done]);
        }
    }
    passed("openvpn");
}

#[test]
fn wireguard_tools() {
    need!("wg", "wg-quick");
    let pair = Pair::new();
    let own: &[&str] = &["--own-devices", "--endpoint", "192.0.2.1:51820"];
    let files = pair.files_with("wireguard", [own, own]);
    let value = |text: &str, name: &str| {
        text.lines().find_map(|l| l.strip_prefix(&format!("{name} = "))).unwrap().to_owned()
    };
    let strip = |file: &Path| {
        // wg-quick takes names that could be an interface's.
        let conf = pair.path("wg0.conf");
        std::fs::copy(file, &conf).unwrap();
        String::from_utf8(pair.ok("wg-quick", &["strip", shown(&conf)], b"")).unwrap()
    };
    let [ana, bo, wrong] = [&files.ana, &files.bo, &files.wrong].map(|file| strip(file));
    let public = |conf: &str| {
        let key = pair.ok("wg", &["pubkey"], value(conf, "PrivateKey").as_bytes());
        String::from_utf8(key).unwrap().trim().to_owned()
    };
    assert_eq!(public(&ana), value(&bo, "PublicKey"));
    assert_eq!(public(&bo), value(&ana, "PublicKey"));
    assert_ne!(public(&wrong), value(&ana, "PublicKey"));
    assert_eq!(value(&ana, "PresharedKey"), value(&bo, "PresharedKey"));
    assert!(!ana.contains("Address"), "wg-quick took out what is its own: {ana}");
    passed("wireguard-tools");
}

/// Two devices that have nothing in common but a cable.
struct Namespaces([String; 2]);

impl Namespaces {
    /// `None`, with a word, where they are not allowed.
    fn new(pair: &Pair) -> Option<Self> {
        let id = std::process::id();
        let names = [format!("kg-a-{id}"), format!("kg-b-{id}")];
        let namespaces = Self(names);
        let [a, b] = &namespaces.0;
        let script = format!(
            "set -e; ip netns add {a}; ip netns add {b}
             ip -n {a} link add cable type veth peer name cable netns {b}
             ip -n {a} addr add 192.0.2.1/24 dev cable; ip -n {b} addr add 192.0.2.2/24 dev cable
             ip -n {a} link set cable up; ip -n {b} link set cable up"
        );
        let made = Path::new("/dev/net/tun").exists()
            && keyglance_core::test_util::found("ip")
            && pair.run("sh", &["-c", &script], b"").status.success();
        if !made {
            println!("skipped: network namespaces not found");
        }
        made.then_some(namespaces)
    }
}

impl Drop for Namespaces {
    fn drop(&mut self) {
        for name in &self.0 {
            let _ = Command::new("ip").args(["netns", "del", name]).output();
        }
    }
}

#[test]
#[ignore = "slow: make interop runs it"]
fn a_wireguard_tunnel_carries_the_letter() {
    need!("wg", "wg-quick", "wireguard-go", "python3");
    let pair = Pair::new();
    let Some(namespaces) = Namespaces::new(&pair) else { return };
    let id = std::process::id();
    // Who is 10.66.0.1 was decided by the pairing; the cable's addresses were not.
    let endpoint =
        ["192.0.2.2:51820", "192.0.2.1:51820"].map(|e| ["--own-devices", "--endpoint", e]);
    let files = pair.files_with("wireguard", [&endpoint[0], &endpoint[1]]);
    let mut servers = Vec::new();
    for (side, file) in [(0, &files.ana), (1, &files.bo)] {
        let (space, device) = (&namespaces.0[side], format!("kg{side}x{id}"));
        let mut command = pair.program("ip");
        command.args(["netns", "exec", space, "wireguard-go", "-f", &device]);
        command.env("LOG_LEVEL", "verbose");
        let mut server = Server::start(&mut command);
        server.says(false, &["UAPI listener started"]);
        servers.push(server);
        set_up(&pair, space, &device, file);
    }
    let [a, b] = &namespaces.0;
    let address = text(&files.bo)
        .lines()
        .find_map(|line| line.strip_prefix("Address = ").map(|a| a.replace("/32", "")))
        .unwrap();
    let listen = format!(
        "import socket\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n\
         s.bind(('{address}', 7000))\nprint('bound', flush=True)\n\
         print(s.recv(999).decode(), flush=True)"
    );
    let send = format!(
        "import socket, sys\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n\
         s.settimeout(3)\ns.sendto(sys.stdin.buffer.read(), ('{address}', 7000))"
    );
    let within = |space: &str, script: &str| {
        let mut command = pair.program("ip");
        command.args(["netns", "exec", space, "python3", "-c", script]);
        command
    };
    let mut listener = Server::start(&mut within(b, &listen));
    listener.says(false, &["bound"]);
    succeeded("send", finish(&mut within(a, &send), LETTER));
    listener.says(false, &[std::str::from_utf8(LETTER).unwrap()]);

    // With another purpose's keys there is no handshake: the same device answers nobody.
    let device = format!("kg1x{id}");
    set_up(&pair, b, &device, &files.wrong);
    // Its peer anew, or it would wait for an answer on the old session first.
    set_up(&pair, a, &format!("kg0x{id}"), &files.ana);
    succeeded("send", finish(&mut within(a, &send), LETTER));
    let dropped = ["Received packet with invalid mac1", "invalid initiation", "Failed to decrypt"];
    servers[1].says(false, &dropped);
    passed("wireguard-go");
}

fn set_up(pair: &Pair, space: &str, device: &str, file: &Path) {
    let conf = pair.path(&format!("{device}.conf"));
    std::fs::copy(file, &conf).unwrap();
    let stripped = pair.ok("wg-quick", &["strip", shown(&conf)], b"");
    pair.write(&format!("{device}.stripped"), stripped);
    let value = |name: &str| {
        let text = text(file);
        text.lines().find_map(|l| l.strip_prefix(&format!("{name} = ")).map(str::to_owned)).unwrap()
    };
    let (own, peer) = (value("Address"), value("AllowedIPs"));
    let script = format!(
        "set -e; wg setconf {device} {device}.stripped; ip addr replace {own} dev {device}
         ip link set {device} up; ip route replace {peer} dev {device}"
    );
    pair.ok("ip", &["netns", "exec", space, "sh", "-c", &script], b"");
}

/// Without the Tor network: the program takes each half, and no spoiled one.
#[test]
#[ignore = "slow: make interop runs it"]
fn tor() {
    need!("tor");
    let pair = Pair::new();
    let onion = "aaaqeayeaudaocajbifqydiob4ibceqtcqkrmfyydenbwha5dyp3kead.onion";
    let client = text(&pair.export(1, "tor-client-auth", &["--onion", onion]));
    let service = text(&pair.export(0, "tor-service-auth", &[]));
    for folder in ["data", "service", "service/authorized_clients", "clients"] {
        std::fs::create_dir(pair.path(folder)).unwrap();
        pair.ok("chmod", &["700", folder], b"");
    }
    pair.write("service/authorized_clients/ana.auth", &service);
    pair.write("service/authorized_clients/spoiled.auth", &service[..service.len() - 1]);
    pair.write("clients/bo.auth_private", &client);
    pair.write("clients/spoiled.auth_private", &client[..client.len() - 1]);
    let folder = pair.path("data");
    let folder = shown(folder.parent().unwrap());
    let torrc = format!(
        "DataDirectory {folder}/data\nDisableNetwork 1\nSocksPort 0\n\
         HiddenServiceDir {folder}/service\nHiddenServicePort 80\n\
         ClientOnionAuthDir {folder}/clients\nLog [rend]info stdout\nLog notice stdout\n"
    );
    let torrc = pair.write("torrc", torrc);
    let mut command = pair.program("tor");
    let mut tor = Server::start(command.args(["-f", shown(&torrc), "--defaults-torrc", "none"]));
    let wanted = ["Loaded a client authorization key file ", "Delaying directory fetches"];
    let mut loaded = Vec::new();
    while let (0, line) = tor.says(false, &wanted) {
        loaded.push(line.split_once(wanted[0]).unwrap().1.trim_end_matches(".\n").to_owned());
    }
    assert_eq!(loaded, ["bo.auth_private", "ana.auth"]);
    passed("tor");
}
