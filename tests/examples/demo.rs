//! `cargo xtask demo`: the app on a virtual desktop, shown step by step. Leaves its pictures in `target/demo/` and prints
//! how long each step took. Later parts add their story in [`story`].
#![allow(clippy::print_stdout, reason = "it is there to tell")]

#[cfg(target_os = "linux")]
fn main() -> Result<(), quoth_desktop::DesktopError> {
    story::tell()
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("The virtual desktop needs Linux. Run the app itself: cargo xtask run");
}

#[cfg(target_os = "linux")]
mod story {
    use std::fs;
    use std::path::PathBuf;
    use std::time::Instant;

    use quoth_desktop::{App, Desktop, DesktopError, DesktopPlan, Installation, PATIENCE, wait_until};

    type Result<T> = std::result::Result<T, DesktopError>;

    /// The pages, as the command line names them, as their window is titled, and what is to be read on them at last.
    const PAGES: [(&str, &str); 6] = [
        ("history", "History – Quoth"),
        ("projects", "Projects – Quoth"),
        ("dictionary", "Dictionary – Quoth"),
        ("models", "Models – Quoth"),
        ("settings", "Settings – Quoth"),
        ("about", "About – Quoth"),
    ];

    pub(super) fn tell() -> Result<()> {
        let pictures = Pictures::empty();
        let mut clock = Instant::now();
        let mut step = |what: &str| {
            println!("  {:>6} ms  {what}", clock.elapsed().as_millis());
            clock = Instant::now();
        };
        let desktop = Desktop::start(&DesktopPlan::full().named("demo"))?;
        step("a desktop with a tray, a sound server and a microphone");

        let quoth = Installation::new(&desktop)?;
        let app = quoth.start(&["--background"])?;
        app.wait_icon()?;
        step("Quoth is in the tray");
        let menu = desktop.tray().open_menu(app.pid())?;
        pictures.take(&desktop, "tray-menu")?;
        menu.dismiss()?;
        step("its menu");

        for theme in ["light", "dark"] {
            quoth.write_settings(format!("[appearance]\ntheme = \"{theme}\"\n"))?;
            for (page, title) in PAGES {
                quoth.cli(&["open", page])?;
                app.wait_title(title)?;
                settled(&app)?;
                pictures.take(&desktop, &format!("{page}-{theme}"))?;
                step(&format!("{page}, {theme}"));
            }
            app.close_window()?;
            quoth.wait_page_processes_gone()?;
            step("the window is closed, and its memory is free");
        }
        quoth.cli(&["quit"])?;
        step("quit");
        println!("The pictures are in {}", pictures.folder.display());
        Ok(())
    }

    /// Waits until two pictures in a row are the same: the page has painted what it was led to.
    fn settled(app: &App<'_>) -> Result<()> {
        let window = app.wait_window()?;
        let desktop = app.installation().desktop();
        let mut before = None;
        wait_until("the page to stand still", PATIENCE, || {
            let now = desktop.picture().ok()?;
            let still = before.as_ref() == Some(&now) && now.colours(window.place) > 8;
            before = Some(now);
            still.then_some(())
        })
    }

    struct Pictures {
        folder: PathBuf,
    }

    impl Pictures {
        fn empty() -> Self {
            let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/demo");
            // What an earlier demo left would be taken for this one's.
            let _ = fs::remove_dir_all(&folder);
            let _ = fs::create_dir_all(&folder);
            Self { folder: folder.canonicalize().unwrap_or(folder) }
        }

        fn take(&self, desktop: &Desktop, name: &str) -> Result<()> {
            desktop.screenshot(&self.folder.join(format!("{name}.png")))
        }
    }
}
