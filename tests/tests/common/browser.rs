//! A browser of the same engine as the app's web view, without the app's walls.

use std::path::Path;

use quoth_desktop::{Desktop, Installation};

/// MiniBrowser, which comes with the web view.
pub(crate) fn browser(desktop: &Desktop) -> Installation<'_> {
    let folders =
        ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/libexec", "/usr/lib64", "/usr/lib"];
    let browsers = folders.map(|folder| Path::new(folder).join("webkit2gtk-4.1/MiniBrowser"));
    let browser =
        browsers.iter().find(|browser| browser.is_file()).expect("MiniBrowser, part of webkit2gtk-4.1");
    Installation::of_binary(desktop, browser).unwrap()
}
