//! What is played into the virtual microphone is heard there, and only there.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what steps out of line fails the test"
)]

mod common;

use std::time::Duration;

use common::{loudness, seconds_of, tone, write_wav};
use quoth_desktop::{Desktop, DesktopPlan, PATIENCE, Part};

const RATE: u32 = 16_000;

fn desktop_with_sound() -> Desktop {
    Desktop::start(&DesktopPlan::bare().with(Part::Sound)).unwrap()
}

#[test]
fn a_wav_arrives_at_the_microphone() {
    let desktop = desktop_with_sound();
    let wav = desktop.folder().join("tone.wav");
    write_wav(&wav, &tone(440.0, 1.5, 48_000), 48_000);
    let recording = desktop.microphone().record(RATE).unwrap();
    recording.wait_for_more(Duration::from_millis(300)).unwrap();
    desktop.microphone().play_wav(&wav).unwrap().wait(PATIENCE).unwrap();
    recording.wait_for_more(Duration::from_millis(500)).unwrap();
    let heard = recording.stop().unwrap();
    let seconds = seconds_of(&heard, 440.0, RATE);
    // Two blocks at the ends are only partly filled; a busy machine may add a short gap.
    assert!((1.2..=1.55).contains(&seconds), "{seconds} s of the tone in {} samples", heard.len());
    assert_eq!(seconds_of(&heard, 660.0, RATE), 0.0);
    let loudest = heard.chunks_exact(800).map(|block| loudness(block, 440.0, RATE)).fold(0.0, f64::max);
    assert!((0.48..0.52).contains(&loudest), "loudest {loudest}, played at 0.5");
    assert!(heard[..800].iter().all(|sample| *sample == 0), "before, there was silence");
}

#[test]
fn a_file_that_is_no_wav_is_an_error() {
    let desktop = desktop_with_sound();
    let file = desktop.folder().join("text.wav");
    std::fs::write(&file, "not a sound").unwrap();
    let error = desktop.microphone().play_wav(&file).unwrap().wait(PATIENCE).unwrap_err().to_string();
    assert!(error.contains("paplay"), "{error}");
}

#[test]
fn two_desktops_have_their_own_display_and_sound() {
    let both = [(440.0, desktop_with_sound()), (1000.0, desktop_with_sound())];
    assert_ne!(both[0].1.display_name(), both[1].1.display_name());
    let recordings = both.each_ref().map(|(_, desktop)| desktop.microphone().record(RATE).unwrap());
    let playing = both.each_ref().map(|(hertz, desktop)| {
        let wav = desktop.folder().join("tone.wav");
        write_wav(&wav, &tone(*hertz, 1.0, RATE), RATE);
        desktop.microphone().play_wav(&wav).unwrap()
    });
    playing.into_iter().for_each(|playing| playing.wait(PATIENCE).unwrap());
    let heard = recordings.map(|recording| {
        recording.wait_for_more(Duration::from_millis(500)).unwrap();
        recording.stop().unwrap()
    });
    for (samples, (own, other)) in heard.iter().zip([(440.0, 1000.0), (1000.0, 440.0)]) {
        let seconds = seconds_of(samples, own, RATE);
        assert!((0.7..=1.05).contains(&seconds), "{seconds} s of {own} Hz");
        assert_eq!(seconds_of(samples, other, RATE), 0.0, "{other} Hz from the other desktop");
    }
}
