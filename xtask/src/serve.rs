//! A static server on 127.0.0.1: `www/` at `/`, `pkg/` at `/pkg/`.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread::{self, JoinHandle},
    time::UNIX_EPOCH,
};

use anyhow::{Context, Result};
use percent_encoding::percent_decode_str;

use crate::http::{self, Reply, Request};

/// Connections that are served at the same time; others wait in the listener's queue.
const CONNECTIONS: usize = 32;

/// Number of ports to try after the wanted one, before taking any free one.
const NEIGHBORS: u16 = 20;

/// Folders by the address they are served under; the first matching prefix decides.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// `/pkg/` and the folder it shows.
    pub(crate) pkg: PathBuf,
    /// The folder shown at `/`.
    pub(crate) www: PathBuf,
}

/// A server that answers until the program ends.
pub(crate) struct Running {
    /// `http://127.0.0.1:PORT/`
    pub(crate) address: String,
    listening: JoinHandle<()>,
}

impl Running {
    /// Does not return while the server runs.
    pub(crate) fn wait(self) {
        let _ = self.listening.join();
    }
}

/// Listens on `port`, or on another one if that is taken.
///
/// # Errors
/// When no port is free.
pub(crate) fn start(site: Site, port: u16) -> Result<Running> {
    start_watched(site, port, |_| {})
}

/// As [`start`], and tells `watch` each file and folder of the site that a request names, whether it exists or not.
///
/// # Errors
/// As [`start`].
pub(crate) fn start_watched(
    site: Site,
    port: u16,
    watch: impl Fn(&Path) + Send + Sync + 'static,
) -> Result<Running> {
    let watch = Arc::new(watch);
    let listener = listen(port)?;
    let address = format!("http://{}/", listener.local_addr()?);
    let free = Arc::new((Mutex::new(CONNECTIONS), Condvar::new()));
    let listening = thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let place = Place::take(&free);
            let (site, watch) = (site.clone(), Arc::clone(&watch));
            thread::spawn(move || {
                http::serve(stream, |request| answer(&site, request, &*watch));
                drop(place);
            });
        }
    });
    Ok(Running { address, listening })
}

/// One of the connections that may be open; given back when dropped, also by a thread that panics.
struct Place(Arc<(Mutex<usize>, Condvar)>);

impl Place {
    fn take(free: &Arc<(Mutex<usize>, Condvar)>) -> Self {
        let count = free.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut count = free
            .1
            .wait_while(count, |count| *count == 0)
            .unwrap_or_else(PoisonError::into_inner);
        *count -= 1;
        Self(Arc::clone(free))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.1.notify_one();
    }
}

fn listen(port: u16) -> Result<TcpListener> {
    let neighbors = (1..=NEIGHBORS).filter_map(|distance| port.checked_add(distance));
    let mut ports = std::iter::once(port).chain(neighbors).chain([0]);
    ports
        .find_map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok())
        .context("no port on 127.0.0.1 is free")
}

fn answer(site: &Site, request: &Request, watch: &dyn Fn(&Path)) -> Reply {
    match &request.method[..] {
        "GET" | "HEAD" => reply(site, &request.path, request.known_tag.as_deref(), watch),
        _ => Reply::page(405, "Only GET and HEAD are answered here.").with("Allow", "GET, HEAD"),
    }
}

fn reply(site: &Site, url: &str, known_tag: Option<&str>, watch: &dyn Fn(&Path)) -> Reply {
    // With the header, so that a page of another origin learns that the file is missing; else it takes the server to be down.
    let not_found = || {
        open_to_all(Reply::page(
            404,
            "There is no such page. <a href=/>To the start</a>",
        ))
    };
    let named = named(site, url);
    if let Some((path, _)) = &named {
        watch(path);
    }
    let Some(file) = named.and_then(|(path, folder)| inside(&path, folder)) else {
        return not_found();
    };
    if file.is_dir() {
        // Without the slash the page's relative addresses would start one folder too high.
        let path = url.split(['?', '#']).next().unwrap_or(url);
        return Reply::page(301, "Moved").with("Location", format!("/{}/", path.trim_matches('/')));
    }
    let Ok(body) = fs::read(&file) else {
        return not_found();
    };
    let tag = tag(&file, body.len());
    let reply = match known_tag {
        Some(known) if known.split(',').any(|one| one.trim() == tag) => Reply::new(304, Vec::new()),
        _ => Reply::new(200, body).with("Content-Type", mime(&file)),
    };
    // no-cache: the browser may keep the file but asks each time, so that a rebuilt module is seen at once.
    let reply = reply
        .with("ETag", tag)
        .with("Cache-Control", "no-cache")
        .with("X-Content-Type-Options", "nosniff");
    open_to_all(reply)
}

/// As public hosts do, so that a page of another origin can embed the element here too.
fn open_to_all(reply: Reply) -> Reply {
    reply.with("Access-Control-Allow-Origin", "*")
}

fn tag(file: &Path, length: usize) -> String {
    let modified = fs::metadata(file)
        .and_then(|data| data.modified())
        .unwrap_or(UNIX_EPOCH);
    let nanoseconds = modified
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos());
    format!("\"{length:x}-{nanoseconds:x}\"")
}

/// The file or folder that an address names, whether it exists or not, and the folder of the site that it is in; `None` for an
/// address outside of the site.
fn named<'a>(site: &'a Site, url: &str) -> Option<(PathBuf, &'a Path)> {
    let path = percent_decode_str(url.split(['?', '#']).next()?)
        .decode_utf8()
        .ok()?;
    let inside = path.strip_prefix('/')?;
    let (folder, inside) = match inside.strip_prefix("pkg/") {
        Some(rest) => (&site.pkg, rest),
        None => (&site.www, inside),
    };
    let parts = || inside.split('/').filter(|part| !part.is_empty());
    // A leading dot is `..` or a hidden file; the others are separators of other systems.
    if parts().any(|part| part.starts_with('.') || part.contains(['\\', ':', '\0'])) {
        return None;
    }
    let mut file: PathBuf = folder.clone();
    file.extend(parts());
    if file.is_dir() && (inside.is_empty() || inside.ends_with('/')) {
        file.push("index.html");
    }
    Some((file, folder))
}

/// Follows links; `None` when there is no such file, or a link leads out of the folder.
fn inside(file: &Path, folder: &Path) -> Option<PathBuf> {
    let (file, folder) = (file.canonicalize().ok()?, folder.canonicalize().ok()?);
    file.starts_with(folder).then_some(file)
}

/// The media type of a file, by its name.
fn mime(file: &Path) -> String {
    let is_text = file
        .extension()
        .is_some_and(|extension| ["md", "ts"].iter().any(|text| extension == *text));
    // Browsers show plain text, but no text of other types.
    let kind = match is_text {
        true => mime_guess::mime::TEXT_PLAIN,
        false => mime_guess::from_path(file).first_or_octet_stream(),
    };
    match kind.type_() {
        mime_guess::mime::TEXT => format!("{kind}; charset=utf-8"),
        _ => kind.to_string(),
    }
}

#[cfg(test)]
mod tests;
