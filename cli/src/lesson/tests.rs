//! Cases shared with the page, and mutated lessons.

use serde::Deserialize;

use super::{problems::Problem, read};

/// A lesson, and the problems that both readers report, as `LINE: TEXT`.
#[derive(Deserialize)]
struct Case {
    name: String,
    lesson: Vec<String>,
    problems: Vec<String>,
}

fn cases() -> Vec<Case> {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../../../tests/fixtures/lessons.json"))
        .expect("the file is valid");
    assert!(cases.len() > 40);
    cases
}

fn said(problems: &[Problem]) -> Vec<String> {
    problems
        .iter()
        .map(|Problem { line, text }| format!("{line}: {text}"))
        .collect()
}

#[test]
fn the_command_and_the_page_report_the_same_problems() {
    for Case {
        name,
        lesson,
        problems,
    } in cases()
    {
        assert_eq!(
            said(&read::read(lesson.join("\n").as_bytes()).problems),
            problems,
            "{name}"
        );
    }
}

#[test]
fn shipped_lessons_have_no_problems() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/lessons");
    let files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert!(files.len() >= 3);
    for file in files {
        let lesson = read::read(&std::fs::read(&file).unwrap());
        assert_eq!(said(&lesson.problems), [""; 0], "{}", file.display());
        assert_eq!(super::missing_files(&file, &lesson), [], "{}", file.display());
        assert!(lesson.count("question") >= 4 && lesson.count("figure") >= 1 && lesson.count("teacher") == 1);
    }
}

/// Characters and pieces with a meaning somewhere.
const PIECES: [&str; 40] = [
    "`",
    "```",
    "~~~",
    "---",
    "\n",
    "\r\n",
    "\t",
    "    ",
    "> ",
    "- ",
    "1. ",
    "# ",
    "|",
    "|-|",
    "[",
    "](",
    ")",
    "![",
    "<",
    "</",
    "<!--",
    "<script>",
    "javascript:",
    "https://x",
    "//x",
    "&#0;",
    "\\",
    "*",
    "__",
    ":",
    "=",
    "/",
    "\0",
    "\u{fffd}",
    "\u{202e}",
    "é",
    "🐈",
    "teacher",
    "figure",
    "question",
];

/// SplitMix64, a small generator, so that the test needs no dependency.
struct Draws(u64);

impl Draws {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 31)) % most.max(1) as u64) as usize
    }

    /// Changes bytes at a few places: cuts, repeats, inserts, and copies from elsewhere.
    fn mutate(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(6) {
            let at = self.below(bytes.len() + 1);
            let end = (at + self.below(40)).min(bytes.len());
            match self.below(5) {
                0 => drop(bytes.drain(at..end)),
                1 => {
                    let copy = bytes[at..end].repeat(1 + self.below(30));
                    bytes.splice(at..at, copy);
                }
                2 => drop(bytes.splice(at..at, PIECES[self.below(PIECES.len())].bytes())),
                3 => drop(
                    bytes.splice(
                        at..end,
                        PIECES[self.below(PIECES.len())]
                            .repeat(1 + self.below(20))
                            .bytes(),
                    ),
                ),
                _ => {
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte = self.below(256) as u8;
                    }
                }
            }
        }
    }
}

#[test]
fn ten_thousand_mutated_lessons_are_read_and_every_problem_has_a_line_in_the_file() {
    let seeds: Vec<Vec<u8>> = cases()
        .iter()
        .map(|case| case.lesson.join("\n").into_bytes())
        .collect();
    let mut draws = Draws(1);
    let mut with_problems = 0;
    for n in 0..10_000 {
        let mut bytes = seeds[n % seeds.len()].clone();
        draws.mutate(&mut bytes);
        let lines = String::from_utf8_lossy(&bytes)
            .replace("\r\n", "\n")
            .split(['\n', '\r'])
            .count();
        let lesson = read::read(&bytes);
        with_problems += usize::from(!lesson.problems.is_empty());
        for Problem { line, text } in &lesson.problems {
            assert!(
                (1..=lines).contains(line) && !text.is_empty(),
                "{n}: {line}: {text}"
            );
        }
    }
    assert!(with_problems > 5_000, "{with_problems}");
}
