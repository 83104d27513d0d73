//! The bridge to the page: commands and events defined once, here, and generated for TypeScript.
//!
//! Invariant: nothing crosses that is not in the generated bindings, and every error crosses as `{code, message}`.

pub(crate) mod commands;
mod events;
#[macro_use]
mod roster;

pub(crate) use events::{Navigate, NoticesChanged, SettingsChanged};

use tauri_specta::{Builder, collect_commands, collect_events};

macro_rules! collect {
    ($($command:ident),* $(,)?) => { collect_commands![$(commands::$command),*] };
}

/// Everything the page can call and hear, ready to be mounted on the app or written out for TypeScript.
pub(crate) fn bridge() -> Builder<tauri::Wry> {
    Builder::<tauri::Wry>::new()
        .commands(every_command!(collect))
        .events(collect_events![Navigate, NoticesChanged, SettingsChanged])
        // One shape a type, whichever way it crosses: nothing here is written otherwise than it is read.
        .disable_serde_phases()
        .dangerously_cast_bigints_to_number()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use specta_typescript::Typescript;

    /// Fails when `ui/src/lib/bindings.ts` is not what the Rust side says; `cargo xtask bindings` writes it anew.
    #[test]
    fn bindings_are_current() {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/lib/bindings.ts");
        let fresh = tempfile::tempdir().unwrap();
        let fresh = fresh.path().join("bindings.ts");
        super::bridge().export(Typescript::default(), &fresh).unwrap();
        let generated = std::fs::read_to_string(&fresh).unwrap();
        if std::env::var_os("QUOTH_WRITE_BINDINGS").is_some() {
            std::fs::write(&page, &generated).unwrap();
        }
        let committed = std::fs::read_to_string(&page).unwrap_or_default();
        assert!(committed == generated, "{} is stale: run `cargo xtask bindings`", page.display());
    }
}
