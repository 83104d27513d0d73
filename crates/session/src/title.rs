//! What a session is called in the list.

use crate::limits;

/// The title a text gives its session: its first line that is not blank, trimmed, cut after
/// [`limits::TITLE_CHARS`] characters with three dots behind. Nothing where every line is blank.
pub fn of_text(text: &str) -> Option<String> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    Some(match line.char_indices().nth(limits::TITLE_CHARS) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line.to_owned(),
    })
}

/// What a session is called until it has text: "Dictation 14:32", by the user's own clock.
pub fn until_text(hour: u8, minute: u8) -> String {
    format!("Dictation {hour:02}:{minute:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d11_the_first_line_with_something_in_it_is_the_title() {
        assert_eq!(of_text("\n  \n  Dear Ann,  \nhow are you").as_deref(), Some("Dear Ann,"));
        assert_eq!(of_text(" \n\t\n"), None);
        assert_eq!(of_text(""), None);
    }

    #[test]
    fn d11_a_title_is_cut_by_characters_not_bytes() {
        let exact = "ü".repeat(80);
        assert_eq!(of_text(&exact).as_deref(), Some(exact.as_str()));
        assert_eq!(of_text(&"ü".repeat(81)), Some(format!("{exact}...")));
    }

    #[test]
    fn d11_until_there_is_text_the_time_is_the_title() {
        assert_eq!(until_text(14, 32), "Dictation 14:32");
        assert_eq!(until_text(9, 5), "Dictation 09:05");
    }
}
