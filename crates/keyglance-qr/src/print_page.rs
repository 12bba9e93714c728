//! A page of codes to print: one HTML file that loads nothing else.

use std::fmt::Write as _;

use zeroize::Zeroizing;

use crate::{Code, render_svg};

/// A code and the text that is printed below it.
#[derive(Debug)]
pub struct LabelledCode<'a> {
    /// The code to draw.
    pub code: &'a Code,
    /// The lines below the code, of which the first is bold.
    pub lines: Vec<String>,
    /// A box below the lines. It is part of each label, so that it stays with a code
    /// that is cut out.
    pub warning: &'a str,
}

/// Two columns, which fit both A4 and Letter. No label is split between two pages.
const STYLE: &str = "\
@page{margin:12mm}\
body{font:10pt sans-serif;margin:0;color:#000;background:#fff}\
main{display:grid;grid-template-columns:1fr 1fr;gap:6mm}\
figure{margin:0;padding:3mm;border:.3mm dashed #888;break-inside:avoid}\
svg{display:block;width:66mm;margin:0 auto}\
p{margin:1mm 0;overflow-wrap:anywhere}\
.first{font-weight:bold}\
.warning{border:.5mm solid #000;padding:1mm}";

/// A page of ours loads nothing.
pub(crate) const SECURITY: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">";

/// An HTML page with all the codes, each with its text. It is wiped on drop, since
/// the codes may be secrets.
///
/// ```
/// use keyglance_qr::{Code, LabelledCode, print_page};
///
/// # fn main() -> Result<(), keyglance_qr::EncodeError> {
/// let code = Code::new("hello")?;
/// let lines = vec!["Greeting".to_owned()];
/// let page = print_page("Codes", &[LabelledCode { code: &code, lines, warning: "Keep it." }]);
/// assert!(page.contains("<svg") && page.contains("Greeting"));
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn print_page(title: &str, codes: &[LabelledCode<'_>]) -> Zeroizing<String> {
    // A buffer that grows leaves copies of secrets behind, so all the room is taken
    // at once.
    let drawn: Vec<_> =
        codes.iter().map(|labelled| Zeroizing::new(render_svg(labelled.code))).collect();
    let words: usize = codes.iter().flat_map(|l| &l.lines).map(|line| 6 * line.len() + 64).sum();
    let room = drawn.iter().map(|svg| svg.len() + 1024).sum::<usize>() + words + 4096;
    let mut text = Zeroizing::new(String::with_capacity(room));
    let title = escaped(title);
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         {SECURITY}\
         <title>{title}</title><style>{STYLE}</style></head>\n<body><main>\n"
    );
    for (labelled, svg) in codes.iter().zip(&drawn) {
        let _ = write!(text, "<figure>{}<figcaption>", svg.trim_end());
        for (n, line) in labelled.lines.iter().enumerate() {
            let class = if n == 0 { " class=\"first\"" } else { "" };
            let _ = write!(text, "<p{class}>{}</p>", escaped(line));
        }
        let warning = escaped(labelled.warning);
        let _ = writeln!(text, "<p class=\"warning\">{warning}</p></figcaption></figure>");
    }
    text.push_str("</main></body></html>\n");
    text
}

/// Escapes text for HTML: names come from other people.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c => safe.push(c),
        }
    }
    safe
}
