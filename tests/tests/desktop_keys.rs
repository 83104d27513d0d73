//! Keys, windows and the focus.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what steps out of line fails the test"
)]

use quoth_desktop::{Button, Desktop, DesktopPlan, Editor, EditorPlan, PATIENCE, Part, Place, wait_until};

fn desktop_with_windows() -> Desktop {
    Desktop::start(&DesktopPlan::bare().with(Part::WindowManager)).unwrap()
}

#[test]
fn typed_text_reaches_the_editor_exactly() {
    let desktop = desktop_with_windows();
    let editor = Editor::open(&desktop, &EditorPlan::titled("Letter")).unwrap();
    editor.focus().unwrap();
    let text = "Dear reader,\n\tThis is #1 of {2}: \"100%\" ~ <fine> & _done_?\n";
    desktop.keys().type_text(text).unwrap();
    editor.wait_for_text(text).unwrap();
    let missing = desktop.keys().type_text("\u{65e5}").unwrap_err().to_string();
    assert!(missing.contains("\u{65e5}"), "{missing}");
}

#[test]
fn typed_text_reaches_a_terminal_as_bytes() {
    let desktop = desktop_with_windows();
    let terminal = Editor::open(&desktop, &EditorPlan::terminal("Shell").class("Terminal")).unwrap();
    terminal.focus().unwrap();
    // What is typed before the terminal's program listens would be echoed or lost.
    wait_until("the terminal to show each letter", PATIENCE, || {
        desktop.keys().tap("x").ok()?;
        terminal.text().ok()?.ends_with('x').then_some(())
    })
    .unwrap();
    let before = terminal.text().unwrap();
    desktop.keys().type_text("ls -l\n").unwrap();
    desktop.keys().chord(&["Control_L", "c"]).unwrap();
    wait_until("the line", PATIENCE, || terminal.text().ok()?.ends_with("ls -l\r\u{3}").then_some(()))
        .unwrap();
    assert!(terminal.text().unwrap().trim_start_matches('x').eq("ls -l\r\u{3}"), "after {before:?}");
    assert_eq!(terminal.window().class, ("terminal".into(), "Terminal".into()));
}

#[test]
fn a_held_key_goes_down_once_repeats_and_comes_up_when_let_go() {
    let desktop = desktop_with_windows();
    let editor = Editor::open(&desktop, &EditorPlan::titled("Held")).unwrap();
    editor.focus().unwrap();
    let held = desktop.keys().hold("a").unwrap();
    wait_until("the held key to repeat", PATIENCE, || (editor.text().ok()?.len() >= 3).then_some(()))
        .unwrap();
    assert!(!editor.keys().unwrap().contains(&"release a".to_owned()), "{:?}", editor.keys());
    held.release().unwrap();
    wait_until("the key to come up", PATIENCE, || (editor.keys().ok()?.last()? == "release a").then_some(()))
        .unwrap();
    let (text, keys) = (editor.text().unwrap(), editor.keys().unwrap());
    assert!(text.chars().all(|character| character == 'a'), "{text:?}");
    assert_eq!(keys.iter().filter(|key| *key == "press a").count(), text.len(), "{keys:?}");
    assert_eq!(keys.iter().filter(|key| *key == "release a").count(), 1, "{keys:?}");
}

#[test]
fn a_key_held_by_a_failing_test_comes_up() {
    let desktop = desktop_with_windows();
    let editor = Editor::open(&desktop, &EditorPlan::titled("Failing")).unwrap();
    editor.focus().unwrap();
    std::thread::scope(|scope| {
        let keys = desktop.keys();
        let failing = scope.spawn(move || {
            let _held = keys.hold("Shift_L").unwrap();
            panic!("a failing test");
        });
        assert!(failing.join().is_err());
    });
    desktop.keys().tap("q").unwrap();
    editor.wait_for_text("q").unwrap();
}

#[test]
fn keys_follow_the_focus() {
    let desktop = desktop_with_windows();
    let first = Editor::open(&desktop, &EditorPlan::titled("First")).unwrap();
    let second = Editor::open(&desktop, &EditorPlan::titled("Second").class("Other").text("old ")).unwrap();
    first.focus().unwrap();
    assert_eq!(desktop.windows().focused().unwrap().unwrap().title, "First");
    desktop.keys().type_text("one").unwrap();
    first.wait_for_text("one").unwrap();
    second.focus().unwrap();
    desktop.keys().type_text("two").unwrap();
    second.wait_for_text("old two").unwrap();
    first.wait_for_text("one").unwrap();
    assert_eq!(second.window().class, ("other".into(), "Other".into()));
    assert_eq!(second.window().pid, Some(second.pid()));
}

#[test]
fn a_window_is_moved_and_a_click_gives_it_the_focus() {
    let desktop = desktop_with_windows();
    let left = Editor::open(&desktop, &EditorPlan::titled("Left")).unwrap();
    let right = Editor::open(&desktop, &EditorPlan::titled("Right")).unwrap();
    for (editor, x) in [(&left, 40), (&right, 660)] {
        let place = Place { x, y: 100, width: 500, height: 300 };
        desktop.windows().move_to(editor.window(), place).unwrap();
        assert_eq!(desktop.windows().wait_for_process(editor.pid()).unwrap().place, place);
    }
    for (editor, x) in [(&left, 290), (&right, 910), (&left, 290)] {
        desktop.pointer().move_to(x, 250).unwrap();
        desktop.pointer().click(Button::Left).unwrap();
        desktop.windows().wait_focused(editor.window()).unwrap();
    }
}

#[test]
fn a_window_closes_as_by_its_cross() {
    let desktop = desktop_with_windows();
    let editor = Editor::open(&desktop, &EditorPlan::titled("Brief")).unwrap();
    let window = desktop.windows().wait_for_process(editor.pid()).unwrap();
    assert_eq!(window.title, "Brief");
    editor.close(PATIENCE).unwrap();
    desktop.windows().wait_gone(&window).unwrap();
    assert_eq!(desktop.windows().list().unwrap(), []);
}

#[test]
fn a_wrong_text_is_quoted_beside_the_right_one() {
    let desktop = desktop_with_windows();
    let editor = Editor::open(&desktop, &EditorPlan::titled("Wrong").text("was there")).unwrap();
    let shortly = std::time::Duration::from_millis(50);
    let error = editor.wait_for_text_within("never", shortly).unwrap_err().to_string();
    assert!(
        error.contains("\"never\"") && error.contains("\"was there\"") && error.contains("Wrong"),
        "{error}"
    );
}
