//! Train, evaluate and publish Latent Lab models.
fn main() {}
