//! `cargo xtask setup`: finds what is missing and installs it. Every other task begins with its share of it.

use crate::{
    failure::Failure,
    packages::{self, Purpose},
    page,
    progress::say,
    tools,
};

/// Everything this machine can have, for every task but those that name their own packages.
pub(crate) fn setup() -> Result<(), Failure> {
    if packages::has_apt() {
        for_tests()?;
    } else {
        for_fast_tests()?;
    }
    say("setup: everything is there");
    Ok(())
}

/// What compiling and opening the app needs.
pub(crate) fn for_build() -> Result<(), Failure> {
    packages::provide(&[Purpose::Build])?;
    page::install()
}

/// What the tests without a desktop need.
pub(crate) fn for_fast_tests() -> Result<(), Failure> {
    for_build()?;
    tools::provide_nextest()
}

/// What the tests on the virtual desktop need.
pub(crate) fn for_tests() -> Result<(), Failure> {
    for_desktop()?;
    tools::provide_nextest()
}

/// What the virtual desktop needs, with an app to run on it.
pub(crate) fn for_desktop() -> Result<(), Failure> {
    packages::provide(&[Purpose::Build, Purpose::Desktop])?;
    page::install()
}
