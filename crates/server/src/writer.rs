//! The one writer: a thread that drains a queue of submissions and commits them in groups.
//!
//! INVARIANT: *acknowledged* means durable. Everything carried out since the last commit is committed in one transaction
//! before anybody in the group is answered. A failed commit ends the process, so nobody ever sees what is not durable;
//! a restart replays what is.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use crate::app::{App, Done, Refused, Submission};
use anyhow::{Result, anyhow};

/// Messages that may wait.
const QUEUE_MAX: usize = 4096;

/// Submissions committed together, at most.
const GROUP_MAX: usize = 2048;

/// What a submission came to: done, refused, or trouble outside.
pub(crate) type Answer = Result<Result<Done, Refused>>;

type Look = Box<dyn FnOnce(&App) + Send>;

enum Message {
    Submit(Submission, SyncSender<Answer>),
    Look(Look),
}

/// The handle to the writer.
pub(crate) struct Writer {
    queue: Option<SyncSender<Message>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the writer of an open register.
    pub(crate) fn start(app: App) -> Writer {
        let (queue, messages) = sync_channel(QUEUE_MAX);
        let thread = std::thread::spawn(move || drain(app, &messages));
        Writer { queue: Some(queue), thread: Some(thread) }
    }

    /// Submits and waits until the answer is durable.
    pub(crate) fn submit(&self, submission: Submission) -> Answer {
        let (answer, answered) = sync_channel(1);
        self.send(Message::Submit(submission, answer))?;
        Writer::answer(&answered)
    }

    /// Hands a submission in and goes on; the answer comes when it is durable. Waits while the queue is full, so it is for
    /// work in bulk and not for people.
    pub(crate) fn hand_in(&self, submission: Submission) -> Result<Receiver<Answer>> {
        let (answer, answered) = sync_channel(1);
        self.put(Message::Submit(submission, answer))?;
        Ok(answered)
    }

    /// The answer to what was handed in, once it is durable.
    pub(crate) fn answer(answered: &Receiver<Answer>) -> Answer {
        answered.recv().map_err(|_| stopped())?
    }

    /// Looks at the register as last committed, from within the writer. Waits while the queue is full.
    pub(crate) fn look<T: Send + 'static>(&self, look: impl FnOnce(&App) -> T + Send + 'static) -> Result<T> {
        let (seen, answered) = sync_channel(1);
        // Whoever no longer waits for what was seen has lost nothing.
        self.put(Message::Look(Box::new(move |app| drop(seen.send(look(app))))))?;
        answered.recv().map_err(|_| stopped())
    }

    fn put(&self, message: Message) -> Result<()> {
        let queue = self.queue.as_ref().ok_or_else(stopped)?;
        queue.send(message).map_err(|_| stopped())
    }

    fn send(&self, message: Message) -> Result<()> {
        let queue = self.queue.as_ref().ok_or_else(stopped)?;
        queue.try_send(message).map_err(|error| match error {
            TrySendError::Full(_) => anyhow!("{QUEUE_MAX} commands wait already (hint: try again in a moment)"),
            TrySendError::Disconnected(_) => stopped(),
        })
    }
}

impl Drop for Writer {
    /// Lets the queue run empty before the register is closed.
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // A bug in the writer has been reported by its own thread.
            drop(thread.join());
        }
    }
}

fn stopped() -> anyhow::Error {
    anyhow!("the writer has stopped (hint: look for its error above and start again)")
}

fn drain(mut app: App, messages: &Receiver<Message>) {
    let mut held: Option<Message> = None;
    while let Some(message) = held.take().or_else(|| messages.recv().ok()) {
        match message {
            Message::Look(look) => look(&app),
            Message::Submit(submission, answer) => {
                let (rest, goes_on) = commit_group(&mut app, (submission, answer), messages);
                if !goes_on {
                    return;
                }
                held = rest;
            }
        }
    }
}

/// Carries out a group, commits it and answers it. Gives back a message that ended the group, and whether to go on.
fn commit_group(
    app: &mut App,
    first: (Submission, SyncSender<Answer>),
    messages: &Receiver<Message>,
) -> (Option<Message>, bool) {
    let mut answers = Vec::new();
    let mut next = Some(Message::Submit(first.0, first.1));
    let mut goes_on = true;
    while let Some(Message::Submit(submission, answer)) = next {
        let mark = app.mark();
        let said = app.carry_out(&submission);
        goes_on = said.is_ok();
        if !goes_on {
            // What this submission left half done is not committed, and memory no longer agrees with the record.
            if let Err(error) = app.forget_since(mark) {
                stop_process(&error);
            }
        }
        answers.push((answer, said));
        next = (goes_on && answers.len() < GROUP_MAX).then(|| messages.try_recv().ok()).flatten();
    }
    if let Err(error) = app.commit() {
        stop_process(&error);
    }
    for (answer, said) in answers {
        // Whoever no longer waits has lost nothing: what was done is durable all the same.
        drop(answer.send(said));
    }
    (next, goes_on)
}

fn stop_process(error: &anyhow::Error) -> ! {
    eprintln!("candor: failed to commit: {error:#}");
    eprintln!(
        "candor: the process ends, so that nobody sees what is not durable (hint: free the disk and start again)"
    );
    std::process::exit(70)
}
