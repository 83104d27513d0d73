//! What stands in a program's tray menu, read from the session bus (interface `com.canonical.dbusmenu`).

use std::collections::HashMap;

use zbus::blocking::Proxy;
use zbus::zvariant::{OwnedValue, Structure, Value};

use crate::bus::Bus;
use crate::error::{During, Result};
use crate::{DesktopError, PATIENCE, wait_until};

const MENU: &str = "com.canonical.dbusmenu";

/// A line of a tray menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuItem {
    /// Its text, without the marks for access keys.
    pub label: String,
    /// Whether it can be chosen now.
    pub enabled: bool,
    /// Whether it is only a line between others.
    pub separator: bool,
}

/// An item as the interface gives it: its number, its properties, its own items.
type Layout = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

impl MenuItem {
    /// Whether the keyboard stops at it.
    pub(crate) fn can_be_chosen(&self) -> bool {
        self.enabled && !self.separator
    }

    /// None for an item that is not shown.
    fn read(item: &OwnedValue) -> Option<Self> {
        let item = Structure::try_from(&**item).ok()?;
        let Some(Value::Dict(properties)) = item.fields().get(1) else { return None };
        let text = |name: &'static str| properties.get::<_, String>(&name).ok().flatten();
        let is = |name: &'static str| properties.get::<_, bool>(&name).ok().flatten().unwrap_or(true);
        is("visible").then(|| Self {
            label: without_access_key(&text("label").unwrap_or_default()),
            enabled: is("enabled"),
            separator: text("type").as_deref() == Some("separator"),
        })
    }
}

/// The items of the first menu that a process has on the bus.
pub(crate) fn items(bus: &Bus, pid: u32) -> Result<Vec<MenuItem>> {
    let (name, path) = wait_until(format!("a menu of process {pid} on the session bus"), PATIENCE, || {
        let names = bus.names_of_process(pid).ok()?;
        names
            .into_iter()
            .find_map(|name| Some((menu_below(bus, &name, "/")?, name)))
            .map(|(path, name)| (name, path))
    })?;
    let doing = "read the tray menu";
    let menu = Proxy::new(bus.connection(), name, path, MENU).during(doing)?;
    let (_revision, (_, _, items)): (u32, Layout) =
        menu.call("GetLayout", &(0_i32, 1_i32, Vec::<&str>::new())).during(doing)?;
    if items.is_empty() {
        return Err(DesktopError::NotThere(format!("item in the tray menu of process {pid}")));
    }
    Ok(items.iter().filter_map(MenuItem::read).collect())
}

/// The path of the first menu at or below a path of a program.
fn menu_below(bus: &Bus, name: &str, path: &str) -> Option<String> {
    let object =
        Proxy::new(bus.connection(), name.to_owned(), path.to_owned(), "org.freedesktop.DBus.Introspectable");
    let description = object.ok()?.introspect().ok()?;
    if description.contains(&format!("interface name=\"{MENU}\"")) {
        return Some(path.to_owned());
    }
    let below = description.split("<node name=\"").skip(1).filter_map(|rest| rest.split('"').next());
    below
        .filter(|child| !child.is_empty() && !child.starts_with('/'))
        .find_map(|child| menu_below(bus, name, &format!("{}/{child}", path.trim_end_matches('/'))))
}

/// `_Open` is shown as `Open` with its O underlined; `a__b` is shown as `a_b`.
fn without_access_key(label: &str) -> String {
    label.split("__").map(|part| part.replace('_', "")).collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::without_access_key;

    #[test]
    fn labels_lose_the_mark_of_their_access_key() {
        assert_eq!(without_access_key("_Open"), "Open");
        assert_eq!(without_access_key("Save __all_"), "Save _all");
    }
}
