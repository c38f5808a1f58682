//! Ctrl-C as a flag: the first asks to stop after the step, the second stops at once.

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};

static ASKED: AtomicBool = AtomicBool::new(false);

/// What a shell expects of a program stopped by Ctrl-C: 128 + SIGINT.
pub(crate) const EXIT_CODE: u8 = 130;

/// Starts to listen. Once for each process.
pub(crate) fn listen() -> Result<()> {
    // An experiment trains several networks in one process.
    static LISTENING: AtomicBool = AtomicBool::new(false);
    if LISTENING.swap(true, Ordering::SeqCst) {
        return Ok(());
    }
    ctrlc::set_handler(|| {
        if ASKED.swap(true, Ordering::SeqCst) {
            std::process::exit(EXIT_CODE.into());
        }
        say!("\nstopping after this step; once more stops at once");
    })
    .context("cannot listen to Ctrl-C")
}

/// Whether Ctrl-C was pressed.
pub(crate) fn asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}
