//! The target that somebody may have meant.

use super::TARGETS;

/// The names most like `name`, at most three, the nearest first.
pub(super) fn names(name: &str) -> Vec<&'static str> {
    let name = name.to_lowercase();
    let mut names: Vec<_> = TARGETS
        .iter()
        .map(|target| (distance(&name, target.name), target.name))
        .filter(|(distance, target)| *distance <= target.len().max(name.len()) / 2)
        .collect();
    names.sort_unstable();
    names.into_iter().take(3).map(|(_, name)| name).collect()
}

/// Levenshtein's.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (b, above) in other.chars().zip(row.iter().skip(1)) {
            left = (diagonal + usize::from(a != b)).min(left + 1).min(above + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
