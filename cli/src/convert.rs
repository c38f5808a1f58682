//! Models on their way into a file: measured as they are stored, and stored again with another precision.

use anyhow::{Context, Result, ensure};
use latent_lab::{Card, Evaluation, Images, ModelFile, Precision};

use crate::{
    args::{ChangeArgs, ConvertArgs},
    card,
    data::{Source, Split},
    engines::{self, EngineName},
    files::{self, Kind},
    measure::Measure,
    objective::Objective,
    say,
};

/// Stores a model in another precision and measures it again, for its card.
pub(crate) fn convert(args: &ConvertArgs) -> Result<()> {
    let Opened { mut model, test, .. } = open(&args.change)?;
    write(&args.change, &mut model, args.precision, &test)
}

/// A model that a command changes, and the data that its card names or that `--force` accepts.
pub(crate) struct Opened {
    pub(crate) model: ModelFile,
    pub(crate) source: Source,
    pub(crate) test: Images,
    /// The data is not that of the card, which says so now.
    pub(crate) is_other: bool,
}

/// Reads the model, with notes on its card where data or test images differ, and checks that the copy may be written and that there is
/// the engine that measures it.
pub(crate) fn open(args: &ChangeArgs) -> Result<Opened> {
    files::check_output(&args.out, Kind::Model, &[&args.model], args.force)?;
    let mut model = files::read_model(&args.model)?;
    // An engine that is missing is better missed before the work than after it.
    engines::open(args.engine, &model.config, &model.weights)?;
    let source = Source::find(&args.data)?;
    let mut notes = check_data(&model.card, &source, args.force)?;
    let is_other = !notes.is_empty();
    let test = source.load(Split::Test, model.config.image, None)?;
    notes.extend(test.notes);
    add_notes(&mut model.card, notes);
    Ok(Opened {
        model,
        source,
        test: test.images,
        is_other,
    })
}

/// Measures the changed model, writes it in this precision, and shows its card.
pub(crate) fn write(
    args: &ChangeArgs,
    model: &mut ModelFile,
    precision: Precision,
    test: &Images,
) -> Result<()> {
    let (bytes, _) = measured_bytes(model, precision, test, args.engine)?;
    files::write_whole(&args.out, &bytes)?;
    say!("wrote {} ({} bytes)", args.out.display(), bytes.len());
    say::result(card::text(&model.card, &model.config))
}

/// Checks that data and test images are those that the card names: new test losses will stand beside these names, and the model may
/// have been trained on other test images. With `force` any data is accepted; the returned notes then belong on the card.
///
/// # Errors
/// Without `force`, when they differ from the card.
pub(crate) fn check_data(card: &Card, source: &Source, force: bool) -> Result<Vec<String>> {
    let trained = described(&card.data, &card.test_images);
    let given = described(&source.name(), &source.test_images());
    if trained == given {
        return Ok(Vec::new());
    }
    ensure!(
        force,
        "the model was trained on {trained}, and --data is {given}: test losses on its card would mislead. --force measures all \
         the same, and notes it on the card"
    );
    Ok(vec![format!("test losses were measured on {given}")])
}

/// The data and the choice of its test images, in words.
fn described(data: &str, test_images: &str) -> String {
    match (data, test_images) {
        ("", _) => "data that its card does not name".into(),
        (data, "") => data.into(),
        (data, test) => format!("{data} (test images: {test})"),
    }
}

/// Prints a note when the data is not that of the card, for commands where this is not a mistake.
pub(crate) fn note_other_data(card: &Card, source: &Source) {
    let (trained, given) = (
        described(&card.data, &card.test_images),
        described(&source.name(), &source.test_images()),
    );
    if trained != given {
        say!("note: the model was trained on {trained}, and --data is {given}");
    }
}

/// Prints the notes, and adds to the card those that it lacks.
pub(crate) fn add_notes(card: &mut Card, notes: Vec<String>) {
    let mut all = vec![card.notes.clone()];
    for note in notes {
        say!("note: {note}");
        if !card.notes.contains(&note) && !all.contains(&note) {
            all.push(note);
        }
    }
    card.notes = card::joined_notes(&all);
}

/// The file's bytes, with the test losses on the card. Rounding to f16 or i8 changes the weights, so the rounded ones are measured,
/// which a reader of the file gets.
pub(crate) fn measured_bytes(
    model: &mut ModelFile,
    precision: Precision,
    test: &Images,
    engine: EngineName,
) -> Result<(Vec<u8>, Evaluation)> {
    let stored = ModelFile::from_bytes(&model.to_bytes(precision)).context("the model cannot be stored")?;
    let measure = Measure {
        engine,
        config: &stored.config,
        weights: &stored.weights,
        images: test,
        seed: model.card.seed,
    };
    let measured = measure.gray()?;
    // Losses of the model before.
    model.card.losses.retain(|name, _| !name.starts_with("test_"));
    let losses = test_losses(&measured, Objective::of(&model.card, &model.config));
    model.card.losses.extend(
        losses
            .into_iter()
            .map(|(name, value)| (name.into(), card::rounded(value))),
    );
    Ok((model.to_bytes(precision), measured))
}

/// Losses by their names on the card, with the objective if it is not -ELBO.
fn test_losses(measured: &Evaluation, objective: Option<Objective>) -> Vec<(&'static str, f64)> {
    let mut losses = vec![("test_mse", measured.mse)];
    let (Some(elbo), Some(latents)) = (measured.elbo, &measured.latents) else {
        losses.push(("test_reconstruction", measured.reconstruction_of_mean));
        return losses;
    };
    losses.extend([
        ("test_reconstruction", elbo.reconstruction),
        ("test_kl", elbo.kl),
        ("test_negative_elbo", elbo.negative_elbo()),
    ]);
    losses.extend(
        latents
            .active_units()
            .map(|active| ("test_active_units", active as f64)),
    );
    if let Some(objective) = objective.filter(|objective| !objective.is_elbo()) {
        losses.extend(objective.value(measured).map(|value| ("test_total", value)));
    }
    losses
}
