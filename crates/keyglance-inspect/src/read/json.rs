//! JSON (RFC 8259) of limited depth.

use serde_json::{Map, Value};

use super::MAX_DEPTH;

/// The object that the text is, unless it is nested too deep.
pub(crate) fn object(text: &str) -> Option<Map<String, Value>> {
    match value(text)? {
        Value::Object(object) => Some(object),
        _ => None,
    }
}

/// The value that the text is, unless it is nested too deep.
pub(crate) fn value(text: &str) -> Option<Value> {
    if depth(text) > MAX_DEPTH { None } else { serde_json::from_str(text).ok() }
}

/// The text of a member.
pub(crate) fn text<'v>(object: &'v Map<String, Value>, name: &str) -> Option<&'v str> {
    object.get(name)?.as_str()
}

/// How deep brackets are nested outside strings.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut in_string, mut escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nested_too_deep_is_not_read() {
        assert!(object(r#"{"a":[[1],"]]]]{{{{{{{{{{{{{{"]}"#).is_some());
        assert!(value(&format!("{}{}", "[".repeat(9), "]".repeat(9))).is_none());
        assert!(value(&"[".repeat(8000)).is_none());
    }
}
