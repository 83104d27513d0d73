//! macOS: nothing to do by hand; WebKit ends its own processes, and a terminal is always attached.

/// Nothing to attach: standard output is the terminal's already.
pub(crate) fn attach_console() {}

/// Nothing to release: WebKit ends the processes of a page that is gone.
pub(crate) fn release_page_processes() {}
