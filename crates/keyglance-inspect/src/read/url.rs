//! Links (RFC 3986), as they stand: nothing is put right, since what is put right would be
//! another link.

use keyglance_core::intake::percent_decoded;
use zeroize::Zeroizing;

/// A link in its parts. Everything but scheme and host is as it was written.
pub(crate) struct Link {
    /// In lower case.
    pub(crate) scheme: String,
    /// Whether `//` follows the scheme.
    pub(crate) has_authority: bool,
    /// What stands before `@`.
    pub(crate) user: Option<Zeroizing<String>>,
    /// In lower case, without a dot at its end; empty if there is none.
    pub(crate) host: String,
    pub(crate) port: Option<String>,
    text: Zeroizing<String>,
    path: (usize, usize),
    query: Option<(usize, usize)>,
    fragment: Option<usize>,
}

impl Link {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once(':')?;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-');
        if !scheme.starts_with(|c: char| c.is_ascii_alphabetic()) || !scheme.chars().all(plain) {
            return None;
        }
        let authority = rest.strip_prefix("//");
        let authority =
            authority.map(|rest| &rest[..rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len())]);
        let path_start = scheme.len() + 1 + authority.map_or(0, |authority| authority.len() + 2);
        let after = text.get(path_start..)?;
        let path_end = path_start + after.find(['?', '#']).unwrap_or(after.len());
        let fragment = after.find('#').map(|at| path_start + at + 1);
        let query_end = fragment.map_or(text.len(), |at| at - 1);
        let query = text.get(path_end..)?.starts_with('?').then_some((path_end + 1, query_end));
        let (user, host, port) = split_authority(authority.unwrap_or(""))?;
        Some(Self {
            scheme: scheme.to_ascii_lowercase(),
            has_authority: authority.is_some(),
            user,
            host,
            port,
            text: Zeroizing::new(text.to_owned()),
            path: (path_start, path_end),
            query,
            fragment,
        })
    }

    /// Whether it opens in a browser.
    pub(crate) fn is_web(&self) -> bool {
        matches!(self.scheme.as_str(), "https" | "http") && self.has_authority
    }

    /// The text, whole.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Path, query and fragment.
    pub(crate) fn after_authority(&self) -> &str {
        self.text.get(self.path.0..).unwrap_or("")
    }

    /// The part before `?` and `#`; for a scheme without `//` all that stands there.
    pub(crate) fn path(&self) -> &str {
        self.text.get(self.path.0..self.path.1).unwrap_or("")
    }

    /// The parts of the path between slashes, without empty ones.
    pub(crate) fn segments(&self) -> Vec<&str> {
        self.path().split('/').filter(|segment| !segment.is_empty()).collect()
    }

    pub(crate) fn query(&self) -> Option<&str> {
        self.query.and_then(|(start, end)| self.text.get(start..end))
    }

    pub(crate) fn fragment(&self) -> Option<&str> {
        self.fragment.and_then(|start| self.text.get(start..))
    }

    /// The query's `name=value`.
    pub(crate) fn param(&self, name: &str) -> Option<Zeroizing<String>> {
        param(self.query()?, name)
    }

    /// The fragment's `name=value`.
    pub(crate) fn fragment_param(&self, name: &str) -> Option<Zeroizing<String>> {
        param(self.fragment()?, name)
    }

    /// Host and port as they stand in the link.
    pub(crate) fn host_port(&self) -> String {
        match &self.port {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.clone(),
        }
    }
}

/// User, host and port of an authority; `None` if the host has characters that no host has.
fn split_authority(text: &str) -> Option<(Option<Zeroizing<String>>, String, Option<String>)> {
    let (user, host) = match text.rsplit_once('@') {
        Some((user, host)) => (Some(Zeroizing::new(user.to_owned())), host),
        None => (None, text),
    };
    let (host, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port.to_owned())),
        _ => (host, None),
    };
    if host.contains(|c: char| c.is_whitespace() || c.is_ascii_control()) {
        return None;
    }
    let host = host.strip_suffix('.').unwrap_or(host).to_lowercase();
    Some((user, host, port))
}

/// The pairs `name=value` of a text, percent-decoded; a value that cannot be decoded stands
/// as it is.
pub(crate) fn pairs(text: &str) -> impl Iterator<Item = (Zeroizing<String>, Zeroizing<String>)> {
    pairs_by(text, '&')
}

/// The same with another separator.
pub(crate) fn pairs_by(
    text: &str,
    separator: char,
) -> impl Iterator<Item = (Zeroizing<String>, Zeroizing<String>)> {
    text.split(separator).filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    })
}

/// The first value of this name.
pub(crate) fn param(text: &str, name: &str) -> Option<Zeroizing<String>> {
    pairs(text).find(|(key, _)| key.as_str() == name).map(|(_, value)| value)
}

/// Percent-decoded, or as it is.
pub(crate) fn decoded(text: &str) -> Zeroizing<String> {
    Zeroizing::new(percent_decoded(text).unwrap_or_else(|| text.to_owned()))
}

/// A value of a form, in which `+` is a space.
pub(crate) fn form_decoded(text: &str) -> Zeroizing<String> {
    decoded(&Zeroizing::new(text.replace('+', " ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_in_its_parts() {
        let link = Link::parse("HTTPS://me@Example.ORG.:8443/a//b?x=1%2B&y#f=2&g").unwrap();
        assert_eq!((link.scheme.as_str(), link.host.as_str()), ("https", "example.org"));
        assert_eq!(link.user.as_deref().map(String::as_str), Some("me"));
        assert_eq!(link.port.as_deref(), Some("8443"));
        assert_eq!(link.segments(), ["a", "b"]);
        assert_eq!(link.param("x").unwrap().as_str(), "1+");
        assert_eq!(link.param("y").unwrap().as_str(), "");
        assert_eq!(link.fragment_param("f").unwrap().as_str(), "2");
        assert_eq!(link.after_authority(), "/a//b?x=1%2B&y#f=2&g");
    }

    #[test]
    fn a_question_mark_after_the_fragment_begins_no_query() {
        let link = Link::parse("https://example.org#a?b=1").unwrap();
        assert_eq!((link.path(), link.query()), ("", None));
        assert_eq!(link.fragment(), Some("a?b=1"));
    }

    #[test]
    fn a_scheme_without_authority() {
        let link = Link::parse("xmpp:a@example.org?join").unwrap();
        assert_eq!(
            (link.has_authority, link.path(), link.query()),
            (false, "a@example.org", Some("join"))
        );
        assert!(Link::parse("no link").is_none() && Link::parse("1a:b").is_none());
        assert!(Link::parse("https://exam ple.org/").is_none());
    }

    #[test]
    fn a_backslash_ends_the_host() {
        assert_eq!(Link::parse("https://a.example\\@b.example/").unwrap().host, "a.example");
    }
}
