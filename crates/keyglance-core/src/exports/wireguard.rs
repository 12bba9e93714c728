//! A WireGuard tunnel between the two devices: each side's own configuration.

use ::base64::Engine as _;
use ::base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::{Export, ExportContext, OptionError, OptionKind, OptionValues, Target, TargetOption};
use crate::crypto::{DeriveError, IdentityKey, labels};
use crate::identifiers::{Identifier, IdentifierKind, WireGuardKey};
use crate::pairing::{Card, Role};

/// Where this device keeps its own key, which we never see.
const USUAL_OWN_KEY: &str = "/etc/wireguard/keyglance.key";
/// The UDP port that WireGuard listens on, if nobody says otherwise.
const USUAL_PORT: &str = "51820";
/// Stands where the other side's key goes. WireGuard refuses it.
const PUBLIC_KEY_GAP: &str = "THE-OTHER-DEVICES-PUBLIC-KEY";

/// Most bytes of an option: no sensible one comes near.
const MOST: usize = 255;

const OWN_DEVICES: TargetOption = TargetOption {
    name: "own-devices",
    summary: "both devices are mine: derive both private keys",
    kind: OptionKind::Flag,
};
const PEER_PUBLIC_KEY: TargetOption = TargetOption {
    name: "peer-public-key",
    summary: "the other device's own WireGuard public key",
    kind: OptionKind::Text(""),
};
const OWN_KEY: TargetOption = TargetOption {
    name: "own-key",
    summary: "the file with this device's own private key, which wg itself reads",
    kind: OptionKind::Text(USUAL_OWN_KEY),
};
const ENDPOINT: TargetOption = TargetOption {
    name: "endpoint",
    summary: "where the other device is reached, HOST:PORT; one side at least needs it",
    kind: OptionKind::Text(""),
};
const LISTEN_PORT: TargetOption = TargetOption {
    name: "listen-port",
    summary: "the UDP port that this device listens on",
    kind: OptionKind::Text(USUAL_PORT),
};
const ADDRESS: TargetOption = TargetOption {
    name: "address",
    summary: "this device's address in the tunnel; 10.66.0.1/32 or 10.66.0.2/32 if none is given",
    kind: OptionKind::Text(""),
};
const PEER_ADDRESS: TargetOption = TargetOption {
    name: "peer-address",
    summary: "the other device's; again the one or the other",
    kind: OptionKind::Text(""),
};

pub(super) const TARGET: Target = Target {
    name: "wireguard",
    summary: "a WireGuard tunnel between the two devices",
    extension: "conf",
    binary: false,
    post_quantum: false,
    labels: &[labels::WIREGUARD_PSK, labels::WIREGUARD_INITIATOR, labels::WIREGUARD_RESPONDER],
    danger: "Anyone with this file can enter the tunnel as this device.",
    usage: &[
        "sudo install -m 600 {file} /etc/wireguard/{interface}.conf",
        "sudo wg-quick up {interface}",
        "In the WireGuard app of a phone, where both devices are yours (--own-devices): + > Import from file",
    ],
    undo: &["sudo wg-quick down {interface}", "sudo rm /etc/wireguard/{interface}.conf"],
    shared: None,
    scanned_by: Some("the WireGuard app: + > Scan from QR code"),
    options: &[OWN_DEVICES, PEER_PUBLIC_KEY, OWN_KEY, ENDPOINT, LISTEN_PORT, ADDRESS, PEER_ADDRESS],
    build: |context| {
        let (own_address, peer_address) = match context.key.role {
            Role::Initiator => ("10.66.0.1/32", "10.66.0.2/32"),
            Role::Responder => ("10.66.0.2/32", "10.66.0.1/32"),
        };
        let text = |option: &'static TargetOption, default: &'static str| {
            if context.options.get(option.name).is_none() {
                return Ok(default.to_owned());
            }
            context.options.text(option, MOST)
        };
        let address = ADDRESS.addresses(&text(&ADDRESS, own_address)?)?;
        let allowed = PEER_ADDRESS.addresses(&text(&PEER_ADDRESS, peer_address)?)?;
        let port = LISTEN_PORT.port(&context.options.text(&LISTEN_PORT, MOST)?)?;
        let endpoint = match context.options.get(ENDPOINT.name) {
            None => String::new(),
            Some(_) => {
                let given = context.options.text(&ENDPOINT, MOST)?;
                format!("\nEndpoint = {}", ENDPOINT.endpoint(&given)?)
            }
        };
        let keys = keys(context)?;
        let mark = if keys.shared { context.mark() } else { "" };
        let psk = Zeroizing::new(STANDARD.encode(&context.derive(labels::WIREGUARD_PSK)?[..]));
        let export = Export::from_text(&[
            mark,
            "[Interface]\nAddress = ",
            &address,
            "\nListenPort = ",
            &port.to_string(),
            "\n",
            &keys.own,
            "\n\n[Peer]\n# ",
            &context.label(),
            "\nPublicKey = ",
            &keys.peer_public,
            "\nPresharedKey = ",
            &psk,
            "\nAllowedIPs = ",
            &allowed,
            &endpoint,
            "\nPersistentKeepalive = 25\n",
        ]);
        Ok(Export { notes: keys.notes, complete: keys.complete, shared: keys.shared, ..export })
    },
};

/// Whether the other side's key would be that of its card: nothing else was given.
pub(super) fn is_of_card(card: &Card, options: &OptionValues) -> bool {
    let given = [PEER_PUBLIC_KEY.name, OWN_DEVICES.name];
    given.iter().all(|name| options.get(name).is_none())
        && card.identifier(IdentifierKind::WireGuard).is_some()
}

impl TargetOption {
    /// What the other device's card offers for the option: where it may be reached, by the
    /// name that it has for itself. Never a default: a name that does not resolve would
    /// stop wg-quick.
    #[must_use]
    pub fn offered(&self, card: &Card) -> Option<String> {
        let shared = card.identifier(IdentifierKind::HostName)?.ok()?;
        match shared {
            Identifier::HostName(name) if self.name == ENDPOINT.name => {
                Some(format!("{}:{USUAL_PORT}", name.as_host()?))
            }
            _ => None,
        }
    }
}

struct Keys {
    /// The line by which this device's own key comes in.
    own: Zeroizing<String>,
    peer_public: String,
    notes: Vec<&'static str>,
    complete: bool,
    /// Whether the other side's key is that of its card.
    shared: bool,
}

fn keys(context: &ExportContext<'_>) -> Result<Keys, super::ExportError> {
    let own_devices = context.options.get(OWN_DEVICES.name).is_some();
    let given = match context.options.get(PEER_PUBLIC_KEY.name) {
        // Both at once would be two answers to one question.
        Some(_) if own_devices => {
            return Err(PEER_PUBLIC_KEY.error(OptionError::NotWith(OWN_DEVICES.name)));
        }
        Some(text) => {
            let key = WireGuardKey::parse(text);
            Some(key.map_err(|_| PEER_PUBLIC_KEY.error(OptionError::PublicKey))?)
        }
        None => None,
    };
    if own_devices && context.options.get(OWN_KEY.name).is_some() {
        return Err(OWN_KEY.error(OptionError::NotWith(OWN_DEVICES.name)));
    }
    if own_devices {
        let (own, peer) = match context.key.role {
            Role::Initiator => (labels::WIREGUARD_INITIATOR, labels::WIREGUARD_RESPONDER),
            Role::Responder => (labels::WIREGUARD_RESPONDER, labels::WIREGUARD_INITIATOR),
        };
        let key = Zeroizing::new(STANDARD.encode(&context.derive(own)?[..]));
        return Ok(Keys {
            own: Zeroizing::new(["PrivateKey = ", &key].concat()),
            peer_public: STANDARD.encode(public(context, peer)?.public().as_bytes()),
            notes: vec![
                "Both private keys come from the shared key: each of the two devices can \
                 impersonate the other. Use this between devices of your own only.",
            ],
            complete: true,
            shared: false,
        });
    }
    let path = OWN_KEY.shell_path(&context.options.text(&OWN_KEY, MOST)?)?;
    let card = context.key.card()?.identifier(IdentifierKind::WireGuard);
    let (peer_public, shared) = match (given, card) {
        (Some(key), _) => (Some(key.to_string()), false),
        (None, Some(key)) => (Some(key?.to_string()), true),
        (None, None) => (None, false),
    };
    let complete = peer_public.is_some();
    let mut notes = vec![
        "This device's own private key stays in its file. Once, as root, if there is none: \
         umask 077; wg genkey > /etc/wireguard/keyglance.key",
    ];
    if !complete {
        notes.push(
            "Fill in the other device's public key, which wg pubkey < /etc/wireguard/keyglance.key \
             shows there.",
        );
    }
    Ok(Keys {
        own: Zeroizing::new(format!("PostUp = wg set %i private-key {path}")),
        peer_public: peer_public.unwrap_or_else(|| PUBLIC_KEY_GAP.to_owned()),
        notes,
        complete,
        shared,
    })
}

fn public(context: &ExportContext<'_>, label: &str) -> Result<IdentityKey, DeriveError> {
    Ok(IdentityKey::from_secret_bytes(&context.derive(label)?))
}
