//! Pages to print of which each is for a place of its own: one HTML file that loads nothing
//! else.

use std::fmt::Write as _;

use zeroize::Zeroizing;

use crate::print_page::{SECURITY, escaped};
use crate::{Code, render_svg};

/// One page of its own: what it is, codes, words to type, and what to do with them.
#[derive(Debug)]
pub struct SharePage<'a> {
    /// What it is, in a line.
    pub title: String,
    /// What else is to be known of it, a line each.
    pub lines: Vec<String>,
    /// Codes, each with a line below.
    pub codes: Vec<(&'a Code, String)>,
    /// Words to type, with a space between them; each is printed with its number.
    pub words: &'a str,
    /// What stands above the words.
    pub words_title: String,
    /// What to do, step by step.
    pub steps: Vec<String>,
    /// A box below everything.
    pub warning: String,
}

/// A4 and Letter, each page on a sheet of its own.
const STYLE: &str = "\
@page{margin:14mm}\
body{font:11pt sans-serif;margin:0;color:#000;background:#fff}\
section{break-after:page;max-width:180mm;margin:0 auto 10mm}\
section:last-child{break-after:auto}\
h1{font-size:18pt;margin:0 0 3mm}\
h2{font-size:12pt;margin:4mm 0 1mm}\
p{margin:1mm 0;overflow-wrap:anywhere}\
.codes{display:flex;flex-wrap:wrap;gap:6mm;margin:3mm 0}\
figure{margin:0;width:82mm;break-inside:avoid}\
svg{display:block;width:82mm}\
figcaption{font-size:9pt}\
ol.words{columns:3;margin:1mm 0;padding-left:9mm;font:12pt/1.5 monospace}\
ol.steps{margin:1mm 0;padding-left:7mm}\
.warning{border:.5mm solid #000;padding:2mm;margin-top:4mm;font-weight:bold}";

/// An HTML file of these pages. It is wiped on drop, since codes and words are secrets.
#[must_use]
pub fn share_pages(title: &str, pages: &[SharePage<'_>]) -> Zeroizing<String> {
    // All the room at once: a buffer that grows leaves copies of secrets behind.
    let drawn: Vec<Vec<_>> = pages
        .iter()
        .map(|page| page.codes.iter().map(|(code, _)| Zeroizing::new(render_svg(code))).collect())
        .collect();
    let codes = drawn.iter().flatten().map(|svg| svg.len() + 256).sum::<usize>();
    let texts = pages.iter().map(room).sum::<usize>();
    let mut text = Zeroizing::new(String::with_capacity(codes + texts + 6 * title.len() + 4096));
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">{SECURITY}\
         <title>{}</title><style>{STYLE}</style></head>\n<body>\n",
        escaped(title)
    );
    for (page, drawn) in pages.iter().zip(&drawn) {
        let _ = write!(text, "<section><h1>{}</h1>", escaped(&page.title));
        for line in &page.lines {
            let _ = write!(text, "<p>{}</p>", escaped(line));
        }
        text.push_str("<div class=\"codes\">");
        for ((_, caption), svg) in page.codes.iter().zip(drawn) {
            let caption = escaped(caption);
            let _ = write!(
                text,
                "<figure>{}<figcaption>{caption}</figcaption></figure>",
                svg.trim_end()
            );
        }
        let _ = write!(text, "</div><h2>{}</h2><ol class=\"words\">", escaped(&page.words_title));
        for word in page.words.split(' ') {
            text.push_str("<li>");
            text.push_str(word);
            text.push_str("</li>");
        }
        text.push_str("</ol><ol class=\"steps\">");
        for step in &page.steps {
            let _ = write!(text, "<li>{}</li>", escaped(step));
        }
        let _ =
            writeln!(text, "</ol><p class=\"warning\">{}</p></section>", escaped(&page.warning));
    }
    text.push_str("</body></html>\n");
    text
}

/// How much room the texts of a page take at most, escaped.
fn room(page: &SharePage<'_>) -> usize {
    let texts =
        page.lines.iter().chain(&page.steps).chain([&page.title, &page.warning, &page.words_title]);
    let texts: usize = texts.map(|line| 6 * line.len() + 64).sum();
    let captions: usize = page.codes.iter().map(|(_, line)| 6 * line.len()).sum();
    texts + captions + 12 * page.words.len() + 512
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A buffer that had grown would have left a copy of the secret behind.
    #[test]
    fn it_is_written_into_room_that_was_there() {
        let code = Code::new(&"a".repeat(500)).unwrap();
        let page = SharePage {
            title: "<&\">".repeat(50),
            lines: vec!["\"".repeat(300)],
            codes: vec![(&code, "&".repeat(100)), (&code, String::new())],
            words: &["academic"; 33].join(" "),
            words_title: "&".repeat(80),
            steps: vec!["<".repeat(90); 9],
            warning: ">".repeat(200),
        };
        let pages = [page];
        let text = share_pages("&", &pages);
        let codes = 2 * (render_svg(&code).len() + 256);
        assert!(text.len() <= codes + room(&pages[0]) + 6 + 4096, "{}", text.len());
        assert_eq!(text.matches("<li>academic</li>").count(), 33);
        assert!(!text.contains("<&"));
    }
}
