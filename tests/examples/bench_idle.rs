//! `cargo xtask bench idle`: what Quoth costs while nobody looks at it. Memory of all its processes and processor time, in
//! the tray before any window, with the window open, and in the tray again after it was closed; the last two also as a
//! ratio to the first, because only ratios within one run mean the same on every machine.
#![allow(clippy::print_stdout, reason = "it is there to tell")]

#[cfg(target_os = "linux")]
fn main() -> Result<(), quoth_desktop::DesktopError> {
    idle::measure()
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("The virtual desktop needs Linux.");
}

#[cfg(target_os = "linux")]
mod idle {
    use std::env;
    use std::thread;
    use std::time::{Duration, Instant};

    use quoth_desktop::{Desktop, DesktopError, DesktopPlan, Installation, Part};

    type Result<T> = std::result::Result<T, DesktopError>;

    /// How long each state is looked at, unless `QUOTH_BENCH_SECONDS` says otherwise.
    const SPAN: Duration = Duration::from_secs(60);
    /// What runs at a start or a close is over by then; it is no part of being idle.
    const SETTLE: Duration = Duration::from_secs(5);

    struct Idle {
        state: &'static str,
        processes: usize,
        rss: u64,
        pss: u64,
        cpu_ms: f64,
    }

    pub(super) fn measure() -> Result<()> {
        let told = env::var("QUOTH_BENCH_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
        let span = told.map_or(SPAN, Duration::from_secs);
        let desktop = Desktop::start(&DesktopPlan::bare().with(Part::Tray))?;
        let quoth = Installation::new(&desktop)?;
        println!("{}, {} s each", quoth.binary().display(), span.as_secs());
        let app = quoth.start(&["--background"])?;
        app.wait_icon()?;
        let fresh = look(&quoth, "in the tray, no window yet", span)?;
        quoth.cli(&["open"])?;
        app.wait_title("History – Quoth")?;
        let open = look(&quoth, "window open", span)?;
        app.close_window()?;
        quoth.wait_page_processes_gone()?;
        let closed = look(&quoth, "in the tray, window closed", span)?;
        quoth.cli(&["quit"])?;

        println!(
            "{:<28} {:>9} {:>9} {:>9} {:>12} {:>9}",
            "", "processes", "RSS MiB", "PSS MiB", "CPU ms/min", "x fresh"
        );
        for idle in [&fresh, &open, &closed] {
            println!(
                "{:<28} {:>9} {:>9.1} {:>9.1} {:>12.1} {:>9.2}",
                idle.state,
                idle.processes,
                mebi(idle.rss),
                mebi(idle.pss),
                idle.cpu_ms * 60.0 / span.as_secs_f64(),
                idle.pss as f64 / fresh.pss as f64,
            );
        }
        Ok(())
    }

    fn look(quoth: &Installation<'_>, state: &'static str, span: Duration) -> Result<Idle> {
        // To measure over a time is to let it pass; no other wait in this project is one.
        thread::sleep(SETTLE);
        let (cpu, begin) = (quoth.cpu_time(), Instant::now());
        thread::sleep(span);
        let share = span.as_secs_f64() / begin.elapsed().as_secs_f64();
        let memory = quoth.memory()?;
        Ok(Idle {
            state,
            processes: quoth.processes().len(),
            rss: memory.rss_kib,
            pss: memory.pss_kib,
            cpu_ms: quoth.cpu_time().saturating_sub(cpu).as_secs_f64() * 1000.0 * share,
        })
    }

    fn mebi(kib: u64) -> f64 {
        kib as f64 / 1024.0
    }
}
