//! Reading and editing as pure functions; the file itself is shown in `tests/settings_file.rs`.

use super::{
    LogLevel, ProblemKind, Settings, SettingsError, TEMPLATE, Theme, WholeNumber, differing,
    editing::{self, EditFault},
    reading::{self, Reading},
    watching,
};

fn read(text: &str) -> Reading {
    reading::read(text).unwrap()
}

fn key_lines(reading: &Reading) -> Vec<(ProblemKind, String, u32)> {
    let named = |p: &super::SettingsProblem| (p.kind, p.key.clone().unwrap(), p.line.unwrap());
    reading.problems.iter().map(named).collect()
}

#[test]
fn the_template_shows_the_defaults_and_has_no_problem() {
    assert_eq!(read(TEMPLATE), Reading { settings: Settings::default(), problems: Vec::new() });
}

#[test]
fn the_template_covers_every_key_each_after_its_comment() {
    let document: toml_edit::DocumentMut = TEMPLATE.parse().unwrap();
    for (key, default) in reading::leaves(&Settings::default()) {
        let (group, name) = key.split_once('.').unwrap();
        let table = document[group].as_table().unwrap_or_else(|| panic!("[{group}] is missing"));
        let (written, value) = table.get_key_value(name).unwrap_or_else(|| panic!("{key} is missing"));
        assert_eq!(value.to_string().trim(), default, "{key}");
        let above = written.leaf_decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
        assert!(above.contains("# "), "{key} has no comment");
    }
}

#[test]
fn defaults_survive_the_way_to_toml_and_back() {
    assert_eq!(differing(&Settings::default()), []);
    let settings = reading::with_value(&Settings::default(), "log.level", &"warn".into()).unwrap();
    assert_eq!(differing(&settings), [("log.level".to_owned(), "\"warn\"".to_owned())]);
}

#[test]
fn one_bad_value_falls_back_alone_and_is_named_with_line_and_choices() {
    let reading = read("[appearance]\ntheme = \"blue\"\n[log]\nlevel = \"debug\"\nmax_megabytes = 20\n");
    assert_eq!(reading.settings.appearance.theme, Theme::System);
    assert_eq!(reading.settings.log.level, LogLevel::Debug);
    assert_eq!(reading.settings.log.max_megabytes.get(), 20);
    assert_eq!(key_lines(&reading), [(ProblemKind::WrongValue, "appearance.theme".into(), 2)]);
    assert_eq!(
        reading.problems[0].message,
        "Settings, line 2: appearance.theme cannot be \"blue\". \"system\" is used instead. \
         Allowed: \"system\", \"light\", \"dark\"."
    );
}

#[test]
fn a_wrong_type_says_what_is_allowed() {
    let allowed_for =
        |text: &str| read(text).problems[0].message.split("Allowed: ").nth(1).unwrap().to_owned();
    assert_eq!(allowed_for("general.start_at_login = \"yes\""), "true or false.");
    assert_eq!(allowed_for("general.start_at_login = 1"), "true or false.");
    for wrong in ["0", "101", "-1", "1.5", "\"ten\"", "true", "99999999999", "[10]"] {
        let text = format!("log.max_megabytes = {wrong}");
        assert_eq!(allowed_for(&text), "a whole number from 1 to 100.", "{wrong}");
    }
    assert_eq!(allowed_for("log.level = 3"), "\"error\", \"warn\", \"info\", \"debug\".");
}

#[test]
fn the_bounds_of_a_number_are_allowed() {
    for (text, number) in [("log.max_megabytes = 1", 1), ("log.max_megabytes = 100", 100)] {
        let reading = read(text);
        assert_eq!((reading.settings.log.max_megabytes.get(), reading.problems.len()), (number, 0));
    }
    assert_eq!(WholeNumber::<1, 100>::new(0), None);
}

#[test]
fn a_group_that_is_a_value_and_a_value_that_is_a_group_are_named() {
    let reading = read("general = 5\n[log.level]\nx = 1\n[[appearance]]\ntheme = \"dark\"\n");
    assert_eq!(reading.settings, Settings::default());
    assert_eq!(
        key_lines(&reading),
        [
            (ProblemKind::WrongValue, "general".into(), 1),
            (ProblemKind::WrongValue, "log.level".into(), 2),
            (ProblemKind::WrongValue, "appearance".into(), 4),
        ]
    );
    assert!(reading.problems[0].message.contains("Allowed: a group [general]."), "{:?}", reading.problems[0]);
}

#[test]
fn unknown_keys_are_named_once_with_what_was_probably_meant() {
    let text = "theme = \"dark\"\n[general]\nlanguge = \"de\"\n[lgo]\nlevel = \"debug\"\nx = 1\n[zzz]\n";
    let reading = read(text);
    assert_eq!(reading.settings, Settings::default());
    let unknown = |key: &str, line| (ProblemKind::UnknownKey, key.to_owned(), line);
    assert_eq!(
        key_lines(&reading),
        [unknown("theme", 1), unknown("general.languge", 3), unknown("lgo", 4), unknown("zzz", 7)]
    );
    let hints: Vec<_> = reading.problems.iter().map(|p| p.message.split("Did you mean ").nth(1)).collect();
    assert_eq!(hints, [Some("\"appearance.theme\"?"), Some("\"general.language\"?"), Some("\"log\"?"), None]);
}

#[test]
fn every_way_toml_has_to_write_a_group_is_read() {
    for text in [
        "[log]\nlevel = \"warn\"",
        "log.level = \"warn\"",
        "log = { level = \"warn\" }",
        "[log]\n'level' = 'warn'",
    ] {
        let reading = read(text);
        assert_eq!((reading.settings.log.level, reading.problems.len()), (LogLevel::Warn, 0), "{text}");
    }
}

#[test]
fn a_syntax_error_names_its_line() {
    for (text, line) in
        [("a = 1\nb = \n", 2), ("[general]\n\n[general]\n", 3), ("x = 1\nx = 2", 2), ("\n\n{", 3)]
    {
        assert_eq!(reading::read(text).unwrap_err().line, line, "{text}");
    }
}

#[test]
fn d67_byte_order_marks_and_utf_16_are_read() {
    let text = "[general]\r\nlanguage = \"de\" # für mich ☂ 🎉\r\n";
    let units: Vec<u16> = text.encode_utf16().collect();
    let with = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
    for bytes in [
        text.as_bytes().to_vec(),
        with(&[0xEF, 0xBB, 0xBF], text.into()),
        with(&[0xFF, 0xFE], units.iter().flat_map(|unit| unit.to_le_bytes()).collect()),
        with(&[0xFE, 0xFF], units.iter().flat_map(|unit| unit.to_be_bytes()).collect()),
    ] {
        assert_eq!(reading::decode(&bytes).unwrap(), text);
    }
}

#[test]
fn what_is_no_text_says_in_which_line() {
    assert_eq!(reading::decode(b"a = 1\nb = \"\xE4\"\n").unwrap_err().line, 2);
    // Half a character, and a pair that has no second half.
    assert_eq!(reading::decode(&[0xFF, 0xFE, b'\n', 0, b'a']).unwrap_err().line, 2);
    assert_eq!(reading::decode(&[0xFE, 0xFF, 0xD8, 0x00]).unwrap_err().line, 1);
}

#[test]
fn an_edit_keeps_comments_order_spacing_and_line_ends() {
    let text =
        "# top\r\n[appearance]\r\n  theme   =   'light'   # mine\r\n\r\n[other] # kept\r\nx=1\r\n# end\r\n";
    let edited = editing::with_value(text, "appearance.theme", "dark".into()).unwrap();
    assert_eq!(edited, text.replace("'light'", "\"dark\""));
}

#[test]
fn a_missing_key_or_group_is_added_and_nothing_else_changes() {
    let text = "# mine\n[log]\nlevel = \"warn\" # quiet\n";
    let with_key = editing::with_value(text, "log.max_megabytes", 5.into()).unwrap();
    assert_eq!(with_key, format!("{text}max_megabytes = 5\n"));
    let with_group = editing::with_value(text, "appearance.theme", "dark".into()).unwrap();
    assert_eq!(with_group, format!("{text}\n[appearance]\ntheme = \"dark\"\n"));
    assert_eq!(read(&with_group).settings.appearance.theme, Theme::Dark);
}

#[test]
fn an_edit_finds_inline_and_dotted_groups() {
    for (text, expected) in [
        ("log = { level = \"warn\" } # x\n", "log = { level = \"debug\" } # x\n"),
        ("log.level = \"warn\" # x\n", "log.level = \"debug\" # x\n"),
    ] {
        assert_eq!(editing::with_value(text, "log.level", "debug".into()).unwrap(), expected);
    }
}

#[test]
fn an_edit_never_replaces_a_value_that_stands_where_a_group_belongs() {
    let fault = editing::with_value("general = 5 # why?\n", "general.language", "de".into());
    assert_eq!(fault, Err(EditFault::NoGroup("general".into())));
}

#[test]
fn a_value_is_recognised_however_it_is_spelled() {
    let says = |text: &str, key, value: toml_edit::Value| !editing::says_otherwise(text, key, &value);
    assert!(says("log.level = 'warn' # x", "log.level", "warn".into()));
    assert!(says("log.max_megabytes = 0x0a", "log.max_megabytes", 10.into()));
    assert!(says("", "log.max_megabytes", 10.into()));
    assert!(!says("log.max_megabytes = \"10\"", "log.max_megabytes", 10.into()));
}

#[test]
fn setting_checks_key_and_value_before_anything_happens() {
    let set = |key: &str, value: toml_edit::Value| reading::with_value(&Settings::default(), key, &value);
    let unknown = set("apearance.theme", "dark".into()).unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "There is no setting \"apearance.theme\". Did you mean \"appearance.theme\"?"
    );
    assert!(matches!(set("general", 1.into()), Err(SettingsError::UnknownKey { .. })));
    assert!(matches!(set("", 1.into()), Err(SettingsError::UnknownKey { .. })));
    let wrong = set("log.max_megabytes", 0.into()).unwrap_err();
    assert_eq!(wrong.to_string(), "log.max_megabytes cannot be 0. Allowed: a whole number from 1 to 100.");
}

#[test]
fn a_look_at_the_file_is_not_taken_for_an_edit() {
    use notify::event::{AccessKind, AccessMode, CreateKind, EventKind, ModifyKind, RemoveKind};
    let closed = |mode| EventKind::Access(AccessKind::Close(mode));
    for look in [EventKind::Access(AccessKind::Open(AccessMode::Any)), closed(AccessMode::Read)] {
        assert!(!watching::changes(look), "{look:?}");
    }
    let made = EventKind::Create(CreateKind::File);
    let removed = EventKind::Remove(RemoveKind::File);
    for edit in [closed(AccessMode::Write), EventKind::Modify(ModifyKind::Any), made, removed, EventKind::Any]
    {
        assert!(watching::changes(edit), "{edit:?}");
    }
}
