//! `Profile`: modules for development or for shipping.

/// How hard the tools work; measured in docs/profiles.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quick to build, without Node.js; the kernels run at full speed.
    Demo,
    /// For shipping: small and fast. Needs wasm-opt, and so Node.js.
    Release,
}
