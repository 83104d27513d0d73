//! The other end of the line: a second start, or the command line.

use std::{
    io, thread,
    time::{Duration, Instant},
};

use interprocess::local_socket::tokio::Stream;
use tokio::{
    io::{AsyncWriteExt, BufReader},
    time::timeout,
};

use super::{
    Answer, Claim, ControlError, Page, Request, Seat,
    address::Address,
    claim,
    listener::{Line, read_line},
    seat, wire,
};
use crate::places::Places;

/// Between two looks at something that another process is about to do.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// An open line to the running Quoth.
#[derive(Debug)]
pub struct Caller {
    line: BufReader<Stream>,
}

impl Caller {
    /// Calls the Quoth with these places. One that is just starting is waited for, up to `patience`.
    pub async fn call(places: &Places, patience: Duration) -> Result<Self, ControlError> {
        let address = Address::of(places)?;
        let deadline = Instant::now() + patience;
        loop {
            match address.connect().await {
                Ok(line) => return Ok(Self { line: BufReader::new(line) }),
                Err(_) if !seat::is_taken(places) => return Err(ControlError::NotRunning),
                Err(error) if Instant::now() >= deadline => return Err(not_answering(&error)),
                // Between its lock and its socket, or between its last answer and its end.
                Err(_) => tokio::time::sleep(LOOK_AGAIN).await,
            }
        }
    }

    /// Asks, and waits for the answer up to `patience`. A refusal is an error.
    pub async fn ask(&mut self, request: &Request, patience: Duration) -> Result<Answer, ControlError> {
        let exchange = async {
            self.line.get_mut().write_all(&wire::line(request)?).await?;
            self.line.get_mut().flush().await?;
            read_line(&mut self.line).await
        };
        let late = || io::Error::new(io::ErrorKind::TimedOut, "no answer in time");
        let line = timeout(patience, exchange).await.map_err(|_| not_answering(&late()))?;
        match line.map_err(|error| not_answering(&error))? {
            Line::Whole(line) => match wire::parse(&line) {
                Ok(Answer::Refused(failure)) => Err(ControlError::Refused(failure)),
                Ok(answer) => Ok(answer),
                Err(failure) => Err(ControlError::NotUnderstood(failure.message)),
            },
            Line::Refused(failure) => Err(ControlError::NotUnderstood(failure.message)),
            Line::End => Err(ControlError::NotAnswering("it closed the line".into())),
        }
    }
}

fn not_answering(error: &io::Error) -> ControlError {
    ControlError::NotAnswering(error.to_string())
}

/// Asks the running Quoth one thing. For callers without a runtime of their own; blocks up to `patience`.
pub fn ask(places: &Places, request: &Request, patience: Duration) -> Result<Answer, ControlError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| not_answering(&error))?;
    runtime.block_on(async { Caller::call(places, patience).await?.ask(request, patience).await })
}

/// Becomes this user's Quoth, or asks the one that runs to open its window. Blocks up to `patience`.
///
/// `None` means the running one has been asked. One that ends just now is waited for, and its seat taken.
pub fn start(places: &Places, page: Option<Page>, patience: Duration) -> Result<Option<Seat>, ControlError> {
    let deadline = Instant::now() + patience;
    loop {
        if let Claim::Ours(seat) = claim(places)? {
            return Ok(Some(seat));
        }
        let left = deadline.saturating_duration_since(Instant::now());
        match ask(places, &Request::Open { page }, left) {
            Ok(_) => return Ok(None),
            // It went between our two looks.
            Err(ControlError::NotRunning) if !left.is_zero() => thread::sleep(LOOK_AGAIN),
            Err(error) => return Err(error),
        }
    }
}

/// Blocks until no Quoth holds the seat, so that whoever asked it to quit can count on its files.
pub fn wait_until_gone(places: &Places, patience: Duration) -> Result<(), ControlError> {
    let deadline = Instant::now() + patience;
    while seat::is_taken(places) {
        if Instant::now() >= deadline {
            return Err(ControlError::StillRunning);
        }
        thread::sleep(LOOK_AGAIN);
    }
    Ok(())
}
