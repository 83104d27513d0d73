//! Every type that crosses to the page can be written as TypeScript, numbers as numbers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy knows tests only by their attribute, not their helpers"
)]

use quoth_app::{
    about::About,
    control::{Page, Status},
    failure::Failure,
    notice::Notice,
    settings::{SettingValue, SettingsView},
};
use specta::Types;
use specta_typescript::Typescript;

#[test]
fn what_crosses_is_typed_for_the_page() {
    let types = Types::default()
        .register::<About>()
        .register::<Failure>()
        .register::<Notice>()
        .register::<Page>()
        .register::<SettingValue>()
        .register::<SettingsView>()
        .register::<Status>();
    let typescript = Typescript::default().export(&types, specta_serde::Format).unwrap();
    // Without its comments, on one line.
    let words = typescript.lines().filter(|line| !line.trim_start().starts_with(['/', '*']));
    let typescript = words.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ");
    for expected in [
        "uptime_ms: number",
        "at: number",
        "type WholeNumber = number",
        "SettingValue = boolean | number | string",
        "blocked_by: Blocked | null",
        "kind: ProblemKind, key: string | null, line: number | null, message: string",
    ] {
        assert!(typescript.contains(expected), "{expected} is missing in\n{typescript}");
    }
    assert!(!typescript.contains("bigint"), "{typescript}");
}
