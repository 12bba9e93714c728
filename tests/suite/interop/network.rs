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

    /// The program's own number: what we started is the one that ends it in time.
    pub fn id(&self) -> String {
        let children = format!("/proc/{0}/task/{0}/children", self.child.id());
        let children = std::fs::read_to_string(children).unwrap();
        children.split_whitespace().next().unwrap().to_owned()
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
pub fn port() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string()
}

pub fn udp_port() -> String {
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
        files.ana.shown()
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
    succeeded("mosquitto_pub", client("mosquitto_pub", &files.bo.path(), &["-r", "-s"]));
    let got = client("mosquitto_sub", &files.ana.path(), &["-C", "1", "-N"]);
    assert_eq!(succeeded("mosquitto_sub", got), LETTER);
    for wrong in files.wrong_ones() {
        failed("mosquitto_pub", &client("mosquitto_pub", &wrong.path(), &["-r", "-s"]));
    }
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
    let server = config("server.conf", &files.ana.path(), &serve);
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
    assert_eq!(succeeded("stunnel", connect("client.conf", &files.bo.path())), LETTER);
    for wrong in files.wrong_ones() {
        let refused = connect("wrong.conf", &wrong.path());
        assert!(!contains(&refused.stdout, LETTER), "a wrong key was taken");
    }
    passed("stunnel");
}

/// Without the Tor network: the program takes each half, and no spoiled one.
#[test]
#[ignore = "slow: make interop runs it"]
fn tor() {
    need!("tor");
    let pair = Pair::new();
    let onion = "aaaqeayeaudaocajbifqydiob4ibceqtcqkrmfyydenbwha5dyp3kead.onion";
    let client_told = pair.told(1, "tor-client-auth", "my dir", &["--onion", onion]);
    let service_told = pair.told(0, "tor-service-auth", "it's", &[]);
    let (client, service) = (client_told.text(), service_told.text());
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
    // What was put there later is read when it is told to.
    pair.stand_in("systemctl", &format!("[ \"$*\" = 'reload tor' ] && kill -HUP {}", tor.id()));
    for (told, place, name) in [
        (&client_told, "clients", "later.auth_private"),
        (&service_told, "service/authorized_clients", "later.auth"),
    ] {
        // In the place of the first one: of two for one service, Tor itself ends.
        let first = pair
            .path(place)
            .join(name.replace("later", ["bo", "ana"][usize::from(name.ends_with(".auth"))]));
        std::fs::remove_file(first).unwrap();
        std::fs::copy(told.path(), pair.path(place).join(name)).unwrap();
        told.ok("sudo systemctl reload tor", &[]);
        tor.says(false, &[name]);
    }
    passed("tor");
}
