//! What both devices compute from the public part of a pairing.

use sha2::{Digest as _, Sha256};

use super::check_code::{CheckCode, CheckCodes};
use super::frame::{Hello, SessionId, Suites};
use super::outcome::Role;
use crate::crypto::{PublicKey, Suite, labels};

/// `C`: commits to the ephemeral key and the offered suites before either is
/// used, so that nobody can choose a key to fit the check code.
pub(super) fn commitment(suites: Suites, e: &PublicKey) -> [u8; 32] {
    Sha256::new()
        .chain_update(labels::COMMIT)
        .chain_update([1, suites.bits(), 0])
        .chain_update(e.as_bytes())
        // Nothing else is committed to, in any suite.
        .chain_update(Sha256::digest([]))
        .finalize()
        .into()
}

/// Both HELLOs, in the order of their roles, and the suite that follows from them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Transcript {
    pub(super) suite: Suite,
    pub(super) initiator: Hello,
    pub(super) responder: Hello,
}

impl Transcript {
    /// The Noise prologue.
    pub(super) fn prologue(&self) -> Vec<u8> {
        let mut prologue = labels::PROLOGUE.to_vec();
        prologue.push(self.suite.bit());
        prologue.extend(self.initiator.body());
        prologue.extend(self.responder.body());
        prologue
    }

    pub(super) fn sid(&self) -> SessionId {
        let hash: [u8; 32] = Sha256::new()
            .chain_update(labels::SESSION_ID)
            .chain_update(self.initiator.body())
            .chain_update(self.responder.body())
            .finalize()
            .into();
        start(&hash)
    }

    /// The check codes that the device in this role shows and asks for. They cover
    /// both HELLOs, both ephemeral keys and the encapsulation key (empty in suite 1), and
    /// nothing that is chosen later.
    pub(super) fn check_codes(
        &self,
        role: Role,
        e_initiator: &PublicKey,
        e_responder: &PublicKey,
        e1: &[u8],
    ) -> CheckCodes {
        let hash: [u8; 32] = Sha256::new()
            .chain_update(labels::CHECK)
            .chain_update(self.prologue())
            .chain_update(e_initiator.as_bytes())
            .chain_update(e_responder.as_bytes())
            .chain_update(e1)
            .finalize()
            .into();
        let [_, _, _, _, _, _, _, _, a, b, c, d, e, f, g, h, ..] = hash;
        let initiator = CheckCode::from_hash_part(start(&hash));
        let responder = CheckCode::from_hash_part([a, b, c, d, e, f, g, h]);
        match role {
            Role::Initiator => CheckCodes::new(initiator, responder),
            Role::Responder => CheckCodes::new(responder, initiator),
        }
    }
}

fn start(hash: &[u8; 32]) -> [u8; 8] {
    let [a, b, c, d, e, f, g, h, ..] = *hash;
    [a, b, c, d, e, f, g, h]
}
