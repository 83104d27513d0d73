//! The running Quoth's end of the line.

use std::{future::Future, io, sync::Arc, time::Duration};

use interprocess::local_socket::tokio::{Listener, Stream, prelude::*};
use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    runtime::Handle,
    sync::Semaphore,
    task::JoinHandle,
    time::timeout,
};

use super::{Answer, ControlError, LINE_LIMIT, Page, Request, Seat, Status, address::Address, wire};
use crate::{failure::Failure, logs::contain_async};

/// What the shell does for those who call. A panic in any of these is contained and answered as a failure.
pub trait Answers: Send + Sync + 'static {
    /// How Quoth is.
    fn status(&self) -> impl Future<Output = Result<Status, Failure>> + Send;

    /// Brings the window forward, on this page if one is named.
    fn open(&self, page: Option<Page>) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Whether Quoth may quit now. An error is told to the caller, and Quoth goes on.
    fn may_quit(&self) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Quits. Called when the answer has left.
    fn quit(&self);
}

/// How patient the listener is with one caller.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// For a whole line to come, or an answer to be taken.
    pub(super) line: Duration,
    /// Callers served at a time; more wait.
    pub(super) callers: usize,
}

impl Default for Patience {
    fn default() -> Self {
        Self { line: Duration::from_secs(5), callers: 16 }
    }
}

/// The line is open while this lives. Dropping it closes the line, removes the socket and gives up the seat, in
/// this order.
#[derive(Debug)]
pub struct Listening {
    accepting: JoinHandle<()>,
    address: Address,
    _seat: Seat,
}

impl Seat {
    /// Opens the line; the callers are answered by `answers` on `runtime`.
    pub fn listen(self, answers: impl Answers, runtime: &Handle) -> Result<Listening, ControlError> {
        self.listen_with(answers, runtime, Patience::default())
    }

    pub(super) fn listen_with(
        self,
        answers: impl Answers,
        runtime: &Handle,
        patience: Patience,
    ) -> Result<Listening, ControlError> {
        let address = Address::of(&self.places)?;
        let listener = {
            let _inside = runtime.enter();
            address.listen()?
        };
        let accepting = runtime.spawn(accept(listener, Arc::new(answers), patience));
        Ok(Listening { accepting, address, _seat: self })
    }
}

impl Listening {
    /// Closes the line and waits until it is closed, so that in the same process the next may open it.
    pub async fn close(mut self) {
        self.accepting.abort();
        // It was told to end just now: that is what the error would say.
        let _ = (&mut self.accepting).await;
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.accepting.abort();
        self.address.remove();
    }
}

async fn accept(listener: Listener, answers: Arc<impl Answers>, patience: Patience) {
    let room = Arc::new(Semaphore::new(patience.callers));
    loop {
        let Ok(place) = Arc::clone(&room).acquire_owned().await else { return };
        match listener.accept().await {
            Ok(caller) if Address::admits(&caller) => {
                let answers = Arc::clone(&answers);
                tokio::spawn(async move {
                    if let Err(error) = serve(caller, &*answers, patience).await {
                        tracing::debug!(kind = ?error.kind(), "a caller went away");
                    }
                    drop(place);
                });
            }
            Ok(_) => tracing::warn!("somebody else tried to use the control line and was turned away"),
            Err(error) => {
                // Out of handles, most likely: it passes, and asking again at once would only burn the processor.
                tracing::warn!(%error, "a caller could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn serve(caller: Stream, answers: &impl Answers, patience: Patience) -> io::Result<()> {
    let mut caller = BufReader::new(caller);
    loop {
        let line = match timeout(patience.line, read_line(&mut caller)).await {
            Ok(line) => line?,
            Err(_) => Line::Refused(Failure::new("too_slow", "no whole line came in time")),
        };
        let (answer, go_on) = match line {
            Line::End => return Ok(()),
            Line::Refused(failure) => (Answer::Refused(failure), false),
            Line::Whole(line) => (answer(&line, answers).await, true),
        };
        let quitting = answer == Answer::Quitting;
        let written = timeout(patience.line, async {
            caller.get_mut().write_all(&wire::line(answer)?).await?;
            caller.get_mut().flush().await
        });
        let written = written.await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
        if quitting {
            // Whether the caller heard it or not: it was promised.
            answers.quit();
        }
        written?;
        if !go_on || quitting {
            return Ok(());
        }
    }
}

async fn answer(line: &[u8], answers: &impl Answers) -> Answer {
    let request = match wire::parse::<Request>(line) {
        Ok(request) => request,
        Err(failure) => return Answer::Refused(failure),
    };
    let answered = contain_async("control", async {
        match request {
            Request::Status => answers.status().await.map(Answer::Status),
            Request::Open { page } => answers.open(page).await.map(|()| Answer::Opening),
            Request::Quit => answers.may_quit().await.map(|()| Answer::Quitting),
        }
    });
    answered.await.and_then(|answer| answer).unwrap_or_else(Answer::Refused)
}

pub(super) enum Line {
    Whole(Vec<u8>),
    Refused(Failure),
    End,
}

/// One line without its end, however it is cut into pieces on the way, and never more than the limit in memory.
pub(super) async fn read_line(from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Line> {
    let mut line = Vec::new();
    let limit = LINE_LIMIT as u64 + 1;
    from.take(limit).read_until(b'\n', &mut line).await?;
    if line.pop_if(|last| *last == b'\n').is_some() {
        return Ok(Line::Whole(line));
    }
    Ok(match line.len() {
        0 => Line::End,
        long if long > LINE_LIMIT => {
            Line::Refused(Failure::new("too_long", format!("a line may have {LINE_LIMIT} bytes")))
        }
        _ => Line::Refused(Failure::new("malformed", "the line has no end")),
    })
}
