//! `Profile`: modules for development or for shipping.

/// How hard the tools work; measured in docs/profiles.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Soon ready, and without Node.js; the kernels are at full speed.
    Demo,
    /// For shipping: small and fast. Needs wasm-opt, and so Node.js.
    Release,
}
