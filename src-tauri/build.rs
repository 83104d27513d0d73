//! Tauri's build step, after one check whose failure would otherwise read like a riddle.

// The roster names every command once; here each becomes a permission that a window must be given.
include!("src/bridge/roster.rs");

macro_rules! names {
    ($($command:ident),* $(,)?) => { &[$(stringify!($command)),*] };
}

fn main() {
    println!("cargo:rerun-if-changed=../ui/dist");
    println!("cargo:rerun-if-changed=src/bridge/roster.rs");
    println!("cargo:rerun-if-env-changed=QUOTH_COMMIT");
    if !std::path::Path::new("../ui/dist/index.html").exists() {
        println!(
            "cargo:error=the page is not built: run `cargo xtask build` (or `npm ci && npm run build` in ui/)"
        );
        return;
    }
    let commands: &[&str] = every_command!(names);
    let attributes =
        tauri_build::Attributes::new().app_manifest(tauri_build::AppManifest::new().commands(commands));
    if let Err(problem) = tauri_build::try_build(attributes) {
        println!("cargo:error=tauri's build step failed: {problem:#}");
    }
}
