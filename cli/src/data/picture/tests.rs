//! Synthetic pictures of every kind are read as Pillow reads them and browsers display them.

use image::{
    ExtendedColorType, GrayAlphaImage, GrayImage, ImageBuffer, ImageEncoder, Luma, LumaA, RgbImage,
    RgbaImage,
    codecs::{gif::GifEncoder, jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder},
};

use super::*;
use moxcms::ColorProfile;

const GRAY: ImageShape = ImageShape {
    channels: 1,
    height: 8,
    width: 8,
};
const COLOR: ImageShape = ImageShape { channels: 3, ..GRAY };

/// Red increases to the right and green downward; blue is constant.
fn slopes(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([x as u8, y as u8, 7])
    }))
}

/// A file of `picture`.
fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// Fails if a value is more than 3 of 255 away from the expected one.
fn assert_near(got: &[u8], expected: &[u8]) {
    assert_eq!(got.len(), expected.len());
    let worst = got.iter().zip(expected).map(|(a, b)| a.abs_diff(*b)).max();
    assert!(worst <= Some(3), "{got:?} is not {expected:?}");
}

#[test]
fn a_picture_of_the_right_size_is_returned_plane_by_plane() {
    let bytes = to_bytes(slopes(8, 8), COLOR);
    let red: Vec<u8> = (0..64).map(|n| n % 8).collect();
    let green: Vec<u8> = (0..64).map(|n| n / 8).collect();
    assert_eq!(bytes[..64], red);
    assert_eq!(bytes[64..128], green);
    assert_eq!(bytes[128..], [7; 64]);
}

#[test]
fn a_picture_is_cropped_to_its_middle_with_the_proportions_of_the_model() {
    let wide = to_bytes(slopes(20, 8), COLOR);
    assert_eq!(wide[..8], [6, 7, 8, 9, 10, 11, 12, 13]);
    let tall = to_bytes(slopes(8, 20), COLOR);
    assert_eq!(tall[64], 6);
    let oblong = to_bytes(slopes(16, 16), ImageShape { width: 16, ..COLOR });
    assert_eq!(oblong[..16], (0..16).collect::<Vec<u8>>());
    assert_eq!(oblong[128], 4);
    assert_eq!(to_bytes(slopes(1, 100), COLOR).len(), 192);
}

#[test]
fn transparent_pixels_are_blended_with_white_in_color_gray_and_palettes() {
    let clear = DynamicImage::ImageRgba8(RgbaImage::from_pixel(8, 8, Rgba([0, 0, 0, 0])));
    let half = DynamicImage::ImageRgba8(RgbaImage::from_pixel(8, 8, Rgba([0, 0, 0, 128])));
    assert_eq!(to_bytes(clear, GRAY), [255; 64]);
    assert_eq!(to_bytes(half, GRAY), [127; 64]);
    let gray = GrayAlphaImage::from_fn(8, 8, |x, _| LumaA([40, if x < 4 { 255 } else { 0 }]));
    let png = file(&DynamicImage::ImageLumaA8(gray), ImageFormat::Png);
    assert_eq!(
        to_bytes(decode(&png).unwrap(), GRAY)[..8],
        [40, 40, 40, 40, 255, 255, 255, 255]
    );

    // Two colors of a palette, the second of which is transparent; eight pixels per byte.
    let pixels = to_bytes(
        decode(&indexed(1, &[9, 99, 199, 0, 0, 0], &[255, 0], &[0x0f; 8])).unwrap(),
        COLOR,
    );
    assert_eq!(pixels[..8], [9, 9, 9, 9, 255, 255, 255, 255]);
    assert_eq!(pixels[64..68], [99; 4]);
}

/// An 8x8 PNG with a palette.
fn indexed(bits: u8, palette: &[u8], alpha: &[u8], rows: &[u8]) -> Vec<u8> {
    let header = [&[0, 0, 0, 8, 0, 0, 0, 8, bits, 3, 0, 0, 0][..]].concat();
    png(
        &[(b"IHDR", &header), (b"PLTE", palette), (b"tRNS", alpha)],
        rows,
        8,
    )
}

/// A PNG of these chunks, whose data are `rows` of equal length.
fn png(chunks: &[(&[u8; 4], &[u8])], rows: &[u8], height: usize) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    for row in rows.chunks(rows.len() / height) {
        encoder.write_all(&[0]).unwrap(); // no filter
        encoder.write_all(row).unwrap();
    }
    let data = encoder.finish().unwrap();
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, content) in chunks
        .iter()
        .copied()
        .chain([(b"IDAT", &data[..]), (b"IEND", &[][..])])
    {
        bytes.extend((content.len() as u32).to_be_bytes());
        let named = [&name[..], content].concat();
        bytes.extend(&named);
        let mut sum = flate2::Crc::new();
        sum.update(&named);
        bytes.extend(sum.sum().to_be_bytes());
    }
    bytes
}

#[test]
fn gray_values_of_sixteen_bits_and_of_one_bit_are_converted_to_eight() {
    let deep = ImageBuffer::from_fn(8, 8, |x, _| Luma([x as u16 * 0x2345]));
    let png = file(&DynamicImage::ImageLuma16(deep), ImageFormat::Png);
    let expected: Vec<u8> = (0..8).map(|x| ((x * 0x2345_u16) >> 8) as u8).collect();
    assert_near(&to_bytes(decode(&png).unwrap(), GRAY)[..8], &expected);

    let header = [0, 0, 0, 8, 0, 0, 0, 8, 1, 0, 0, 0, 0];
    let bits = self::png(&[(b"IHDR", &header)], &[0b1010_0001; 8], 8);
    assert_eq!(
        to_bytes(decode(&bits).unwrap(), GRAY)[..8],
        [255, 0, 255, 0, 0, 0, 0, 255]
    );
}

#[test]
fn gif_and_webp_files_and_the_first_frame_of_an_animation_are_read() {
    let frame = |value| RgbaImage::from_pixel(8, 8, Rgba([value, 0, 0, 255]));
    let mut gif = Vec::new();
    let mut encoder = GifEncoder::new(&mut gif);
    encoder
        .encode_frames([200, 10].map(|value| image::Frame::new(frame(value))))
        .unwrap();
    drop(encoder);
    assert_near(&to_bytes(decode(&gif).unwrap(), COLOR)[..64], &[200; 64]);

    let mut webp = Vec::new();
    WebPEncoder::new_lossless(&mut webp)
        .write_image(slopes(8, 8).as_bytes(), 8, 8, ExtendedColorType::Rgb8)
        .unwrap();
    assert_eq!(
        to_bytes(decode(&webp).unwrap(), COLOR),
        to_bytes(slopes(8, 8), COLOR)
    );
    for bytes in [&gif[..gif.len() / 3], &webp[..webp.len() - 9]] {
        assert!(decode(bytes).is_err());
    }
}

/// EXIF data with only an orientation (TIFF 6.0, tag 0x0112).
fn exif(orientation: u8) -> Vec<u8> {
    let tag = [1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0];
    [&b"MM\0*\0\0\0\x08\0\x01"[..], &tag, &[0; 4]].concat()
}

#[test]
fn a_picture_is_rotated_according_to_its_exif_orientation() {
    // The upper half is bright; with orientation 6 the top belongs on the right.
    let picture = GrayImage::from_fn(8, 8, |_, y| Luma([if y < 4 { 220 } else { 20 }]));
    let jpeg = file(&picture.clone().into(), ImageFormat::Jpeg);
    let mut segment = [b"Exif\0\0", &exif(6)[..]].concat();
    segment.splice(0..0, [0xff, 0xe1, 0, segment.len() as u8 + 2]);
    let turned = [&jpeg[..2], &segment, &jpeg[2..]].concat();

    let mut encoded = Vec::new();
    let mut encoder = PngEncoder::new(&mut encoded);
    encoder.set_exif_metadata(exif(6)).unwrap();
    encoder
        .write_image(&picture, 8, 8, ExtendedColorType::L8)
        .unwrap();
    for bytes in [turned, encoded] {
        let row = &to_bytes(decode(&bytes).unwrap(), GRAY)[..8];
        assert_near(row, &[20, 20, 20, 20, 220, 220, 220, 220]);
    }
}

#[test]
fn a_color_profile_is_applied_and_an_invalid_one_ignored() {
    let srgb = ColorProfile::new_srgb();
    let mut swapped = ColorProfile::new_srgb();
    (swapped.red_colorant, swapped.green_colorant) = (srgb.green_colorant, srgb.red_colorant);
    let picture = RgbImage::from_pixel(8, 8, image::Rgb([230, 120, 30]));
    let with = |profile: Vec<u8>| {
        let mut bytes = Vec::new();
        let mut encoder = PngEncoder::new(&mut bytes);
        encoder.set_icc_profile(profile).unwrap();
        encoder
            .write_image(&picture, 8, 8, ExtendedColorType::Rgb8)
            .unwrap();
        let bytes = to_bytes(decode(&bytes).unwrap(), COLOR);
        [bytes[0], bytes[64], bytes[128]]
    };
    assert_near(&with(swapped.encode().unwrap()), &[120, 230, 30]);
    assert_eq!(with(srgb.encode().unwrap()), [230, 120, 30]);
    assert_eq!(with(b"no profile at all".to_vec()), [230, 120, 30]);
}

#[test]
fn a_gray_profile_is_applied_and_transparency_kept() {
    let linear = ColorProfile::new_gray_with_gamma(1.0);
    let pixels = [128, 255].repeat(32).into_iter().chain([128, 0].repeat(32));
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes);
    encoder.set_icc_profile(linear.encode().unwrap()).unwrap();
    encoder
        .write_image(&pixels.collect::<Vec<u8>>(), 8, 8, ExtendedColorType::La8)
        .unwrap();
    let bytes = to_bytes(decode(&bytes).unwrap(), GRAY);
    // Half of the linear light is 188 in sRGB.
    assert_near(&[bytes[0], bytes[63]], &[188, 255]);
}

#[test]
fn a_truncated_jpeg_is_refused() {
    let picture = RgbImage::from_fn(40, 40, |x, y| {
        image::Rgb([(x * 6) as u8, (y * 6) as u8, (x * y) as u8])
    });
    let mut whole = Vec::new();
    JpegEncoder::new(&mut whole).encode_image(&picture).unwrap();
    decode(&whole).unwrap();
    // Some cameras append data after the end.
    decode(&[&whole[..], &[0; 40]].concat()).unwrap();
    for cut in [1, 2, 3, whole.len() / 3, whole.len() / 2] {
        let error = decode(&whole[..whole.len() - cut]).unwrap_err().to_string();
        assert_eq!(error, "the JPEG file is cut off", "{cut} bytes less");
    }
    // The end of a thumbnail in a segment is not the end of the picture.
    let mut small = Vec::new();
    JpegEncoder::new(&mut small)
        .encode_image(&RgbImage::new(8, 8))
        .unwrap();
    let mut segment = vec![0xff, 0xe2];
    segment.extend((small.len() as u16 + 2).to_be_bytes());
    let cut = [&whole[..2], &segment, &small, &whole[2..whole.len() / 2]].concat();
    assert!(decode(&cut).is_err());
}

/// An 8x8 JPEG whose components are constant: its only Huffman codes are those of the first coefficient and of the end of a block. A
/// progressive file has a single scan, with the first coefficients.
fn flat_jpeg(values: &[u8], progressive: bool) -> Vec<u8> {
    let count = values.len() as u8;
    let mut bytes = vec![0xff, 0xd8];
    let mut segment = |marker: u8, content: &[u8]| {
        bytes.extend([0xff, marker]);
        bytes.extend((content.len() as u16 + 2).to_be_bytes());
        bytes.extend(content);
    };
    if count == 4 {
        // An Adobe segment says that the four components are CMYK, not YCCK. They are stored inverted.
        segment(0xee, b"Adobe\0\x64\0\0\0\0\0");
    }
    segment(0xdb, &[&[0][..], &[8; 64]].concat());
    let components = |of: &dyn Fn(u8) -> Vec<u8>| (1..=count).flat_map(of).collect::<Vec<u8>>();
    let frame = components(&|id| vec![id, 0x11, 0]);
    segment(
        if progressive { 0xc2 } else { 0xc0 },
        &[&[8, 0, 8, 0, 8, count][..], &frame].concat(),
    );
    // Nine codes of four bits for the length of the difference, and one code of one bit for the end of a block.
    let lengths = |at: usize, codes: u8| {
        let mut lengths = [0; 16];
        lengths[at - 1] = codes;
        lengths
    };
    segment(
        0xc4,
        &[&[0][..], &lengths(4, 9), &[0, 1, 2, 3, 4, 5, 6, 7, 8]].concat(),
    );
    segment(0xc4, &[&[0x10][..], &lengths(1, 1), &[0]].concat());
    let scan = components(&|id| vec![id, 0]);
    let spectrum = if progressive { [0, 0, 0] } else { [0, 63, 0] };
    segment(0xda, &[&[count][..], &scan, &spectrum].concat());
    let mut bits = String::new();
    for &value in values {
        // With quantization by 8 the first coefficient is the value less 128.
        let difference = i32::from(value) - 128;
        let size = 32 - difference.unsigned_abs().leading_zeros();
        let stored = if difference < 0 {
            difference - 1
        } else {
            difference
        };
        bits += &format!("{size:04b}");
        for bit in (0..size).rev() {
            bits.push(if stored >> bit & 1 == 1 { '1' } else { '0' });
        }
        if !progressive {
            bits.push('0');
        }
    }
    while !bits.len().is_multiple_of(8) {
        bits.push('1');
    }
    for byte in bits.as_bytes().chunks(8) {
        let byte = u8::from_str_radix(str::from_utf8(byte).unwrap(), 2).unwrap();
        bytes.push(byte);
        if byte == 0xff {
            bytes.push(0);
        }
    }
    bytes.extend([0xff, 0xd9]);
    bytes
}

#[test]
fn cmyk_and_progressive_jpegs_have_the_same_colors_as_in_pillow() {
    let colors = |jpeg: &[u8]| {
        let bytes = to_bytes(decode(jpeg).unwrap(), COLOR);
        [bytes[0], bytes[64], bytes[128]]
    };
    // Inverted ink times inverted black: 200 * 180 / 255 and so on.
    assert_near(&colors(&flat_jpeg(&[200, 100, 50, 180], false)), &[141, 71, 35]);
    // Y 150, Cb 100, Cr 170 (JFIF).
    let expected = [209, 130, 100];
    assert_near(&colors(&flat_jpeg(&[150, 100, 170], false)), &expected);
    assert_near(&colors(&flat_jpeg(&[150, 100, 170], true)), &expected);
    let cut = flat_jpeg(&[150, 100, 170], true);
    assert!(decode(&cut[..cut.len() - 2]).is_err());
}
