//! The virtual microphone: what is played into it, every program on the desktop hears as its default source.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::{During, Result};
use crate::programs::Program;
use crate::wait::wait_until;
use crate::{Desktop, DesktopError, PATIENCE};

/// The microphone of a desktop.
#[derive(Clone, Copy)]
pub struct Microphone<'d> {
    desktop: &'d Desktop,
}

impl<'d> Microphone<'d> {
    pub(crate) fn of(desktop: &'d Desktop) -> Self {
        Self { desktop }
    }

    /// Begins to play a WAV file into the microphone.
    pub fn play_wav(self, file: &Path) -> Result<Playing> {
        let mut command = self.desktop.command("paplay");
        command.arg("--device=vmic").arg(file);
        Ok(Playing { player: self.desktop.start_program("paplay", command)? })
    }

    /// Begins to record what the microphone hears, as one channel of 16 bits at `rate` samples a second. Returns when
    /// the first sound (or silence) has arrived, so that nothing played from now on is missed.
    pub fn record(self, rate: u32) -> Result<Recording> {
        let file =
            tempfile::Builder::new().prefix("recording-").suffix(".raw").tempfile_in(self.desktop.folder());
        let (_, file) = file.during("make a file for a recording")?.keep().during("keep the recording")?;
        let mut command = self.desktop.command("parec");
        let rate_option = format!("--rate={rate}");
        command.args(["--device=virtmic", "--latency-msec=20", "--raw", "--format=s16le", "--channels=1"]);
        command.arg(rate_option).arg(&file);
        let mut recorder = self.desktop.start_program("parec", command)?;
        recorder.wait_ready("a first sample from the microphone", || {
            fs::metadata(&file).is_ok_and(|file| file.len() > 0).then_some(())
        })?;
        Ok(Recording { file, rate, recorder })
    }
}

/// A WAV being played into the microphone. Dropped, it falls silent.
pub struct Playing {
    player: Program,
}

impl Playing {
    /// Waits until it has been played to its end.
    pub fn wait(mut self, deadline: Duration) -> Result<()> {
        let status = self.player.wait_exit(deadline)?;
        if status.success() {
            return Ok(());
        }
        Err(DesktopError::NotThere(format!(
            "sound played: paplay ended with {status}: {}",
            self.player.stderr()
        )))
    }
}

/// What the microphone hears, being recorded. Dropped, it stops.
pub struct Recording {
    file: PathBuf,
    rate: u32,
    recorder: Program,
}

impl Recording {
    /// Everything heard so far.
    pub fn samples(&self) -> Result<Vec<i16>> {
        let bytes = fs::read(&self.file).during("read the recording")?;
        let pairs = bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok());
        Ok(pairs.map(i16::from_le_bytes).collect())
    }

    /// Waits until at least this much has been heard from now on.
    pub fn wait_for_more(&self, time: Duration) -> Result<()> {
        let wanted = self.samples()?.len() as u128 + u128::from(self.rate) * time.as_millis() / 1000;
        wait_until(format!("{time:?} more from the microphone"), PATIENCE + time, || {
            (self.samples().ok()?.len() as u128 >= wanted).then_some(())
        })
    }

    /// Stops, and answers everything that was heard.
    pub fn stop(mut self) -> Result<Vec<i16>> {
        self.recorder.kill()?;
        self.samples()
    }
}
