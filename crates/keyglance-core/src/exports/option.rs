//! What a user can set for an export beside its purpose. Never a secret.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::str::FromStr;

use unicode_normalization::UnicodeNormalization as _;

use super::ExportError;
use crate::text::{is_hidden, is_host_name};

/// An option of a target.
#[derive(Debug)]
pub struct TargetOption {
    /// As the command line names it, after two hyphens.
    pub name: &'static str,
    /// What it is, in a few words.
    pub summary: &'static str,
    /// Whether it takes a text.
    pub kind: OptionKind,
}

/// How an option is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionKind {
    /// With a text; this is the default, empty where there is none.
    Text(&'static str),
    /// One of these; the first is the default.
    Choice(&'static [&'static str]),
    /// Alone: it is there or it is not.
    Flag,
}

/// What is wrong with an option. Follows the option's name in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OptionError {
    /// The target needs it.
    #[error("must be given")]
    Missing,
    /// More bytes than the program takes.
    #[error("is longer than {0} bytes")]
    TooLong(usize),
    /// Nothing but white space.
    #[error("is empty")]
    Empty,
    /// A line feed, or another character that does not show
    /// ([`is_hidden`]).
    #[error("has a character that does not show (U+{:04X})", u32::from(*.0))]
    Hidden(char),
    /// Not a list of IP addresses with prefix lengths.
    #[error("is not an address like 10.66.0.1/32")]
    Address,
    /// Not a host and port.
    #[error("is not a host and port like 192.0.2.2:51820")]
    Endpoint,
    /// An IPv6 address whose end cannot be told from the port.
    #[error("has an IPv6 address, which goes in brackets: [2001:db8::1]:51820")]
    Brackets,
    /// A host name in other letters, which not every program translates.
    #[error("has letters that a host name spells as xn--…; give it in that form")]
    NotAscii,
    /// Not a port number.
    #[error("is not a port from 1 to 65535")]
    Port,
    /// Not exactly one host.
    #[error("is not one host name or address, like bo.example.org or [192.0.2.2]:2222")]
    Host,
    /// Not an X25519 public key in base64.
    #[error("is not a WireGuard public key, which has 44 characters of base64")]
    PublicKey,
    /// Not a path from the root on, or one that wg-quick would read otherwise.
    #[error("is not a path that begins with / and has no #, % or '")]
    Path,
    /// Contradicts this other option.
    #[error("cannot be combined with {0}")]
    NotWith(&'static str),
    /// Not one of these.
    #[error("is not one of: {}", .0.join(", "))]
    NotOneOf(&'static [&'static str]),
    /// Not a remote of rclone.
    #[error("is not a remote and folder like cloud:shared")]
    Remote,
    /// A name by which everybody finds the channel's secret.
    #[error("begins with #: the secret of such a channel is public")]
    PublicChannel,
    /// Not two IKE identities.
    #[error("is not two names with a comma between them, like ana@example.org,bo@example.org")]
    Identities,
    /// Not the address of a version 3 onion service.
    #[error("is not an onion address, which has 56 letters and digits and .onion")]
    Onion,
    /// Its checksum does not fit.
    #[error("is not a whole onion address: a letter of it is wrong")]
    Mistyped,
}

/// The options that were given, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OptionValues(Vec<(&'static str, String)>);

impl OptionValues {
    /// Sets a flag, as any text does.
    pub const ON: &'static str = "yes";

    /// Sets an option. An empty text removes it; any other sets a flag.
    pub fn set(&mut self, name: &'static str, text: impl Into<String>) {
        self.0.retain(|(other, _)| *other != name);
        let text = text.into();
        if !text.is_empty() {
            self.0.push((name, text));
        }
    }

    /// The same options, and this one.
    #[must_use]
    pub fn with(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.set(name, text);
        self
    }

    /// The text that was given for an option.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(other, _)| *other == name).map(|(_, text)| text.as_str())
    }

    /// Only those that `target` has: the others are meant for another target.
    #[must_use]
    pub fn of(&self, target: &super::Target) -> Self {
        Self(self.0.iter().filter(|(name, _)| target.has(name)).cloned().collect())
    }

    /// The names of the options that were given.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.iter().map(|(name, _)| *name)
    }

    /// The text of an option, at most `most` bytes, every character visible, composed and
    /// without white space around it; its default where none was given.
    pub(super) fn text(
        &self,
        option: &'static TargetOption,
        most: usize,
    ) -> Result<String, ExportError> {
        let text = match (self.get(option.name), option.kind) {
            (Some(text), _) => text,
            (None, OptionKind::Text(default)) if !default.is_empty() => default,
            _ => return Err(option.error(OptionError::Missing)),
        };
        let text: String = text.trim().nfc().collect();
        if text.is_empty() {
            return Err(option.error(OptionError::Empty));
        }
        if let Some(hidden) = text.chars().find(|c| is_hidden(*c)) {
            return Err(option.error(OptionError::Hidden(hidden)));
        }
        if text.len() > most {
            return Err(option.error(OptionError::TooLong(most)));
        }
        Ok(text)
    }

    /// Which of the option's choices was made.
    pub(super) fn choice(
        &self,
        option: &'static TargetOption,
    ) -> Result<&'static str, ExportError> {
        let OptionKind::Choice(choices) = option.kind else { return Ok("") };
        let first = choices.first().copied().unwrap_or_default();
        let given = self.get(option.name).map_or(first, str::trim);
        let chosen = choices.iter().copied().find(|choice| *choice == given);
        chosen.ok_or_else(|| option.error(OptionError::NotOneOf(choices)))
    }
}

impl TargetOption {
    pub(super) const fn error(&self, error: OptionError) -> ExportError {
        ExportError::InvalidOption { option: self.name, error }
    }

    /// Addresses with prefix lengths, a comma between them: each is read and printed
    /// again, since wg takes only some of the spellings that others do. A whole address is
    /// meant where no length stands.
    pub(super) fn addresses(&self, text: &str) -> Result<String, ExportError> {
        let address = |text: &str| {
            let (address, bits) = match text.trim().split_once('/') {
                Some((address, bits)) => (address, Some(decimal::<u8>(bits)?)),
                None => (text.trim(), None),
            };
            let address: IpAddr = address.parse().ok()?;
            let most = if address.is_ipv4() { 32 } else { 128 };
            let bits = bits.unwrap_or(most);
            (bits <= most).then(|| format!("{address}/{bits}"))
        };
        let all: Option<Vec<String>> = text.split(',').map(address).collect();
        all.map(|all| all.join(", ")).ok_or_else(|| self.error(OptionError::Address))
    }

    /// A host and a port: `192.0.2.2:51820`, `[2001:db8::1]:51820` or a host name, read
    /// and printed again.
    pub(super) fn endpoint(&self, text: &str) -> Result<String, ExportError> {
        let text = text.trim();
        let bad = |error| Err(self.error(error));
        let Some((host, port)) = text.rsplit_once(':') else { return bad(OptionError::Endpoint) };
        if text.parse::<Ipv6Addr>().is_ok() || host.parse::<Ipv6Addr>().is_ok() {
            return bad(OptionError::Brackets);
        }
        let Some(port) = decimal::<u16>(port).filter(|port| *port > 0) else {
            return bad(OptionError::Port);
        };
        if let Some(inner) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
            let (address, zone) = match inner.split_once('%') {
                Some((address, zone)) => (address, Some(zone)),
                None => (inner, None),
            };
            return match (address.parse::<Ipv6Addr>(), zone) {
                (Ok(address), None) => Ok(format!("[{address}]:{port}")),
                (Ok(address), Some(zone)) if is_interface(zone) => {
                    Ok(format!("[{address}%{zone}]:{port}"))
                }
                _ => bad(OptionError::Endpoint),
            };
        }
        if let Ok(address) = host.parse::<Ipv4Addr>() {
            return Ok(format!("{address}:{port}"));
        }
        if !host.is_ascii() {
            return bad(OptionError::NotAscii);
        }
        // The root's own dot, which a zone file has.
        let host = host.strip_suffix('.').unwrap_or(host);
        if is_host_name(host) { Ok(format!("{host}:{port}")) } else { bad(OptionError::Endpoint) }
    }

    /// An absolute path as a word of a shell. `#` and `%` mean something to wg-quick.
    pub(super) fn shell_path(&self, text: &str) -> Result<String, ExportError> {
        if !text.starts_with('/') || text.contains(['#', '%', '\'']) {
            return Err(self.error(OptionError::Path));
        }
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"/._-@+=,:".contains(&b);
        Ok(if text.bytes().all(plain) { text.to_owned() } else { format!("'{text}'") })
    }

    pub(super) fn port(&self, text: &str) -> Result<u16, ExportError> {
        let port = decimal(text.trim()).filter(|port| *port > 0);
        port.ok_or_else(|| self.error(OptionError::Port))
    }
}

/// A number of decimal digits alone: `parse` would take a `+`.
fn decimal<N: FromStr>(text: &str) -> Option<N> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

/// A network interface as Linux names one: at most 15 bytes.
fn is_interface(zone: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"_=+.-".contains(&b);
    (1..=15).contains(&zone.len()) && zone.bytes().all(plain)
}
