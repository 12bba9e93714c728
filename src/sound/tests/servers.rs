//! Sound servers: real ones whose sound is recorded, and such as no client deserves.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use pulseaudio::protocol::{
    AuthReply, CommandReply, CommandTag, CreatePlaybackStreamReply, MAX_VERSION, ServerInfo,
    SetClientNameReply, TagStructReader, read_descriptor, write_ack_message, write_reply_message,
};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};

use crate::sound::device::{Device, RATE, probe_at, socket_path};
use crate::sound::synthesis::{samples, strength};
use crate::sound::{Cue, SoundError, Speaker};
use keyglance_capture::test_util::found;

/// Ended with the test.
struct Children(Vec<Child>);

impl Children {
    fn start(&mut self, command: &mut Command) -> &mut Child {
        let child = command.stderr(Stdio::null()).stdin(Stdio::null()).spawn().unwrap();
        self.0.push(child);
        self.0.last_mut().unwrap()
    }
}

impl Drop for Children {
    fn drop(&mut self) {
        for child in self.0.iter_mut().rev() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// What a sink was given, as it grows.
#[derive(Clone, Default)]
struct Recording(Arc<Mutex<Vec<u8>>>);

impl Recording {
    fn of(mut sound: impl std::io::Read + Send + 'static) -> Self {
        let recording = Self::default();
        let Self(into) = recording.clone();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = sound.read(&mut buffer) {
                into.lock().unwrap().extend(&buffer[..length]);
            }
        });
        recording
    }

    /// What came so far is past. A sample of which a part came is not.
    fn forget(&self) {
        let mut bytes = self.0.lock().unwrap();
        let whole = bytes.len() / 4 * 4;
        bytes.drain(..whole);
    }

    fn samples(&self) -> Vec<f32> {
        let bytes = self.0.lock().unwrap();
        bytes.as_chunks().0.iter().map(|four| f32::from_le_bytes(*four)).collect()
    }

    /// As long as this cue lasts, from the first sound on.
    fn cue(&self, cue: Cue) -> Vec<f32> {
        wait_for(|| self.whole(cue))
    }

    /// The same, once all of it is there.
    fn whole(&self, cue: Cue) -> Option<Vec<f32>> {
        let all = self.samples();
        let from = all.iter().position(|sample| sample.abs() > 1e-3)?;
        Some(all.get(from..from + samples(cue, RATE).len())?.to_vec())
    }
}

fn wait_for<T>(there: impl FnMut() -> Option<T>) -> T {
    come_within(Duration::from_secs(30), there).expect("it did not come")
}

fn come_within<T>(limit: Duration, mut there: impl FnMut() -> Option<T>) -> Option<T> {
    let began = Instant::now();
    loop {
        let value = there();
        if value.is_some() || began.elapsed() > limit {
            return value;
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// How alike two sounds are from their first sample on that can be heard: 1 is the same.
fn likeness(heard: &[f32], meant: &[f32]) -> f32 {
    let from = |sound: &[f32]| sound.iter().position(|sample| sample.abs() > 1e-3).unwrap();
    let pairs = heard[from(heard)..].iter().zip(&meant[from(meant)..]);
    let sums = pairs.fold((0.0, 0.0, 0.0), |(both, one, other), (a, b)| {
        (both + a * b, one + a * a, other + b * b)
    });
    sums.0 / (sums.1 * sums.2).sqrt()
}

/// A command that knows of no other session than the test's.
fn private(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_remove("PULSE_SERVER").env_remove("PULSE_RUNTIME_PATH");
    command.env_remove("PIPEWIRE_RUNTIME_DIR").env_remove("DISPLAY");
    for name in ["HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_STATE_HOME"] {
        command.env(name, folder);
    }
    command
}

fn play_each(socket: &Path, recorded: &Recording) {
    for cue in Cue::ALL {
        recorded.forget();
        let path = socket.to_owned();
        let speaker = Speaker::start_on(move || Device::at(&path).ok());
        // A server that takes two seconds to answer is given up, and the cue with it: on a
        // machine that is busy, again.
        let heard = (0..6).find_map(|_| {
            speaker.play(cue);
            come_within(Duration::from_secs(10), || recorded.whole(cue))
        });
        let likeness = likeness(&heard.expect("it did not come"), &samples(cue, RATE));
        assert!(likeness > 0.95, "{cue:?}: {likeness}");
    }
}

#[test]
fn pulseaudio_plays_each_cue() {
    if !found("pulseaudio") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (pipe, socket) = (folder.path().join("sound"), folder.path().join("native"));
    let mut children = Children(Vec::new());
    let sink = format!(
        "module-pipe-sink file={} rate={RATE} channels=1 format=float32le \
         use_system_clock_for_timing=yes",
        pipe.display()
    );
    let protocol = format!("module-native-protocol-unix socket={}", socket.display());
    children.start(
        private("pulseaudio", folder.path())
            .args(["-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"])
            // It would be ended by the system where it takes its time.
            .args(["--realtime=no", "--high-priority=no"])
            .args(["-L", &sink, "-L", &protocol]),
    );
    wait_for(|| socket.exists().then_some(()));
    let recorded = Recording::of(File::open(&pipe).unwrap());
    let server = wait_for(|| probe_at(&socket).ok());
    assert!(server.name.starts_with("pulseaudio "), "{server:?}");
    assert_eq!(server.loudspeaker, "fifo_output");
    play_each(&socket, &recorded);

    // One after another on the same connection, while the first still sounds.
    recorded.forget();
    let path = socket.clone();
    let speaker = Speaker::start_on(move || Device::at(&path).ok());
    speaker.play(Cue::Done);
    recorded.cue(Cue::Tick);
    speaker.play(Cue::Problem);
    let both = recorded.cue(Cue::Done);
    let alone = samples(Cue::Done, RATE);
    for (pitch, times) in [(523.3, 0.7), (784.0, 0.7), (196.0, 10.0)] {
        let (heard, meant) = (strength(&both, pitch, RATE), strength(&alone, pitch, RATE));
        assert!(heard > times * meant, "{pitch} Hz: {heard} of {meant}");
    }
}

#[test]
fn pipewire_plays_each_cue() {
    let needed = ["dbus-run-session", "pipewire", "wireplumber", "pipewire-pulse", "parec"];
    if !needed.iter().all(|program| found(program)) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("pipewire/pipewire.conf.d");
    fs::create_dir_all(&settings).unwrap();
    fs::write(
        settings.join("sink.conf"),
        "context.objects = [ { factory = adapter args = { factory.name = support.null-audio-sink \
         node.name = room media.class = Audio/Sink audio.position = [ MONO ] } } ]\n",
    )
    .unwrap();
    let socket = folder.path().join("pulse/native");
    let mut children = Children(Vec::new());
    // Its own standard input tells the shell when the test is over.
    let mut session = private("dbus-run-session", folder.path());
    session.args(["--", "sh", "-c"]).arg(
        "pipewire & a=$!; sleep 0.3; wireplumber & b=$!; pipewire-pulse & c=$!; \
         read end; kill $a $b $c; wait",
    );
    session.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut session = session.spawn().unwrap();
    let end = session.stdin.take().unwrap();
    wait_for(|| socket.exists().then_some(()));
    // The session manager has yet to choose the sink.
    let server = wait_for(|| probe_at(&socket).ok());
    assert!(server.name.contains("PipeWire") && server.loudspeaker == "room", "{server:?}");
    let recorder = children.start(
        private("parec", folder.path())
            .args(["--raw", "--format=float32le", "--channels=1", "--latency-msec=20"])
            .args([&format!("--rate={RATE}"), "--device=room.monitor"])
            .stdout(Stdio::piped()),
    );
    let recorded = Recording::of(recorder.stdout.take().unwrap());
    wait_for(|| (!recorded.samples().is_empty()).then_some(()));
    play_each(&socket, &recorded);
    drop(end);
    session.wait().unwrap();
}

/// A server by what it does with a connection.
fn server(folder: &Path, name: &str, serve: impl Fn(UnixStream) + Send + 'static) -> PathBuf {
    let path = folder.join(name);
    let listener = UnixListener::bind(&path).unwrap();
    thread::spawn(move || listener.incoming().flatten().for_each(serve));
    path
}

#[test]
fn a_server_that_hangs_keeps_nobody_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let deaf = folder.path().join("deaf");
    let _never_accepts = UnixListener::bind(&deaf).unwrap();
    let silent = server(folder.path(), "silent", |connection| {
        thread::sleep(Duration::from_secs(60));
        drop(connection);
    });
    // Talks, but not to us.
    let busy = server(folder.path(), "busy", |mut connection| {
        let mut answers = Vec::new();
        while write_ack_message(&mut answers, 4_000_000).is_ok() {
            thread::sleep(Duration::from_millis(100));
            if connection.write_all(&std::mem::take(&mut answers)).is_err() {
                return;
            }
        }
    });
    for path in [deaf, silent, busy] {
        let speaker = Speaker::start_on({
            let path = path.clone();
            move || Device::at(&path).ok()
        });
        let began = Instant::now();
        for _ in 0..100 {
            Cue::ALL.iter().for_each(|cue| speaker.play(*cue));
        }
        drop(speaker);
        assert!(began.elapsed() < Duration::from_millis(500), "{path:?}");
        assert_eq!(probe_at(&path), Err(SoundError::NoAnswer), "{path:?}");
        assert!(began.elapsed() < Duration::from_secs(5), "{path:?}");
    }
}

/// What a server says to a probe.
fn conversation() -> Vec<u8> {
    fn reply(all: &mut Vec<u8>, number: u32, reply: &impl CommandReply) {
        write_reply_message(all, number, reply, MAX_VERSION).unwrap();
    }
    let mut all = Vec::new();
    reply(&mut all, 1, &AuthReply { version: 35, use_memfd: false, use_shm: false });
    reply(&mut all, 2, &SetClientNameReply { client_id: 7 });
    let info = ServerInfo {
        server_name: Some(c"server".to_owned()),
        server_version: Some(c"1".to_owned()),
        default_sink_name: Some(c"room".to_owned()),
        ..ServerInfo::default()
    };
    reply(&mut all, 3, &info);
    reply(&mut all, 4, &CreatePlaybackStreamReply { channel: 1, ..Default::default() });
    write_ack_message(&mut all, 5).unwrap();
    all
}

/// Says all of it whatever it is asked, and hangs up when the client does.
fn say(mut connection: UnixStream, words: &[u8]) {
    let _ = connection.write_all(words);
    let _ = connection.shutdown(std::net::Shutdown::Write);
    let _ = connection.read_to_end(&mut Vec::new());
}

#[test]
fn a_rude_server_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let honest = server(folder.path(), "honest", |connection| say(connection, &conversation()));
    assert_eq!(probe_at(&honest).unwrap().loudspeaker, "room");

    let mut rng = ChaCha8Rng::seed_from_u64(19);
    let mut below = move |limit: usize| rng.next_u32() as usize % limit;
    let mut refused = 0;
    let turns = Mutex::new(Vec::<Vec<u8>>::new());
    let turns = Arc::new(turns);
    let theirs = Arc::clone(&turns);
    let rude = server(folder.path(), "rude", move |connection| {
        let words = theirs.lock().unwrap().pop().unwrap();
        say(connection, &words);
    });
    for turn in 0..3000 {
        let mut words = conversation();
        match turn % 4 {
            // Hangs up in the middle.
            0 => words.truncate(below(words.len())),
            // A wrong byte here and there.
            1 | 2 => {
                for _ in 0..=below(4) {
                    let at = below(words.len());
                    words[at] = below(256) as u8;
                }
            }
            // The largest numbers there are.
            _ => {
                let at = below(words.len() - 4);
                words[at..at + 4].fill(0xFF);
            }
        }
        turns.lock().unwrap().push(words);
        refused += usize::from(probe_at(&rude).is_err());
    }
    assert!(refused > 1500, "{refused}");
}

#[test]
fn a_server_says_why_there_is_no_sound() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("nowhere");
    assert_eq!(probe_at(&nowhere), Err(SoundError::NoServer));
    // Left behind by a server that was killed.
    drop(UnixListener::bind(folder.path().join("dead")).unwrap());
    assert_eq!(probe_at(&folder.path().join("dead")), Err(SoundError::NoServer));
    let curt = server(folder.path(), "curt", drop);
    assert_eq!(probe_at(&curt), Err(SoundError::Refused));
    let other = server(folder.path(), "other", |connection| {
        say(connection, b"SSH-2.0-OpenSSH_9.2 is not what plays sounds");
    });
    assert_eq!(probe_at(&other), Err(SoundError::NotUnderstood));
    // A stand-in for what is not there, as both servers call it.
    let dummy = server(folder.path(), "dummy", |mut connection| {
        let at = conversation().windows(4).position(|four| four == b"room").unwrap();
        let mut words = conversation();
        words.splice(at..at + 4, *b"auto_null");
        // The message is five bytes longer than it was.
        let mut from = 0;
        loop {
            let mut head = &words[from..];
            let length = read_descriptor(&mut head).unwrap().length;
            let next = from + 20 + length as usize;
            if next > at {
                words[from..from + 4].copy_from_slice(&(length + 5).to_be_bytes());
                break;
            }
            from = next;
        }
        let _ = connection.write_all(&words);
        let _ = connection.read_to_end(&mut Vec::new());
    });
    assert_eq!(probe_at(&dummy), Err(SoundError::NoLoudspeaker));
}

/// A server that is restarted between two cues plays the second.
#[test]
fn a_connection_that_broke_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (sender, heard) = std::sync::mpsc::channel();
    let path = server(folder.path(), "restarting", move |mut connection| {
        let mut bytes = 0;
        // Answers each command; data has no answer. Ends after one stream.
        while let Ok(head) = read_descriptor(&mut connection) {
            let mut message = vec![0; head.length as usize];
            connection.read_exact(&mut message).unwrap();
            if head.channel != u32::MAX {
                bytes += message.len();
                continue;
            }
            let mut rest = message.as_slice();
            let mut reader = TagStructReader::new(&mut rest, MAX_VERSION);
            let tag: CommandTag = reader.read_enum().unwrap();
            let number = reader.read_u32().unwrap();
            let mut answer = Vec::new();
            let version = AuthReply { version: 35, use_memfd: false, use_shm: false };
            let stream = CreatePlaybackStreamReply { channel: 1, ..Default::default() };
            match tag {
                CommandTag::Auth => write_reply_message(&mut answer, number, &version, MAX_VERSION),
                CommandTag::SetClientName => write_reply_message(
                    &mut answer,
                    number,
                    &SetClientNameReply { client_id: 1 },
                    MAX_VERSION,
                ),
                CommandTag::CreatePlaybackStream => {
                    write_reply_message(&mut answer, number, &stream, MAX_VERSION)
                }
                _ => break,
            }
            .unwrap();
            connection.write_all(&answer).unwrap();
        }
        drop(connection);
        sender.send(bytes).unwrap();
    });
    let speaker = Speaker::start_on(move || Device::at(&path).ok());
    for _ in 0..3 {
        speaker.play(Cue::Tick);
        let bytes = heard.recv_timeout(Duration::from_secs(10)).unwrap();
        assert_eq!(bytes, samples(Cue::Tick, RATE).len() * 4);
    }
}

#[test]
fn the_socket_is_looked_for_as_other_programs_do() {
    let at = |set: &[(&str, &str)]| {
        let set: Vec<(String, String)> =
            set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        socket_path(move |name| {
            set.iter().find(|(set, _)| set == name).map(|(_, value)| OsString::from(value))
        })
        .map(|path| path.to_str().unwrap().to_owned())
    };
    let runtime = ("XDG_RUNTIME_DIR", "/run/user/1000");
    let found = |path: &str| Ok(path.to_owned());
    assert_eq!(at(&[runtime]), found("/run/user/1000/pulse/native"));
    assert_eq!(at(&[runtime, ("PULSE_RUNTIME_PATH", "/run/pulse")]), found("/run/pulse/native"));
    let server = |value| at(&[runtime, ("PULSE_SERVER", value)]);
    assert_eq!(server(""), found("/run/user/1000/pulse/native"));
    // Flatpak's, WSL's, and one of several.
    assert_eq!(server("unix:/run/flatpak/pulse/native"), found("/run/flatpak/pulse/native"));
    assert_eq!(server("/mnt/wslg/PulseServer"), found("/mnt/wslg/PulseServer"));
    assert_eq!(server("tcp:far {4f2c}unix:/tmp/near tcp:other"), found("/tmp/near"));
    for elsewhere in ["tcp:198.51.100.7:4713", "far.example", "unix:relative"] {
        assert_eq!(server(elsewhere), Err(SoundError::Elsewhere), "{elsewhere}");
    }
    assert_eq!(at(&[]), Err(SoundError::NoServer));
}
