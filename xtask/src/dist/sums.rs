//! SHA-256, and the list that `sha256sum --check` reads.

use sha2::{Digest, Sha256};

use super::tree::Tree;

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A line for each file.
pub(crate) fn list(files: &Tree) -> String {
    files
        .iter()
        .map(|(path, bytes)| format!("{}  {path}\n", hex(&sha256(bytes))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_agree_with_the_examples_of_the_standard() {
        // FIPS 180-2, appendix B.1.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex(&sha256(b"abc")), abc);
        assert_eq!(
            list(&Tree::from([("a.txt".into(), b"abc".to_vec())])),
            format!("{abc}  a.txt\n")
        );
    }
}
