//! Every part of the desktop is really there when `start` returns.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what steps out of line fails the test"
)]

use quoth_desktop::{Desktop, DesktopError, DesktopPlan, Editor, EditorPlan, Part, Place};

#[test]
fn a_full_desktop_is_ready_in_all_its_parts() {
    let desktop = Desktop::start(&DesktopPlan::full()).unwrap();
    println!("ready after {:?}", desktop.ready_after());
    assert!(desktop.tray().is_there(), "someone takes tray icons");
    let bus = desktop.bus().unwrap();
    assert!(bus.has_name("org.freedesktop.secrets").unwrap(), "names on the bus: {:?}", bus.names());
    let heard = desktop.microphone().record(16_000).unwrap();
    heard.wait_for_more(std::time::Duration::from_millis(300)).unwrap();
    assert_eq!(desktop.windows().focused().unwrap(), None, "nobody has the focus yet");
}

#[test]
fn a_secret_is_kept_in_the_unlocked_keyring() {
    let desktop = Desktop::start(&DesktopPlan::bare().with(Part::Keyring)).unwrap();
    let script = r#"
import gi
from gi.repository import Gio, GLib
bus = Gio.bus_get_sync(Gio.BusType.SESSION)
def call(path, interface, method, arguments):
    return bus.call_sync("org.freedesktop.secrets", path, interface, method, arguments, None, 0, 10000, None)
service, root = "org.freedesktop.Secret.Service", "/org/freedesktop/secrets"
session = call(root, service, "OpenSession", GLib.Variant("(sv)", ("plain", GLib.Variant("s", ""))))[1]
properties = {"org.freedesktop.Secret.Item.Label": GLib.Variant("s", "quoth test")}
secret = (session, b"", b"open sesame", "text/plain")
login = root + "/collection/login"
item, prompt = call(login, "org.freedesktop.Secret.Collection", "CreateItem",
                    GLib.Variant("(a{sv}(oayays)b)", (properties, secret, True)))
print(prompt, bytes(call(item, "org.freedesktop.Secret.Item", "GetSecret", GLib.Variant("(o)", (session,)))[0][2]))
"#;
    let mut command = desktop.command("/usr/bin/python3");
    let output = command.args(["-c", script]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(said, "/ b'open sesame'\n", "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_bare_desktop_has_only_a_display() {
    let desktop = Desktop::start(&DesktopPlan::bare().sized(320, 200)).unwrap();
    assert_eq!(desktop.part_pids().len(), 1);
    assert!(!desktop.tray().is_there());
    assert!(matches!(desktop.bus(), Err(DesktopError::NotThere(_))));
    let picture = desktop.picture().unwrap();
    assert_eq!(picture.size(), (320, 200));
    assert_eq!(
        picture.colours(Place { x: 0, y: 0, width: 320, height: 200 }),
        1,
        "there is nothing to be seen"
    );
}

#[test]
fn a_screenshot_shows_a_window() {
    let desktop = Desktop::start(&DesktopPlan::bare().with(Part::WindowManager)).unwrap();
    let editor = Editor::open(&desktop, &EditorPlan::titled("Seen").text("some words")).unwrap();
    let place = editor.window().place;
    let colours = || Some(desktop.picture().ok()?.colours(place)).filter(|colours| *colours > 3);
    quoth_desktop::wait_until("the editor's text on the screen", quoth_desktop::PATIENCE, colours).unwrap();
    let file = desktop.folder().join("shots/screen.png");
    desktop.screenshot(&file).unwrap();
    let png = std::fs::read(file).unwrap();
    assert_eq!(png.get(..8).unwrap(), b"\x89PNG\r\n\x1a\n");
}

#[test]
fn programs_get_the_desktops_environment_and_not_the_tests() {
    let desktop = Desktop::start(&DesktopPlan::bare().with(Part::Bus)).unwrap();
    let output = desktop.command("env").output().unwrap();
    let environment = String::from_utf8(output.stdout).unwrap();
    let value = |name: &str| environment.lines().find_map(|line| line.strip_prefix(&format!("{name}=")));
    assert_eq!(value("DISPLAY"), Some(desktop.display_name()));
    for name in
        ["HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"]
    {
        let folder = value(name).unwrap();
        assert!(folder.starts_with(desktop.folder().to_str().unwrap()), "{name} is {folder}");
        assert!(std::path::Path::new(folder).is_dir(), "{name} is {folder}");
    }
    assert_eq!(value("CARGO_MANIFEST_DIR"), None);
}
