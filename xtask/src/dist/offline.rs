//! What lets the site do without a network: the service worker with its list of files, in the pages that are installed.

use anyhow::{Result, bail};

use super::{
    publish::{Sources, before_head_ends},
    sums::{hex, integrity, sha256},
    tree::{Tree, relative, text},
};

/// The service worker. It lies at the root, for it serves what lies below it, and must never be renamed, or old ones could
/// not be replaced.
pub(crate) const WORKER: &str = "service-worker.js";

/// What tells the browser of it.
pub(crate) const REGISTER: &str = "offline.js";

/// The page that is kept, with all that it reaches.
const START: &str = "index.html";

/// The release of the worker as it is written.
const NO_RELEASE: &str = "{ version: '', files: {} }";

/// Lets the start page register the worker, and tells the worker its files. What lies in `skipped` is not kept.
///
/// # Errors
/// When a file is missing, or the worker has no place for its release.
pub(crate) fn prepare(sources: &Sources, site: &mut Tree, skipped: &str) -> Result<()> {
    let script = relative(START, &sources.published(REGISTER)?);
    let tag = format!("<script type=\"module\" src=\"{script}\"></script>\n");
    let page = before_head_ends(text(site, START)?, &tag);
    site.insert(START.to_owned(), page.clone().into_bytes());

    let mut files = Tree::new();
    let reached = sources.reached(START, &|_, _| true).into_iter();
    for path in reached.chain(sources.reached(REGISTER, &|_, _| true)) {
        if path.starts_with(skipped) || path == WORKER || !is_shown(&path, &page) {
            continue;
        }
        let name = sources.published(&path)?;
        files.insert(name.clone(), site[&name].clone());
    }
    let list: Vec<String> = files
        .iter()
        .map(|(path, bytes)| format!("    {path:?}: {:?},\n", integrity(bytes)))
        .collect();
    let version = &hex(&sha256(list.concat().as_bytes()))[..16];
    let release = format!("{{ version: '{version}', files: {{\n{}  }} }}", list.concat());
    let worker = text(site, WORKER)?;
    if worker.matches(NO_RELEASE).count() != 1 {
        bail!("{WORKER} has no place for its release");
    }
    let worker = worker.replace(NO_RELEASE, &release);
    site.insert(WORKER.to_owned(), worker.into_bytes());
    Ok(())
}

/// Whether the page's figures need a file from the start: of the models, those that they name. The others are kept once a
/// reader has asked for them.
fn is_shown(path: &str, page: &str) -> bool {
    let model = path
        .strip_prefix("models/")
        .and_then(|file| file.split('.').next());
    model.is_none_or(|name| page.contains(&format!("\"{name}\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_the_models_only_those_that_the_page_shows_are_kept_from_the_start() {
        let page = "<latent-lab model=\"digits\"></latent-lab>";
        assert!(is_shown("models/digits.latents.safetensors", page));
        assert!(!is_shown("models/digits-plain.safetensors", page));
        assert!(is_shown("pkg/cpu/latent_lab_bg.wasm", page));
    }
}
