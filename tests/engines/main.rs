//! Every engine of this build: what the trait promises, the oracle in NumPy, and the engines against each other.
//!
//! With `--features burn` the engine on burn is among them, with `burn-ndarray` one parity case has a third opinion.

mod contract;
mod decoder_maps;
mod fixture;
mod oracle;
#[cfg(feature = "burn")]
mod parity;
mod support;
