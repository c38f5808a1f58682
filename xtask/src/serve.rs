//! A static server on 127.0.0.1: `www/` at `/`, `pkg/` at `/pkg/`.

use std::{
    fs,
    io::Cursor,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    sync::Arc,
    thread::{self, JoinHandle},
    time::UNIX_EPOCH,
};

use anyhow::{Context, Result, anyhow};
use tiny_http::{Header, Method, Request, Response, Server, StatusCode};

/// Requests that are answered at the same time.
const THREADS: usize = 8;

/// Ports that are tried after the wanted one, before any free one is taken.
const NEIGHBORS: u16 = 20;

/// Folders by the address they are served under; the first prefix that fits decides.
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
    threads: Vec<JoinHandle<()>>,
}

impl Running {
    /// Never returns while the server works.
    pub(crate) fn wait(self) {
        for thread in self.threads {
            let _ = thread.join();
        }
    }
}

/// Listens on `port` or, when that is taken, on another.
///
/// # Errors
/// When no port is free.
pub(crate) fn start(site: Site, port: u16) -> Result<Running> {
    let listener = listen(port)?;
    let address = format!("http://{}/", listener.local_addr()?);
    let server = Server::from_listener(listener, None).map_err(|error| anyhow!("cannot serve: {error}"))?;
    let (server, site) = (Arc::new(server), Arc::new(site));
    let threads = (0..THREADS).map(|_| {
        let (server, site) = (Arc::clone(&server), Arc::clone(&site));
        thread::spawn(move || {
            while let Ok(request) = server.recv() {
                answer(&site, request);
            }
        })
    });
    Ok(Running {
        address,
        threads: threads.collect(),
    })
}

fn listen(port: u16) -> Result<TcpListener> {
    let neighbors = (1..=NEIGHBORS).filter_map(|distance| port.checked_add(distance));
    let mut ports = std::iter::once(port).chain(neighbors).chain([0]);
    ports
        .find_map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok())
        .context("no port on 127.0.0.1 can be had")
}

fn answer(site: &Site, request: Request) {
    let reply = match request.method() {
        Method::Get | Method::Head => {
            let known = request
                .headers()
                .iter()
                .find(|header| header.field.equiv("If-None-Match"));
            reply(site, request.url(), known.map(|header| header.value.as_str()))
        }
        _ => Reply::page(405, "Only GET and HEAD are answered here.").with("Allow", "GET, HEAD"),
    };
    // The visitor may have gone; nobody is left to tell.
    let _ = request.respond(reply.into_response());
}

struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Reply {
    fn new(status: u16, body: Vec<u8>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body,
        }
    }

    fn page(status: u16, text: &str) -> Self {
        let body =
            format!("<!doctype html><html lang=en><title>{status}</title><h1>{status}</h1><p>{text}</p>");
        Self::new(status, body.into_bytes()).with("Content-Type", "text/html; charset=utf-8")
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn into_response(self) -> Response<Cursor<Vec<u8>>> {
        let length = self.body.len();
        let headers = self
            .headers
            .into_iter()
            .filter_map(|(name, value)| Header::from_bytes(name, value).ok());
        let response = Response::new(
            StatusCode(self.status),
            headers.collect(),
            Cursor::new(self.body),
            Some(length),
            None,
        );
        // Never chunked: a progress bar wants the length.
        response.with_chunked_threshold(usize::MAX)
    }
}

fn reply(site: &Site, url: &str, known_tag: Option<&str>) -> Reply {
    let not_found = || Reply::page(404, "There is no such page. <a href=/>To the start</a>");
    let Some(file) = locate(site, url) else {
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
    reply
        .with("ETag", tag)
        .with("Cache-Control", "no-cache")
        .with("X-Content-Type-Options", "nosniff")
        // As public hosts do, so that a page of another origin can embed the element here too.
        .with("Access-Control-Allow-Origin", "*")
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

/// The file or folder at an address; `None` when there is none or it lies outside the site's folders.
fn locate(site: &Site, url: &str) -> Option<PathBuf> {
    let path = decode(url.split(['?', '#']).next()?)?;
    let inside = path.strip_prefix('/')?;
    let (folder, inside) = match inside.strip_prefix("pkg/") {
        Some(rest) => (&site.pkg, rest),
        None => (&site.www, inside),
    };
    let parts = || inside.split('/').filter(|part| !part.is_empty());
    // A leading dot is `..` or a file that is nobody's business; the others are separators of other systems.
    if parts().any(|part| part.starts_with('.') || part.contains(['\\', ':', '\0'])) {
        return None;
    }
    let mut file: PathBuf = folder.clone();
    file.extend(parts());
    if file.is_dir() && (inside.is_empty() || inside.ends_with('/')) {
        file.push("index.html");
    }
    // Follows links: one that leads out of the folder is not served.
    let (file, folder) = (file.canonicalize().ok()?, folder.canonicalize().ok()?);
    file.starts_with(folder).then_some(file)
}

/// Undoes percent-encoding; `None` when that gives no text.
fn decode(path: &str) -> Option<String> {
    let mut bytes = path.bytes();
    let mut decoded = Vec::with_capacity(path.len());
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let mut digit = || char::from(bytes.next()?).to_digit(16);
            let (high, low) = (digit()?, digit()?);
            decoded.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            decoded.push(byte);
        }
    }
    String::from_utf8(decoded).ok()
}

fn mime(file: &Path) -> &'static str {
    match file
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
    {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "md" | "txt" | "ts" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
#[path = "serve_tests.rs"]
mod tests;
