//! Every kind, in the order in which they are asked. A new kind is one function in
//! `src/kinds/` and one line here.

use crate::finding::Reading;
use crate::input::Input;
use crate::kinds::*;
use crate::verdict::{Evidence, Photographed};

/// A kind and its recogniser.
pub(crate) struct Kind {
    pub(crate) id: &'static str,
    pub(crate) app: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) evidence: Evidence,
    pub(crate) photographed: Photographed,
    pub(crate) read: fn(&Input<'_>) -> Reading,
    /// Links of this form may stand on any host.
    pub(crate) any_host: bool,
}

/// A kind for those who list them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KindInfo {
    /// [`Verdict::id`](crate::Verdict::id).
    pub id: &'static str,
    /// [`Verdict::app`](crate::Verdict::app).
    pub app: &'static str,
    /// [`Verdict::kind`](crate::Verdict::kind).
    pub kind: &'static str,
    /// What codes of this kind prove.
    pub evidence: Evidence,
    /// What somebody can do who photographs one.
    pub photographed: Photographed,
}

/// All kinds that are told, in the order in which they are asked.
pub fn kinds() -> impl Iterator<Item = KindInfo> {
    KINDS.iter().map(|it| KindInfo {
        id: it.id,
        app: it.app,
        kind: it.kind,
        evidence: it.evidence,
        photographed: it.photographed,
    })
}

const fn kind(
    id: &'static str,
    (app, kind): (&'static str, &'static str),
    evidence: Evidence,
    photographed: Photographed,
    read: fn(&Input<'_>) -> Reading,
) -> Kind {
    Kind { id, app, kind, evidence, photographed, read, any_host: false }
}

impl Kind {
    const fn on_any_host(mut self) -> Self {
        self.any_host = true;
        self
    }
}

#[allow(unused_imports, reason = "until every family is in")]
use Evidence::{
    Compare as COMPARE, Exchange as EXCHANGE, Fragment as FRAGMENT, Key as KEY, Login as LOGIN,
    None as NONE, Secret as SECRET, ServerSees as SERVER_SEES,
};
#[allow(unused_imports, reason = "until every family is in")]
use Photographed::{All, Contact, Device, Join, Learn, Link, Nothing, Once, Read};

#[rustfmt::skip]
pub(crate) static KINDS: &[Kind] = &[
    // Ours.
    kind("keyglance.pairing", ("Keyglance", "pairing code"), EXCHANGE, Nothing, ours::pairing),
    kind("keyglance.pairing-part", ("Keyglance", "pairing code, part"), EXCHANGE, Nothing, ours::pairing_part),
    kind("keyglance.fingerprint", ("Keyglance", "fingerprint code"), COMPARE, Nothing, ours::fingerprint),
    // Fallbacks.
    kind("fallback.fragment", ("unknown", "link with a key after #"), FRAGMENT, Read, fallback::fragment).on_any_host(),
    kind("fallback.query", ("unknown", "link with a token"), SERVER_SEES, Read, fallback::query).on_any_host(),
    kind("fallback.key", ("unknown", "32 bytes"), SECRET, All, fallback::key),
    kind("fallback.bytes", ("unknown", "binary"), NONE, Nothing, fallback::bytes),
];
