//! Sources of data, and errors when it is missing or damaged.

use std::{
    io::{Read, Write},
    net::TcpListener,
};

use crate::workshop::{self, Workshop, write_pictures};

const TRAIN: &str = "train --config network.json --epochs 1 --out m";

#[test]
fn offline_the_error_names_the_folder_and_the_files() {
    let workshop = Workshop::new();
    for arguments in [
        "--data mnist",
        "--data mnist --offline",
        "--data fashion-mnist --offline",
    ] {
        let message = workshop.fail(&format!("{TRAIN} {arguments}"));
        let name = arguments.split(' ').nth(1).unwrap();
        assert!(
            message.contains(&workshop.path("cache").join(name).display().to_string()),
            "{message}"
        );
        assert!(message.contains("LATENT_LAB_DATA"), "{message}");
        for file in [
            "train-images-idx3",
            "train-labels-idx1",
            "t10k-images-idx3",
            "t10k-labels-idx1",
        ] {
            assert!(message.contains(&format!("{file}-ubyte.gz")), "{message}");
        }
    }
}

#[test]
fn local_files_may_be_compressed_or_not() {
    let workshop = Workshop::with_mnist();
    let (plain, _) = workshop.succeed(&format!("{TRAIN} --data mnist"));
    for name in ["train-images-idx3-ubyte", "t10k-labels-idx1-ubyte"] {
        let path = workshop.path("data/mnist").join(name);
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(&std::fs::read(&path).unwrap()).unwrap();
        workshop.write(&format!("data/mnist/{name}.gz"), &encoder.finish().unwrap());
        std::fs::remove_file(path).unwrap();
    }
    let (zipped, _) = workshop.succeed(&format!("{TRAIN} --data mnist --force"));
    assert_eq!(plain, zipped);
}

#[test]
fn damaged_files_are_named() {
    for (file, bytes, expected) in [
        (
            "train-images-idx3-ubyte",
            &b"\0\0\x08\x03\0\0\0\x05"[..],
            "train-images-idx3-ubyte: not an IDX file",
        ),
        (
            "train-images-idx3-ubyte.gz",
            b"\x1f\x8b\x08\0half",
            "train-images-idx3-ubyte.gz: it is not a whole gzip file",
        ),
        (
            "t10k-labels-idx1-ubyte",
            b"\0\0\x08\x01\0\0\0\x02\x01\x02",
            "expected 40 labels",
        ),
    ] {
        let workshop = Workshop::with_mnist();
        workshop.write(&format!("data/mnist/{file}"), bytes);
        let message = workshop.fail(&format!("{TRAIN} --data mnist"));
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn files_in_the_cache_must_equal_the_published_ones() {
    let workshop = Workshop::new();
    workshop.write_mnist("cache");
    let message = workshop.fail(&format!("{TRAIN} --data mnist"));
    assert!(
        message.contains("expected 6bbc9ace898e44ae57da46a324031adb"),
        "{message}"
    );
    assert!(message.contains("delete it"), "{message}");
}

#[test]
fn a_download_with_other_content_is_refused_and_not_kept() {
    let workshop = Workshop::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mirror = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 1024];
        let length = stream.read(&mut request).unwrap();
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(b"something else").unwrap();
        let body = encoder.finish().unwrap();
        write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        )
        .unwrap();
        stream.write_all(&body).unwrap();
        workshop::text(&request[..length])
    });
    let output = workshop
        .command(&format!("{TRAIN} --data mnist"))
        .env("LATENT_LAB_MIRROR", mirror)
        .output()
        .unwrap();
    let message = workshop::text(&output.stderr);
    assert!(!output.status.success());
    assert!(
        message.contains("has MD5 6c7ba9c5a141421e1c03cb9807c97c74"),
        "{message}"
    );
    assert!(
        server
            .join()
            .unwrap()
            .starts_with("GET /mnist/train-images-idx3-ubyte.gz ")
    );
    assert!(!workshop.path("cache/mnist/train-images-idx3-ubyte.gz").exists());
}

#[test]
fn a_folder_of_pictures_is_split_and_resized_and_its_unreadable_files_are_listed() {
    let workshop = Workshop::new();
    write_pictures(&workshop.path("pictures"), 30, 40, 24);
    write_pictures(&workshop.path("pictures/more"), 30, 9, 16);
    workshop.write("pictures/broken.png", b"\x89PNG\r\n\x1a\n and nothing");
    workshop.write("pictures/notes.txt", b"no picture");
    let (_, log) = workshop.succeed(&format!("{TRAIN} --data pictures --license CC0"));
    assert!(log.contains("skipped pictures/broken.png"), "{log}");
    assert!(log.contains("skipped 1 of"), "{log}");
    let said = log.lines().find(|line| line.contains(" training and ")).unwrap();
    let number = |before: &str| -> usize {
        said.split(before)
            .next()
            .unwrap()
            .rsplit(' ')
            .next()
            .unwrap()
            .parse()
            .unwrap()
    };
    assert_eq!(number(" training and ") + number(" test images"), 60, "{said}");
    assert!(number(" test images") > 0);
    let card = workshop.model("m").card;
    assert_eq!(
        (card.data.as_str(), card.license.as_str()),
        ("folder pictures", "CC0")
    );
}

#[test]
fn a_folder_is_also_found_in_the_data_folder_and_named_without_its_path() {
    let workshop = Workshop::new();
    write_pictures(&workshop.path("data/cats/images"), 30, 8, 8);
    workshop.succeed(&format!("{TRAIN} --data cats/images"));
    let relative = workshop.model("m").card;
    workshop.succeed(&format!(
        "{TRAIN} --data {} --force",
        workshop.path("data/cats/images").display()
    ));
    let absolute = workshop.model("m").card;
    assert_eq!(relative, absolute);
    assert_eq!(absolute.data, "folder cats/images");
    assert!(
        absolute.command.contains("--data cats/images"),
        "{}",
        absolute.command
    );
    assert_eq!(absolute.license, "not stated");
}

#[test]
fn an_empty_folder_is_an_error() {
    let workshop = Workshop::new();
    workshop.write("pictures/notes.txt", b"no picture");
    assert!(
        workshop
            .fail(&format!("{TRAIN} --data pictures"))
            .contains("has no PNG, JPEG, GIF or WebP file")
    );
    workshop.write("pictures/a.png", b"no picture");
    workshop.write("pictures/b.png", b"no picture");
    assert!(
        workshop
            .fail(&format!("{TRAIN} --data pictures"))
            .contains("no readable")
    );
}
