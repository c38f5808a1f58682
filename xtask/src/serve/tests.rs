use std::{
    io::{Read, Write},
    net::TcpStream,
};

use super::*;

/// A site in a separate folder, beside a file that must never be served.
fn site(name: &str) -> Site {
    let home = crate::workspace::target().join("xtask-tests").join(name);
    let _ = fs::remove_dir_all(&home);
    let site = Site {
        pkg: home.join("pkg"),
        www: home.join("www"),
    };
    fs::create_dir_all(site.www.join("views")).unwrap();
    fs::create_dir_all(site.pkg.join("cpu")).unwrap();
    fs::write(home.join("secret.txt"), "secret").unwrap();
    fs::write(site.www.join("index.html"), "<p>start").unwrap();
    fs::write(site.www.join("two words.js"), "export {};").unwrap();
    fs::write(site.www.join(".hidden"), "hidden").unwrap();
    fs::write(site.www.join("views/index.html"), "<p>views").unwrap();
    fs::write(site.pkg.join("cpu/latent_lab_bg.wasm"), b"\0asm").unwrap();
    site
}

/// Sends a request verbatim, so that no client normalizes the path; returns header and body.
fn ask(running: &Running, request: &str) -> (String, String) {
    let address = running
        .address
        .trim_start_matches("http://")
        .trim_end_matches('/');
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "{request}\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

fn get(running: &Running, path: &str) -> (String, String) {
    ask(running, &format!("GET {path} HTTP/1.1"))
}

#[test]
fn pages_and_modules_are_served_with_their_media_types() {
    let running = start(site("types"), 0).unwrap();
    let cases = [
        ("/", "text/html; charset=utf-8", "<p>start"),
        ("/?seed=1", "text/html; charset=utf-8", "<p>start"),
        ("/views/", "text/html; charset=utf-8", "<p>views"),
        ("/two%20words.js", "text/javascript; charset=utf-8", "export {};"),
        ("/pkg/cpu/latent_lab_bg.wasm", "application/wasm", "\0asm"),
    ];
    for (path, kind, body) in cases {
        let (head, got) = get(&running, path);
        assert!(head.starts_with("HTTP/1.1 200"), "{path}: {head}");
        assert!(
            head.contains(&format!("Content-Type: {kind}\r\n")),
            "{path}: {head}"
        );
        assert!(
            head.contains(&format!("Content-Length: {}", body.len())),
            "{path}: {head}"
        );
        assert_eq!(got, body, "{path}");
    }
    assert_eq!(mime(Path::new("digits.safetensors")), "application/octet-stream");
}

#[test]
fn nothing_outside_the_folders_is_served() {
    let site = site("outside");
    #[cfg(unix)]
    std::os::unix::fs::symlink(site.www.parent().unwrap(), site.www.join("up")).unwrap();
    let running = start(site, 0).unwrap();
    let paths = [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/views/../../secret.txt",
        "/pkg/../secret.txt",
        "/pkg/..%5c..%5csecret.txt",
        "//../secret.txt",
        "/.hidden",
        "/up/secret.txt",
        "/%00",
        "/%zz",
        "/%",
        "/%ff",
        "/no-such-file",
    ];
    for path in paths {
        let (head, body) = get(&running, path);
        assert!(head.starts_with("HTTP/1.1 404"), "{path}: {head}");
        assert!(
            !body.contains("secret") && !body.contains("hidden"),
            "{path}: {body}"
        );
    }
}

#[test]
fn pages_of_other_origins_may_read_files_and_see_which_are_missing() {
    let running = start(site("origins"), 0).unwrap();
    for (path, status) in [("/", 200), ("/no-such-file", 404), ("/../secret.txt", 404)] {
        let (head, _) = get(&running, path);
        assert!(head.starts_with(&format!("HTTP/1.1 {status}")), "{path}: {head}");
        assert!(
            head.contains("\r\nAccess-Control-Allow-Origin: *"),
            "{path}: {head}"
        );
    }
}

#[test]
fn the_address_of_a_folder_without_a_slash_is_redirected_to_the_one_with_a_slash_on_this_host() {
    let running = start(site("slash"), 0).unwrap();
    let (head, _) = get(&running, "/views?seed=1");
    assert!(
        head.starts_with("HTTP/1.1 301") && head.contains("Location: /views/\r\n"),
        "{head}"
    );
    let (head, _) = get(&running, "//views");
    assert!(head.contains("Location: /views/\r\n"), "{head}");
}

#[test]
fn head_requests_get_no_body_and_other_methods_are_refused() {
    let running = start(site("methods"), 0).unwrap();
    let (head, body) = ask(&running, "HEAD / HTTP/1.1");
    assert!(
        head.starts_with("HTTP/1.1 200") && head.contains("Content-Length: 8") && body.is_empty(),
        "{head}"
    );
    let (head, _) = ask(&running, "DELETE / HTTP/1.1");
    assert!(
        head.starts_with("HTTP/1.1 405") && head.contains("Allow: GET, HEAD"),
        "{head}"
    );
}

#[test]
fn a_cached_file_is_not_sent_again_until_it_changes() {
    let site = site("tags");
    let page = site.www.join("index.html");
    let running = start(site, 0).unwrap();
    let (head, _) = get(&running, "/");
    let tag = head
        .lines()
        .find_map(|line| line.strip_prefix("ETag: "))
        .unwrap()
        .to_owned();
    let again = format!("GET / HTTP/1.1\r\nIf-None-Match: \"other\", {tag}");
    let (head, body) = ask(&running, &again);
    assert!(head.starts_with("HTTP/1.1 304") && body.is_empty(), "{head}");
    fs::write(page, "<p>changed").unwrap();
    let (head, body) = ask(&running, &again);
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert_eq!(body, "<p>changed");
}

#[test]
fn another_port_is_used_if_the_requested_one_is_taken() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let running = start(site("port"), port).unwrap();
    assert_ne!(running.address, format!("http://127.0.0.1:{port}/"));
    assert_eq!(get(&running, "/").1, "<p>start");
    // The last port of the range has no successor.
    listen(u16::MAX).unwrap();
}

#[test]
fn many_simultaneous_requests_are_all_answered() {
    let running = start(site("many"), 0).unwrap();
    thread::scope(|scope| {
        for _ in 0..40 {
            scope.spawn(|| assert_eq!(get(&running, "/").1, "<p>start"));
        }
    });
}

#[test]
fn idle_connections_do_not_delay_other_requests() {
    let running = start(site("idle"), 0).unwrap();
    let address = running
        .address
        .trim_start_matches("http://")
        .trim_end_matches('/');
    let _idle: Vec<TcpStream> = (0..CONNECTIONS - 2)
        .map(|_| TcpStream::connect(address).unwrap())
        .collect();
    for _ in 0..5 {
        assert_eq!(get(&running, "/").1, "<p>start");
    }
}

#[test]
fn input_that_is_not_a_request_is_refused() {
    let running = start(site("noise"), 0).unwrap();
    let (head, _) = ask(&running, "\u{1}\u{2} nothing");
    assert!(head.starts_with("HTTP/1.1 400"), "{head}");
}

#[test]
fn requested_paths_are_reported_even_if_they_are_missing() {
    let site = site("watched");
    let www = site.www.clone();
    let (told, heard) = std::sync::mpsc::channel();
    let told = Mutex::new(told);
    let watch = move |path: &Path| told.lock().unwrap().send(path.to_owned()).unwrap();
    let running = start_watched(site, 0, watch).unwrap();
    let cases = [
        ("/", "index.html"),
        ("/two%20words.js?again", "two words.js"),
        ("/views/missing.js", "views/missing.js"),
        ("/views", "views"),
    ];
    for (address, path) in cases {
        get(&running, address);
        assert_eq!(heard.recv().unwrap(), www.join(path), "{address}");
    }
    get(&running, "/../secret.txt");
    assert!(heard.try_recv().is_err(), "a path outside the site is reported");
}
