//! A lesson from its bytes: its parts, and everything that is wrong with them.

use std::collections::HashMap;

use super::{
    fields::{self, BLANKS, Fields},
    figure, front_matter,
    markdown::{self, Fence},
    problems::{Problem, Problems},
    question,
};

/// Most bytes of a lesson.
pub(crate) const MOST_BYTES: usize = 65_536;

/// A lesson, as far as the command needs it.
#[derive(Debug, Default)]
pub(crate) struct Lesson {
    pub(crate) title: String,
    pub(crate) problems: Vec<Problem>,
    /// Files that it names, with their lines.
    pub(crate) files: Vec<(usize, String)>,
    /// Blocks of each kind.
    counts: HashMap<String, usize>,
}

impl Lesson {
    /// The number of blocks of a kind.
    pub(crate) fn count(&self, name: &str) -> usize {
        self.counts.get(name).copied().unwrap_or(0)
    }
}

/// Most blocks of each kind; `None` for a block that is code.
fn most_of(name: &str) -> Option<usize> {
    match name {
        "figure" => Some(40),
        "question" => Some(60),
        "teacher" => Some(20),
        _ => None,
    }
}

/// Reads a lesson. Bytes that are not UTF-8 become U+FFFD, which is reported.
pub(crate) fn read(bytes: &[u8]) -> Lesson {
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut problems = Problems::default();
    if text.len() > MOST_BYTES {
        problems.report(1, format!("the lesson is larger than {MOST_BYTES} bytes"));
        return Lesson {
            problems: problems.sorted(),
            ..Lesson::default()
        };
    }
    let text = text
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .replace('\0', "\u{fffd}");
    let lines: Vec<&str> = text.split('\n').collect();
    for (line, number) in lines.iter().zip(1..) {
        if line.contains('\u{fffd}') {
            problems.report(
                number,
                "a character here cannot be read: a lesson is text in UTF-8",
            );
        }
    }
    let (title, end) = front_matter::read(&lines, &mut problems);
    let mut blocks = Blocks {
        lines: &lines[end..],
        offset: end,
        problems,
        lesson: Lesson {
            title,
            ..Lesson::default()
        },
    };
    blocks.read();
    Lesson {
        problems: blocks.problems.sorted(),
        ..blocks.lesson
    }
}

struct Blocks<'a> {
    lines: &'a [&'a str],
    offset: usize,
    problems: Problems,
    lesson: Lesson,
}

impl Blocks<'_> {
    fn read(&mut self) {
        let found = markdown::read(self.lines, self.offset, &mut self.problems);
        self.lesson.files.extend(found.files);
        for fence in found.fences {
            self.fenced(&fence);
        }
    }

    fn fenced(&mut self, fence: &Fence) {
        let (name, is_alone) = name_of(fence);
        let Some(most) = most_of(name) else { return };
        let line = self.offset + fence.lines.start + 1;
        if !fence.is_outer {
            return self.problems.report(line, misplaced(name));
        }
        if let Some(mark) = self.missing_end(fence) {
            let text = format!("the block {name} has no end: a line of {mark} is missing");
            return self.problems.report(line, text);
        }
        if !is_alone {
            self.problems
                .report(line, format!("nothing may follow the name of the block {name}"));
        }
        let count = self.lesson.counts.entry(name.to_owned()).or_default();
        *count += 1;
        if *count > most {
            let text = format!("a lesson has at most {most} blocks of the kind {name}");
            return self.problems.report(line, text);
        }
        self.check(name, &fence.content, line);
    }

    fn check(&mut self, name: &str, content: &str, line: usize) {
        let lines: Vec<&str> = content.split('\n').collect();
        if name == "teacher" {
            return self.notes(&lines, line);
        }
        let read = fields::read(lines, line + 1, &mut self.problems);
        let fields = Fields {
            fields: &read,
            start: line,
        };
        if name == "figure" {
            self.lesson
                .files
                .extend(figure::check(&fields, &mut self.problems));
        } else {
            question::check(&fields, &mut self.problems);
        }
    }

    /// Notes for the teacher: separate Markdown, without figures and questions.
    fn notes(&mut self, lines: &[&str], line: usize) {
        let found = markdown::read(lines, line, &mut self.problems);
        self.lesson.files.extend(found.files);
        for fence in &found.fences {
            let (name, _) = name_of(fence);
            if most_of(name).is_some() {
                self.problems
                    .report(line + fence.lines.start + 1, misplaced(name));
            }
        }
    }

    /// The opening fence of a block, if its last line does not close it.
    fn missing_end(&self, fence: &Fence) -> Option<String> {
        let first = self.lines[fence.lines.start].trim_start_matches(' ');
        let mark: String = first
            .chars()
            .take_while(|&letter| first.starts_with(letter))
            .collect();
        let last = self.lines[fence.lines.end - 1];
        let indent = last.bytes().take_while(|&byte| byte == b' ').count();
        let last = last[indent.min(3)..].trim_end_matches(BLANKS);
        let ends = fence.lines.len() > 1
            && last.len() >= mark.len()
            && last.chars().all(|letter| mark.starts_with(letter));
        (!ends).then_some(mark)
    }
}

/// The first word after a fence, and whether it is the only one.
fn name_of(fence: &Fence) -> (&str, bool) {
    let mut words = fence.info.split(BLANKS).filter(|word| !word.is_empty());
    (words.next().unwrap_or_default(), words.next().is_none())
}

fn misplaced(name: &str) -> String {
    format!(
        "the block {name} belongs at the left margin, outside lists, quotations and notes for the teacher"
    )
}
