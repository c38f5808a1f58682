//! One file over HTTP, into memory, with a progress bar.

use std::{io::Read, time::Duration};

use anyhow::{Context, Result, ensure};

use crate::progress;

/// Largest download: the data sets' files are at most 30 MB.
const MAX_BYTES: u64 = 256 << 20;

/// Longest wait for a connection, and for the next bytes.
const PATIENCE: Duration = Duration::from_secs(30);

/// Fetches `address`.
///
/// # Errors
/// When there is no connection, the server does not answer 200, the file is too large, or it ends early.
pub(super) fn download(address: &str) -> Result<Vec<u8>> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_connect(Some(PATIENCE))
        .timeout_recv_response(Some(PATIENCE))
        .timeout_per_read(Some(PATIENCE))
        .build()
        .into();
    let mut response = agent.get(address).call()?;
    let length = response.body().content_length();
    ensure!(
        length.unwrap_or(0) <= MAX_BYTES,
        "it has more than {MAX_BYTES} bytes"
    );
    let bar = progress::download_bar(address, length);
    let mut bytes = Vec::new();
    bar.wrap_read(response.body_mut().as_reader().take(MAX_BYTES + 1))
        .read_to_end(&mut bytes)
        .context("the connection was lost")?;
    bar.finish_and_clear();
    ensure!(
        bytes.len() as u64 <= MAX_BYTES,
        "it has more than {MAX_BYTES} bytes"
    );
    if let Some(length) = length {
        ensure!(
            bytes.len() as u64 == length,
            "got {} of {length} bytes",
            bytes.len()
        );
    }
    Ok(bytes)
}
