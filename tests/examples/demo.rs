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

    use quoth_desktop::{
        App, Desktop, DesktopError, DesktopPlan, Installation, PATIENCE, Picture, wait_until,
    };

    type Result<T> = std::result::Result<T, DesktopError>;

    /// The pages, as the command line names them and as their window is titled.
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
            let mut seen = None;
            for (page, title) in PAGES {
                quoth.cli(&["open", page])?;
                app.wait_title(title)?;
                seen = Some(painted(&app, seen.as_ref())?);
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

    /// Waits until the page has painted what it was led to: something else than `before`, and the same twice in a row.
    /// Answers what is seen. (The window's title is no sign of it, it changes earlier.)
    fn painted(app: &App<'_>, before: Option<&Picture>) -> Result<Picture> {
        let window = app.wait_window()?;
        let desktop = app.installation().desktop();
        let mut last = None;
        wait_until("the page to stand still", PATIENCE, || {
            let picture = desktop.picture().ok()?;
            let page = picture.part(window.place);
            let still = last.as_ref() == Some(&page) && before != Some(&page);
            last = Some(page.clone());
            (still && picture.colours(window.place) > 8).then_some(page)
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
