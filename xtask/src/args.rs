//! The command line.

use anyhow::{Result, bail};
use lexopt::{Arg, Parser, ValueExt};

/// What `cargo xtask help` prints.
pub(crate) const HELP: &str = "\
cargo xtask COMMAND

  demo [--port N] [--open]   build the page and serve it on 127.0.0.1 (port 8000, or another if that is taken), then build
                             the module for WebGPU, which takes minutes the first time; --webgpu builds it before
  build [--release]          build the WebAssembly modules, but for WebGPU's, into pkg/; --release also shrinks them with wasm-opt;
                             --webgpu builds the one for WebGPU instead
  dist [--webgpu]            make dist/: the static site, the npm package and their checksums; --webgpu includes that module;
                             --single-file also makes one .html file with everything inside, which needs no server
  test [--only PART]         set up everything and run the tests; PART is lint, native, wasm or page
  bench                      time the release build in the browser and natively; writes target/bench.json
  fmt                        format the Rust code
  doctor                     what is here, what is missing, and the command that gets it
";

/// One command with its options.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Help,
    Demo { port: u16, open: bool, webgpu: bool },
    Build { release: bool, webgpu: bool },
    Dist { webgpu: bool, single_file: bool },
    Test { only: Option<Part> },
    Bench,
    Fmt,
    Doctor,
}

/// A part of the tests that runs alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Lint,
    Native,
    Wasm,
    Page,
}

impl Part {
    /// In the order in which they run.
    pub(crate) const ALL: [Self; 4] = [Self::Lint, Self::Native, Self::Wasm, Self::Page];

    /// As on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Lint => "lint",
            Self::Native => "native",
            Self::Wasm => "wasm",
            Self::Page => "page",
        }
    }
}

/// Reads the command line.
///
/// # Errors
/// When there is no such command or option; the message says what there is.
pub(crate) fn parse(mut parser: Parser) -> Result<Action> {
    let mut words = Vec::new();
    let (mut port, mut open, mut release, mut webgpu, mut only) = (None, false, false, false, None);
    let mut single_file = false;
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Short('h') | Arg::Long("help") => return Ok(Action::Help),
            Arg::Long("port") => port = Some(parser.value()?.parse::<u16>()?),
            Arg::Long("open") => open = true,
            Arg::Long("release") => release = true,
            Arg::Long("webgpu") => webgpu = true,
            Arg::Long("single-file") => single_file = true,
            Arg::Long("only") => only = Some(part(&parser.value()?.string()?)?),
            Arg::Value(word) => words.push(word.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (action, allowed): (_, &[&str]) = match words[..] {
        [] | ["help"] => (Action::Help, &[]),
        ["demo"] => (
            Action::Demo {
                port: port.unwrap_or(8000),
                open,
                webgpu,
            },
            &["--port", "--open", "--webgpu"],
        ),
        ["build"] => (Action::Build { release, webgpu }, &["--release", "--webgpu"]),
        ["dist"] => (
            Action::Dist { webgpu, single_file },
            &["--webgpu", "--single-file"],
        ),
        ["test"] => (Action::Test { only }, &["--only"]),
        ["bench"] => (Action::Bench, &[]),
        ["fmt"] => (Action::Fmt, &[]),
        ["doctor"] => (Action::Doctor, &[]),
        [word, ..] => bail!("expected one command, got {word:?}\n\n{HELP}"),
    };
    let given = [
        ("--port", port.is_some()),
        ("--open", open),
        ("--release", release),
        ("--webgpu", webgpu),
        ("--single-file", single_file),
        ("--only", only.is_some()),
    ];
    for (option, given) in given {
        if given && !allowed.contains(&option) {
            bail!("{option} does not belong to this command\n\n{HELP}");
        }
    }
    Ok(action)
}

fn part(name: &str) -> Result<Part> {
    match Part::ALL.into_iter().find(|part| part.name() == name) {
        Some(part) => Ok(part),
        None => bail!("--only: expected lint, native, wasm or page, got {name:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Action> {
        parse(Parser::from_args(line.split_whitespace()))
    }

    #[test]
    fn every_command_is_read_with_its_options() {
        let cases = [
            ("", Action::Help),
            ("demo --help", Action::Help),
            (
                "demo",
                Action::Demo {
                    port: 8000,
                    open: false,
                    webgpu: false,
                },
            ),
            (
                "demo --open --port 9000",
                Action::Demo {
                    port: 9000,
                    open: true,
                    webgpu: false,
                },
            ),
            (
                "demo --port=0 --webgpu",
                Action::Demo {
                    port: 0,
                    open: false,
                    webgpu: true,
                },
            ),
            (
                "build",
                Action::Build {
                    release: false,
                    webgpu: false,
                },
            ),
            (
                "build --release --webgpu",
                Action::Build {
                    release: true,
                    webgpu: true,
                },
            ),
            (
                "dist --single-file",
                Action::Dist {
                    webgpu: false,
                    single_file: true,
                },
            ),
            ("test", Action::Test { only: None }),
            (
                "test --only page",
                Action::Test {
                    only: Some(Part::Page),
                },
            ),
            ("bench", Action::Bench),
            ("fmt", Action::Fmt),
            ("doctor", Action::Doctor),
        ];
        for (line, action) in cases {
            assert_eq!(parsed(line).unwrap(), action, "{line}");
        }
    }

    #[test]
    fn what_is_not_understood_is_an_error_that_says_what_there_is() {
        let cases = [
            ("dance", "expected one command, got \"dance\""),
            ("demo build", "expected one command, got \"demo\""),
            ("build --port 1", "--port does not belong to this command"),
            (
                "build --single-file",
                "--single-file does not belong to this command",
            ),
            ("test --webgpu", "--webgpu does not belong to this command"),
            (
                "test --only everything",
                "expected lint, native, wasm or page, got \"everything\"",
            ),
            ("demo --port 70000", "70000"),
            ("demo --fast", "--fast"),
        ];
        for (line, part) in cases {
            let message = parsed(line).unwrap_err().to_string();
            assert!(message.contains(part), "{line}: {message}");
        }
    }
}
