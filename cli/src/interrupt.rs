//! Ctrl-C and SIGTERM as a flag: the first one asks to stop after the step, the second one stops at once.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use anyhow::{Context, Result};

/// The exit code of the signal that arrived; 0 before the first.
static ASKED: AtomicU8 = AtomicU8::new(0);

/// Exit code after a signal, by the convention of shells: 128 + its number.
const INTERRUPTED: u8 = 130;
#[cfg(unix)]
const TERMINATED: u8 = 143;

/// Starts to listen, once per process.
pub(crate) fn listen() -> Result<()> {
    // An experiment trains several networks in one process.
    static LISTENING: AtomicBool = AtomicBool::new(false);
    if LISTENING.swap(true, Ordering::SeqCst) {
        return Ok(());
    }
    ctrlc::set_handler(|| ask(INTERRUPTED)).context("cannot handle Ctrl-C")?;
    #[cfg(unix)]
    {
        use signal_hook::{consts::SIGTERM, iterator::Signals};
        let mut signals = Signals::new([SIGTERM]).context("cannot handle SIGTERM")?;
        std::thread::spawn(move || signals.forever().for_each(|_| ask(TERMINATED)));
    }
    Ok(())
}

fn ask(code: u8) {
    if ASKED.swap(code, Ordering::SeqCst) != 0 {
        std::process::exit(code.into());
    }
    say!("\nstopping after this step; a second Ctrl-C stops at once");
}

/// True after the first signal.
pub(crate) fn asked() -> bool {
    ASKED.load(Ordering::SeqCst) != 0
}

/// The exit code of a run that was stopped by a signal.
pub(crate) fn exit_code() -> u8 {
    match ASKED.load(Ordering::SeqCst) {
        0 => INTERRUPTED,
        code => code,
    }
}
