//! Many files on all cores, each with a time limit of its own.
//!
//! A thread cannot be stopped from outside. One that is past its limit is given up on: its file gets its row, a new
//! thread takes its place, and whatever it comes to later is thrown away. It goes on until the process ends; when
//! [`STRAYS`] of them are about, no more are replaced, and what is left without a thread is not read.

use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// Threads given up on that are replaced.
const STRAYS: usize = 64;
/// Deeply nested files need more than a thread gets by itself; only what is used of it costs memory.
const STACK: usize = 16 << 20;
/// How long is waited for news before the clock is looked at.
const PATIENCE: Duration = Duration::from_millis(200);

/// Why an item has no result of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Past the time limit.
    Slow,
    /// A panic: a fault of the program.
    Broken,
    /// No thread was left for it.
    Crowded,
}

enum Note<R> {
    Begun { worker: usize, item: usize, at: Instant },
    Done { worker: usize, item: usize, result: Result<R, Trouble> },
}

/// What is known of one thread.
struct Seat {
    given_up: Arc<AtomicBool>,
    at: Option<(usize, Instant)>,
}

/// What the threads share.
struct Shared<R> {
    next: AtomicUsize,
    count: usize,
    work: Box<dyn Fn(usize) -> R + Send + Sync>,
}

/// Does `work` for every item of `0..count` and gives each result to `take` as it is done; `tick` is called now and
/// then in between.
pub fn each<R: Send + 'static>(
    count: usize,
    threads: NonZero<usize>,
    limit: Duration,
    work: impl Fn(usize) -> R + Send + Sync + 'static,
    mut take: impl FnMut(usize, Result<R, Trouble>),
) {
    let shared = Arc::new(Shared { next: AtomicUsize::new(0), count, work: Box::new(work) });
    let (sender, notes) = channel();
    let mut seats: Vec<Seat> = Vec::new();
    let mut taken = vec![false; count];
    let mut left = count;
    let (mut working, mut strays) = (0, 0);
    let seat = |seats: &mut Vec<Seat>| {
        let given_up = Arc::new(AtomicBool::new(false));
        let begun = begin(seats.len(), shared.clone(), given_up.clone(), sender.clone());
        seats.push(Seat { given_up, at: None });
        usize::from(begun)
    };
    for _ in 0..threads.get().min(count) {
        working += seat(&mut seats);
    }
    let mut settle = |item: usize, result| {
        if !std::mem::replace(&mut taken[item], true) {
            left -= 1;
            take(item, result);
        }
        left
    };
    let mut open = count;
    while open > 0 && working > 0 {
        match receive(&notes) {
            Some(Note::Begun { worker, item, at }) => seats[worker].at = Some((item, at)),
            Some(Note::Done { worker, item, result }) => {
                seats[worker].at = None;
                open = settle(item, result);
            }
            None => {}
        }
        for worker in 0..seats.len() {
            if let Some((item, _)) = seats[worker].at.take_if(|(_, since)| since.elapsed() >= limit) {
                seats[worker].given_up.store(true, Ordering::Relaxed);
                open = settle(item, Err(Trouble::Slow));
                strays += 1;
                working -= 1;
                if strays <= STRAYS {
                    working += seat(&mut seats);
                }
            }
        }
    }
    for item in 0..count {
        settle(item, Err(Trouble::Crowded));
    }
}

fn receive<R>(notes: &Receiver<Note<R>>) -> Option<Note<R>> {
    notes.recv_timeout(PATIENCE).ok()
}

/// Starts a thread; false where the system has none to give.
fn begin<R: Send + 'static>(
    worker: usize,
    shared: Arc<Shared<R>>,
    given_up: Arc<AtomicBool>,
    notes: Sender<Note<R>>,
) -> bool {
    let run = move || {
        while !given_up.load(Ordering::Relaxed) {
            let item = shared.next.fetch_add(1, Ordering::Relaxed);
            if item >= shared.count || notes.send(Note::Begun { worker, item, at: Instant::now() }).is_err() {
                return;
            }
            let result = catch_unwind(AssertUnwindSafe(|| (shared.work)(item))).map_err(|_| Trouble::Broken);
            if notes.send(Note::Done { worker, item, result }).is_err() {
                return;
            }
        }
    };
    thread::Builder::new().stack_size(STACK).spawn(run).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(
        count: usize,
        threads: usize,
        limit: Duration,
        work: fn(usize) -> usize,
    ) -> Vec<Result<usize, Trouble>> {
        let mut results = vec![Err(Trouble::Crowded); count];
        each(count, NonZero::new(threads).expect("one"), limit, work, |item, result| results[item] = result);
        results
    }

    #[test]
    fn every_item_has_its_result() {
        let results = run(500, 3, Duration::from_secs(600), |item| item * 2);
        assert!(results.iter().enumerate().all(|(item, result)| *result == Ok(item * 2)));
    }

    #[test]
    fn what_hangs_or_breaks_is_given_up_and_the_others_go_on() {
        let work = |item: usize| match item {
            3 | 4 => loop {
                thread::sleep(Duration::from_secs(600));
            },
            7 => panic!("on purpose"),
            _ => item,
        };
        let results = run(12, 2, Duration::from_secs(2), work);
        for (item, result) in results.into_iter().enumerate() {
            let wanted = match item {
                3 | 4 => Err(Trouble::Slow),
                7 => Err(Trouble::Broken),
                _ => Ok(item),
            };
            assert_eq!(result, wanted, "{item}");
        }
    }
}
