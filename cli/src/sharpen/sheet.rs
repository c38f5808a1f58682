//! Sheets of pictures during a run, with how sharp they are.

use std::path::PathBuf;

use anyhow::Result;
use latent_lab::{Images, ModelConfig, Sharpener, pixels_from_bytes, slerp};

use crate::{
    args::SharpenArgs,
    engines::{self, EngineName},
    files, sharpness,
    sheets::{Layout, write_sheet},
};

/// Number of pictures in a row.
const COLUMNS: usize = 12;
/// Test images that sharpness is measured on.
const MEASURED: usize = 100;
/// Enlarges each pixel to a square of this side.
const SCALE: u32 = 3;

/// Inputs of the sheets.
pub(super) struct Sheet {
    out: PathBuf,
    seed: u64,
    engine: EngineName,
    test: Images,
}

impl Sheet {
    pub(super) fn new(args: &SharpenArgs, test: &Images) -> Self {
        Self {
            out: args.out.clone(),
            seed: args.seed,
            engine: args.engine,
            test: test.first(MEASURED),
        }
    }

    /// Draws with the current average weights. Returns a line on the sheet.
    pub(super) fn write(&self, sharpener: &Sharpener, config: &ModelConfig) -> Result<String> {
        let mut engine = engines::open(self.engine, config, &sharpener.weights())?;
        let originals = pixels_from_bytes(self.test.first(COLUMNS).pixels());
        let codes = engine.encode(&originals)?.mean;
        let count = codes.len() / config.latent;
        let code = |at: usize| &codes[at % count * config.latent..][..config.latent];
        let middles: Vec<f32> = (0..count)
            .flat_map(|at| slerp(code(at), code(at + 1), 0.5))
            .collect();
        let random = sharpener.random_latents(self.seed, count);
        let rows = [
            engine.decode(&codes)?,
            engine.decode(&middles)?,
            engine.decode(&random)?,
        ];
        let pictures = [&originals[..], &rows.concat()].concat();
        let path = files::with_suffix(&self.out, &format!(".{:06}.png", sharpener.steps()));
        let layout = Layout {
            columns: count,
            scale: SCALE,
            gap: 1,
        };
        write_sheet(&path, config.image, &pictures, layout)?;

        let mut drawn = sharpness::drawn(&mut *engine, None, &self.test, self.seed)?;
        // The file has no prior yet.
        drawn[2] = engine.decode(&sharpener.random_latents(self.seed, self.test.len()))?;
        let percents = sharpness::percents(&self.test, &drawn)?;
        let sets = percents
            .iter()
            .map(|(name, percent)| format!("{name} {:.1}", percent.laplacian_variance));
        Ok(format!(
            "{}: Laplacian in % of the originals': {}",
            path.display(),
            sets.collect::<Vec<_>>().join(", ")
        ))
    }
}
