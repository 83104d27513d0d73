//! From the bytes of the file to settings: nothing in it can fail except the text as a whole.

use std::ops::Range;

use toml_edit::{Document, DocumentMut, Item, TableLike};

use super::{
    Settings, SettingsError,
    problem::{ProblemKind, SettingsProblem, did_you_mean},
};

/// What a file that is valid TOML says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) settings: Settings,
    pub(super) problems: Vec<SettingsProblem>,
}

/// Why a file could not be read as TOML at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// Counted from 1.
    pub(super) line: u32,
    pub(super) what: String,
}

/// The text of a file. Windows editors put marks at its start or write UTF-16; both are read.
pub(super) fn decode(bytes: &[u8]) -> Result<String, Fault> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> Result<String, Fault> {
    let fault = |error: std::str::Utf8Error| Fault {
        line: line_of(&String::from_utf8_lossy(&bytes[..error.valid_up_to()]), usize::MAX),
        what: "it is not text in UTF-8".into(),
    };
    std::str::from_utf8(bytes).map(str::to_owned).map_err(fault)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Fault> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(pairs.len());
    for character in char::decode_utf16(pairs.iter().copied().map(unit)) {
        match character {
            Ok(character) => text.push(character),
            Err(_) => return Err(broken_utf16(&text)),
        }
    }
    if rest.is_empty() { Ok(text) } else { Err(broken_utf16(&text)) }
}

fn broken_utf16(before: &str) -> Fault {
    Fault { line: line_of(before, usize::MAX), what: "it is not text in UTF-16, though it starts so".into() }
}

/// The line, from 1, in which the byte at `offset` stands.
fn line_of(text: &str, offset: usize) -> u32 {
    let newlines = text.bytes().take(offset).filter(|byte| *byte == b'\n').count();
    u32::try_from(newlines + 1).unwrap_or(u32::MAX)
}

/// Reads settings from text: each value that cannot be used is left out alone, and named.
///
/// It starts from the defaults and puts in one value of the file at a time, keeping what still reads as settings.
pub(super) fn read(text: &str) -> Result<Reading, Fault> {
    let document = Document::parse(text).map_err(|error| Fault {
        line: line_of(text, error.span().map_or(0, |span| span.start)),
        what: error.message().to_owned(),
    })?;
    let mut reader = Reader { text, effective: defaults(), problems: Vec::new() };
    reader.group(document.as_table(), &mut Vec::new());
    reader.problems.sort_by_key(|problem| problem.line);
    let settings = settings_of(&reader.effective).unwrap_or_default();
    Ok(Reading { settings, problems: reader.problems })
}

struct Reader<'t> {
    text: &'t str,
    effective: DocumentMut,
    problems: Vec<SettingsProblem>,
}

impl Reader<'_> {
    fn group(&mut self, table: &dyn TableLike, path: &mut Vec<String>) {
        for (name, item) in table.iter() {
            path.push(name.to_owned());
            let span = table.key(name).and_then(toml_edit::Key::span).or_else(|| item.span());
            match (known(&defaults(), path), item.as_table_like()) {
                (Some(Known::Group), Some(inner)) => self.group(inner, path),
                (Some(Known::Group), None) => {
                    self.wrong(path, span, &shown(item), &format!("a group [{}]", path.join(".")));
                }
                (Some(Known::Leaf), _) => match with_leaf(&self.effective, path, item.clone()) {
                    Ok(better) => self.effective = better,
                    Err(allowed) => self.wrong(path, span, &shown(item), &allowed),
                },
                (None, _) => self.unknown(path, span),
            }
            path.pop();
        }
    }

    fn line(&self, span: Option<Range<usize>>) -> Option<u32> {
        span.map(|span| line_of(self.text, span.start))
    }

    fn wrong(&mut self, path: &[String], span: Option<Range<usize>>, found: &str, allowed: &str) {
        let (key, line) = (path.join("."), self.line(span));
        let place = line.map(|line| format!("line {line}: ")).unwrap_or_default();
        let default = leaf(&defaults(), path).map(shown);
        let instead = default.map(|value| format!(" {value} is used instead.")).unwrap_or_default();
        let message = format!("Settings, {place}{key} cannot be {found}.{instead} Allowed: {allowed}.");
        self.problems.push(SettingsProblem { kind: ProblemKind::WrongValue, key: Some(key), line, message });
    }

    fn unknown(&mut self, path: &[String], span: Option<Range<usize>>) {
        let (key, line) = (path.join("."), self.line(span));
        let place = line.map(|line| format!("line {line}: ")).unwrap_or_default();
        let hint = did_you_mean(suggestion(&key).as_deref());
        let message =
            format!("Settings, {place}there is no setting \"{key}\"; it is left in the file.{hint}");
        self.problems.push(SettingsProblem { kind: ProblemKind::UnknownKey, key: Some(key), line, message });
    }
}

/// These settings with one value replaced; the errors are those of somebody who sets a value.
pub(super) fn with_value(
    settings: &Settings,
    key: &str,
    value: &toml_edit::Value,
) -> Result<Settings, SettingsError> {
    let path: Vec<String> = key.split('.').map(str::to_owned).collect();
    if !matches!(known(&defaults(), &path), Some(Known::Leaf)) {
        return Err(SettingsError::UnknownKey { key: key.to_owned(), suggestion: suggestion(key) });
    }
    let wrong =
        |allowed| SettingsError::WrongValue { key: key.to_owned(), found: value.to_string(), allowed };
    let changed = with_leaf(&document_of(settings), &path, Item::Value(value.clone())).map_err(wrong)?;
    settings_of(&changed).map_err(|error| wrong(allowed(&error)))
}

/// Every setting as dotted key and value in TOML.
pub(super) fn leaves(settings: &Settings) -> Vec<(String, String)> {
    fn collect(table: &dyn TableLike, above: &str, into: &mut Vec<(String, String)>) {
        for (name, item) in table.iter() {
            let key = if above.is_empty() { name.to_owned() } else { format!("{above}.{name}") };
            match item.as_table_like() {
                Some(inner) => collect(inner, &key, into),
                None => into.push((key, shown(item))),
            }
        }
    }
    let mut all = Vec::new();
    collect(document_of(settings).as_table(), "", &mut all);
    all
}

enum Known {
    Group,
    Leaf,
}

/// What the settings have at this path. Their defaults are the one list of all keys.
fn known(defaults: &DocumentMut, path: &[String]) -> Option<Known> {
    leaf(defaults, path).map(|item| if item.is_table_like() { Known::Group } else { Known::Leaf })
}

fn leaf<'d>(document: &'d DocumentMut, path: &[String]) -> Option<&'d Item> {
    path.iter().try_fold(document.as_item(), |item, name| item.get(name))
}

/// The document with one leaf replaced, if it still reads as settings; else what is allowed there.
fn with_leaf(document: &DocumentMut, path: &[String], value: Item) -> Result<DocumentMut, String> {
    let replaced = |value: Item| {
        let mut changed = document.clone();
        let place = path.iter().try_fold(changed.as_item_mut(), |item, name| item.get_mut(name));
        if let Some(place) = place {
            *place = value;
        }
        settings_of(&changed).map(|_| changed)
    };
    replaced(value).map_err(|error| {
        // Asked with a word that no setting takes, each says best what it takes instead.
        let best = replaced(toml_edit::value("\0")).err();
        allowed(&best.unwrap_or(error))
    })
}

fn defaults() -> DocumentMut {
    document_of(&Settings::default())
}

fn document_of(settings: &Settings) -> DocumentMut {
    // Structs of words and numbers always serialise; a test reads the defaults back.
    toml_edit::ser::to_document(settings).unwrap_or_default()
}

fn settings_of(document: &DocumentMut) -> Result<Settings, toml_edit::de::Error> {
    toml_edit::de::from_document(document.clone())
}

/// What serde says it expected, in words for people.
fn allowed(error: &toml_edit::de::Error) -> String {
    let message = error.message().trim();
    let expected = message.rsplit_once("expected ").map_or(message, |(_, expected)| expected);
    let expected = expected.strip_prefix("one of ").unwrap_or(expected);
    match expected {
        "a boolean" => "true or false".into(),
        other => other.replace('`', "\""),
    }
}

/// A value as it stands in the file, without the comments around it, shortened.
fn shown(item: &Item) -> String {
    const LONGEST: usize = 60;
    if item.is_table() || item.is_array_of_tables() {
        return "a group".into();
    }
    let text = match item.as_value() {
        Some(value) => value.clone().decorated("", "").to_string(),
        None => item.to_string().trim().to_owned(),
    };
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST).chain(std::iter::once('…')).collect()
}

/// The known key most like this one, if any is like it at all: by its whole path or by its own name, so that
/// a key in the wrong group is found too.
fn suggestion(key: &str) -> Option<String> {
    fn name(key: &str) -> &str {
        key.rsplit('.').next().unwrap_or_default()
    }
    let groups = defaults().iter().map(|(group, _)| group.to_owned()).collect::<Vec<_>>();
    let known = leaves(&Settings::default()).into_iter().map(|(key, _)| key).chain(groups);
    let slips = |known: &str| {
        strsim::damerau_levenshtein(key, known).min(strsim::damerau_levenshtein(name(key), name(known)))
    };
    let most = (name(key).len() / 3).max(1);
    known
        .map(|known| (slips(&known), known))
        .filter(|(slips, _)| *slips <= most)
        .min()
        .map(|(_, known)| known)
}
