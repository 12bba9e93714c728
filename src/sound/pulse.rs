//! Plays cues through the socket of PulseAudio, which PipeWire has too.
//!
//! This needs no library of the system. Only the protocol of the crate `pulseaudio` is
//! used, and every step has a limit: its client would wait for a server for ever.

use std::ffi::{CString, OsString};
use std::io::{ErrorKind, Read as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use pulseaudio::protocol::{
    AuthParams, AuthReply, ChannelMap, Command, CommandReply, CommandTag,
    CreatePlaybackStreamReply, MAX_VERSION, MIN_VERSION, PlaybackStreamParams, Prop, Props,
    ProtocolError, PulseError, SampleFormat, SampleSpec, SetClientNameReply, TagStructReader,
    read_descriptor, stream::BufferAttr, write_command_message, write_memblock,
};

use super::Cue;
use super::SoundError;
#[cfg(any(feature = "cli", test))]
use super::SoundServer;
use super::synthesis::samples;

/// Samples a second, in one channel; the server makes of them what its device takes.
pub(super) const RATE: u32 = 48_000;
/// How long the server may think.
const PATIENCE: Duration = Duration::from_secs(2);
/// How much sound a device still holds after it took the last sample.
const TAIL: Duration = Duration::from_millis(200);
/// How much the server asks for at a time: the less, the sooner it begins.
const AHEAD: Duration = Duration::from_millis(100);
/// No answer that we ask for is nearly as long.
const LONGEST: usize = 64 * 1024;
/// PulseAudio hangs up on one of another length.
const COOKIE_LENGTH: usize = 256;
/// Who sends a message that is none of a stream.
const CONTROL: u32 = u32::MAX;

/// A connection to the sound server.
#[derive(Debug)]
pub struct Device {
    socket: UnixStream,
    version: u16,
    sequence: u32,
    /// The streams of the cues, and when each is over.
    streams: Vec<(u32, Instant)>,
}

impl Device {
    /// Connects to the user's server.
    pub fn open() -> Option<Self> {
        let opened = socket_path(|name| std::env::var_os(name)).and_then(|path| Self::at(&path));
        opened.inspect_err(|error| tracing::debug!("no sound: {error}")).ok()
    }

    /// Connects to a server by its socket.
    pub(super) fn at(path: &Path) -> Result<Self, SoundError> {
        let socket = UnixStream::connect(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound | ErrorKind::ConnectionRefused => SoundError::NoServer,
            _ => SoundError::Refused,
        })?;
        let limited = socket
            .set_read_timeout(Some(PATIENCE))
            .and_then(|()| socket.set_write_timeout(Some(PATIENCE)));
        limited.map_err(|error| failed(&error.into()))?;
        let mut device = Self { socket, version: MAX_VERSION, sequence: 0, streams: Vec::new() };
        // The server knows its user by the socket: the cookie says nothing, at full length.
        let cookie = vec![0; COOKIE_LENGTH];
        let auth = AuthParams { version: MAX_VERSION, cookie, ..AuthParams::default() };
        let AuthReply { version, .. } = device.ask(&Command::Auth(auth))?;
        if version < MIN_VERSION {
            return Err(SoundError::NotUnderstood);
        }
        device.version = version.min(MAX_VERSION);
        let mut props = Props::new();
        props.set(Prop::ApplicationName, c"Keyglance");
        if let Ok(icon) = CString::new(crate::app_id::APP_ID) {
            props.set(Prop::ApplicationIconName, icon);
        }
        let _: SetClientNameReply = device.ask(&Command::SetClientName(props))?;
        Ok(device)
    }

    /// Starts a cue, beside those that still sound. Gives how long it lasts; None where the
    /// server is gone.
    pub fn play(&mut self, cue: Cue) -> Option<Duration> {
        let samples = samples(cue, RATE);
        let lasts = seconds(samples.len()) + TAIL;
        let now = Instant::now();
        let over = self.streams.iter().filter(|(_, until)| *until <= now);
        let over: Vec<u32> = over.map(|(stream, _)| *stream).collect();
        self.streams.retain(|(_, until)| *until > now);
        let started = over
            .into_iter()
            .try_for_each(|stream| self.say(&Command::DeletePlaybackStream(stream)).map(|_| ()))
            .and_then(|()| self.start(&samples));
        let (stream, _) = started.inspect_err(|error| tracing::debug!("no sound: {error}")).ok()?;
        self.streams.push((stream, now + lasts));
        Some(lasts)
    }

    /// Gives all samples to a stream of their own, which begins at once. Gives its number and
    /// that of the answer that comes when it was played.
    fn start(&mut self, samples: &[f32]) -> Result<(u32, u32), SoundError> {
        let bytes = |samples: usize| u32::try_from(samples * size_of::<f32>()).unwrap_or(u32::MAX);
        let ahead = AHEAD.as_millis() as usize * RATE as usize / 1000;
        let mut props = Props::new();
        props.set(Prop::MediaName, c"Pairing");
        let params = PlaybackStreamParams {
            sample_spec: SampleSpec {
                format: SampleFormat::Float32Le,
                channels: 1,
                sample_rate: RATE,
            },
            channel_map: ChannelMap::mono(),
            // Streams that share a number start and stop together.
            sync_id: self.sequence,
            buffer_attr: BufferAttr { target_length: bytes(ahead), ..BufferAttr::default() },
            props,
            ..PlaybackStreamParams::default()
        };
        let stream: CreatePlaybackStreamReply = self.ask(&Command::CreatePlaybackStream(params))?;
        let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        write_memblock(&mut self.socket, stream.channel, &data, 0).map_err(|e| failed(&e))?;
        // Otherwise a server may keep what is less than it takes at a time.
        let played = self.say(&Command::DrainPlaybackStream(stream.channel))?;
        Ok((stream.channel, played))
    }

    /// Sends a command. Gives the number that its answer will have.
    fn say(&mut self, command: &Command) -> Result<u32, SoundError> {
        self.sequence += 1;
        write_command_message(&mut self.socket, self.sequence, command, self.version)
            .map_err(|error| failed(&error))?;
        Ok(self.sequence)
    }

    fn ask<T: CommandReply>(&mut self, command: &Command) -> Result<T, SoundError> {
        let number = self.say(command)?;
        let answer = self.answer(number)?;
        TagStructReader::new(&mut answer.as_slice(), self.version)
            .read()
            .map_err(|error| failed(&error))
    }

    /// Waits for an answer; what the server tells meanwhile is news to nobody.
    fn answer(&mut self, number: u32) -> Result<Vec<u8>, SoundError> {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            let descriptor = read_descriptor(&mut self.socket).map_err(|error| failed(&error))?;
            let length = usize::try_from(descriptor.length).unwrap_or(usize::MAX);
            if length > LONGEST || descriptor.channel != CONTROL {
                return Err(SoundError::NotUnderstood);
            }
            let mut message = vec![0; length];
            self.socket.read_exact(&mut message).map_err(|error| failed(&error.into()))?;
            let mut rest = message.as_slice();
            let mut reader = TagStructReader::new(&mut rest, self.version);
            let head = reader.read_enum().and_then(|tag| Ok((tag, reader.read_u32()?)));
            match head.map_err(|error| failed(&error))? {
                (CommandTag::Reply, about) if about == number => return Ok(rest.to_vec()),
                (CommandTag::Error, about) if about == number => {
                    let error = reader.read_enum().map(ProtocolError::ServerError);
                    return Err(failed(&error.unwrap_or_else(|error| error)));
                }
                _ => {}
            }
        }
        Err(SoundError::NoAnswer)
    }
}

fn seconds(samples: usize) -> Duration {
    Duration::from_secs_f64(samples as f64 / f64::from(RATE))
}

fn failed(error: &ProtocolError) -> SoundError {
    match error {
        ProtocolError::Io(error) => match error.kind() {
            ErrorKind::WouldBlock | ErrorKind::TimedOut => SoundError::NoAnswer,
            _ => SoundError::Refused,
        },
        // It has no device to make a stream on.
        ProtocolError::ServerError(PulseError::NoEntity) => SoundError::NoLoudspeaker,
        ProtocolError::ServerError(_) => SoundError::Refused,
        _ => SoundError::NotUnderstood,
    }
}

/// Where the user's server listens, by what `getenv` says: as PulseAudio's own programs
/// look for it.
pub(super) fn socket_path(
    getenv: impl Fn(&str) -> Option<OsString>,
) -> Result<PathBuf, SoundError> {
    let set = |name| getenv(name).filter(|value| !value.is_empty());
    if let Some(servers) = set("PULSE_SERVER") {
        // More than one may be named, each perhaps for one computer: "{id}unix:/path".
        let servers = servers.to_string_lossy().into_owned();
        let path = servers.split_whitespace().find_map(|server| {
            let server = server.split_once('}').map_or(server, |(_, server)| server);
            let path = server.strip_prefix("unix:").unwrap_or(server);
            path.starts_with('/').then(|| PathBuf::from(path))
        });
        return path.ok_or(SoundError::Elsewhere);
    }
    let runtime = set("PULSE_RUNTIME_PATH").map(PathBuf::from);
    let runtime = runtime.or_else(|| Some(PathBuf::from(set("XDG_RUNTIME_DIR")?).join("pulse")));
    runtime.map(|runtime| runtime.join("native")).ok_or(SoundError::NoServer)
}

/// Asks the user's server who it is, and lets it play a moment of silence.
#[cfg(feature = "cli")]
pub fn probe() -> Result<SoundServer, SoundError> {
    probe_at(&socket_path(|name| std::env::var_os(name))?)
}

#[cfg(any(feature = "cli", test))]
pub(super) fn probe_at(path: &Path) -> Result<SoundServer, SoundError> {
    let mut device = Device::at(path)?;
    let server: pulseaudio::protocol::ServerInfo = device.ask(&Command::GetServerInfo)?;
    let text = |text: Option<CString>| {
        text.map(|text| text.to_string_lossy().into_owned()).unwrap_or_default()
    };
    let loudspeaker = text(server.default_sink_name);
    // What both servers call the one that stands in where there is none.
    if loudspeaker == "auto_null" || loudspeaker == "@DEFAULT_SINK@" || loudspeaker.is_empty() {
        return Err(SoundError::NoLoudspeaker);
    }
    let (_, played) = device.start(&[0.0; RATE as usize / 100])?;
    device.answer(played)?;
    let name = format!("{} {}", text(server.server_name), text(server.server_version));
    Ok(SoundServer { name: name.trim().to_owned(), loudspeaker })
}
