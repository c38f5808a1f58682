//! Where a file names other files, and how to write other names there.

use std::ops::Range;

use super::{script, tree::extension};

/// How a file is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// A module that is loaded together with this one.
    Import,
    /// A module that is loaded when it is wanted.
    LaterImport,
    /// `new URL('…', import.meta.url)`: an address to give away or to fetch from.
    Address,
    /// What a page loads: `src`, or the `href` of a `link`.
    Load,
    /// What a page leads to: the `href` of an `a`.
    Link,
}

/// One place where a file is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    /// The name, without quotes.
    pub(crate) range: Range<usize>,
    /// Of an address the whole expression, of an attribute all of it.
    pub(crate) whole: Option<Range<usize>>,
    pub(crate) target: String,
    pub(crate) how: How,
}

/// All places where a file names others; none for kinds of files that cannot.
pub(crate) fn references(path: &str, text: &str) -> Vec<Reference> {
    match extension(path) {
        "js" => script::references(text),
        "html" => page(text),
        "css" => sheet(text),
        "webmanifest" => manifest(text),
        _ => Vec::new(),
    }
}

/// The text with other names: for each reference, in order, what replaces a range of it.
pub(crate) fn replaced(text: &str, changes: &[(Range<usize>, String)]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for (range, name) in changes {
        result += &text[at..range.start];
        result += name;
        at = range.end;
    }
    result + &text[at..]
}

/// Attributes of a page's tags, and what its own scripts name.
fn page(text: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('<').map(|start| at + start) {
        // A sign that stands for itself, as in `1 < 2`.
        if !text[start + 1..].starts_with(|next: char| next.is_ascii_alphabetic() || "!/".contains(next)) {
            at = start + 1;
            continue;
        }
        if text[start..].starts_with("<!--") {
            at = text[start..]
                .find("-->")
                .map_or(text.len(), |end| start + end + 3);
            continue;
        }
        let end = tag_end(text, start);
        let tag = &text[start..end];
        let name = tag[1..]
            .split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-')
            .next();
        let name = name.unwrap_or_default().to_ascii_lowercase();
        for attribute in attributes(tag) {
            let how = match (&tag[attribute.name.clone()], &name[..]) {
                ("href", "a" | "area") => How::Link,
                ("src" | "poster", _) | ("href", "link" | "image" | "use") => How::Load,
                _ => continue,
            };
            let range = start + attribute.value.start..start + attribute.value.end;
            let whole = Some(start + attribute.name.start..range.end + 1);
            found.push(Reference {
                target: text[range.clone()].to_owned(),
                range,
                whole,
                how,
            });
        }
        at = end;
        if name == "script" {
            let close = text[end..]
                .find("</script")
                .map_or(text.len(), |length| end + length);
            found.extend(
                script::references(&text[end..close])
                    .into_iter()
                    .map(|inner| Reference {
                        range: end + inner.range.start..end + inner.range.end,
                        whole: inner.whole.map(|whole| end + whole.start..end + whole.end),
                        ..inner
                    }),
            );
            at = close;
        }
    }
    found
}

/// One attribute of a tag with a value in quotes.
struct Attribute {
    name: Range<usize>,
    value: Range<usize>,
}

/// Past the `>` that closes the tag; one inside quotes does not.
fn tag_end(text: &str, start: usize) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().skip(start) {
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'>') => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn attributes(tag: &str) -> Vec<Attribute> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(equals) = tag[at..].find('=').map(|length| at + length) {
        let start = tag[..equals]
            .rfind(|letter: char| letter.is_whitespace())
            .map_or(0, |space| space + 1);
        let quote = tag[equals + 1..]
            .chars()
            .next()
            .filter(|letter| "\"'".contains(*letter));
        let Some(quote) = quote else {
            at = equals + 1;
            continue;
        };
        let value = equals + 2;
        let end = tag[value..]
            .find(quote)
            .map_or(tag.len(), |length| value + length);
        found.push(Attribute {
            name: start..equals,
            value: value..end,
        });
        at = (end + 1).min(tag.len());
    }
    found
}

/// `url(…)` and `@import "…"`.
fn sheet(text: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    for (start, _) in text.match_indices("url(") {
        let inside = start + "url(".len();
        let Some(length) = text[inside..].find(')') else {
            continue;
        };
        let written = &text[inside..inside + length];
        let target = written.trim().trim_matches(['"', '\'']);
        let offset = written.find(target).unwrap_or(0);
        let range = inside + offset..inside + offset + target.len();
        found.push(Reference {
            range,
            whole: None,
            target: target.to_owned(),
            how: How::Load,
        });
    }
    found
}

/// `"src": "…"` of icons.
fn manifest(text: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    for (start, key) in text.match_indices("\"src\"") {
        let after = start + key.len();
        let Some(open) = text[after..].find('"').map(|length| after + length + 1) else {
            continue;
        };
        let end = text[open..].find('"').map_or(text.len(), |length| open + length);
        found.push(Reference {
            range: open..end,
            whole: None,
            target: text[open..end].to_owned(),
            how: How::Load,
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<(String, How)> {
        let all = references(path, text);
        assert!(
            all.iter()
                .all(|reference| text[reference.range.clone()] == reference.target)
        );
        all.into_iter()
            .map(|reference| (reference.target, reference.how))
            .collect()
    }

    fn pairs<const N: usize>(pairs: [(&str, How); N]) -> Vec<(String, How)> {
        pairs.map(|(target, how)| (target.to_owned(), how)).to_vec()
    }

    #[test]
    fn a_page_names_files_in_tags_and_in_its_own_scripts() {
        let text = "<!-- <script src='no.js'> --><link rel=\"stylesheet\" href=\"style.css\" />\n\
            <script type=\"module\" src=\"a.js\"></script><p title=\"a > b\">1 < 2 <a\n class='x' href='cards/b.md'>card</a>\n\
            <script type='module'>import './c.js'; const s = '<img src=\"d.png\">';</script><img src=\"e.png\" alt=\"\">";
        let expected = [
            ("style.css", How::Load),
            ("a.js", How::Load),
            ("cards/b.md", How::Link),
            ("./c.js", How::Import),
            ("e.png", How::Load),
        ];
        assert_eq!(found("index.html", text), pairs(expected));
    }

    #[test]
    fn sheets_and_manifests_name_files_too() {
        let sheet = "a { background: url( \"a.png\" ) } b { mask: url(b.svg) }";
        assert_eq!(
            found("a.css", sheet),
            pairs([("a.png", How::Load), ("b.svg", How::Load)])
        );
        let manifest = "{\"icons\": [{\"src\" : \"icons/a.png\", \"sizes\": \"192x192\"}]}";
        assert_eq!(
            found("a.webmanifest", manifest),
            pairs([("icons/a.png", How::Load)])
        );
        assert_eq!(found("a.md", "url(a.png)"), []);
    }

    #[test]
    fn names_are_replaced_where_they_stand() {
        let changes = [(1..2, "long".to_owned()), (3..3, "+".to_owned())];
        assert_eq!(replaced("abcd", &changes), "alongc+d");
    }
}
