//! A panic is written down with its place and without its words. The hook belongs to the whole process, so this
//! program holds one test.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy knows tests only by their attribute, not their helpers"
)]

use std::{fs, thread};

use quoth_app::{
    logs::{Logs, PanicPlace, Panics, contain, install_panic_hook},
    notice::{NoticeLevel, Notices},
    places::Places,
    settings::Settings,
};

#[test]
fn a_panic_is_logged_with_its_place_told_calmly_and_never_quoted() {
    let home = tempfile::tempdir().unwrap();
    let places = Places::under(home.path());
    let _logs = Logs::install(&places, &Settings::default().log).unwrap();
    assert!(Logs::install(&places, &Settings::default().log).is_err(), "a second log in one process");
    let (panics, notices) = (Panics::new(), Notices::new());
    install_panic_hook(panics.clone(), notices.clone());

    let spoken = String::from("grüße an geheim");
    let cut = thread::Builder::new().name("cutter".into()).spawn(move || spoken[..3].len()).unwrap();
    assert!(cut.join().is_err());
    let spoken = String::from("geheim");
    let formatted = contain("format", || panic!("the text was {spoken}"));
    assert_eq!(formatted.unwrap_err().code, "internal");
    let fixed = contain("fixed", || panic!("a fixed text"));
    assert_eq!(fixed.unwrap_err().code, "internal");

    let log = fs::read_to_string(places.log_file()).unwrap();
    assert!(!log.contains("geheim"), "{log}");
    assert_eq!(log.lines().count(), 3, "{log}");
    for expected in
        ["thread=\"cutter\"", "panics.rs:", "a fixed text", "not logged: it may hold what somebody said"]
    {
        assert!(log.contains(expected), "{expected} is missing in\n{log}");
    }
    let places: Vec<PanicPlace> = panics.list();
    assert_eq!(
        places.iter().map(|place| place.message).collect::<Vec<_>>(),
        [None, None, Some("a fixed text")]
    );
    assert!(places.iter().all(|place| place.location.contains("panics.rs:")), "{places:?}");

    let told = notices.list();
    assert_eq!(told.len(), 1, "the same notice is not repeated");
    assert_eq!((told[0].code.as_str(), told[0].level), ("panic", NoticeLevel::Error));
    assert!(!told[0].message.contains("geheim") && !told[0].message.to_lowercase().contains("panic"));

    for number in 0..20 {
        let _ = contain("many", || panic!("{number}"));
    }
    assert_eq!(panics.list().len(), 10, "only the last are kept");
}
