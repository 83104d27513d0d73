//! The system packages Quoth needs, each with its reason, and how to get them.

use std::{collections::BTreeSet, fs, process::Command};

use crate::{
    failure::Failure,
    processes,
    progress::{say, step},
};

/// What a package is needed for. Later purposes do not include earlier ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Purpose {
    /// Compiling Quoth.
    Build,
    /// The virtual desktop the tests and the demo run on.
    Desktop,
    /// Building and running Windows programs here.
    Windows,
}

struct Package {
    name: &'static str,
    purpose: Purpose,
    #[cfg_attr(not(test), expect(dead_code, reason = "said for those who read the table"))]
    why: &'static str,
}

const fn package(purpose: Purpose, name: &'static str, why: &'static str) -> Package {
    Package { name, purpose, why }
}

use Purpose::{Build, Desktop, Windows};

/// Names as Debian and Ubuntu have them.
const PACKAGES: &[Package] = &[
    package(Build, "gcc", "links, and compiles the C parts (SQLite, ring)"),
    package(Build, "g++", "compiles the C++ parts (whisper.cpp)"),
    package(Build, "cmake", "configures the C++ parts"),
    package(Build, "pkg-config", "finds the libraries below"),
    package(Build, "libssl-dev", "headers some build scripts look for"),
    package(Build, "libwebkit2gtk-4.1-dev", "the web view of the window"),
    package(Build, "libayatana-appindicator3-dev", "the tray icon"),
    package(Build, "librsvg2-dev", "icons of the window and the tray"),
    package(Build, "libasound2-dev", "microphones"),
    package(Desktop, "xvfb", "the X server without a screen"),
    package(Desktop, "xauth", "X clients' permission"),
    package(Desktop, "dbus", "the session bus"),
    package(Desktop, "dbus-x11", "starts the session bus for programs that expect one"),
    package(Desktop, "xfwm4", "the window manager (openbox chokes on keymap changes)"),
    package(Desktop, "tint2", "the tray"),
    package(Desktop, "xdotool", "keys and clicks at the X server"),
    package(Desktop, "wmctrl", "windows by name"),
    package(Desktop, "xclip", "looks at the clipboard from outside"),
    package(Desktop, "procps", "kill: the signals of a session that ends"),
    package(Desktop, "x11-utils", "xprop, xwininfo: properties of windows"),
    package(Desktop, "imagemagick", "screenshots"),
    package(Desktop, "xterm", "a terminal as target"),
    package(Desktop, "zenity", "a small GTK target"),
    package(Desktop, "python3-gi", "the editor window that tests write into"),
    package(Desktop, "gir1.2-gtk-3.0", "the editor window that tests write into"),
    package(
        Desktop,
        "gir1.2-ayatanaappindicator3-0.1",
        "a tray icon of a foreign program, to test the tray tests",
    ),
    package(Desktop, "webkit2gtk-driver", "drives the page in the real window"),
    package(Desktop, "pulseaudio", "the sound server with the virtual microphone"),
    package(Desktop, "pulseaudio-utils", "plays into the virtual microphone"),
    package(Desktop, "libasound2-plugins", "ALSA programs hear the virtual microphone"),
    package(Desktop, "espeak-ng", "speech to play"),
    package(Desktop, "sox", "makes and measures sound files"),
    package(Desktop, "gnome-keyring", "the keyring that keys are kept in"),
    package(Desktop, "fonts-dejavu-core", "text in screenshots"),
    package(Windows, "gcc-mingw-w64-x86-64-posix", "compiles C for Windows and links"),
    package(Windows, "g++-mingw-w64-x86-64-posix", "compiles C++ for Windows"),
    package(Windows, "wine", "runs Windows programs"),
    package(Windows, "wine64", "runs Windows programs"),
    package(Windows, "xvfb", "the X server without a screen, for Wine"),
];

/// Makes sure the packages for these purposes are there: installs them on Debian and Ubuntu, tells how elsewhere.
pub(crate) fn provide(purposes: &[Purpose]) -> Result<(), Failure> {
    match System::here() {
        System::Debian => install_missing(purposes),
        other if purposes.iter().any(|purpose| *purpose != Build) => Err(Failure::new(
            "this task needs the virtual desktop, which is set up on Debian and Ubuntu alone",
        )
        .advise(match other {
            System::MacOs | System::Windows => "`cargo xtask run` and `cargo xtask test --fast` work here",
            _ => "`cargo xtask test --fast` works here; for the rest use a Debian 12 container",
        })),
        other => other.look_for_build_needs(),
    }
}

/// Whether this system's packages come by apt.
pub(crate) fn has_apt() -> bool {
    System::here() == System::Debian
}

/// Runs apt-get with these arguments, through sudo unless we are root.
pub(crate) fn apt_get(arguments: &[&str]) -> Result<(), Failure> {
    let line = format!("apt-get {}", arguments.join(" "));
    let root = processes::answer(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    let mut command = if root {
        Command::new("apt-get")
    } else if processes::answer(Command::new("sudo").arg("-V")).is_some() {
        let mut sudo = Command::new("sudo");
        sudo.args(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        sudo
    } else {
        return Err(Failure::new(
            "system packages are missing, and there is neither root nor sudo to install them",
        )
        .advise(format!("have somebody with the right to do so run: {line}")));
    };
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    let result = if root { processes::run(&mut command) } else { processes::run_in_foreground(&mut command) };
    result.map_err(|e| e.advise(format!("read apt's message above, mend it, then try again: {line}")))
}

fn install_missing(purposes: &[Purpose]) -> Result<(), Failure> {
    let wanted = names(purposes);
    let installed = processes::text_of(
        Command::new("dpkg-query").args(["-W", "-f", "${Package} ${db:Status-Status}\n"]).args(&wanted),
    )?;
    let missing = missing(&wanted, &installed);
    if missing.is_empty() {
        return Ok(());
    }
    say(&format!("system packages missing: {}", missing.join(" ")));
    let mut install = vec!["install", "--yes", "--no-install-recommends", "-qq"];
    install.extend(&missing);
    step("install them with apt-get", || {
        if !known_to_apt(&missing) {
            apt_get(&["update", "-qq"])?;
        }
        // The list may be older than the server's packages: then it is fetched anew, once.
        apt_get(&install).or_else(|_| {
            apt_get(&["update", "-qq"])?;
            apt_get(&install)
        })
    })
}

fn names(purposes: &[Purpose]) -> Vec<&'static str> {
    let mut names: Vec<_> =
        PACKAGES.iter().filter(|p| purposes.contains(&p.purpose)).map(|p| p.name).collect();
    let mut seen = BTreeSet::new();
    names.retain(|name| seen.insert(*name));
    names
}

fn missing<'a>(wanted: &[&'a str], dpkg: &str) -> Vec<&'a str> {
    let installed: BTreeSet<&str> = dpkg.lines().filter_map(|line| line.strip_suffix(" installed")).collect();
    wanted.iter().copied().filter(|name| !installed.contains(name)).collect()
}

fn known_to_apt(names: &[&str]) -> bool {
    processes::answer(Command::new("apt-cache").args(["show", "--no-all-versions"]).args(names)).is_some()
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum System {
    Debian,
    Fedora,
    Arch,
    OtherLinux,
    MacOs,
    Windows,
}

impl System {
    fn here() -> Self {
        if cfg!(target_os = "windows") {
            Self::Windows
        } else if cfg!(target_os = "macos") {
            Self::MacOs
        } else {
            Self::linux(&fs::read_to_string("/etc/os-release").unwrap_or_default())
        }
    }

    fn linux(os_release: &str) -> Self {
        let value = |key: &str| {
            os_release
                .lines()
                .find_map(|line| line.strip_prefix(key))
                .unwrap_or("")
                .trim_matches('"')
                .to_owned()
        };
        let ids = format!("{} {}", value("ID="), value("ID_LIKE="));
        ids.split_whitespace()
            .find_map(|id| match id {
                "debian" | "ubuntu" => Some(Self::Debian),
                "fedora" | "rhel" => Some(Self::Fedora),
                "arch" => Some(Self::Arch),
                _ => None,
            })
            .unwrap_or(Self::OtherLinux)
    }

    /// The one line that installs what a build needs.
    fn instruction(self) -> &'static str {
        match self {
            Self::Debian => "cargo xtask setup",
            Self::Fedora => {
                "sudo dnf install gcc gcc-c++ cmake pkgconf-pkg-config openssl-devel webkit2gtk4.1-devel \
                 libayatana-appindicator-gtk3-devel librsvg2-devel alsa-lib-devel nodejs npm"
            }
            Self::Arch => {
                "sudo pacman -S --needed base-devel cmake openssl webkit2gtk-4.1 libayatana-appindicator librsvg \
                 alsa-lib nodejs npm"
            }
            Self::OtherLinux => {
                "install a C and C++ compiler, cmake, pkg-config, Node 20 or newer, and the development packages of \
                 webkit2gtk 4.1, libayatana-appindicator 3, librsvg 2 and alsa-lib"
            }
            Self::MacOs => "xcode-select --install; brew install cmake node",
            Self::Windows => {
                "winget install Kitware.CMake OpenJS.NodeJS.LTS; winget install Microsoft.VisualStudio.2022.BuildTools \
                 --override \"--passive --wait --add Microsoft.VisualStudio.Workload.VCTools --includeRecommended\""
            }
        }
    }

    fn look_for_build_needs(self) -> Result<(), Failure> {
        let libraries: &[&str] = &["webkit2gtk-4.1", "ayatana-appindicator3-0.1", "librsvg-2.0", "alsa"];
        let mut absent: Vec<&str> = Vec::new();
        if processes::answer(Command::new("cmake").arg("--version")).is_none() {
            absent.push("cmake");
        }
        match self {
            Self::Windows => {}
            Self::MacOs => {
                if processes::answer(Command::new("xcode-select").arg("-p")).is_none() {
                    absent.push("Xcode's command line tools");
                }
            }
            _ => absent.extend(libraries.iter().copied().filter(|library| {
                processes::answer(Command::new("pkg-config").args(["--exists", library])).is_none()
            })),
        }
        if absent.is_empty() {
            return Ok(());
        }
        Err(Failure::new(format!("missing on this system: {}", absent.join(", ")))
            .advise(format!("{}\n  then run the task again", self.instruction())))
    }
}

/// The line that tells how to get Node on this system.
pub(crate) fn how_to_get_node() -> String {
    match System::here() {
        System::Debian => "install Node 20 or newer: https://nodejs.org/en/download, or with curl: \
             curl -fsSL https://deb.nodesource.com/setup_22.x | sudo bash - && sudo apt-get install -y nodejs"
            .to_owned(),
        other => other.instruction().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_dpkg_calls_installed_is_there() {
        let dpkg = "gcc installed\ncmake config-files\nxvfb not-installed\n";
        assert_eq!(missing(&["gcc", "cmake", "xvfb", "sox"], dpkg), ["cmake", "xvfb", "sox"]);
    }

    #[test]
    fn every_package_says_why_and_stands_once_for_a_purpose() {
        let mut seen = Vec::new();
        for package in PACKAGES {
            assert!(!package.why.is_empty(), "{}", package.name);
            assert!(!seen.contains(&(package.name, package.purpose)), "{} twice", package.name);
            seen.push((package.name, package.purpose));
        }
    }

    #[test]
    fn a_package_for_two_purposes_is_asked_for_once() {
        let names = names(&[Desktop, Windows]);
        assert_eq!(names.iter().filter(|name| **name == "xvfb").count(), 1);
        assert!(!names.contains(&"cmake"));
    }

    #[test]
    fn relatives_of_a_known_system_are_recognised() {
        assert_eq!(System::linux("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"), System::Debian);
        assert_eq!(System::linux("NAME=Debian\nID=debian\n"), System::Debian);
        assert_eq!(System::linux("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n"), System::Fedora);
        assert_eq!(System::linux("ID=manjaro\nID_LIKE=arch\n"), System::Arch);
        assert_eq!(System::linux("ID=void\n"), System::OtherLinux);
    }
}
