//! What the system knows of running processes, read from `/proc`.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use crate::error::{During, Result};

/// The kernel's unit for processor time in `/proc/<pid>/stat`: 100 a second on every system Rust's std runs on.
const TICKS_PER_SECOND: u64 = 100;

/// A running process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcessInfo {
    /// Its id.
    pub pid: u32,
    /// The id of its parent.
    pub parent: u32,
    /// The name of its program, as the kernel keeps it (15 characters at most).
    pub name: String,
    /// When it was born, in the kernel's ticks since boot: with the id it names a process for good.
    birth: u64,
    /// Processor time it has used.
    cpu: Duration,
}

/// Memory of one or more processes, in KiB.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Memory {
    /// Resident memory, pages shared between processes counted in each.
    pub rss_kib: u64,
    /// Proportional share: each shared page is divided among its users, so sums are true.
    pub pss_kib: u64,
}

impl ProcessInfo {
    /// The process with this id, unless it has ended (a zombie has).
    fn read(pid: u32) -> Option<Self> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let (before, after) = stat.rsplit_once(") ")?;
        let name = before.split_once('(')?.1.to_owned();
        let fields: Vec<&str> = after.split_ascii_whitespace().collect();
        if matches!(*fields.first()?, "Z" | "X") {
            return None;
        }
        let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
        let ticks = number(11)? + number(12)?;
        Some(Self {
            pid,
            parent: u32::try_from(number(1)?).ok()?,
            name,
            birth: number(19)?,
            cpu: Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND),
        })
    }
}

fn all() -> Vec<ProcessInfo> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    pids.filter_map(ProcessInfo::read).collect()
}

/// When the process was born; none if it has ended.
pub(crate) fn birth(pid: u32) -> Option<u64> {
    ProcessInfo::read(pid).map(|process| process.birth)
}

/// Whether the process still runs (a zombie does not).
pub fn is_running(pid: u32) -> bool {
    ProcessInfo::read(pid).is_some()
}

/// The process and all it started, down to the last generation. Not those whose parent ended before them.
pub fn descendants(pid: u32) -> Vec<ProcessInfo> {
    let all = all();
    let mut family = BTreeSet::from([pid]);
    loop {
        let size = family.len();
        family.extend(
            all.iter().filter(|process| family.contains(&process.parent)).map(|p| p.pid).collect::<Vec<_>>(),
        );
        if family.len() == size {
            return all.into_iter().filter(|process| family.contains(&process.pid)).collect();
        }
    }
}

/// All processes started with `name=value` in their environment, whoever is their parent by now.
pub fn with_environment(name: &str, value: &str) -> Vec<ProcessInfo> {
    let entry = format!("{name}={value}");
    let carries = |process: &ProcessInfo| {
        let environment = fs::read(format!("/proc/{}/environ", process.pid)).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|found| found == entry.as_bytes())
    };
    all().into_iter().filter(carries).collect()
}

/// Memory of these processes together; one that ended meanwhile counts nothing.
pub fn memory(processes: &[ProcessInfo]) -> Result<Memory> {
    let mut sum = Memory::default();
    for process in processes {
        let rollup = match fs::read_to_string(format!("/proc/{}/smaps_rollup", process.pid)) {
            Ok(rollup) => rollup,
            Err(_) if !is_running(process.pid) => continue,
            Err(error) => return Err(error).during(format!("read the memory of {}", process.name)),
        };
        let field = |name: &str| -> u64 {
            let line = rollup.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|rest| rest.split_ascii_whitespace().next()?.parse().ok()).unwrap_or(0)
        };
        sum.rss_kib += field("Rss:");
        sum.pss_kib += field("Pss:");
    }
    Ok(sum)
}

/// Processor time these processes have used by now, together.
pub fn cpu_time(processes: &[ProcessInfo]) -> Duration {
    processes.iter().filter_map(|process| ProcessInfo::read(process.pid)).map(|process| process.cpu).sum()
}
