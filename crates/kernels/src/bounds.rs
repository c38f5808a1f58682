//! Sums of offsets and lengths that cannot wrap: the safe entry points prove their bounds with them.
//!
//! Offsets come from the caller and may be anything. In release builds `+` and `*` wrap, so an overflowing sum would look small and
//! pass the check that guards the pointers.

/// True if the sum of all `parts` is at most `len`. `None` is a product that does not fit a `usize`, and never within bounds.
pub(crate) fn within<const N: usize>(len: usize, parts: [Option<usize>; N]) -> bool {
    let sum = parts
        .into_iter()
        .try_fold(0_usize, |sum, part| sum.checked_add(part?));
    sum.is_some_and(|sum| sum <= len)
}

/// The largest of some offsets, 0 when there is none.
pub(crate) fn farthest(offsets: impl Iterator<Item = u32>) -> Option<usize> {
    usize::try_from(offsets.max().unwrap_or(0)).ok()
}
