//! Type-checking the whole workspace for Windows and macOS.
//!
//! Checking never links, so the C libraries that build scripts compile are answered by stand-in compilers that make
//! empty files. What is shown is that all Rust code for those systems compiles, no more.

use std::{env, fs, path::Path};

use super::{
    Target, cargo_for,
    rustc_web::{Found, RustcWeb},
};
use crate::{check::Verdict, failure::Failure, places, processes};

/// Type-checks for Windows.
pub(crate) fn check_windows() -> Result<Verdict, Failure> {
    check(Target::Windows)
}

/// Type-checks for macOS.
pub(crate) fn check_macos() -> Result<Verdict, Failure> {
    check(Target::MacOs)
}

fn check(target: Target) -> Result<Verdict, Failure> {
    let compiler = match RustcWeb::provide()? {
        Found::Here(compiler) => compiler,
        Found::Unavailable(why) => return Ok(Verdict::Skipped(why)),
    };
    let stand_ins = places::target().join("stand-ins").join(target.triple());
    write_stand_ins(&stand_ins)?;
    let mut cargo = cargo_for(target, "check", &compiler);
    cargo.args(["--workspace", "--all-targets"]);
    for (variable, program) in [("CC", "cc"), ("CXX", "cc"), ("AR", "ar")] {
        cargo.env(format!("{variable}_{}", target.in_variables()), stand_ins.join(program));
    }
    if target == Target::MacOs {
        // The cc crate asks Xcode for it otherwise.
        cargo.env("SDKROOT", "/");
    }
    let path = env::var_os("PATH");
    let path = std::iter::once(stand_ins.join("bin")).chain(path.iter().flat_map(env::split_paths));
    if let Ok(path) = env::join_paths(path) {
        cargo.env("PATH", path);
    }
    processes::run(&mut cargo)
        .map(|()| Verdict::Passed)
        .map_err(|e| e.advise(format!("mend what the compiler says about {} above", target.triple())))
}

/// A C compiler: it makes the file it is asked for, with nothing in it.
const CC: &str = r#"#!/bin/sh
case "$1" in
  --version|-v|-dumpversion) echo "clang version 15.0.0"; exit 0 ;;
esac
out=
for argument in "$@"; do
  case "$argument" in -E) exit 0 ;; esac
  [ "$previous" = -o ] && out=$argument
  previous=$argument
done
[ -z "$out" ] || : > "$out"
"#;

/// An archiver: it makes the archive it is asked for, with nothing in it.
const AR: &str = r#"#!/bin/sh
for argument in "$@"; do
  case "$argument" in *.a) printf '!<arch>\n' > "$argument" ;; esac
done
"#;

/// The maker of import libraries, which rustc itself calls for Windows (`-l` names the library).
const DLLTOOL: &str = r#"#!/bin/sh
for argument in "$@"; do
  [ "$previous" = -l ] && printf '!<arch>\n' > "$argument"
  previous=$argument
done
exit 0
"#;

fn write_stand_ins(folder: &Path) -> Result<(), Failure> {
    // In bin/ those looked for by name; nothing there may shadow the compilers of this machine.
    let all = [
        ("cc", CC),
        ("ar", AR),
        ("bin/x86_64-w64-mingw32-windres", CC),
        ("bin/x86_64-w64-mingw32-ar", AR),
        ("bin/x86_64-w64-mingw32-dlltool", DLLTOOL),
    ];
    for (name, text) in all {
        let file = folder.join(name);
        places::write(&file, text)?;
        make_executable(&file).map_err(|e| Failure::file("make executable", &file, &e))?;
    }
    Ok(())
}

#[cfg(unix)]
fn make_executable(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(file: &Path) -> std::io::Result<()> {
    fs::metadata(file).map(drop)
}
