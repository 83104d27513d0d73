//! What the running app answers to the command line and to a second start of itself.

use std::sync::Arc;

use quoth_app::{
    control::{Answers, Page, Status},
    failure::Failure,
};
use tauri::AppHandle;

use crate::{shell::Shell, test_switch, window};

/// Answers out of the running app.
pub(crate) struct AppAnswers {
    app: AppHandle,
    shell: Arc<Shell>,
}

impl AppAnswers {
    pub(crate) fn new(app: AppHandle, shell: Arc<Shell>) -> Self {
        Self { app, shell }
    }
}

impl Answers for AppAnswers {
    async fn status(&self) -> Result<Status, Failure> {
        Ok(self.shell.status(&self.app))
    }

    async fn open(&self, page: Option<Page>) -> Result<(), Failure> {
        test_switch::panic_if_told("open");
        window::open(&self.app, page).await
    }

    async fn may_quit(&self) -> Result<(), Failure> {
        Ok(())
    }

    fn quit(&self) {
        self.app.exit(0);
    }
}
