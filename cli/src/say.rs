//! Writes messages to stderr and results to stdout, even if nothing reads them anymore: `latent-lab train … | head` continues to
//! train after `head` has exited.

use std::{
    fmt::{Arguments, Display},
    io::{ErrorKind, Write},
};

use anyhow::{Context, Result};

/// A line to stderr, as `eprintln!` writes it; where that cannot be written, nothing happens.
macro_rules! say {
    ($($words:tt)*) => {
        $crate::say::line(format_args!($($words)*))
    };
}

/// See `say!`.
pub(crate) fn line(words: Arguments<'_>) {
    // Without stderr there is no place for a message.
    let _ = writeln!(std::io::stderr().lock(), "{words}");
}

/// Prints the result of a command to stdout. A closed pipe is not an error.
///
/// # Errors
/// When stdout cannot take it, as on a full disk.
pub(crate) fn result(text: impl Display) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    match write!(stdout, "{text}").and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write the result"),
    }
}
