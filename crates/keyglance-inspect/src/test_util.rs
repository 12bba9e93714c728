//! Codes of every kind, for the tests of those who show them: one JSON object a line.

/// Codes as apps show them, each with what is said of it.
pub const SAMPLES: &str = include_str!("../tests/vectors/inspector.jsonl");

/// At least one code of each kind.
pub const EXAMPLES: &str = include_str!("../tests/vectors/kinds.jsonl");
