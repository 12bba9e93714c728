//! Sections with `name = value`, as WireGuard's configurations have them (wg-quick(8)).

/// A section and its values, in their order.
pub(crate) struct Section<'a> {
    pub(crate) name: &'a str,
    values: Vec<(&'a str, &'a str)>,
}

impl<'a> Section<'a> {
    /// The first value of this name, whose case does not matter.
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        self.values.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }
}

/// Every section; `None` where a line is none of a section's.
pub(crate) fn sections(text: &str) -> Option<Vec<Section<'_>>> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    for line in text.lines() {
        let line = line.split(['#', ';']).next().unwrap_or("").trim();
        if line.is_empty() {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            sections.push(Section { name: name.trim(), values: Vec::new() });
        } else {
            let (name, value) = line.split_once('=')?;
            sections.last_mut()?.values.push((name.trim(), value.trim()));
        }
    }
    Some(sections)
}
