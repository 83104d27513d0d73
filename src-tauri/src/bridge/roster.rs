// Every command the page can call, named once: the bridge collects them, the build script makes a permission of each,
// `capabilities/` says which window holds which. (An ordinary comment: this file is included by build.rs, too.)

macro_rules! every_command {
    ($with:ident) => {
        $with![
            settings_get,
            settings_set,
            autostart_state,
            about,
            diagnostics_copy,
            place_open,
            status,
            notices,
            notice_dismiss,
            page_ready,
        ]
    };
}
