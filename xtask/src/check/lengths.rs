//! No file longer than can be read in one go.

use super::none_of;
use crate::{
    failure::Failure,
    places,
    sources::{self, Kind},
};

const MOST_LINES: usize = 500;

pub(super) fn check() -> Result<(), Failure> {
    let mut findings = Vec::new();
    for file in sources::list(Kind::ALL)? {
        let lines = places::read(&file)?.lines().count();
        if lines > MOST_LINES {
            findings.push(format!("{}: {lines} lines, {MOST_LINES} at most", places::shown(&file)));
        }
    }
    none_of(&findings, "it holds more than one idea: give each its own file")
}
