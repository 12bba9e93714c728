//! What a user can set for an export beside its purpose. Never a secret.

use core::net::IpAddr;

use ::base64::Engine as _;
use ::base64::engine::general_purpose::STANDARD;

use super::ExportError;
use crate::crypto::PublicKey;

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
    /// A line feed, or another character that does not show.
    #[error("has a character that does not show")]
    Hidden,
    /// Not a list of IP addresses with prefix lengths.
    #[error("is not an address like 10.66.0.1/32")]
    Address,
    /// Not a host and port.
    #[error("is not a host and port like 192.0.2.2:51820")]
    Endpoint,
    /// Not a port number.
    #[error("is not a port from 1 to 65535")]
    Port,
    /// Not an X25519 public key in base64.
    #[error("is not a WireGuard public key, which has 44 characters of base64")]
    PublicKey,
    /// Contradicts this other option.
    #[error("cannot be combined with {0}")]
    NotWith(&'static str),
    /// Not the address of a version 3 onion service.
    #[error("is not an onion address, which has 56 letters and digits and .onion")]
    Onion,
}

/// The options that were given, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OptionValues(Vec<(&'static str, String)>);

impl OptionValues {
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

    /// The text of an option, at most `most` bytes, every character visible;
    /// its default where none was given.
    pub(super) fn text<'a>(
        &'a self,
        option: &'static TargetOption,
        most: usize,
    ) -> Result<&'a str, ExportError> {
        let text = match (self.get(option.name), option.kind) {
            (Some(text), _) => text,
            (None, OptionKind::Text(default)) if !default.is_empty() => default,
            _ => return Err(option.error(OptionError::Missing)),
        };
        if text.len() > most {
            return Err(option.error(OptionError::TooLong(most)));
        }
        if text.chars().any(crate::text::is_hidden) {
            return Err(option.error(OptionError::Hidden));
        }
        Ok(text)
    }
}

impl TargetOption {
    pub(super) const fn error(&self, error: OptionError) -> ExportError {
        ExportError::InvalidOption { option: self.name, error }
    }

    /// `text` if it is addresses with prefix lengths, a comma between them.
    pub(super) fn addresses<'a>(&self, text: &'a str) -> Result<&'a str, ExportError> {
        let address = |text: &str| {
            let (address, prefix) = text.trim().split_once('/')?;
            let most = if address.parse::<IpAddr>().ok()?.is_ipv4() { 32 } else { 128 };
            prefix.parse::<u8>().ok().filter(|prefix| *prefix <= most)
        };
        let all = text.split(',').all(|part| address(part).is_some());
        if all { Ok(text) } else { Err(self.error(OptionError::Address)) }
    }

    /// `text` if it is `host:port` or `[address]:port`.
    pub(super) fn endpoint<'a>(&self, text: &'a str) -> Result<&'a str, ExportError> {
        let parse = || {
            let (host, port) = text.rsplit_once(':')?;
            port.parse::<u16>().ok().filter(|port| *port > 0)?;
            let good = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
                Some(address) => address.parse::<core::net::Ipv6Addr>().is_ok(),
                None => {
                    let fits = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
                    !host.is_empty() && host.chars().all(fits)
                }
            };
            good.then_some(text)
        };
        parse().ok_or_else(|| self.error(OptionError::Endpoint))
    }

    pub(super) fn port<'a>(&self, text: &'a str) -> Result<&'a str, ExportError> {
        match text.parse::<u16>() {
            Ok(port) if port > 0 => Ok(text),
            _ => Err(self.error(OptionError::Port)),
        }
    }

    pub(super) fn public_key(&self, text: &str) -> Result<PublicKey, ExportError> {
        let bytes = STANDARD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(PublicKey::from_bytes).ok_or_else(|| self.error(OptionError::PublicKey))
    }
}
