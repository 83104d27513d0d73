//! Linux: WebKitGTK keeps its network process for as long as its host lives, wanted or not.

use std::fs;

use rustix::process::{Pid, Signal, getpid, kill_process};

/// Nothing to attach: standard output is the terminal's already.
pub(crate) fn attach_console() {}

/// Ends the processes that served the page which is now gone. WebKit ends the page's own process itself, but neither it
/// nor Tauri (issue 14626 there) ever ends the network process; the next window's page starts a fresh one.
pub(crate) fn release_page_processes() {
    for child in children(getpid()) {
        if is_network_process(child)
            && let Err(problem) = kill_process(child, Signal::TERM)
        {
            tracing::debug!(%problem, "the page's network process stays");
        }
    }
}

/// The direct children of `parent`, as the kernel lists them for each of its threads.
fn children(parent: Pid) -> Vec<Pid> {
    let Ok(threads) = fs::read_dir(format!("/proc/{parent}/task")) else { return Vec::new() };
    let lists =
        threads.flatten().filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    lists
        .flat_map(|list| {
            list.split_whitespace().filter_map(|pid| Pid::from_raw(pid.parse().ok()?)).collect::<Vec<_>>()
        })
        .collect()
}

fn is_network_process(pid: Pid) -> bool {
    // The kernel cuts the name after 15 characters.
    fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name.starts_with("WebKitNetworkPr"))
}
