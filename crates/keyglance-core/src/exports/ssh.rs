//! The other device's SSH host key, for `known_hosts`.
//!
//! The first word of such a line is a pattern: `*`, a list or a marker before it would be
//! trusted for other hosts too. So it is exactly one host here, read and printed again.

use core::net::IpAddr;

use super::{Export, ExportError, OptionError, OptionKind, OptionValues, Target, TargetOption};
use crate::identifiers::{Identifier, IdentifierKind};
use crate::pairing::Card;
use crate::text::is_host_name;

/// Most bytes of a host: a name of 253, brackets and a port.
const MOST: usize = 262;
/// The port that goes without saying.
const PORT: u16 = 22;

pub(super) const HOST: TargetOption = TargetOption {
    name: "host",
    summary: "the host name or address that ssh trusts the key for",
    kind: OptionKind::Text(""),
};

pub(super) const TARGET: Target = Target {
    name: "ssh",
    summary: "the other device's SSH host key, for known_hosts",
    extension: "known_hosts",
    binary: false,
    post_quantum: false,
    labels: &[],
    danger: "From then on ssh takes whoever holds this key for that computer.",
    usage: &[
        "cat {file} >> ~/.ssh/known_hosts",
        "ssh -o StrictHostKeyChecking=yes {destination}",
        "ssh -o StrictHostKeyChecking=yes -o {known_hosts} -o HostKeyAlias={host} ADDRESS",
        "In ~/.ssh/config, for good: Host {name}, HostName ADDRESS, HostKeyAlias {host}, UserKnownHostsFile {known_hosts_file}, StrictHostKeyChecking yes",
    ],
    undo: &["ssh-keygen -R {host}"],
    shared: Some(IdentifierKind::SshHost),
    scanned_by: None,
    options: &[HOST],
    build: |context| {
        let shared = context.shared(IdentifierKind::SshHost)?;
        let Identifier::SshHost(key) = shared else {
            return Err(context.not_shared(IdentifierKind::SshHost));
        };
        let host = host(&context.key.card()?, context.options)?;
        let export =
            Export::from_text(&[context.mark(), &host.pattern(), " ", &key.to_line(), "\n"]);
        let places = vec![
            ("{host}", host.pattern()),
            ("{destination}", host.destination()),
            ("{name}", context.label()),
        ];
        Ok(Export { places, host: Some(host.pattern()), ..export })
    },
};

/// One host, and the port of its server.
pub(super) struct Host {
    host: String,
    port: u16,
}

impl Host {
    /// As `known_hosts` names it.
    pub(super) fn pattern(&self) -> String {
        if self.port == PORT { self.host.clone() } else { format!("[{}]:{}", self.host, self.port) }
    }

    /// As the command line of ssh takes it.
    fn destination(&self) -> String {
        if self.port == PORT {
            self.host.clone()
        } else {
            format!("-p {} {}", self.port, self.host)
        }
    }
}

/// The host that was given, or else that which the other device calls itself, if no other
/// one of the internet can be called so.
pub(super) fn host(card: &Card, options: &OptionValues) -> Result<Host, ExportError> {
    if options.get(HOST.name).is_some() {
        let given = options.text(&HOST, MOST)?;
        return read(&given).map_err(|error| HOST.error(error));
    }
    match card.identifier(IdentifierKind::HostName) {
        Some(Ok(Identifier::HostName(name))) => match name.local() {
            Some(host) => Ok(Host { host, port: PORT }),
            None => Err(ExportError::HostNotTaken { host: name.to_string() }),
        },
        _ => Err(HOST.error(OptionError::Missing)),
    }
}

/// Reads a host name, an address, or one of them in brackets with a port.
fn read(text: &str) -> Result<Host, OptionError> {
    let (host, port) = match text.strip_prefix('[').and_then(|text| text.split_once(']')) {
        Some((host, "")) => (host, PORT),
        Some((host, rest)) => {
            let port = rest.strip_prefix(':').ok_or(OptionError::Host)?;
            let digits = port.bytes().all(|b| b.is_ascii_digit());
            let port = port.parse().ok().filter(|port| digits && *port > 0);
            (host, port.ok_or(OptionError::Port)?)
        }
        None => (text, PORT),
    };
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(Host { host: address.to_string(), port });
    }
    if !host.is_ascii() {
        return Err(OptionError::NotAscii);
    }
    if !is_host_name(host) {
        return Err(OptionError::Host);
    }
    Ok(Host { host: host.to_ascii_lowercase(), port })
}
