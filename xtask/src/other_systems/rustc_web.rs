//! Debian's `rustc-web`, fetched and unpacked into the target folder. Nothing is installed.

use std::{fs, path::PathBuf, process::Command};

use crate::{
    failure::Failure,
    packages, places, processes,
    progress::{say, step},
};

/// The workspace's own `rust-version`: an older compiler could not build it.
const OLDEST: (u32, u32) = (1, 95);

/// The unpacked compiler.
pub(super) struct RustcWeb {
    root: PathBuf,
}

/// Whether the compiler can be had on this machine.
pub(super) enum Found {
    Here(RustcWeb),
    /// It cannot, for this reason.
    Unavailable(String),
}

impl RustcWeb {
    /// The compiler, fetched if it is not there yet or an update is out.
    pub(super) fn provide() -> Result<Found, Failure> {
        if !packages::has_apt() || !cfg!(target_arch = "x86_64") {
            return Ok(Found::Unavailable("rustc-web is a package of Debian on x86-64".to_owned()));
        }
        let Some(version) = newest_version()? else {
            return Ok(Found::Unavailable(
                "apt knows no rustc-web (Debian's security archive has it)".to_owned(),
            ));
        };
        if series(&version).is_none_or(|series| series < OLDEST) {
            return Ok(Found::Unavailable(format!(
                "apt's newest rustc-web is {version}, {OLDEST:?} is needed"
            )));
        }
        let compiler = Self { root: places::target().join("rustc-web") };
        let mark = compiler.root.join("version");
        if fs::read_to_string(&mark).is_ok_and(|unpacked| unpacked == version) {
            return Ok(Found::Here(compiler));
        }
        step(&format!("fetch and unpack rustc-web {version} (about 170 MB)"), || compiler.fetch())?;
        places::write(&mark, version)?;
        Ok(Found::Here(compiler))
    }

    pub(super) fn rustc(&self) -> PathBuf {
        self.root.join("usr/bin/rustc")
    }

    /// Where the compiler finds its own shared libraries.
    pub(super) fn libraries(&self) -> [PathBuf; 2] {
        [self.root.join("usr/lib/x86_64-linux-gnu"), self.root.join("usr/lib")]
    }

    fn fetch(&self) -> Result<(), Failure> {
        places::remove_folder(&self.root)?;
        let parcels = self.root.join("parcels");
        places::make_folder(&parcels)?;
        let names = parts(&show)?;
        say(&format!("packages: {}", names.join(" ")));
        processes::run(
            Command::new("apt-get")
                .args(["-qq", "-o", "APT::Sandbox::User=root", "download"])
                .args(names)
                .current_dir(&parcels),
        )
        .map_err(|e| e.advise("`sudo apt-get update` may be due"))?;
        let files = fs::read_dir(&parcels).map_err(|e| Failure::file("list", &parcels, &e))?;
        for file in files.flatten().map(|entry| entry.path()) {
            processes::run(Command::new("dpkg").arg("-x").arg(file).arg(&self.root))?;
        }
        places::remove_folder(&parcels)
    }
}

/// The newest version apt knows; its lists are fetched if it knows none and we may.
fn newest_version() -> Result<Option<String>, Failure> {
    let known = show("rustc-web");
    if known.is_empty() && packages::apt_get(&["update", "-qq"]).is_ok() {
        return Ok(field(&show("rustc-web"), "Version").map(str::to_owned));
    }
    Ok(field(&known, "Version").map(str::to_owned))
}

/// What apt says about a package's newest version; empty if it does not know it.
fn show(package: &str) -> String {
    processes::answer(Command::new("apt-cache").args(["show", "--no-all-versions", package]))
        .unwrap_or_default()
}

/// rustc-web, its libraries as far as a bare system lacks them, and the standard library's source.
fn parts(show: &dyn Fn(&str) -> String) -> Result<Vec<String>, Failure> {
    let mut parts = vec!["rustc-web".to_owned(), "rust-web-src".to_owned()];
    let mut next = 0;
    while next < parts.len() {
        let about = show(&parts[next]);
        for name in field(&about, "Depends")
            .unwrap_or("")
            .split(',')
            .filter_map(|part| part.split_whitespace().next())
        {
            let ours = name.starts_with("libstd-rust-web") || name.starts_with("libllvm");
            if ours && !parts.iter().any(|part| part == name) {
                parts.push(name.to_owned());
            }
        }
        next += 1;
    }
    match parts.iter().any(|part| part.starts_with("libstd-rust-web")) {
        true => Ok(parts),
        false => Err(Failure::new("apt's rustc-web names no standard library among its dependencies")),
    }
}

fn field<'a>(about: &'a str, name: &str) -> Option<&'a str> {
    about.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

/// `1.96.0+dfsg1-1~deb12u2` is of the series 1.96.
fn series(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split('.').map(|part| part.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_series_is_read_from_a_debian_version() {
        assert_eq!(series("1.96.0+dfsg1-1~deb12u2"), Some((1, 96)));
        assert_eq!(series("web"), None);
    }

    #[test]
    fn the_parts_follow_the_dependencies_whatever_their_versions() {
        let about = |package: &str| {
            match package {
                "rustc-web" => "Package: rustc-web\nDepends: libc6 (>= 2.34), libstd-rust-web-dev (= 1.97)\n",
                "libstd-rust-web-dev" => "Depends: libstd-rust-web-1.97 (= 1.97)\n",
                "libstd-rust-web-1.97" => "Version: 1.97\nDepends: libc6, libllvm23, libstdc++6 (>= 11)\n",
                _ => "",
            }
            .to_owned()
        };
        let parts = parts(&about).unwrap();
        assert_eq!(
            parts,
            ["rustc-web", "rust-web-src", "libstd-rust-web-dev", "libstd-rust-web-1.97", "libllvm23"]
        );
        assert!(super::parts(&|_| String::new()).is_err());
    }
}
