//! Where the page for phones is: an address that a person sets, since where it is hosted is
//! theirs to choose.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use keyglance_core::text::is_hidden;
use serde::{Deserialize, Serialize};

/// Most characters of an address: a code of it is read from a forearm away.
pub const MAX_PAGE_ADDRESS: usize = 500;

/// The address of a page for phones: `https`, or `http` to this computer itself, since
/// browsers give no camera to other pages (W3C Secure Contexts, 3.1). It names a page and
/// nothing else: no user, no query, no fragment.
///
/// ```
/// use keyglance_profile::{PageAddress, PageAddressError};
///
/// let address: PageAddress = " https://keys.example/phone/ ".parse()?;
/// assert_eq!(address.as_str(), "https://keys.example/phone/");
/// assert_eq!("http://keys.example/".parse::<PageAddress>(), Err(PageAddressError::NotHttps));
/// # Ok::<(), PageAddressError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PageAddress(String);

/// Why a text is no address of a page for phones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PageAddressError {
    /// Nothing but white space.
    #[error("the address is empty")]
    Empty,
    /// Longer than [`MAX_PAGE_ADDRESS`].
    #[error("the address is longer than {MAX_PAGE_ADDRESS} characters")]
    TooLong,
    /// A character that cannot be seen.
    #[error("the address holds a letter that cannot be seen (U+{:04X})", u32::from(*.0))]
    Hidden(char),
    /// A letter outside ASCII: names of hosts are written in punycode, paths in percent
    /// escapes, so that two that look alike cannot be mixed up.
    #[error("the address holds {0:?}, which is not plain ASCII")]
    NotAscii(char),
    /// A character that no address has unescaped (RFC 3986, 2).
    #[error("the address holds {0:?}")]
    Character(char),
    /// Neither `https` nor a page of this computer itself.
    #[error("the address does not begin with https://")]
    NotHttps,
    /// A user or a password before the host.
    #[error("the address holds a user or a password")]
    User,
    /// No host, or what cannot be one.
    #[error("the address names no host")]
    Host,
    /// A port that is none.
    #[error("the port of the address is no number from 1 to 65535")]
    Port,
    /// A query or a fragment, of which the page needs none.
    #[error("the address has a part after ? or #")]
    Extra,
}

impl PageAddress {
    /// The address as it was typed, without white space around it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is of this computer itself: good for a try, and no phone reaches it.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.0.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("http:"))
    }
}

impl FromStr for PageAddress {
    type Err = PageAddressError;

    fn from_str(text: &str) -> Result<Self, PageAddressError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(PageAddressError::Empty);
        }
        if text.chars().count() > MAX_PAGE_ADDRESS {
            return Err(PageAddressError::TooLong);
        }
        for c in text.chars() {
            check_character(c)?;
        }
        let (scheme, rest) = text.split_once("://").ok_or(PageAddressError::NotHttps)?;
        let secure = scheme.eq_ignore_ascii_case("https");
        if !secure && !scheme.eq_ignore_ascii_case("http") {
            return Err(PageAddressError::NotHttps);
        }
        if rest.contains(['?', '#']) {
            return Err(PageAddressError::Extra);
        }
        let authority = rest.split('/').next().unwrap_or_default();
        if authority.contains('@') {
            return Err(PageAddressError::User);
        }
        let host = host(authority)?;
        if !secure && !is_this_computer(host) {
            return Err(PageAddressError::NotHttps);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for PageAddress {
    type Error = PageAddressError;

    fn try_from(text: String) -> Result<Self, PageAddressError> {
        text.parse()
    }
}

impl From<PageAddress> for String {
    fn from(address: PageAddress) -> Self {
        address.0
    }
}

impl fmt::Display for PageAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// RFC 3986, 2: unreserved, reserved, and what begins an escape.
fn check_character(c: char) -> Result<(), PageAddressError> {
    match c {
        c if is_hidden(c) => Err(PageAddressError::Hidden(c)),
        c if !c.is_ascii() => Err(PageAddressError::NotAscii(c)),
        c if c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c) => Ok(()),
        c => Err(PageAddressError::Character(c)),
    }
}

/// The host of `HOST` or `HOST:PORT`.
fn host(authority: &str) -> Result<&str, PageAddressError> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (inner, after) = rest.split_once(']').ok_or(PageAddressError::Host)?;
            inner.parse::<Ipv6Addr>().map_err(|_| PageAddressError::Host)?;
            match after.strip_prefix(':') {
                Some(port) => (inner, Some(port)),
                None if after.is_empty() => (inner, None),
                None => return Err(PageAddressError::Host),
            }
        }
        None => {
            let (name, port) = match authority.split_once(':') {
                Some((name, port)) => (name, Some(port)),
                None => (authority, None),
            };
            if !is_name(name) {
                return Err(PageAddressError::Host);
            }
            (name, port)
        }
    };
    let is_port = |port: &str| {
        port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|n| n > 0)
    };
    if port.is_some_and(|port| !is_port(port)) {
        return Err(PageAddressError::Port);
    }
    Ok(host)
}

/// RFC 1123, 2.1. What ends in a number is an IPv4 address in its usual form or nothing
/// (URL Standard, "ends in a number").
fn is_name(name: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = name.rsplit('.').next().unwrap_or_default();
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit())
        || last.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("0x"));
    if is_number {
        return name.parse::<Ipv4Addr>().is_ok();
    }
    name.len() <= 253 && name.split('.').all(is_label)
}

fn is_this_computer(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host == "127.0.0.1"
        || host.parse::<Ipv6Addr>() == Ok(Ipv6Addr::LOCALHOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_kept_as_typed_without_the_space_around() {
        for good in [
            "https://keys.example",
            "https://keys.example/",
            "HTTPS://Keys.Example:8443/phone/index.html",
            "https://xn--schlssel-95a.example/a%20b/",
            "https://192.0.2.7/",
            "https://[2001:db8::1]:8443/",
            "http://localhost:8000/",
            "http://127.0.0.1/",
            "http://[::1]:8000",
        ] {
            let address: PageAddress = format!(" \t{good}\n").parse().unwrap();
            assert_eq!(address.as_str(), good);
            assert_eq!(address.is_local(), good.starts_with("http:"), "{good}");
        }
    }

    #[test]
    fn each_wrong_address_is_refused_for_its_own_reason() {
        let long = format!("https://keys.example/{}", "a".repeat(MAX_PAGE_ADDRESS));
        let label = format!("https://{}.example/", "a".repeat(64));
        for (wrong, why) in [
            ("", PageAddressError::Empty),
            (" \n ", PageAddressError::Empty),
            (long.as_str(), PageAddressError::TooLong),
            ("https://keys\u{200B}.example/", PageAddressError::Hidden('\u{200B}')),
            ("https://keys.example/\u{202E}", PageAddressError::Hidden('\u{202E}')),
            ("https://keys.example/a\nb", PageAddressError::Hidden('\n')),
            ("https://schlüssel.example/", PageAddressError::NotAscii('ü')),
            ("https://kеys.example/", PageAddressError::NotAscii('е')),
            ("https://keys.example/a b", PageAddressError::Character(' ')),
            ("https:\\\\keys.example", PageAddressError::Character('\\')),
            ("https://keys.example/\"", PageAddressError::Character('"')),
            ("keys.example", PageAddressError::NotHttps),
            ("https:keys.example", PageAddressError::NotHttps),
            ("ftp://keys.example/", PageAddressError::NotHttps),
            ("javascript://keys.example/", PageAddressError::NotHttps),
            ("http://keys.example/", PageAddressError::NotHttps),
            ("http://192.168.1.2/", PageAddressError::NotHttps),
            ("http://localhost.keys.example/", PageAddressError::NotHttps),
            ("http://127.0.0.2/", PageAddressError::NotHttps),
            ("https://ana:word@keys.example/", PageAddressError::User),
            ("https://keys.example@evil.example/", PageAddressError::User),
            ("https://", PageAddressError::Host),
            ("https:///phone", PageAddressError::Host),
            ("https://:443/", PageAddressError::Host),
            ("https://-keys.example/", PageAddressError::Host),
            ("https://keys..example/", PageAddressError::Host),
            ("https://keys_example/", PageAddressError::Host),
            ("https://0x7f.1/", PageAddressError::Host),
            ("https://1.2.3/", PageAddressError::Host),
            ("https://[::1/", PageAddressError::Host),
            ("https://[::1]x/", PageAddressError::Host),
            (label.as_str(), PageAddressError::Host),
            ("https://keys.example:/", PageAddressError::Port),
            ("https://keys.example:0/", PageAddressError::Port),
            ("https://keys.example:65536/", PageAddressError::Port),
            ("https://keys.example:+443/", PageAddressError::Port),
            ("https://keys.example/?a", PageAddressError::Extra),
            ("https://keys.example/#a", PageAddressError::Extra),
            ("https://keys.example?@evil.example/", PageAddressError::Extra),
        ] {
            assert_eq!(wrong.parse::<PageAddress>(), Err(why), "{wrong:?}");
        }
    }
}
