//! Starts the parts of a desktop and waits until each of them answers.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::process::{Command, Stdio};

use x11rb::protocol::xproto::ConnectionExt as _;

use crate::bus::Bus;
use crate::desktop::Ground;
use crate::display::Display;
use crate::error::{During, Result};
use crate::programs::Program;
use crate::{DesktopPlan, Part};

/// A panel with a tray and nothing else, so that icons always stand at the same place and no clock redraws the screen.
const TINT2: &str = include_str!("scripts/tint2rc");
/// A sink to play into, and its other end as the default microphone.
const PULSEAUDIO: &str = include_str!("scripts/pulseaudio.pa");
/// ALSA programs hear the same microphone.
const ALSA: &str = "</usr/share/alsa/alsa.conf>\npcm.!default { type pulse }\nctl.!default { type pulse }\n";

/// All parts, ready.
pub(crate) struct Started {
    pub(crate) display: Display,
    pub(crate) bus: Option<Bus>,
    pub(crate) programs: Vec<Program>,
    pub(crate) environment: BTreeMap<OsString, OsString>,
}

type Environment = BTreeMap<OsString, OsString>;

/// The programs that the plan needs.
pub(crate) fn programs(plan: &DesktopPlan) -> Vec<&'static str> {
    let of = |part: &Part| -> &'static [&'static str] {
        match part {
            Part::Bus => &["dbus-daemon"],
            Part::Keyring => &["gnome-keyring-daemon"],
            Part::WindowManager => &["xfwm4"],
            Part::Tray => &["tint2"],
            Part::Sound => &["pulseaudio", "pactl", "pacat", "paplay", "parec"],
        }
    };
    ["Xvfb"].into_iter().chain(plan.parts.iter().flat_map(of).copied()).collect()
}

/// Starts the plan's parts on the ground and returns when all of them are ready.
pub(crate) fn start(plan: &DesktopPlan, ground: &Ground) -> Result<Started> {
    let mut environment = Environment::new();
    let mut running = Vec::new();
    let has = |part: Part| plan.parts.contains(&part);

    let (display, server) = x_server(plan, ground)?;
    environment.insert("DISPLAY".into(), display.name().into());
    running.push(server);
    let mut bus = None;
    if has(Part::Bus) {
        let (connection, daemon) = session_bus(ground, &mut environment)?;
        bus = Some(connection);
        running.push(daemon);
    }
    // From here on they do not need one another: all are started first, and then waited for.
    let sound = if has(Part::Sound) { Some(sound_server(ground, &mut environment)?) } else { None };
    let keyring = if has(Part::Keyring) { Some(keyring(ground, &environment)?) } else { None };
    let plain = |name: &str, arguments: &[&OsStr]| ground.start(name, arguments, &environment, Stdio::null());
    if has(Part::WindowManager) {
        // Without compositor: nothing there draws by OpenGL. (openbox will not do: typing that changes the keymap
        // keeps it busy for minutes.)
        let mut manager = plain("xfwm4", &["--compositor=off".as_ref()])?;
        manager.wait_ready("a window manager", || display.window_manager())?;
        running.push(manager);
    }
    if has(Part::Tray) {
        let config = ground.folder.join("tint2rc");
        fs::write(&config, TINT2).during("write the tray's settings")?;
        let mut panel = plain("tint2", &["-c".as_ref(), config.as_os_str()])?;
        panel.wait_ready("a tray that takes icons", || display.tray_host())?;
        running.push(panel);
    }
    if let Some(mut daemon) = keyring {
        daemon.wait_ready("an unlocked keyring", || bus.as_ref()?.keyring_is_open().then_some(()))?;
        running.push(daemon);
    }
    if let Some(mut server) = sound {
        server.wait_ready("a microphone", || {
            (pactl(ground, &environment, "get-default-source")?.trim() == "virtmic").then_some(())
        })?;
        running.push(server);
        running.push(silence(ground, &environment)?);
    }
    Ok(Started { display, bus, programs: running, environment })
}

fn x_server(plan: &DesktopPlan, ground: &Ground) -> Result<(Display, Program)> {
    let screen = format!("{}x{}x24", plan.width, plan.height);
    // The server picks a free number and says it on the descriptor it is given; 1 is its standard output.
    let arguments =
        ["-displayfd", "1", "-screen", "0", &screen, "-nolisten", "tcp", "-noreset"].map(OsStr::new);
    let mut server = ground.start("Xvfb", &arguments, &Environment::new(), Stdio::null())?;
    let number = {
        let output = server.stdout_file();
        server.wait_ready("the number of its display", || {
            Some(fs::read_to_string(&output).ok()?.strip_suffix('\n')?.trim().to_owned())
        })?
    };
    let display = server.wait_ready("a connection", || Display::connect(&format!(":{number}")).ok())?;
    Ok((display, server))
}

fn session_bus(ground: &Ground, environment: &mut Environment) -> Result<(Bus, Program)> {
    let address = format!("unix:path={}", ground.folder.join("run/bus").display());
    let option = format!("--address={address}");
    let arguments = ["--session", "--nofork", "--nopidfile", &option].map(OsStr::new);
    // Set for the daemon too: what it starts on demand belongs on this bus.
    environment.insert("DBUS_SESSION_BUS_ADDRESS".into(), address.clone().into());
    let mut daemon = ground.start("dbus-daemon", &arguments, environment, Stdio::null())?;
    let bus = daemon.wait_ready("a session bus that answers", || Bus::connect(&address).ok())?;
    Ok((bus, daemon))
}

/// Unlocked with a password before anyone asks for a secret: one that is started on demand stays locked.
fn keyring(ground: &Ground, environment: &Environment) -> Result<Program> {
    let password = ground.folder.join("keyring-password");
    fs::write(&password, "test\n").during("write the keyring's password")?;
    let password = File::open(&password).during("open the keyring's password")?;
    let mut control = OsString::from("--control-directory=");
    control.push(ground.folder.join("run/keyring"));
    let arguments =
        ["--unlock".as_ref(), "--foreground".as_ref(), "--components=secrets".as_ref(), control.as_ref()];
    ground.start("gnome-keyring-daemon", &arguments, environment, password.into())
}

fn sound_server(ground: &Ground, environment: &mut Environment) -> Result<Program> {
    let runtime = ground.folder.join("run/pulse");
    let state = ground.folder.join("state/pulse");
    let (script, alsa) = (ground.folder.join("pulseaudio.pa"), ground.folder.join("asound.conf"));
    for folder in [&runtime, &state] {
        fs::create_dir(folder).during("make the sound server's folders")?;
    }
    fs::write(&script, PULSEAUDIO).during("write the sound server's script")?;
    fs::write(&alsa, ALSA).during("write the ALSA settings")?;
    environment.insert("PULSE_SERVER".into(), format!("unix:{}", runtime.join("native").display()).into());
    environment.insert("PULSE_RUNTIME_PATH".into(), runtime.into());
    environment.insert("PULSE_STATE_PATH".into(), state.into());
    environment.insert("ALSA_CONFIG_PATH".into(), alsa.into());
    let options = ["-n", "--exit-idle-time=-1", "--use-pid-file=no", "--daemonize=no", "--realtime=no"];
    let more = ["--disable-shm=yes", "--high-priority=no", "-F"];
    let mut arguments: Vec<&OsStr> = options.iter().chain(&more).map(OsStr::new).collect();
    arguments.push(script.as_os_str());
    ground.start("pulseaudio", &arguments, environment, Stdio::null())
}

/// Plays silence for as long as the desktop lives: without any stream the microphone delivers blocks of two seconds.
fn silence(ground: &Ground, environment: &Environment) -> Result<Program> {
    let format =
        ["--playback", "--device=vmic", "--latency-msec=20", "--raw", "--format=s16le", "--rate=48000"];
    let arguments: Vec<&OsStr> =
        format.iter().chain(&["--channels=2", "/dev/zero"]).map(OsStr::new).collect();
    let mut player = ground.start("pacat", &arguments, environment, Stdio::null())?;
    player.wait_ready("a stream of silence", || {
        let streams = pactl(ground, environment, "list short sink-inputs")?;
        (!streams.trim().is_empty()).then_some(())
    })?;
    Ok(player)
}

fn pactl(ground: &Ground, environment: &Environment, request: &str) -> Option<String> {
    let mut command = Command::new("pactl");
    command
        .env_clear()
        .envs(&ground.environment)
        .envs(environment)
        .args(request.split(' '))
        .stdin(Stdio::null());
    let output = command.output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

impl Display {
    /// The window manager's own window, once it has taken its place and this window still lives.
    fn window_manager(&self) -> Option<u32> {
        let window = self.window_property(self.root(), self.atoms()._NET_SUPPORTING_WM_CHECK)?;
        let same = self.window_property(window, self.atoms()._NET_SUPPORTING_WM_CHECK)?;
        (same == window).then_some(window)
    }

    /// The window of whoever takes tray icons.
    pub(crate) fn tray_host(&self) -> Option<u32> {
        let owner =
            self.connection().get_selection_owner(self.atoms()._NET_SYSTEM_TRAY_S0).ok()?.reply().ok()?.owner;
        (owner != x11rb::NONE).then_some(owner)
    }
}
