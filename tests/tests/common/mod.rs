//! Sound made and judged, for tests of the microphone.

use std::path::Path;

/// A sine wave of this frequency at half of full scale.
pub(crate) fn tone(hertz: f64, seconds: f64, rate: u32) -> Vec<i16> {
    let rate = f64::from(rate);
    let turn = std::f64::consts::TAU * hertz / rate;
    (0..(seconds * rate) as u32).map(|n| ((turn * f64::from(n)).sin() * 16_384.0) as i16).collect()
}

/// Writes samples as a WAV file of one channel.
pub(crate) fn write_wav(file: &Path, samples: &[i16], rate: u32) {
    let length = u32::try_from(samples.len() * 2).unwrap();
    let mut bytes = Vec::new();
    bytes.extend(b"RIFF");
    bytes.extend((length + 36).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    bytes.extend(rate.to_le_bytes());
    bytes.extend((rate * 2).to_le_bytes());
    bytes.extend(b"\x02\0\x10\0data");
    bytes.extend(length.to_le_bytes());
    bytes.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    std::fs::write(file, bytes).unwrap();
}

/// The loudness of one frequency in samples (Goertzel's algorithm): 0.5 for [`tone`], 0 for silence or another tone.
pub(crate) fn loudness(samples: &[i16], hertz: f64, rate: u32) -> f64 {
    let turn = std::f64::consts::TAU * hertz / f64::from(rate);
    let (mut real, mut imaginary) = (0.0, 0.0);
    for (n, sample) in samples.iter().enumerate() {
        let (sin, cos) = (turn * n as f64).sin_cos();
        real += f64::from(*sample) * cos;
        imaginary += f64::from(*sample) * sin;
    }
    2.0 * real.hypot(imaginary) / samples.len() as f64 / 32_768.0
}

/// For how many seconds one frequency is clearly there, looked at in blocks of 50 ms.
pub(crate) fn seconds_of(samples: &[i16], hertz: f64, rate: u32) -> f64 {
    let block = rate as usize / 20;
    let loud = samples.chunks_exact(block).filter(|block| loudness(block, hertz, rate) > 0.3).count();
    loud as f64 / 20.0
}
