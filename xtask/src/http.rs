//! One request and one reply per HTTP/1.1 connection.
//!
//! Each connection is closed after its reply. A server that keeps them open must answer a browser's six idle connections and
//! its next visitor's at once; one that we tried let new connections wait behind idle ones. On loopback a new connection
//! costs nothing.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    time::Duration,
};

/// Longest header of a request, in bytes.
const MAX_HEAD: usize = 16 << 10;

/// Most header lines.
const MAX_HEADERS: usize = 100;

/// Longest time that a client may take to send its request, or to continue reading.
const PATIENCE: Duration = Duration::from_secs(10);

/// A request of a client.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// As sent, with query.
    pub(crate) path: String,
    /// `If-None-Match`.
    pub(crate) known_tag: Option<String>,
}

/// The answer to a request.
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Reply {
    pub(crate) fn new(status: u16, body: Vec<u8>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body,
        }
    }

    /// A page with one sentence.
    pub(crate) fn page(status: u16, text: &str) -> Self {
        let body =
            format!("<!doctype html><html lang=en><title>{status}</title><h1>{status}</h1><p>{text}</p>");
        Self::new(status, body.into_bytes()).with("Content-Type", "text/html; charset=utf-8")
    }

    /// `value` must have no line break.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn reason(&self) -> &'static str {
        match self.status {
            200 => "OK",
            301 => "Moved Permanently",
            304 => "Not Modified",
            400 => "Bad Request",
            404 => "Not Found",
            405 => "Method Not Allowed",
            _ => "",
        }
    }
}

/// Reads one request, answers it, closes. A closed or silent connection is dropped.
pub(crate) fn serve(mut stream: TcpStream, answer: impl FnOnce(&Request) -> Reply) {
    let _ = stream.set_read_timeout(Some(PATIENCE));
    let _ = stream.set_write_timeout(Some(PATIENCE));
    let request = match read(&mut stream) {
        Ok(request) => request,
        Err(Unreadable::Gone) => return,
        Err(Unreadable::NotHttp) => {
            let _ = write(
                &mut stream,
                &Reply::page(400, "This is not a valid request."),
                true,
            );
            return;
        }
    };
    let reply = answer(&request);
    let _ = write(&mut stream, &reply, request.method != "HEAD");
    let _ = stream.shutdown(Shutdown::Write);
}

enum Unreadable {
    Gone,
    NotHttp,
}

fn read(stream: &mut impl Read) -> Result<Request, Unreadable> {
    let mut head = Vec::new();
    let mut part = [0; 2048];
    loop {
        let count = stream.read(&mut part).map_err(|_| Unreadable::Gone)?;
        if count == 0 {
            return Err(Unreadable::Gone);
        }
        head.extend_from_slice(&part[..count]);
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        let status = request.parse(&head).map_err(|_| Unreadable::NotHttp)?;
        if status.is_complete() {
            let tag = request
                .headers
                .iter()
                .find(|header| header.name.eq_ignore_ascii_case("If-None-Match"));
            return Ok(Request {
                method: request.method.unwrap_or_default().into(),
                path: request.path.unwrap_or_default().into(),
                known_tag: tag.map(|tag| String::from_utf8_lossy(tag.value).into_owned()),
            });
        }
        if head.len() > MAX_HEAD {
            return Err(Unreadable::NotHttp);
        }
    }
}

fn write(stream: &mut impl Write, reply: &Reply, with_body: bool) -> std::io::Result<()> {
    let mut head = format!("HTTP/1.1 {} {}\r\n", reply.status, reply.reason());
    for (name, value) in &reply.headers {
        head += &format!("{name}: {value}\r\n");
    }
    // A 304 has no body, and must not state another length.
    if reply.status != 304 {
        head += &format!("Content-Length: {}\r\n", reply.body.len());
    }
    head += "Connection: close\r\n\r\n";
    stream.write_all(head.as_bytes())?;
    if with_body {
        stream.write_all(&reply.body)?;
    }
    stream.flush()
}
