//! A payload as the recognisers see it: bytes, text, one line, a link, JSON.

use std::borrow::Cow;
use std::cell::OnceCell;

use jiff::Timestamp;
use keyglance_core::intake;
use keyglance_core::text::is_hidden;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::finding::{Miss, OTHER, form};
use crate::hosts;
use crate::read::json;
use crate::read::url::Link;

/// A payload and its readings.
pub(crate) struct Input<'a> {
    /// As it was scanned.
    pub(crate) bytes: &'a [u8],
    /// What "expired" is measured by.
    pub(crate) now: Timestamp,
    text: Option<&'a str>,
    line: Option<Zeroizing<String>>,
    link: Option<Link>,
    json: OnceCell<Option<Map<String, Value>>>,
}

impl<'a> Input<'a> {
    pub(crate) fn new(bytes: &'a [u8], now: Timestamp) -> Self {
        let text = str::from_utf8(bytes).ok().map(trimmed).filter(|text| !text.is_empty());
        let line = text.map(|text| Zeroizing::new(intake::code(text).into_owned()));
        let link = line.as_deref().filter(|_| text.is_some_and(is_one_link));
        let link = link.and_then(|line| Link::parse(line));
        Self { bytes, now, text, line, link, json: OnceCell::new() }
    }

    /// The text with its lines, without white space around it.
    pub(crate) fn text(&self) -> Result<&'a str, Miss> {
        self.text.ok_or(OTHER)
    }

    /// The text in one line: line breaks that a mail program put into it are gone.
    pub(crate) fn line(&self) -> Result<&str, Miss> {
        self.line.as_deref().map(String::as_str).ok_or(OTHER)
    }

    /// The text without any white space, for forms that people group.
    pub(crate) fn compact(&self) -> Result<Zeroizing<String>, Miss> {
        let text = self.text()?;
        Ok(Zeroizing::new(text.chars().filter(|c| !c.is_whitespace()).collect()))
    }

    /// The link that the whole text is.
    pub(crate) fn link(&self) -> Result<&Link, Miss> {
        self.link.as_ref().ok_or(OTHER)
    }

    /// The link, if its scheme is this one.
    pub(crate) fn scheme(&self, scheme: &str) -> Result<&Link, Miss> {
        self.link().and_then(|link| if link.scheme == scheme { Ok(link) } else { Err(OTHER) })
    }

    /// The link to any page.
    pub(crate) fn web(&self) -> Result<&Link, Miss> {
        let link = self.link()?;
        form(link.is_web() && link.user.is_none() && !link.host.is_empty())?;
        Ok(link)
    }

    /// The link to a page of this host, which [`hosts::KNOWN`] lists.
    pub(crate) fn page(&self, host: &str) -> Result<&Link, Miss> {
        debug_assert!(hosts::KNOWN.contains(&host), "{host} is not in hosts::KNOWN");
        let link = self.web()?;
        let usual_port = matches!(link.port.as_deref(), None | Some("443" | "80"));
        form(link.host == host && usual_port)?;
        Ok(link)
    }

    /// What stands after a prefix, whose case does not matter.
    pub(crate) fn after(&self, prefix: &str) -> Result<&str, Miss> {
        after(self.line()?, prefix).ok_or(OTHER)
    }

    /// The object that the whole text is.
    pub(crate) fn json(&self) -> Result<&Map<String, Value>, Miss> {
        let read = || json::object(self.text?);
        self.json.get_or_init(read).as_ref().ok_or(OTHER)
    }
}

/// What stands after a prefix, whose case does not matter.
pub(crate) fn after<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_hidden(c))
}

/// Whether line breaks in `text` can only have come in between: no later line begins a link
/// or another text of its own.
fn is_one_link(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    lines.next();
    lines.all(|line| !line.contains("://") && !line.contains(' '))
}

/// The text with this host in place of its own.
pub(crate) fn with_host(link: &Link, host: &str) -> String {
    let rest: Cow<'_, str> = Cow::Borrowed(link.after_authority());
    format!("{}://{host}{rest}", link.scheme)
}
