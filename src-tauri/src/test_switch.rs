//! A test switch: lets the tests of the whole app see what becomes of a panic inside it. Nothing of it is in a release
//! build.

/// In a debug build, with `QUOTH_TEST_PANIC` naming this `place`, panics with words put together as if somebody had
/// dictated them.
#[cfg(debug_assertions)]
#[expect(clippy::panic, reason = "that is its purpose")]
pub(crate) fn panic_if_told(place: &str) {
    if std::env::var("QUOTH_TEST_PANIC").is_ok_and(|told| told == place) {
        panic!("{place}: words that somebody dictated");
    }
}

#[cfg(not(debug_assertions))]
pub(crate) fn panic_if_told(_place: &str) {}
