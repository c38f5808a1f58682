//! Every engine of this build, compared with the contract of the trait, with the oracle in NumPy, and with the other engines.
//!
//! `--features burn` adds the engine on burn, and `burn-ndarray` adds a third engine in one case of parity.

mod contract;
mod decoder_maps;
mod fixture;
mod oracle;
#[cfg(feature = "burn")]
mod parity;
mod support;
