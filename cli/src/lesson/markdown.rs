//! Text, links and pictures of a lesson's Markdown, as far as something can be wrong with them.

use std::{iter, ops::Range};

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use super::{
    problems::{Problems, short},
    rules,
};

/// Deepest nesting of lists and quotations.
const DEEPEST: usize = 8;

/// A fenced block.
pub(crate) struct Fence {
    /// The words after the opening fence.
    pub(crate) info: String,
    pub(crate) content: String,
    /// Indices of the first line, and after the last.
    pub(crate) lines: Range<usize>,
    /// True at the left margin: not in a list or a quotation.
    pub(crate) is_outer: bool,
}

/// The findings in a text.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) fences: Vec<Fence>,
    /// Files that it names, with their lines.
    pub(crate) files: Vec<(usize, String)>,
}

/// Reads lines; `offset` is the number of lines before the first.
pub(crate) fn read(lines: &[&str], offset: usize, problems: &mut Problems) -> Found {
    let text = lines.join("\n");
    let mut reader = Reader {
        lines,
        offset,
        starts: starts_of(lines),
        depth: 0,
        items: Vec::new(),
        text: None,
        image: None,
        fence: None,
        found: Found::default(),
        problems,
    };
    for (event, range) in Parser::new_ext(&text, Options::ENABLE_TABLES).into_offset_iter() {
        reader.event(event, range);
    }
    reader.found
}

/// Where each line starts, in bytes.
fn starts_of(lines: &[&str]) -> Vec<usize> {
    let ends = lines.iter().scan(0, |end, line| {
        *end += line.len() + 1;
        Some(*end)
    });
    iter::once(0).chain(ends).take(lines.len()).collect()
}

struct Reader<'a> {
    lines: &'a [&'a str],
    offset: usize,
    starts: Vec<usize>,
    /// Enclosing lists and quotations.
    depth: usize,
    /// Lines after the items of enclosing lists.
    items: Vec<usize>,
    /// Lines of the paragraph, heading or table that is being read.
    text: Option<Range<usize>>,
    image: Option<Image>,
    fence: Option<Fence>,
    found: Found,
    problems: &'a mut Problems,
}

/// A picture, and the number of pictures inside its description, where they have no meaning.
struct Image {
    address: String,
    line: usize,
    description: String,
    inner: usize,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        if self.image.is_some() {
            return self.describe(event);
        }
        match event {
            Event::Start(tag) => self.start(tag, &range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.fence {
                Some(fence) => fence.content += &text,
                None => self.enter(&range),
            },
            Event::InlineHtml(html) => {
                self.enter(&range);
                let line = self.line_of(html.lines().next().unwrap_or_default());
                self.problems.report(line, "HTML is shown as text");
            }
            Event::Code(_) | Event::SoftBreak | Event::HardBreak => self.enter(&range),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: &Range<usize>) {
        let line = self.line_at(range.start);
        match tag {
            Tag::Paragraph | Tag::Table(_) => self.text = Some(self.lines_at(range)),
            Tag::Heading { level, .. } => {
                self.text = Some(self.lines_at(range));
                if !(HeadingLevel::H2..=HeadingLevel::H4).contains(&level) {
                    let text =
                        "the title is the only heading of the first level: headings begin with ## to ####";
                    self.problems.report(self.offset + line + 1, text);
                }
            }
            Tag::BlockQuote(_) | Tag::List(_) => self.nest(line),
            Tag::Item => {
                self.text = None;
                self.items.push(self.lines_at(range).end);
            }
            Tag::HtmlBlock => {
                self.text = None;
                self.problems
                    .report(self.offset + line + 1, "HTML is shown as text");
            }
            Tag::CodeBlock(kind) => {
                self.text = None;
                self.code(kind, range);
            }
            Tag::Link {
                link_type, dest_url, ..
            } => {
                self.enter(range);
                let mail = if link_type == LinkType::Email {
                    "mailto:"
                } else {
                    ""
                };
                self.link(&format!("{mail}{dest_url}"));
            }
            Tag::Image { dest_url, .. } => {
                self.enter(range);
                self.image = Some(Image {
                    address: dest_url.to_string(),
                    line: self.line_of(&dest_url),
                    description: String::new(),
                    inner: 0,
                });
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Table => self.text = None,
            TagEnd::BlockQuote(_) | TagEnd::List(_) => {
                self.text = None;
                self.depth -= 1;
            }
            TagEnd::Item => {
                self.text = None;
                self.items.pop();
            }
            TagEnd::CodeBlock => self.found.fences.extend(self.fence.take()),
            _ => {}
        }
    }

    /// A list or a quotation begins.
    fn nest(&mut self, line: usize) {
        self.text = None;
        self.depth += 1;
        if self.depth == DEEPEST + 1 {
            let text = format!("lists and quotations are nested more than {DEEPEST} deep here");
            self.problems.report(self.offset + line + 1, text);
        }
    }

    /// Text outside of a paragraph begins, as in the items of short lists.
    fn enter(&mut self, range: &Range<usize>) {
        if self.text.is_none() {
            let line = self.line_at(range.start);
            self.text = Some(line..self.items.last().map_or(line + 1, |&end| end.max(line + 1)));
        }
    }

    fn code(&mut self, kind: CodeBlockKind<'_>, range: &Range<usize>) {
        if let CodeBlockKind::Fenced(info) = kind {
            self.fence = Some(Fence {
                info: info.to_string(),
                content: String::new(),
                lines: self.lines_at(range),
                is_outer: self.depth == 0,
            });
        }
    }

    fn link(&mut self, address: &str) {
        // A mail address may lack its scheme.
        let line = self.line_of(address.trim_start_matches("mailto:"));
        if rules::is_local(address) {
            self.found.files.push((line, address.to_owned()));
        } else if !rules::is_elsewhere(address) {
            let text = short(address);
            self.problems.report(
                line,
                if address.starts_with('#') {
                    format!("a link cannot lead to a place in a page: {text}")
                } else {
                    format!("a link must lead to https, http or a file on this site, not to {text}")
                },
            );
        }
    }

    /// Something in the description of a picture.
    fn describe(&mut self, event: Event<'_>) {
        let Some(image) = &mut self.image else { return };
        match event {
            Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) => image.description += &text,
            Event::Start(Tag::Image { .. }) => image.inner += 1,
            Event::End(TagEnd::Image) if image.inner > 0 => image.inner -= 1,
            Event::End(TagEnd::Image) => self.picture(),
            _ => {}
        }
    }

    /// A picture ends.
    fn picture(&mut self) {
        let Some(Image {
            address,
            line,
            description,
            ..
        }) = self.image.take()
        else {
            return;
        };
        let text = short(&address);
        if description.trim().is_empty() {
            self.problems
                .report(line, format!("the picture {text} has no description"));
        }
        if rules::is_local(&address) {
            self.found.files.push((line, address));
        } else {
            self.problems
                .report(line, format!("a picture must be a file on this site, not {text}"));
        }
    }

    /// The index of the line with a byte.
    fn line_at(&self, byte: usize) -> usize {
        self.starts
            .partition_point(|&start| start <= byte)
            .saturating_sub(1)
    }

    fn lines_at(&self, range: &Range<usize>) -> Range<usize> {
        // A block ends after its line break, or at the end of the text.
        self.line_at(range.start)..self.line_at(range.end.saturating_sub(1).max(range.start)) + 1
    }

    /// The number of the line of the current text that has an address, or of its first.
    fn line_of(&self, needle: &str) -> usize {
        let range = self.text.clone().unwrap_or(0..1);
        let lines = &self.lines[range.start..range.end.min(self.lines.len())];
        let found = lines
            .iter()
            .position(|line| !needle.is_empty() && line.contains(needle));
        self.offset + range.start + found.unwrap_or(0) + 1
    }
}
