//! Questions to the desktop's session bus.

use zbus::blocking::connection::Builder;
use zbus::blocking::fdo::DBusProxy;
use zbus::blocking::{Connection, Proxy};
use zbus::names::BusName;

use crate::error::{During, Result};

/// The session bus of a desktop.
pub struct Bus {
    connection: Connection,
}

impl Bus {
    pub(crate) fn connect(address: &str) -> Result<Self> {
        let doing = "connect to the session bus";
        let connection = Builder::address(address).during(doing)?.build().during(doing)?;
        Ok(Self { connection })
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    fn daemon(&self) -> Result<DBusProxy<'_>> {
        DBusProxy::new(&self.connection).during("reach the bus daemon")
    }

    /// The names that are taken now, among them the unique ones (`:1.7`).
    pub fn names(&self) -> Result<Vec<String>> {
        let names = self.daemon()?.list_names().during("list the names on the bus")?;
        Ok(names.iter().map(ToString::to_string).collect())
    }

    /// Whether someone has taken a name. (A single-instance app holds one for as long as it runs.)
    pub fn has_name(&self, name: &str) -> Result<bool> {
        Ok(self.names()?.iter().any(|taken| taken == name))
    }

    /// The unique names of a process on the bus.
    pub fn names_of_process(&self, pid: u32) -> Result<Vec<String>> {
        let daemon = self.daemon()?;
        let is_its = |name: &String| {
            let Ok(name) = BusName::try_from(name.as_str()) else { return false };
            daemon.get_connection_unix_process_id(name).is_ok_and(|owner| owner == pid)
        };
        Ok(self.names()?.into_iter().filter(|name| name.starts_with(':')).filter(is_its).collect())
    }

    /// Whether the secret service is there and its login keyring is unlocked.
    pub(crate) fn keyring_is_open(&self) -> bool {
        let (service, login) = ("org.freedesktop.secrets", "/org/freedesktop/secrets/collection/login");
        // Asked only when the name is taken: asking for it starts a second, locked one.
        self.has_name(service).unwrap_or(false)
            && Proxy::new(&self.connection, service, login, "org.freedesktop.Secret.Collection")
                .and_then(|collection| collection.get_property::<bool>("Locked"))
                .is_ok_and(|locked| !locked)
    }
}
