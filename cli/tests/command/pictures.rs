//! Folders of pictures from cameras and phones: which files are read, and which are held out.

use crate::workshop::{Workshop, write_pictures};

const TRAIN: &str = "train --config network.json --epochs 1 --out m --force";

/// Twelve photographs with names as from a camera. The hash of the names alone would hold none of them out.
fn photographs(workshop: &Workshop) {
    for n in 1..=12_u8 {
        let picture =
            image::RgbImage::from_fn(30, 20, |x, y| image::Rgb([(x * 8) as u8, (y * 12) as u8, n * 20]));
        std::fs::create_dir_all(workshop.path("photos")).unwrap();
        picture
            .save(
                workshop
                    .path("photos")
                    .join(format!("IMG_{}.jpg", 2000 + u32::from(n))),
            )
            .unwrap();
    }
}

/// The numbers of training and test images in the log.
fn counts(log: &str) -> (usize, usize) {
    let line = log.lines().find(|line| line.contains(" training and ")).unwrap();
    let number = |before: &str| {
        let words = line.split(before).next().unwrap();
        words.rsplit(' ').next().unwrap().parse().unwrap()
    };
    (number(" training and "), number(" test images"))
}

#[test]
fn twelve_photographs_are_enough_and_the_log_names_the_rule_for_test_images() {
    let workshop = Workshop::new();
    photographs(&workshop);
    let (_, log) = workshop.succeed(&format!("{TRAIN} --data photos"));
    assert_eq!(counts(&log), (11, 1), "{log}");
    assert!(
        log.contains("test images (held out by a hash of their names, --test-share 0.1"),
        "{log}"
    );
    let notes = workshop.model("m").card.notes;
    assert!(
        notes.starts_with("1 of 12 pictures was held out by a hash"),
        "{notes}"
    );
    let (text, _) = workshop.succeed("eval m --data photos");
    assert!(
        text.starts_with("1 test images of folder photos (held out by a hash of their names"),
        "{text}"
    );
}

#[test]
fn test_images_can_be_a_larger_share_or_another_folder() {
    let workshop = Workshop::new();
    photographs(&workshop);
    let (_, log) = workshop.succeed(&format!("{TRAIN} --data photos --test-share 0.5"));
    let (training, test) = counts(&log);
    assert!(training + test == 12 && (3..=9).contains(&test), "{log}");
    assert_eq!(workshop.model("m").card.test_images, "a share of 0.5, by name");

    write_pictures(&workshop.path("others"), 4, 20, 20);
    let (_, log) = workshop.succeed(&format!("{TRAIN} --data photos --test others"));
    assert_eq!(counts(&log), (12, 4), "{log}");
    assert_eq!(workshop.model("m").card.test_images, "folder others");
    // Test losses on the card must be measured on the same test images.
    for (command, out) in [
        ("convert m --precision f16", "c"),
        ("whiten m", "w"),
        ("shrink m", "s"),
    ] {
        let message = workshop.fail(&format!("{command} --data photos --out {out}"));
        let expected = "trained on folder photos (test images: folder others), and --data is folder photos:";
        assert!(message.contains(expected), "{message}");
        workshop.succeed(&format!("{command} --data photos --test others --out {out}"));
    }
    let (_, log) = workshop.succeed("eval m --data photos");
    assert!(
        log.contains("note: the model was trained on folder photos (test images"),
        "{log}"
    );

    // A test folder within the training folder is not trained on, and one picture in each is enough.
    write_pictures(&workshop.path("photos/test"), 1, 20, 20);
    let (_, log) = workshop.succeed(&format!("{TRAIN} --data photos --test photos/test"));
    assert_eq!(counts(&log), (12, 1), "{log}");
    write_pictures(&workshop.path("one"), 1, 20, 20);
    workshop.succeed(&format!("{TRAIN} --data one --test photos/test"));
    let message = workshop.fail(&format!("{TRAIN} --data one"));
    assert!(
        message.contains("one picture cannot be both: name others for testing with --test FOLDER"),
        "{message}"
    );
    let message = workshop.fail(&format!("{TRAIN} --data photos --test nowhere"));
    assert!(message.contains("no folder nowhere for --test"), "{message}");
}

#[test]
fn a_truncated_jpeg_is_skipped_counted_and_noted() {
    let workshop = Workshop::new();
    photographs(&workshop);
    let whole = std::fs::read(workshop.path("photos/IMG_2003.jpg")).unwrap();
    workshop.write("photos/cut.jpg", &whole[..whole.len() / 2]);
    let (_, log) = workshop.succeed(&format!("{TRAIN} --data photos"));
    assert!(
        log.contains("skipped photos/cut.jpg: the JPEG file is cut off"),
        "{log}"
    );
    let (training, test) = counts(&log);
    assert_eq!(training + test, 12, "{log}");
    let notes = workshop.model("m").card.notes;
    assert!(
        notes.contains("1 file of the folder could not be read"),
        "{notes}"
    );
}

#[test]
fn gif_and_webp_files_are_trained_on_and_other_kinds_are_counted() {
    let workshop = Workshop::new();
    photographs(&workshop);
    let picture = image::RgbImage::from_pixel(20, 20, image::Rgb([200, 100, 50]));
    for name in ["a.gif", "b.webp"] {
        picture.save(workshop.path("photos").join(name)).unwrap();
    }
    // A WebP file with the extension of a JPEG.
    let webp = std::fs::read(workshop.path("photos/b.webp")).unwrap();
    workshop.write("photos/c.jpg", &webp);
    for name in ["d.HEIC", "e.heic", "f.bmp"] {
        workshop.write(&format!("photos/{name}"), b"something");
    }
    let (_, log) = workshop.succeed(&format!("{TRAIN} --data photos"));
    let (training, test) = counts(&log);
    assert_eq!(training + test, 15, "{log}");
    let note = "pictures of unsupported formats were skipped: 1 bmp, 2 heic";
    assert!(log.contains(note), "{log}");
    assert!(workshop.model("m").card.notes.contains(note));
    workshop.write("raw/a.heic", b"something");
    let message = workshop.fail(&format!("{TRAIN} --data raw"));
    assert!(
        message.contains("no PNG, JPEG, GIF or WebP file") && message.contains("1 heic"),
        "{message}"
    );
}
