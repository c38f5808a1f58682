//! `lesson check`: its output and its exit code.

use crate::workshop::{Workshop, text};

const START: &str = "---\ntitle: Small\n---\n\n";

#[test]
fn each_problem_is_printed_with_its_file_and_line_and_the_exit_code_is_1() {
    let workshop = Workshop::new();
    let figure = "```figure\nfigure: morph\nt: 2\n```\n\n<b>bold</b>\n";
    workshop.write("wrong.md", format!("{START}{figure}").as_bytes());
    workshop.write("right.md", format!("{START}Text.\n").as_bytes());
    let output = workshop.run("lesson check wrong.md right.md");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stderr), "");
    let expected = "\
wrong.md:7: the value of t is not a number from 0 to 1
wrong.md:10: HTML is shown as text
right.md: no problems in \"Small\" (figures: 0, questions: 0)
";
    assert_eq!(text(&output.stdout), expected);
}

#[test]
fn a_lesson_without_problems_succeeds() {
    let workshop = Workshop::new();
    workshop.write("right.md", format!("{START}Text.\n").as_bytes());
    let (stdout, _) = workshop.succeed("lesson check right.md");
    assert!(stdout.starts_with("right.md: no problems"), "{stdout}");
}

#[test]
fn files_that_a_lesson_names_are_searched_relative_to_it() {
    let workshop = Workshop::new();
    let body = "![one](pictures/there.png)\n![two](pictures/gone.png)\n[three](next.md?a=b#c) [four](/from/the/root.md)\n";
    let figure = "```figure\nfigure: morph\nmodel: gone.safetensors\n```\n";
    workshop.write("lessons/a.md", format!("{START}{body}\n{figure}").as_bytes());
    workshop.write("lessons/pictures/there.png", b"");
    let output = workshop.run("lesson check lessons/a.md");
    let expected = "\
lessons/a.md:6: there is no file pictures/gone.png beside the lesson
lessons/a.md:7: there is no file next.md?a=b#c beside the lesson
lessons/a.md:11: there is no file gone.safetensors beside the lesson
";
    assert_eq!(text(&output.stdout), expected);
}

#[test]
fn a_file_that_is_missing_or_far_too_large_is_reported() {
    let workshop = Workshop::new();
    assert!(
        workshop
            .fail("lesson check none.md")
            .contains("cannot read none.md")
    );
    workshop.write("large.md", &vec![b'a'; 5_000_000]);
    let output = workshop.run("lesson check large.md");
    let expected = "large.md:1: the lesson is larger than 65536 bytes\n";
    assert_eq!(text(&output.stdout), expected);
}
