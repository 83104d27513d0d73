//! Changing one value in the text of the file and nothing else in it.

use toml_edit::{DocumentMut, Item, Table, Value};

/// Why the text could not be changed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum EditFault {
    /// The text is no TOML; what was handed over was not read before.
    NotToml,
    /// This name is used for a single value where a group is needed.
    NoGroup(String),
}

/// The text with this value at this dotted key.
///
/// Comments, order, spacing, line ends and all other keys stay; a group that is missing is added at the end.
pub(super) fn with_value(text: &str, key: &str, value: Value) -> Result<String, EditFault> {
    let mut document: DocumentMut = text.parse().map_err(|_| EditFault::NotToml)?;
    let mut names: Vec<&str> = key.split('.').collect();
    let last = names.pop().unwrap_or_default();
    if names.first().is_some_and(|group| !document.contains_key(group)) {
        return Ok(with_line_ends_of(text, with_group_at_end(text, &names.join("."), last, &value)));
    }
    let mut group = document.as_table_mut() as &mut dyn toml_edit::TableLike;
    for name in names {
        let inner = group.entry(name).or_insert_with(|| Item::Table(Table::new()));
        group = inner.as_table_like_mut().ok_or_else(|| EditFault::NoGroup(name.to_owned()))?;
    }
    match group.get_mut(last) {
        Some(Item::Value(old)) => {
            let decor = old.decor().clone();
            *old = value;
            *old.decor_mut() = decor;
        }
        _ => {
            group.insert(last, Item::Value(value));
        }
    }
    Ok(with_line_ends_of(text, document.to_string()))
}

/// As text, since the writer would put the group before the comments at the end of the file.
fn with_group_at_end(text: &str, group: &str, name: &str, value: &Value) -> String {
    let gap = match text {
        "" => "",
        _ if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    format!("{text}{gap}[{group}]\n{name} = {value}\n")
}

/// Whether the text holds another value at this key than `value`. `false` where it holds none.
pub(super) fn says_otherwise(text: &str, key: &str, value: &Value) -> bool {
    let Ok(document) = text.parse::<DocumentMut>() else { return true };
    let item = key.split('.').try_fold(document.as_item(), |item, name| item.get(name));
    item.is_some_and(|item| match item.as_value() {
        Some(Value::String(old)) => Some(old.value().as_str()) != value.as_str(),
        Some(Value::Integer(old)) => Some(*old.value()) != value.as_integer(),
        Some(Value::Boolean(old)) => Some(*old.value()) != value.as_bool(),
        _ => true,
    })
}

/// The writer ends its lines in LF; a file that has CRLF throughout keeps it.
fn with_line_ends_of(original: &str, written: String) -> String {
    let all_crlf = original.contains("\r\n") && !original.replace("\r\n", "").contains('\n');
    if all_crlf { written.replace("\r\n", "\n").replace('\n', "\r\n") } else { written }
}
