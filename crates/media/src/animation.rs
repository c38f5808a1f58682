//! Writes pictures as an animation (GIF or APNG), or beside each other as one PNG.

use ::gif::{DisposalMethod, Encoder, Frame, Repeat};

use latent_lab::{Error, ErrorKind, Result};

/// Most pixels of all frames together, enlarged: what an encoder in a browser tab can hold.
const MAX_PIXELS: usize = 1 << 26;

/// Most frames per second in a file: browsers show a frame of 10 ms or less for a tenth of a second.
const FASTEST: u32 = 50;

/// Frames of one size, to be enlarged.
#[derive(Clone, Copy, Debug)]
pub struct Clip<'a> {
    /// RGBA, one frame below the other: `[n * height, width, 4]`.
    frames: &'a [u8],
    width: usize,
    height: usize,
    scale: usize,
}

impl<'a> Clip<'a> {
    /// n frames of `width` by `height` pixels, each pixel to become a square of `scale` by `scale`.
    ///
    /// # Errors
    /// `Argument` when there is no frame, the bytes are not whole frames, or the result would be absurdly large.
    pub fn new(frames: &'a [u8], width: usize, height: usize, scale: usize) -> Result<Self> {
        let size = width.saturating_mul(height).saturating_mul(4);
        if size == 0 || scale == 0 || frames.is_empty() || !frames.len().is_multiple_of(size) {
            return Err(Error::new(
                ErrorKind::Argument,
                format!(
                    "frames of {width} x {height} pixels need a positive multiple of {size} bytes and a scale, got {} at scale {scale}",
                    frames.len()
                ),
            ));
        }
        let pixels = (frames.len() / 4).saturating_mul(scale.saturating_mul(scale));
        // GIF has 16-bit sizes.
        let longest = width.max(height).saturating_mul(scale);
        if pixels > MAX_PIXELS || longest > usize::from(u16::MAX) {
            return Err(Error::new(
                ErrorKind::Argument,
                format!(
                    "an animation has at most {MAX_PIXELS} pixels in all, but this one would have {pixels}; make it smaller or shorter"
                ),
            ));
        }
        Ok(Self {
            frames,
            width,
            height,
            scale,
        })
    }

    fn len(&self) -> usize {
        self.frames.len() / (self.width * self.height * 4)
    }

    fn width(&self) -> u32 {
        (self.width * self.scale) as u32
    }

    fn height(&self) -> u32 {
        (self.height * self.scale) as u32
    }

    /// Each frame, enlarged.
    fn enlarged(&self) -> impl Iterator<Item = Vec<u8>> {
        let row = self.width * 4;
        self.frames.chunks_exact(row * self.height).map(move |frame| {
            let mut enlarged = Vec::with_capacity(frame.len() * self.scale * self.scale);
            for row in frame.chunks_exact(row) {
                let (pixels, _) = row.as_chunks::<4>();
                let wide: Vec<u8> = pixels
                    .iter()
                    .flat_map(|pixel| std::iter::repeat_n(*pixel, self.scale).flatten())
                    .collect();
                for _ in 0..self.scale {
                    enlarged.extend_from_slice(&wide);
                }
            }
            enlarged
        })
    }
}

/// A GIF that loops forever, at 50 frames per second at most; GIF counts in hundredths of a second, so delays may differ by one.
///
/// # Errors
/// `Argument` when the rate is 0; `Data` when the encoder fails.
pub fn gif(clip: &Clip<'_>, frames_per_second: u32) -> Result<Vec<u8>> {
    check_rate(frames_per_second)?;
    // The sides fit: a clip's longest is 16 bits.
    let (width, height) = (clip.width() as u16, clip.height() as u16);
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height, &[]).map_err(failed)?;
    encoder.set_repeat(Repeat::Infinite).map_err(failed)?;
    for (mut rgba, delay) in clip.enlarged().zip(hundredths(frames_per_second)) {
        // Speed 1 of 30: the best choice of 256 colors.
        let mut frame = Frame::from_rgba_speed(width, height, &mut rgba, 1);
        frame.delay = delay;
        // Where the next frame is transparent, this frame does not show through.
        frame.dispose = DisposalMethod::Background;
        encoder.write_frame(&frame).map_err(failed)?;
    }
    drop(encoder);
    Ok(bytes)
}

/// An animated PNG that loops forever, at 50 frames per second at most; every pixel keeps its value. A program without APNG support
/// shows the first frame.
///
/// # Errors
/// As [`gif()`].
pub fn apng(clip: &Clip<'_>, frames_per_second: u32) -> Result<Vec<u8>> {
    check_rate(frames_per_second)?;
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, clip.width(), clip.height());
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_animated(clip.len() as u32, 0).map_err(failed)?;
    encoder
        .set_frame_delay(1, frames_per_second.min(FASTEST) as u16)
        .map_err(failed)?;
    let mut writer = encoder.write_header().map_err(failed)?;
    for rgba in clip.enlarged() {
        writer.write_image_data(&rgba).map_err(failed)?;
    }
    writer.finish().map_err(failed)?;
    Ok(bytes)
}

/// All frames beside each other in one PNG.
///
/// # Errors
/// `Data` when the encoder fails.
pub fn strip(clip: &Clip<'_>) -> Result<Vec<u8>> {
    let (width, height, row) = (clip.width(), clip.height(), clip.width() as usize * 4);
    let all = clip.len();
    let mut rgba = vec![0; row * all * height as usize];
    for (n, frame) in clip.enlarged().enumerate() {
        for (y, line) in frame.chunks_exact(row).enumerate() {
            rgba[(y * all + n) * row..][..row].copy_from_slice(line);
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width * all as u32, height);
    encoder.set_color(png::ColorType::Rgba);
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(&rgba).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}

/// Delays of consecutive frames in hundredths of a second: remainders are spread, so that no sum is off by more than one.
fn hundredths(frames_per_second: u32) -> impl Iterator<Item = u16> {
    let rate = u64::from(frames_per_second.min(FASTEST));
    let end = move |frames: u64| (100 * frames + rate / 2) / rate;
    // A delay is at most 100.
    (0..).map(move |frame| (end(frame + 1) - end(frame)) as u16)
}

fn check_rate(frames_per_second: u32) -> Result<()> {
    match frames_per_second {
        1..=100 => Ok(()),
        other => Err(Error::new(
            ErrorKind::Argument,
            format!("expected 1 to 100 frames a second, got {other}"),
        )),
    }
}

fn failed(error: impl ToString) -> Error {
    Error::new(
        ErrorKind::Data,
        format!("the encoder failed: {}", error.to_string()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two frames of 3 x 2 pixels, black with a white pixel that moves.
    fn frames() -> Vec<u8> {
        let mut frames = [0, 0, 0, 255].repeat(12);
        frames[..4].fill(255);
        frames[4 * 11..].fill(255);
        frames
    }

    #[test]
    fn a_gif_has_the_enlarged_frames_and_the_rate() {
        let frames = frames();
        let bytes = gif(&Clip::new(&frames, 3, 2, 4).unwrap(), 20).unwrap();
        let mut options = ::gif::DecodeOptions::new();
        options.set_color_output(::gif::ColorOutput::RGBA);
        let mut decoder = options.read_info(&bytes[..]).unwrap();
        assert_eq!((decoder.width(), decoder.height()), (12, 8));
        assert_eq!(decoder.repeat(), Repeat::Infinite);
        let whites = [vec![(0, 0), (3, 3)], vec![(11, 7), (8, 4)]];
        let blacks = [vec![(4, 0), (11, 7)], vec![(0, 0), (7, 7)]];
        for (whites, blacks) in whites.iter().zip(blacks) {
            let frame = decoder.read_next_frame().unwrap().unwrap();
            assert_eq!((frame.width, frame.height, frame.delay), (12, 8, 5));
            let is_white = |&(x, y): &(usize, usize)| frame.buffer[(y * 12 + x) * 4] > 128;
            assert!(whites.iter().all(is_white) && !blacks.iter().any(is_white));
        }
        assert!(decoder.read_next_frame().unwrap().is_none());
    }

    /// The delay of each frame, in hundredths of a second.
    fn delays(bytes: &[u8]) -> Vec<u16> {
        let mut decoder = ::gif::DecodeOptions::new().read_info(bytes).unwrap();
        let mut delays = Vec::new();
        while let Some(frame) = decoder.read_next_frame().unwrap() {
            delays.push(frame.delay);
        }
        delays
    }

    #[test]
    fn a_gif_has_the_duration_of_its_rate_and_no_frame_is_too_short_for_browsers() {
        let frames = [0, 0, 0, 255].repeat(49);
        let clip = Clip::new(&frames, 1, 1, 1).unwrap();
        for rate in 1..=100 {
            let delays = delays(&gif(&clip, rate).unwrap());
            let sum: u16 = delays.iter().sum();
            let exact = 4900.0 / f64::from(rate.min(50));
            assert!((f64::from(sum) - exact).abs() <= 1.0, "{sum} at {rate}");
            let (least, most) = (delays.iter().min().unwrap(), delays.iter().max().unwrap());
            assert!(*least >= 2 && most - least <= 1, "{least} to {most} at {rate}");
        }
        // 49 frames at 26 a second take 1,885 ms.
        let sum: u16 = delays(&gif(&clip, 26).unwrap()).iter().sum();
        assert!((188..=189).contains(&sum), "{sum}");
    }

    #[test]
    fn an_animated_png_has_no_frame_that_is_too_short_for_browsers() {
        let frames = frames();
        for (rate, denominator) in [(1, 1), (26, 26), (50, 50), (51, 50), (100, 50)] {
            let bytes = apng(&Clip::new(&frames, 3, 2, 1).unwrap(), rate).unwrap();
            let reader = png::Decoder::new(std::io::Cursor::new(&bytes))
                .read_info()
                .unwrap();
            let control = reader.info().frame_control().unwrap();
            assert_eq!(
                (control.delay_num, control.delay_den),
                (1, denominator),
                "at {rate}"
            );
        }
    }

    #[test]
    fn an_animated_png_keeps_every_pixel_and_the_rate() {
        let frames = frames();
        let bytes = apng(&Clip::new(&frames, 3, 2, 1).unwrap(), 12).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes))
            .read_info()
            .unwrap();
        assert_eq!(reader.info().animation_control().unwrap().num_frames, 2);
        for frame in frames.chunks(24) {
            let mut buffer = vec![0; 24];
            reader.next_frame(&mut buffer).unwrap();
            assert_eq!(buffer, frame);
            let control = reader.info().frame_control().unwrap();
            assert_eq!((control.delay_num, control.delay_den), (1, 12));
        }
    }

    #[test]
    fn a_strip_has_the_frames_side_by_side() {
        let frames = frames();
        let bytes = strip(&Clip::new(&frames, 3, 2, 2).unwrap()).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes))
            .read_info()
            .unwrap();
        let mut buffer = vec![0; 12 * 4 * 4];
        let info = reader.next_frame(&mut buffer).unwrap();
        assert_eq!((info.width, info.height), (12, 4));
        let red = |x: usize, y: usize| buffer[(y * 12 + x) * 4];
        assert_eq!([red(0, 0), red(1, 1), red(2, 0), red(6, 0)], [255, 255, 0, 0]);
        assert_eq!([red(11, 3), red(10, 2), red(9, 3), red(5, 3)], [255, 255, 0, 0]);
    }

    #[test]
    fn frames_sizes_and_rates_that_are_invalid_are_refused() {
        let frames = frames();
        for (bytes, width, height, scale) in [
            (&frames[..0], 3, 2, 1),
            (&frames[1..], 3, 2, 1),
            (&frames, 3, 2, 0),
            (&frames, 0, 2, 1),
        ] {
            assert_eq!(
                Clip::new(bytes, width, height, scale).unwrap_err().kind(),
                ErrorKind::Argument
            );
        }
        assert!(Clip::new(&frames, 3, 2, 100_000).is_err(), "too large");
        let clip = Clip::new(&frames, 3, 2, 1).unwrap();
        assert!(gif(&clip, 0).is_err() && apng(&clip, 101).is_err());
    }
}
