//! From the names of keys to the X server's numbers for what stands on them.

/// Keys whose symbol is no character, by their X names.
const NAMED: [(&str, u32); 42] = [
    ("BackSpace", 0xff08),
    ("Tab", 0xff09),
    ("Return", 0xff0d),
    ("Pause", 0xff13),
    ("Scroll_Lock", 0xff14),
    ("Escape", 0xff1b),
    ("Home", 0xff50),
    ("Left", 0xff51),
    ("Up", 0xff52),
    ("Right", 0xff53),
    ("Down", 0xff54),
    ("Page_Up", 0xff55),
    ("Page_Down", 0xff56),
    ("End", 0xff57),
    ("Print", 0xff61),
    ("Insert", 0xff63),
    ("Menu", 0xff67),
    ("Num_Lock", 0xff7f),
    ("KP_Enter", 0xff8d),
    ("F1", 0xffbe),
    ("F2", 0xffbf),
    ("F3", 0xffc0),
    ("F4", 0xffc1),
    ("F5", 0xffc2),
    ("F6", 0xffc3),
    ("F7", 0xffc4),
    ("F8", 0xffc5),
    ("F9", 0xffc6),
    ("F10", 0xffc7),
    ("F11", 0xffc8),
    ("F12", 0xffc9),
    ("Shift_L", 0xffe1),
    ("Shift_R", 0xffe2),
    ("Control_L", 0xffe3),
    ("Control_R", 0xffe4),
    ("Caps_Lock", 0xffe5),
    ("Alt_L", 0xffe9),
    ("Alt_R", 0xffea),
    ("Super_L", 0xffeb),
    ("Super_R", 0xffec),
    ("Delete", 0xffff),
    ("space", 0x20),
];

/// The symbol of a key named as X does (`Return`, `Control_L`) or by the one character it types (`a`, `?`).
pub(crate) fn keysym(name: &str) -> Option<u32> {
    let mut characters = name.chars();
    match (characters.next(), characters.next()) {
        (Some(character), None) => Some(character_keysym(character)),
        _ => NAMED.iter().find(|(known, _)| *known == name).map(|(_, keysym)| *keysym),
    }
}

/// The symbol of a character: Latin-1 stands for itself, control characters for their keys, all else is Unicode.
pub(crate) fn character_keysym(character: char) -> u32 {
    match (character, u32::from(character)) {
        ('\n', _) => 0xff0d,
        ('\t', _) => 0xff09,
        (_, code @ (0x20..=0x7e | 0xa0..=0xff)) => code,
        (_, code) => 0x0100_0000 | code,
    }
}

#[cfg(test)]
mod tests {
    use super::keysym;

    #[test]
    fn names_and_characters_have_their_symbols() {
        assert_eq!(keysym("a"), Some(0x61));
        assert_eq!(keysym("ä"), Some(0xe4));
        assert_eq!(keysym("€"), Some(0x0100_20ac));
        assert_eq!(keysym("Return"), keysym("\n"));
        assert_eq!(keysym("Contrl_L"), None);
    }
}
