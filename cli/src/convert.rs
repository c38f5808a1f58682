//! Models on their way into a file: measured as they are stored, and stored again with another precision.

use anyhow::{Context, Result};
use latent_lab::{Images, ModelFile, Precision};

use crate::{
    args::ConvertArgs,
    card,
    data::{Source, Split},
    engines::EngineName,
    files,
    measure::Measure,
    say,
};

/// Stores a model with another precision and measures it again, for its card.
pub(crate) fn convert(args: &ConvertArgs) -> Result<()> {
    files::check_output(&args.out, None)?;
    let mut model = files::read_model(&args.model)?;
    let test = Source::find(&args.data)?.load(Split::Test, model.config.image, None)?;
    for note in &test.notes {
        say!("note: {note}");
    }
    let bytes = measured_bytes(&mut model, args.precision, &test.images, args.engine)?;
    files::write_whole(&args.out, &bytes)?;
    say!("wrote {} ({} bytes)", args.out.display(), bytes.len());
    say::result(card::text(&model.card, &model.config))
}

/// The file's bytes, with the test losses on the card. Rounding to f16 or i8 changes the weights: what is measured is what a
/// reader of the file gets.
pub(crate) fn measured_bytes(
    model: &mut ModelFile,
    precision: Precision,
    test: &Images,
    engine: EngineName,
) -> Result<Vec<u8>> {
    let stored = ModelFile::from_bytes(&model.to_bytes(precision)).context("the model cannot be stored")?;
    let measure = Measure {
        engine,
        config: &stored.config,
        weights: &stored.weights,
        images: test,
        seed: model.card.seed,
    };
    let measured = measure.gray()?;
    let mut losses = vec![("test_mse", measured.mse)];
    match measured.elbo {
        Some(elbo) => losses.extend([
            ("test_reconstruction", elbo.reconstruction),
            ("test_kl", elbo.kl),
            ("test_negative_elbo", elbo.negative_elbo()),
        ]),
        None => losses.push(("test_reconstruction", measured.reconstruction_of_mean)),
    }
    model.card.losses.extend(
        losses
            .into_iter()
            .map(|(name, value)| (name.into(), card::rounded(value))),
    );
    Ok(model.to_bytes(precision))
}
