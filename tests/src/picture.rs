//! What is to be seen on the screen.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;

use x11rb::protocol::xproto::{ConnectionExt as _, ImageFormat};

use crate::display::Display;
use crate::error::{During, Result};
use crate::windows::Place;

/// A screenshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    width: u16,
    height: u16,
    /// Red, green, blue of each pixel, line by line.
    rgb: Vec<u8>,
}

impl Picture {
    pub(crate) fn of_screen(display: &Display) -> Result<Self> {
        let doing = "take a screenshot";
        let place = display.place(display.root()).ok_or("the X server is gone").during(doing)?;
        let (width, height) = (place.width, place.height);
        let request =
            display.connection().get_image(ImageFormat::Z_PIXMAP, display.root(), 0, 0, width, height, !0);
        let image = request.during(doing)?.reply().during(doing)?;
        // The server runs on this machine with 24 bits a pixel: blue, green, red and an empty byte.
        let mut rgb = Vec::with_capacity(image.data.len() / 4 * 3);
        for pixel in image.data.as_chunks::<4>().0 {
            let [blue, green, red, _] = *pixel;
            rgb.extend_from_slice(&[red, green, blue]);
        }
        Ok(Self { width, height, rgb })
    }

    /// Its width and height in pixels.
    pub fn size(&self) -> (u16, u16) {
        (self.width, self.height)
    }

    /// The colour of a pixel as red, green, blue; none outside of the picture.
    pub fn pixel(&self, x: u16, y: u16) -> Option<[u8; 3]> {
        let at = (usize::from(y) * usize::from(self.width) + usize::from(x)) * 3;
        (x < self.width).then(|| self.rgb.get(at..at + 3)?.try_into().ok())?
    }

    /// A part of the picture, as far as it lies within.
    pub fn part(&self, place: Place) -> Self {
        let span = |from: i16, length: u16, whole: u16| {
            let from = u16::try_from(from).unwrap_or(0).min(whole);
            from..from.saturating_add(length).min(whole)
        };
        let (columns, lines) =
            (span(place.x, place.width, self.width), span(place.y, place.height, self.height));
        let (width, height) = (columns.end - columns.start, lines.end - lines.start);
        let at = |x: u16, y: u16| (usize::from(y) * usize::from(self.width) + usize::from(x)) * 3;
        let line = |y| self.rgb.get(at(columns.start, y)..at(columns.end, y)).unwrap_or_default();
        Self { width, height, rgb: lines.flat_map(line).copied().collect() }
    }

    /// How many different colours are in a part of the picture. One means that nothing is to be seen there.
    pub fn colours(&self, place: Place) -> usize {
        let part = self.part(place);
        let (mut found, mut before) = (HashSet::new(), None);
        for pixel in part.rgb.as_chunks::<3>().0 {
            // Most pixels are as their neighbour is.
            if before != Some(pixel) {
                found.insert(*pixel);
                before = Some(pixel);
            }
        }
        found.len()
    }

    /// Writes it as PNG, making the folders it needs.
    pub fn save(&self, file: &Path) -> Result<()> {
        let doing = || format!("write {}", file.display());
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).during(doing())?;
        }
        let output = BufWriter::new(File::create(file).during(doing())?);
        let mut encoder = png::Encoder::new(output, u32::from(self.width), u32::from(self.height));
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header().during(doing())?;
        writer.write_image_data(&self.rgb).during(doing())?;
        writer.finish().during(doing())
    }
}
