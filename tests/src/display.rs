//! A connection to the desktop's X server, and what can be asked of it.

use x11rb::connection::Connection;
use x11rb::protocol::res::{ClientIdMask, ClientIdSpec, ConnectionExt as _};
use x11rb::protocol::xproto::{Atom, AtomEnum, ConnectionExt as _, MapState};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

use crate::error::{During, Result};
use crate::windows::Place;

x11rb::atom_manager! {
    /// The names that window managers, trays and windows agree on.
    pub(crate) Atoms: AtomsCookie {
        UTF8_STRING,
        WM_CHANGE_STATE,
        _NET_ACTIVE_WINDOW,
        _NET_CLIENT_LIST,
        _NET_CLOSE_WINDOW,
        _NET_MOVERESIZE_WINDOW,
        _NET_SUPPORTING_WM_CHECK,
        _NET_SYSTEM_TRAY_S0,
        _NET_WM_NAME,
        _NET_WM_STATE,
        _NET_WM_STATE_MAXIMIZED_HORZ,
        _NET_WM_STATE_MAXIMIZED_VERT,
    }
}

pub(crate) struct Display {
    name: String,
    connection: RustConnection,
    root: u32,
    atoms: Atoms,
}

/// The longest property this crate reads, in units of four bytes.
const LONGEST: u32 = 64 * 1024;

impl Display {
    /// Connects to a server and asks it something, so that it has shown to be at work.
    pub(crate) fn connect(name: &str) -> Result<Self> {
        let doing = || format!("connect to the X server {name}");
        let (connection, screen) = RustConnection::connect(Some(name)).during(doing())?;
        let root = connection.setup().roots.get(screen).ok_or("it has no screen").during(doing())?.root;
        let atoms = Atoms::new(&connection).during(doing())?.reply().during(doing())?;
        Ok(Self { name: name.to_owned(), connection, root, atoms })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn connection(&self) -> &RustConnection {
        &self.connection
    }

    pub(crate) fn root(&self) -> u32 {
        self.root
    }

    pub(crate) fn atoms(&self) -> &Atoms {
        &self.atoms
    }

    /// Does to the server what an input device would: `kind` is the number of a core event, such as a key press.
    pub(crate) fn fake_input(&self, kind: u8, detail: u8, (x, y): (i16, i16)) -> Result<()> {
        let input = self.connection.xtest_fake_input(kind, detail, x11rb::CURRENT_TIME, self.root, x, y, 0);
        input.during("send input to the X server")?.check().during("send input to the X server")
    }

    pub(crate) fn window_property(&self, window: u32, property: Atom) -> Option<u32> {
        self.window_list(window, property)?.first().copied()
    }

    /// The windows a property lists; none if there is no such property.
    pub(crate) fn window_list(&self, window: u32, property: Atom) -> Option<Vec<u32>> {
        let request = self.connection.get_property(false, window, property, AtomEnum::WINDOW, 0, LONGEST);
        let reply = request.ok()?.reply().ok()?;
        Some(reply.value32()?.collect())
    }

    pub(crate) fn text_property(&self, window: u32, property: impl Into<Atom>) -> Option<String> {
        let request = self.connection.get_property(false, window, property, AtomEnum::ANY, 0, LONGEST);
        let reply = request.ok()?.reply().ok()?;
        (reply.type_ != x11rb::NONE).then(|| String::from_utf8_lossy(&reply.value).into_owned())
    }

    /// The process that made a window, as the server knows it from its socket (programs may leave it unsaid).
    pub(crate) fn owner(&self, window: u32) -> Option<u32> {
        let spec = ClientIdSpec { client: window, mask: ClientIdMask::LOCAL_CLIENT_PID };
        let reply = self.connection.res_query_client_ids(&[spec]).ok()?.reply().ok()?;
        reply.ids.first()?.value.first().copied()
    }

    /// The windows inside a window, lowest first; none if it is gone.
    pub(crate) fn children(&self, window: u32) -> Vec<u32> {
        let reply = self.connection.query_tree(window).ok().and_then(|request| request.reply().ok());
        reply.map(|tree| tree.children).unwrap_or_default()
    }

    pub(crate) fn parent(&self, window: u32) -> Option<u32> {
        let parent = self.connection.query_tree(window).ok()?.reply().ok()?.parent;
        (parent != x11rb::NONE).then_some(parent)
    }

    /// Whether a window is shown, and whether it keeps clear of the window manager, as menus do. None if it is gone.
    pub(crate) fn shown(&self, window: u32) -> Option<(bool, bool)> {
        let attributes = self.connection.get_window_attributes(window).ok()?.reply().ok()?;
        Some((attributes.map_state == MapState::VIEWABLE, attributes.override_redirect))
    }

    /// Where a window is on the screen; none if it is gone.
    pub(crate) fn place(&self, window: u32) -> Option<Place> {
        let size = self.connection.get_geometry(window).ok()?.reply().ok()?;
        let at = self.connection.translate_coordinates(window, self.root, 0, 0).ok()?.reply().ok()?;
        Some(Place { x: at.dst_x, y: at.dst_y, width: size.width, height: size.height })
    }
}
