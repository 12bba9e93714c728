//! The targets that a user who mistyped a name may have meant.

use super::TARGETS;

/// The names closest to `name` by edit distance, at most three, the closest first.
pub(super) fn for_name(name: &str) -> Vec<&'static str> {
    let name = name.to_lowercase();
    let mut names: Vec<_> = TARGETS
        .iter()
        .map(|target| (strsim::levenshtein(&name, target.name), target.name))
        .filter(|(distance, target)| *distance <= target.len().max(name.len()) / 2)
        .collect();
    names.sort_unstable();
    names.into_iter().take(3).map(|(_, name)| name).collect()
}
