//! Where a JavaScript module names other files: the forms that our modules use, found without a full parser.

use super::references::{How, Reference};

/// What stands at a place of the source.
enum Piece {
    Comment,
    /// A string without a substitution; the range is that of its text, without the quotes.
    Text(std::ops::Range<usize>),
    /// A template with substitutions, or a regular expression: nothing that names a file for certain.
    Opaque,
}

/// Imports, exports from elsewhere, imports at run time, and `new URL('…', import.meta.url)`.
pub(crate) fn references(source: &str) -> Vec<Reference> {
    let (code, texts) = lex(source);
    texts
        .into_iter()
        .filter_map(|text| reference(source, &code, text))
        .collect()
}

fn reference(source: &str, code: &str, text: std::ops::Range<usize>) -> Option<Reference> {
    let before = code[..text.start - 1].trim_end();
    let after = code[text.end + 1..].trim_start();
    let target = source[text.clone()].to_owned();
    let made = |how, whole| Reference {
        range: text.clone(),
        whole,
        target: target.clone(),
        how,
    };
    if ends_with_word(before, "from") || ends_with_word(before, "import") {
        return Some(made(How::Import, None));
    }
    let call = before.strip_suffix('(').map(str::trim_end)?;
    if ends_with_word(call, "import") {
        return Some(made(How::LaterImport, None));
    }
    let start = call.strip_suffix("URL")?.trim_end();
    if !ends_with_word(start, "new") {
        return None;
    }
    let rest = after
        .strip_prefix(',')?
        .trim_start()
        .strip_prefix("import.meta.url")?
        .trim_start();
    let end = code.len() - rest.strip_prefix(')')?.len();
    Some(made(How::Address, Some(start.len() - "new".len()..end)))
}

fn ends_with_word(code: &str, word: &str) -> bool {
    let Some(rest) = code.strip_suffix(word) else {
        return false;
    };
    // `a.from` and `myimport` are other words.
    !rest.ends_with(|last: char| last.is_alphanumeric() || "_$.#".contains(last))
}

/// The source with every comment, string and regular expression blanked, each byte by a space, but for the quotes of
/// plain strings; and the ranges of those strings.
fn lex(source: &str) -> (String, Vec<std::ops::Range<usize>>) {
    let bytes = source.as_bytes();
    let mut code = bytes.to_vec();
    let mut texts = Vec::new();
    let mut at = 0;
    // For each template that is open, how many braces are open inside its present substitution.
    let mut templates: Vec<usize> = Vec::new();
    while at < bytes.len() {
        match (bytes[at], templates.last_mut()) {
            (b'{', Some(depth)) => *depth += 1,
            (b'}', Some(0)) => {
                templates.pop();
                let (end, goes_on) = template(bytes, at + 1);
                code[at..end].fill(b' ');
                at = end;
                if goes_on {
                    templates.push(0);
                }
                continue;
            }
            (b'}', Some(depth)) => *depth -= 1,
            (b'`', _) => {
                let (end, goes_on) = template(bytes, at + 1);
                code[at..end].fill(b' ');
                // Something must stand there, or a slash after it would look like a regular expression.
                code[at] = b'`';
                at = end;
                if goes_on {
                    templates.push(0);
                }
                continue;
            }
            _ => {}
        }
        let Some((end, piece)) = piece(bytes, &code[..at], at) else {
            at += 1;
            continue;
        };
        match piece {
            Piece::Comment => code[at..end].fill(b' '),
            Piece::Opaque => {
                code[at..end].fill(b' ');
                code[at] = b'`';
            }
            Piece::Text(range) => {
                code[range.clone()].fill(b' ');
                texts.push(range);
            }
        }
        at = end;
    }
    // Only whole comments, strings and templates were blanked, so what is left is text still.
    (String::from_utf8(code).unwrap_or_default(), texts)
}

fn piece(bytes: &[u8], before: &[u8], at: usize) -> Option<(usize, Piece)> {
    match (bytes[at], bytes.get(at + 1)) {
        (b'/', Some(b'/')) => {
            let line = bytes[at..].iter().position(|byte| *byte == b'\n');
            Some((line.map_or(bytes.len(), |length| at + length), Piece::Comment))
        }
        (b'/', Some(b'*')) => {
            let end = bytes[at + 2..].windows(2).position(|pair| pair == b"*/");
            Some((end.map_or(bytes.len(), |length| at + length + 4), Piece::Comment))
        }
        (b'/', _) if regex_may_start(before) => Some((regex_end(bytes, at + 1), Piece::Opaque)),
        (quote @ (b'\'' | b'"'), _) => {
            let end = closing(bytes, at + 1, quote);
            Some(((end + 1).min(bytes.len()), Piece::Text(at + 1..end)))
        }
        _ => None,
    }
}

/// Where a quote that is not escaped closes a string.
fn closing(bytes: &[u8], from: usize, quote: u8) -> usize {
    let mut at = from;
    while at < bytes.len() && bytes[at] != quote {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at.min(bytes.len())
}

/// Reads a template's text from `from`: where it ends, and whether by a substitution.
fn template(bytes: &[u8], from: usize) -> (usize, bool) {
    let mut at = from;
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (b'\\', _) => at += 2,
            (b'`', _) => return (at + 1, false),
            (b'$', Some(b'{')) => return (at + 2, true),
            _ => at += 1,
        }
    }
    (bytes.len(), false)
}

/// A slash divides after a value, and starts a regular expression elsewhere.
fn regex_may_start(before: &[u8]) -> bool {
    let text = before.trim_ascii_end();
    match text.last() {
        None => true,
        Some(last) if last.is_ascii_alphanumeric() || *last == b'_' || *last == b'$' => {
            [&b"return"[..], b"typeof", b"case", b"await"]
                .iter()
                .any(|word| text.ends_with(word))
        }
        Some(last) => !b")]}'\"`".contains(last),
    }
}

fn regex_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    let mut in_class = false;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'/' if !in_class => return at + 1,
            b'\n' => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str) -> Vec<(String, How)> {
        references(source)
            .into_iter()
            .map(|reference| {
                assert_eq!(source[reference.range.clone()], reference.target);
                (reference.target, reference.how)
            })
            .collect()
    }

    #[test]
    fn every_form_of_naming_a_file_is_found() {
        let source = "import './a.js';\nimport { b } from \"./b.js\";\nexport { c } from './c.js';\nimport * as d\n  from './d.js';\n\
            const e = await import(/* why */ './e.js');\nconst f = new URL('./f.wasm', import.meta.url);\n\
            new Worker(new URL( './g.js' , import.meta.url ), { type: 'module' });";
        let expected = [
            ("./a.js", How::Import),
            ("./b.js", How::Import),
            ("./c.js", How::Import),
            ("./d.js", How::Import),
            ("./e.js", How::LaterImport),
            ("./f.wasm", How::Address),
            ("./g.js", How::Address),
        ];
        assert_eq!(
            found(source),
            expected.map(|(target, how)| (target.to_owned(), how))
        );
    }

    #[test]
    fn what_only_looks_like_it_is_not() {
        for source in [
            "// import './a.js';",
            "/** @typedef {import('./a.js').A} A */",
            "const text = \"import './a.js'\";",
            "const text = `import './a.js'; ${b} import './c.js'`;",
            "Array.from('./a.js');",
            "new URL('./a.js', document.baseURI);",
            "new URL(`./${name}.js`, import.meta.url);",
            "text.replace(/import '.\\/a.js'/, '');",
            "const half = a / 2; // import './a.js' /",
        ] {
            assert_eq!(found(source), [], "{source}");
        }
    }

    #[test]
    fn comments_strings_templates_and_regular_expressions_end_where_they_end() {
        let last = ("./z.js".to_owned(), How::LaterImport);
        for source in [
            "x = 'it\\'s'; import('./z.js')",
            "x = `a ${b ? `c ${{ d: 1 }.d}` : '}'} e`; import('./z.js')",
            "x = /['\"`/]/.test(y) / 2; import('./z.js')",
            "x = (a) / b; y = c / d; import('./z.js')",
            "if (a) { return /'/; } /* ' */ import('./z.js')",
            "x = `ü` + 'ü'; import('./z.js')",
        ] {
            assert_eq!(found(source).last(), Some(&last), "{source}");
        }
    }

    #[test]
    fn an_address_knows_its_whole_expression() {
        let source = "const a = [new URL('./a.js', import.meta.url), 2];";
        let reference = &references(source)[0];
        assert_eq!(
            &source[reference.whole.clone().unwrap()],
            "new URL('./a.js', import.meta.url)"
        );
    }
}
