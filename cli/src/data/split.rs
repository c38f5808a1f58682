//! Splits a folder's pictures into training and test images by their names.

use std::path::{Path, PathBuf};

/// Default share of the pictures that is held out.
pub(crate) const DEFAULT_SHARE: f64 = 0.1;

/// Training and test pictures, each in the order of the paths.
pub(super) struct Parts {
    pub(super) training: Vec<PathBuf>,
    pub(super) test: Vec<PathBuf>,
    /// True if the share alone would have left a part without a readable picture.
    pub(super) adjusted: bool,
}

/// Holds out the pictures whose [`rank`] is below `share`. In a small folder that may be none or all of them: then the pictures next
/// in rank change sides until each part has one that `is_readable`.
pub(super) fn parts(paths: Vec<PathBuf>, share: f64, is_readable: impl Fn(&Path) -> bool) -> Parts {
    let mut ordered = paths;
    ordered.sort_by(|a, b| rank(a).total_cmp(&rank(b)).then_with(|| a.cmp(b)));
    let by_rule = ordered.partition_point(|path| rank(path) < share);
    let mut held_out = by_rule;
    if !ordered[..held_out].iter().any(|path| is_readable(path)) {
        let next = ordered[held_out..].iter().position(|path| is_readable(path));
        held_out += next.map_or(0, |next| next + 1);
    } else if !ordered[held_out..].iter().any(|path| is_readable(path)) {
        let next = ordered[..held_out].iter().rposition(|path| is_readable(path));
        held_out = next.unwrap_or(held_out);
    }
    let mut training = ordered.split_off(held_out);
    ordered.sort();
    training.sort();
    Parts {
        training,
        test: ordered,
        adjusted: held_out != by_rule,
    }
}

/// A number from 0 to 1 that the name alone decides, so that a picture stays on its side when others come or go: the decimal digits
/// of its hash in reverse, after a point. So a tenth is held out where the hash is divisible by ten.
fn rank(path: &Path) -> f64 {
    let mut hash = fnv_1a(path.file_name().unwrap_or_default().to_string_lossy().as_bytes());
    let (mut rank, mut place) = (0.0, 0.1);
    for _ in 0..15 {
        rank += (hash % 10) as f64 * place;
        hash /= 10;
        place /= 10.0;
    }
    rank
}

/// FNV-1a, 64 bits (Fowler, Noll, Vo).
fn fnv_1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize) -> Vec<PathBuf> {
        (1..=count)
            .map(|n| format!("IMG_{}.jpg", 2000 + n).into())
            .collect()
    }

    #[test]
    fn the_hash_is_fnv_1a() {
        // The reference values of draft-eastlake-fnv.
        assert_eq!(fnv_1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv_1a(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv_1a(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn the_default_share_holds_out_names_whose_hash_is_divisible_by_ten() {
        for n in 0..10_000 {
            let name = format!("cat_{n:05}.jpg");
            let by_hash = fnv_1a(name.as_bytes()).is_multiple_of(10);
            assert_eq!(rank(Path::new(&name)) < DEFAULT_SHARE, by_hash, "{name}");
        }
    }

    #[test]
    fn the_test_set_has_the_requested_share_and_a_larger_share_includes_a_smaller_one() {
        let mut before = Vec::new();
        for share in [0.1, 0.25, 0.5] {
            let held = parts(names(4000), share, |_| true).test;
            assert!(
                (held.len() as f64 - 4000.0 * share).abs() < 100.0,
                "{share}: {}",
                held.len()
            );
            assert!(before.iter().all(|path| held.contains(path)));
            before = held;
        }
        assert_eq!(rank(Path::new("a/one.png")), rank(Path::new("b/c/one.png")));
    }

    #[test]
    fn every_folder_of_two_pictures_or_more_has_both_parts() {
        for count in 2..60 {
            for share in [0.001, 0.1, 0.999] {
                let Parts { training, test, .. } = parts(names(count), share, |_| true);
                assert!(
                    !training.is_empty() && !test.is_empty(),
                    "{count} pictures, {share}"
                );
                assert_eq!(training.len() + test.len(), count);
            }
        }
    }

    #[test]
    fn each_part_has_a_picture_that_can_be_read() {
        let good = names(12);
        let readable = |path: &Path| *path.to_string_lossy() > *"IMG_2006.jpg";
        for share in [0.001, 0.1, 0.999] {
            let Parts { training, test, .. } = parts(good.clone(), share, readable);
            assert!(
                training.iter().any(|path| readable(path)),
                "{share}: {training:?}"
            );
            assert!(test.iter().any(|path| readable(path)), "{share}: {test:?}");
        }
        let one = parts(names(1), 0.1, |_| true);
        assert_eq!((one.training.len(), one.test.len()), (0, 1));
    }
}
