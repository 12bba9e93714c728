//! Two computers, each with its own network, files and name: after one pairing with cards
//! their programs connect, and nobody typed a character. What is run is what was told,
//! word for word; whoever is another device is refused.
//!
//! The computers are network namespaces, which root alone can make. Each process in one
//! sees its own `/etc/hosts`, `/etc/ssh`, `/etc/wireguard`, home and host name.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{need, passed, text};
use crate::program::{pair_commands, result};

const LETTER: &str = "Dinner at eight, behind the old mill.";
/// No wait is longer.
const LIMIT: Duration = Duration::from_secs(60);

/// What each process of a computer sees, before it begins.
const OWN_COMPUTER: &str = r#"
mount --bind "$SIDE/hosts" /etc/hosts
mount --bind "$SIDE/ssh" /etc/ssh
mount --bind "$SIDE/wireguard" /etc/wireguard
mount --bind "$SIDE/run" /run/wireguard
mount --bind "$SIDE/root" /root
hostname "$NAME.local"
export HOME=/root PATH="$SIDE/bin:$PATH" KEYGLANCE_PROFILE=/root/profile LC_ALL=C.UTF-8
cd /root
exec bash -c "$0"
"#;

/// A computer.
struct Computer {
    name: &'static str,
    namespace: String,
    folder: PathBuf,
}

/// Two of them, joined by a cable.
struct Network {
    computers: [Computer; 2],
    _folder: tempfile::TempDir,
}

/// What an export told.
struct Told {
    file: PathBuf,
    lines: Vec<String>,
}

impl Told {
    /// The one line that begins so, or has it in it.
    fn line(&self, part: &str) -> &str {
        let found = self.lines.iter().find(|line| line.contains(part));
        found.unwrap_or_else(|| panic!("nothing is told with {part}: {:?}", self.lines))
    }
}

fn ip(args: &str) -> bool {
    let status = Command::new("ip").args(args.split(' ')).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

impl Network {
    /// `None`, with a word, where none can be made.
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let computer = |name: &'static str| Computer {
            name,
            namespace: format!("kg-{name}-{}", std::process::id()),
            folder: folder.path().join(name),
        };
        let computers = [computer("ana"), computer("bo")];
        let network = Self { computers, _folder: folder };
        let [a, b] = &network.computers;
        if !ip(&format!("netns add {}", a.namespace)) || !ip(&format!("netns add {}", b.namespace))
        {
            println!("skipped: the right to make network namespaces not found");
            return None;
        }
        let (one, other) =
            (format!("kga{}", std::process::id()), format!("kgb{}", std::process::id()));
        let cable = format!(
            "link add {one} netns {} type veth peer name {other} netns {}",
            a.namespace, b.namespace
        );
        assert!(ip(&cable), "{cable}");
        for (computer, cable, address) in [(a, &one, 1), (b, &other, 2)] {
            let namespace = &computer.namespace;
            assert!(ip(&format!("-n {namespace} addr add 10.213.7.{address}/24 dev {cable}")));
            assert!(ip(&format!("-n {namespace} link set {cable} up")));
            assert!(ip(&format!("-n {namespace} link set lo up")));
            computer.furnish();
        }
        Some(network)
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        for Computer { namespace, .. } in &self.computers {
            let pids = Command::new("ip").args(["netns", "pids", namespace]).output();
            let pids = pids.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
            for pid in pids.unwrap_or_default().split_whitespace() {
                let _ = Command::new("kill").args(["-9", pid]).status();
            }
            ip(&format!("netns del {namespace}"));
        }
    }
}

impl Computer {
    /// What its owner had before: keys of SSH, WireGuard and Syncthing.
    fn furnish(&self) {
        fs::create_dir_all("/run/wireguard").unwrap();
        fs::create_dir_all("/run/sshd").unwrap();
        for folder in ["ssh", "wireguard", "run", "root/.ssh", "bin"] {
            fs::create_dir_all(self.folder.join(folder)).unwrap();
        }
        fs::set_permissions(self.folder.join("root/.ssh"), Permissions::from_mode(0o700)).unwrap();
        self.write("hosts", "127.0.0.1 localhost\n10.213.7.1 ana.local\n10.213.7.2 bo.local\n");
        self.write("ssh/sshd_config", "PasswordAuthentication no\nUsePAM no\n");
        self.write("root/.ssh/config", "BatchMode yes\n");
        self.write("bin/sudo", "#!/bin/sh\nexec \"$@\"\n");
        self.write(
            "bin/keyglance",
            format!("#!/bin/sh\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_keyglance")),
        );
        for program in ["bin/sudo", "bin/keyglance"] {
            fs::set_permissions(self.folder.join(program), Permissions::from_mode(0o755)).unwrap();
        }
        self.ok("ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key");
        self.ok("ssh-keygen -q -t ed25519 -N '' -f ~/.ssh/id_ed25519");
        self.ok("(umask 077; wg genkey > /etc/wireguard/keyglance.key)
             wg pubkey < /etc/wireguard/keyglance.key > /etc/wireguard/keyglance.pub");
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.folder.join(name), text).unwrap();
    }

    /// A shell of this computer that runs these lines.
    fn shell(&self, script: &str) -> Command {
        let mut command = Command::new("ip");
        command
            .args(["netns", "exec", &self.namespace, "unshare", "--uts", "--mount"])
            .args(["bash", "-ec", OWN_COMPUTER, script])
            .env("SIDE", &self.folder)
            .env("NAME", self.name)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, script: &str) -> Output {
        self.shell(script).stdin(Stdio::null()).output().unwrap()
    }

    /// It must succeed. Gives what it wrote.
    fn ok(&self, script: &str) -> String {
        let output = self.run(script);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{}: {script}: {}: {said}", self.name, output.status);
        String::from_utf8(output.stdout).unwrap()
    }

    /// It must fail and say so.
    fn refused(&self, script: &str, says: &str) {
        let output = self.run(script);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{}: {script} was not refused", self.name);
        assert!(said.contains(says), "{}: {script}: {said}", self.name);
        assert!(!String::from_utf8_lossy(&output.stdout).contains(LETTER));
    }

    /// Starts a server, and waits until it says so.
    fn serve(&self, script: &str, ready: &str) -> Server {
        let mut child = self.shell(script).stdin(Stdio::null()).spawn().unwrap();
        // What it says on the one is not read on the other.
        let lines = BufReader::new(child.stderr.take().unwrap());
        let mut server = Server { child, lines: Box::new(lines) };
        server.until(ready);
        server
    }

    /// Exports for `target`, with everything as it is told in JSON.
    fn export(&self, peer: &str, target: &str, more: &str) -> Told {
        let told = self.ok(&format!("keyglance --json export {peer} --for {target} {more}"));
        let told: Value = serde_json::from_str(&told).unwrap();
        assert_eq!(told["verified"], true);
        let lines = told["usage"].as_array().unwrap().iter();
        let lines = lines.map(|line| line.as_str().unwrap().to_owned()).collect();
        // It was written to the folder that this computer calls /root.
        Told { file: self.folder.join("root").join(told["file"].as_str().unwrap()), lines }
    }
}

/// A server that ends with the test.
struct Server {
    child: Child,
    lines: Box<dyn BufRead>,
}

impl Server {
    fn until(&mut self, text: &str) {
        let began = Instant::now();
        let mut said = String::new();
        loop {
            let from = said.len();
            let read = self.lines.read_line(&mut said).unwrap();
            assert!(read > 0 && began.elapsed() < LIMIT, "it never said {text}: {said}");
            if said[from..].contains(text) {
                return;
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Each shares what it has, read from where its programs keep it; they pair and compare.
fn pair(network: &Network) {
    for computer in &network.computers {
        let wireguard = "--set wireguard=/etc/wireguard/keyglance.pub --yes";
        computer.ok(&format!(
            "keyglance card --set ssh-host --set ssh-user --set host-name {wireguard}"
        ));
        if computer.folder.join("root/.config/syncthing/cert.pem").exists() {
            computer.ok("keyglance card --set syncthing");
        }
    }
    let pairing = |computer: &Computer| {
        let name = computer.name;
        computer.shell(&format!("exec keyglance pair --stdin --json --skip-check --name {name}"))
    };
    let both = pair_commands([pairing(&network.computers[0]), pairing(&network.computers[1])]);
    let told = both.map(|(run, _)| result(&run.ended(3)));
    for (computer, own, other) in
        [(&network.computers[0], &told[0], &told[1]), (&network.computers[1], &told[1], &told[0])]
    {
        let (key, digits) =
            (own["key_id"].as_str().unwrap(), other["check_code"].as_str().unwrap());
        computer.ok(&format!("keyglance compare {key} --check-code {digits}"));
        assert_eq!(own["they_shared"], other["you_shared"]);
        let kinds = own["they_shared"].as_array().unwrap().len();
        assert!(kinds >= 4, "{own}");
    }
}

#[test]
#[ignore = "slow, and root's: make interop runs it"]
fn one_pairing_connects_the_programs_of_two_computers() {
    need!("ip", "unshare", "ssh", "sshd", "ssh-keygen", "wg", "wg-quick");
    let Some(network) = Network::new() else { return };
    let syncthing = keyglance_core::test_util::found("syncthing");
    if syncthing {
        for computer in &network.computers {
            computer.ok("syncthing generate --no-default-folder");
        }
    }
    pair(&network);
    let [ana, bo] = &network.computers;
    let _sshd = bo.serve("exec /usr/sbin/sshd -D -e", "Server listening on 0.0.0.0");
    ssh(ana, bo);
    passed("ssh");
    if !ip(&format!("-n {} link add kgtest type wireguard", ana.namespace))
        && !keyglance_core::test_util::found("wireguard-go")
    {
        println!("skipped: WireGuard in this kernel not found");
    } else {
        wireguard(ana, bo);
        passed("wireguard");
    }
    if syncthing {
        share_a_folder(ana, bo);
        passed("syncthing");
    }
}

/// Strict checking, and a key that the card has brought: Ana logs in on Bo's computer.
fn ssh(ana: &Computer, bo: &Computer) {
    let (host, login) = (ana.export("bo", "ssh", ""), bo.export("ana", "ssh-login", ""));
    let connect = format!("{} echo '{LETTER}'", host.line("StrictHostKeyChecking=yes bo.local"));
    ana.refused(&connect, "Host key verification failed");
    ana.ok(host.line(">> ~/.ssh/known_hosts"));
    // Now it is Bo's computer; and Bo does not know Ana.
    ana.refused(&connect, "Permission denied");
    for line in &login.lines {
        bo.ok(line);
    }
    assert_eq!(ana.ok(&connect).trim_end(), LETTER);

    // Another computer under this name, as far as Ana knows.
    let known = ana.folder.join("root/.ssh/known_hosts");
    let good = text(&known);
    fs::write(&known, with_key(&good, &ana.folder.join("ssh/ssh_host_ed25519_key.pub"))).unwrap();
    ana.refused(&connect, "Host key verification failed");
    fs::write(&known, good).unwrap();
    // And another person than Ana, as far as Bo knows.
    let lets_in = bo.folder.join("root/.ssh/authorized_keys");
    let good = text(&lets_in);
    fs::write(&lets_in, with_key(&good, &bo.folder.join("root/.ssh/id_ed25519.pub"))).unwrap();
    ana.refused(&connect, "Permission denied");
    fs::write(&lets_in, good).unwrap();
    assert_eq!(ana.ok(&connect).trim_end(), LETTER);
}

/// A line of ssh with the key of this file in place of its own.
fn with_key(line: &str, other: &Path) -> String {
    let key = |line: &str| {
        let key = line.split_whitespace().find(|word| word.starts_with("AAAA"));
        key.unwrap_or_else(|| panic!("{line}")).to_owned()
    };
    line.replace(&key(line), &key(&text(other)))
}

/// Each side's own key and one key in common: what is sent through the tunnel arrives.
fn wireguard(ana: &Computer, bo: &Computer) {
    let mut address = String::new();
    for (computer, peer) in [(bo, "ana"), (ana, "bo")] {
        // The host name is from the card.
        let endpoint = format!("--without-passphrase --endpoint {peer}.local:51820");
        let told = computer.export(peer, "wireguard", &endpoint);
        for line in told.lines.iter().filter(|line| line.starts_with("sudo ")) {
            computer.ok(line);
        }
        let config = text(&told.file);
        assert!(!config.contains("PrivateKey"), "{config}");
        let own = config.lines().find_map(|line| line.strip_prefix("Address = ")).unwrap();
        if computer.name == bo.name {
            address = own.trim_end_matches("/32").to_owned();
        }
    }
    // Whoever is there says hello first.
    let greets = |seconds: u32| {
        let hello = format!("read -r line < /dev/tcp/{address}/22 && echo \"$line\"");
        let output = ana.run(&format!("timeout {seconds} bash -c '{hello}'"));
        String::from_utf8_lossy(&output.stdout).starts_with("SSH-2.0")
    };
    assert!(greets(30), "nothing came through the tunnel");
    // Another key in place of Bo's: nobody answers.
    let interface = ana.ok("wg show interfaces");
    let interface = interface.split_whitespace().next().unwrap();
    let bos = text(&bo.folder.join("wireguard/keyglance.pub"));
    let other = ana.ok("wg genkey | wg pubkey");
    // The key in common stays.
    let exchange = |from: &str, to: &str| {
        ana.ok(&format!(
            "i={interface}; key=$(wg show $i preshared-keys | cut -f2)
             wg set $i peer {from} remove
             wg set $i peer {to} preshared-key <(echo $key) allowed-ips {address}/32 \
                endpoint bo.local:51820"
        ));
    };
    exchange(bos.trim(), other.trim());
    assert!(!greets(5), "another device was taken for Bo's");
    exchange(other.trim(), bos.trim());
    assert!(greets(30), "the right one is taken again");
}

/// A line with the user's own places filled in.
fn filled(line: &str, places: &[(&str, &str)]) -> String {
    let place = |word: &str| {
        let found = places.iter().find(|(name, _)| *name == word);
        found.map_or_else(|| word.to_owned(), |(_, value)| (*value).to_owned())
    };
    line.split(' ').map(place).collect::<Vec<_>>().join(" ")
}

/// Bo keeps a copy of Ana's folder that Bo's computer cannot read, and that the key which
/// both have opens.
fn share_a_folder(ana: &Computer, bo: &Computer) {
    const SERVE: &str =
        "exec syncthing serve --no-browser --no-restart --no-default-folder --no-upgrade 1>&2";
    ana.ok(&format!("mkdir letters; echo '{LETTER}' > letters/letter.txt"));
    let (to_bo, to_ana) = (ana.export("bo", "syncthing", ""), bo.export("ana", "syncthing", ""));
    let id = |told: &Told| text(&told.file).trim().to_owned();
    let (bos, anas) = (id(&to_bo), id(&to_ana));
    let _ana = ana.serve(SERVE, "GUI and API listening");
    let mut bos_server = bo.serve(SERVE, "GUI and API listening");
    let add = "syncthing cli config folders add --id letters --path";
    ana.ok(&format!("{add} /root/letters"));
    bo.ok(&format!("{add} /root/copy --type receiveencrypted"));

    // Bo knows another device in place of Ana's.
    let device = "syncthing cli config devices add";
    bo.ok("syncthing generate --home other --no-default-folder");
    let other = bo.ok("syncthing --device-id --home other");
    bo.ok(&to_ana.line(device).replace(&anas, other.trim()));
    ana.ok(to_bo.line(device));
    let share =
        |with: &str| format!("syncthing cli config folders letters devices add --device-id {with}");
    ana.ok(&share(&bos));
    let password = ana.export("bo", "syncthing-folder", "--without-passphrase");
    let places = [("ID", "letters"), ("DEVICE", &bos)];
    ana.ok(&filled(password.line("encryption-password set"), &places));
    let address = |of: &str, host: &str| {
        format!("syncthing cli config devices {of} addresses add tcp://{host}.local:22000")
    };
    ana.ok(&address(&bos, "bo"));
    bos_server.until("rejected");
    let copy = bo.folder.join("root/copy");
    let stored = || {
        let files = crate::program::files(&copy);
        let is_letter = |path: &PathBuf| fs::metadata(path).is_ok_and(|m| m.len() > 0);
        let hidden = |path: &PathBuf| shown_below(path, &copy).starts_with(".st");
        files.into_iter().filter(|path| is_letter(path) && !hidden(path)).collect::<Vec<_>>()
    };
    assert!(stored().is_empty(), "another device got the folder");

    // Now as it was told.
    bo.ok(to_ana.line(device));
    bo.ok(&share(&anas));
    bo.ok(&address(&anas, "ana"));
    let began = Instant::now();
    while stored().is_empty() {
        assert!(began.elapsed() < LIMIT, "the folder did not come");
        std::thread::sleep(Duration::from_millis(100));
    }
    for path in stored() {
        let name = shown_below(&path, &copy);
        assert!(!name.contains("letter"), "{name}");
        assert!(!super::contains(&fs::read(&path).unwrap(), LETTER.as_bytes()), "{name}");
    }
    let decrypt = |more: &str, to: &str| {
        let told = bo.export("ana", "syncthing-folder", &format!("--without-passphrase {more}"));
        filled(
            told.line("syncthing decrypt"),
            &[("FOLDER", to), ("ID", "letters"), ("COPY", "copy")],
        )
    };
    bo.ok(&decrypt("", "plain"));
    assert_eq!(text(&bo.folder.join("root/plain/letter.txt")).trim_end(), LETTER);
    let wrong = bo.run(&decrypt("--separate-key-for wrong", "wrong"));
    let opened = crate::program::files(&bo.folder.join("root/wrong"));
    assert!(!wrong.status.success() && opened.is_empty(), "{wrong:?} {opened:?}");
}

fn shown_below(path: &Path, folder: &Path) -> String {
    path.strip_prefix(folder).unwrap().to_string_lossy().into_owned()
}
