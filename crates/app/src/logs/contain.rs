//! Keeping a panic where it happened.

use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
};

use futures_util::FutureExt;

use crate::failure::Failure;

/// Runs a task; if it panics, the caller gets a failure and goes on. `name` says which task, never its content.
pub fn contain<T>(name: &str, task: impl FnOnce() -> T) -> Result<T, Failure> {
    // What the task left half done is behind its own locks, which say so, or dropped with it.
    catch_unwind(AssertUnwindSafe(task)).map_err(|_| Failure::internal(name))
}

/// The same for a task that waits.
pub async fn contain_async<T>(name: &str, task: impl Future<Output = T>) -> Result<T, Failure> {
    AssertUnwindSafe(task).catch_unwind().await.map_err(|_| Failure::internal(name))
}
