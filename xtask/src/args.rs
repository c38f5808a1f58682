//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Builds, serves, tests and publishes Latent Lab. On Debian, as root, it installs what is missing.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    disable_help_subcommand = false
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) action: Action,
}

/// One command with its options.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub(crate) enum Action {
    /// Build the page and serve it on 127.0.0.1; then build the module for WebGPU, which takes minutes the first time
    Demo(Demo),
    /// Build the WebAssembly modules into pkg/, except the one for WebGPU
    Build {
        /// Build the shipped modules: smaller, but slower to build, with wasm-opt
        #[arg(long)]
        release: bool,
        /// Build the module for WebGPU instead
        #[arg(long)]
        webgpu: bool,
    },
    /// Make dist/: the static site, the packages for npm and Python, and their checksums
    Dist {
        /// Include the module for WebGPU in site and package
        #[arg(long)]
        webgpu: bool,
        /// Also make a single .html file with everything inside, which needs no server
        #[arg(long)]
        single_file: bool,
    },
    /// Set up everything and run the tests
    Test {
        /// Run only native tests, and files of native and page tests, with this in their names
        name: Option<String>,
        /// Run only this part; may be repeated
        #[arg(long, value_enum, conflicts_with = "name")]
        only: Vec<Part>,
        /// Also run files of page tests whose inputs have not changed since they last passed; the variable CI does the same
        #[arg(long, conflicts_with = "name")]
        all: bool,
    },
    /// Time the release build in the browser and natively; writes target/bench.json
    Bench,
    /// Format the code: Rust, JavaScript, CSS and HTML
    Fmt,
    /// List what is installed, what is missing, and the command that installs it
    Doctor,
}

/// Options of `demo`.
#[derive(Args, Debug, PartialEq, Eq)]
pub(crate) struct Demo {
    /// Port to try first
    #[arg(long, default_value_t = 8000)]
    pub(crate) port: u16,
    /// Open the page in a browser
    #[arg(long)]
    pub(crate) open: bool,
    /// Build the module for WebGPU before the page is served
    #[arg(long)]
    pub(crate) webgpu: bool,
}

/// A part of the tests that can run alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Format, clippy, documentation, types
    Lint,
    /// Rust tests
    Native,
    /// The WebAssembly modules as shipped
    Wasm,
    /// The page in real browsers
    Page,
}

impl Part {
    /// The parts in the order in which they run.
    pub(crate) const ALL: [Self; 4] = [Self::Lint, Self::Native, Self::Wasm, Self::Page];

    /// The name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Lint => "lint",
            Self::Native => "native",
            Self::Wasm => "wasm",
            Self::Page => "page",
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parsed(line: &str) -> Result<Action, clap::Error> {
        let words = std::iter::once("xtask").chain(line.split_whitespace());
        Arguments::try_parse_from(words).map(|arguments| arguments.action)
    }

    fn demo(port: u16, open: bool, webgpu: bool) -> Action {
        Action::Demo(Demo { port, open, webgpu })
    }

    fn test(name: Option<&str>, only: &[Part]) -> Action {
        Action::Test {
            name: name.map(str::to_owned),
            only: only.to_vec(),
            all: false,
        }
    }

    #[test]
    fn the_definition_of_the_command_line_is_valid() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_is_read_with_its_options() {
        let build = |release, webgpu| Action::Build { release, webgpu };
        let cases = [
            ("demo", demo(8000, false, false)),
            ("demo --open --port 9000", demo(9000, true, false)),
            ("demo --port=0 --webgpu", demo(0, false, true)),
            ("build", build(false, false)),
            ("build --release --webgpu", build(true, true)),
            (
                "dist --single-file",
                Action::Dist {
                    webgpu: false,
                    single_file: true,
                },
            ),
            ("test", test(None, &[])),
            ("test map", test(Some("map"), &[])),
            ("test --only page", test(None, &[Part::Page])),
            (
                "test --only lint --only native",
                test(None, &[Part::Lint, Part::Native]),
            ),
            (
                "test --all --only page",
                Action::Test {
                    name: None,
                    only: vec![Part::Page],
                    all: true,
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
    fn errors_name_the_invalid_argument() {
        let cases = [
            ("", "Usage: cargo xtask <COMMAND>"),
            ("dance", "'dance'"),
            ("demo build", "'build'"),
            ("build --port 1", "'--port'"),
            ("test --webgpu", "'--webgpu'"),
            (
                "test --only everything",
                "[possible values: lint, native, wasm, page]",
            ),
            ("test map --only page", "cannot be used with"),
            ("test map --all", "cannot be used with"),
            ("demo --port 70000", "70000"),
        ];
        for (line, part) in cases {
            let message = parsed(line).unwrap_err().to_string();
            assert!(message.contains(part), "{line}: {message}");
        }
    }
}
