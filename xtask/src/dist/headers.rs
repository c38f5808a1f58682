//! `_headers`, as static hosts read it: the headers of each address.
//!
//! Hosts combine the headers of all rules that match an address, so no header is in two of them.

use super::{
    ASSETS, ENTRIES, SERVICE_WORKER,
    tree::{Tree, extension},
};

/// The content security policy of our pages. The reader's own pictures are blobs.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; \
    style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; manifest-src 'self'; \
    frame-src 'self'; base-uri 'none'; form-action 'none'";

/// Pages that others put into a frame, with their own model if they like.
const FRAMED: [&str; 1] = ["embed.html"];

/// The text of the file for a site.
pub(crate) fn headers(site: &Tree) -> String {
    let mut rules = vec![rule(
        "/*",
        &[
            // Any site may embed the figures: nothing here is secret, and no data of a visitor is requested.
            ("Access-Control-Allow-Origin", "*"),
            ("Cross-Origin-Resource-Policy", "cross-origin"),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
        ],
    )];
    rules.push(rule(
        &format!("/{ASSETS}*"),
        &[("Cache-Control", "public, max-age=31536000, immutable")],
    ));
    for path in site.keys().filter(|path| !path.starts_with(ASSETS)) {
        rules.extend(addresses(path).map(|address| kept(path, &address)));
    }
    for (kind, mime) in [
        ("wasm", "application/wasm"),
        ("safetensors", "application/octet-stream"),
    ] {
        rules.push(rule(&format!("/{ASSETS}*.{kind}"), &[("Content-Type", mime)]));
    }
    rules.concat()
}

/// The addresses of a file with a lasting name: an `index.html` also has that of its folder, other pages one without `.html`.
fn addresses(path: &str) -> impl Iterator<Item = String> {
    let short = path.strip_suffix("index.html").or(path.strip_suffix(".html"));
    [Some(path), short]
        .into_iter()
        .flatten()
        .map(|path| format!("/{path}"))
}

/// The rule of a file with a lasting name.
fn kept(path: &str, address: &str) -> String {
    let caching = if ENTRIES.contains(&path) {
        // Old copies work as long as the files they import are hosted.
        "public, max-age=600, stale-while-revalidate=86400"
    } else if path == SERVICE_WORKER {
        "no-cache"
    } else {
        "public, max-age=0, must-revalidate"
    };
    let mut headers = vec![("Cache-Control", caching)];
    let policy;
    match extension(path) {
        "html" => {
            let (frames, models) = match FRAMED.contains(&path) {
                true => ("*", "'self' https:"),
                false => ("'self'", "'self'"),
            };
            policy = format!("{PAGE_POLICY}; connect-src {models}; frame-ancestors {frames}");
            headers.push(("Content-Security-Policy", &policy));
        }
        "webmanifest" => headers.push(("Content-Type", "application/manifest+json")),
        "md" | "" => headers.push(("Content-Type", "text/plain; charset=utf-8")),
        _ => {}
    }
    rule(address, &headers)
}

fn rule(address: &str, headers: &[(&str, &str)]) -> String {
    let lines: Vec<String> = headers
        .iter()
        .map(|(name, value)| format!("  {name}: {value}\n"))
        .collect();
    format!("{address}\n{}", lines.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(paths: &[&str]) -> Tree {
        paths
            .iter()
            .map(|path| ((*path).to_owned(), Vec::new()))
            .collect()
    }

    #[test]
    fn every_file_has_one_rule_for_caching() {
        let text = headers(&site(&[
            "assets/a.1.js",
            "index.html",
            "embed.html",
            "latent-lab.js",
            "service-worker.js",
        ]));
        let rules: Vec<&str> = text.lines().filter(|line| line.starts_with('/')).collect();
        let expected = [
            "/*",
            "/assets/*",
            "/embed.html",
            "/embed",
            "/index.html",
            "/",
            "/latent-lab.js",
            "/service-worker.js",
            "/assets/*.wasm",
            "/assets/*.safetensors",
        ];
        assert_eq!(rules, expected);
        assert_eq!(text.matches("Cache-Control").count(), 7);
        assert_eq!(text.matches("immutable").count(), 1);
    }

    #[test]
    fn only_the_page_for_frames_can_be_framed_by_other_origins() {
        let text = headers(&site(&["embed.html", "index.html"]));
        let rule = |address: &str| text.split("\n/").find(|rule| rule.starts_with(address)).unwrap();
        assert!(rule("embed.html").contains("frame-ancestors *"));
        assert!(rule("index.html").contains("frame-ancestors 'self'"));
    }
}
