//! Windows: a program with a window has no console of its own, so `quoth status` borrows the one it was typed into.

use windows_sys::Win32::System::Console::{ATTACH_PARENT_PROCESS, AttachConsole};

/// Lets what is printed appear in the terminal that started us, if one did. Standard handles that were redirected
/// (a pipe, a file) are kept by the system.
pub(crate) fn attach_console() {
    // SAFETY: takes a constant, touches no memory of ours; failing means that there is no such console.
    let _ = unsafe { AttachConsole(ATTACH_PARENT_PROCESS) };
}

/// Nothing to release: WebView2 ends its processes with the last page.
pub(crate) fn release_page_processes() {}
