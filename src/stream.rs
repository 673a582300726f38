//! Many inputs: worked on in parallel, handed on in order, never all kept.

use std::num::NonZero;
use std::thread::available_parallelism;

use anyhow::Result;
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

/// Results kept at a time, by thread: enough to keep the threads busy, few enough to stay small.
const CHUNK: usize = 32;

/// Runs `work` on every item and gives the results to `take` in the items' order. While one chunk is
/// worked on, the one before is taken.
pub fn in_order<T: Sync, R: Send>(
    items: &[T],
    threads: Option<NonZero<usize>>,
    work: impl Fn(&T) -> R + Sync,
    mut take: impl FnMut(R) -> Result<()> + Send,
) -> Result<()> {
    // Asking how many processors there are costs more than many a report.
    let threads = match items.len() {
        0 | 1 => 1,
        many => threads.or_else(|| available_parallelism().ok()).map_or(1, NonZero::get).min(many),
    };
    if threads == 1 {
        return items.iter().try_for_each(|item| take(work(item)));
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    pool.install(|| {
        let mut ready = Vec::new();
        for chunk in items.chunks(CHUNK * threads) {
            let (next, taken) = rayon::join(
                // One by one: whoever is done first takes the next, and nobody waits long at the end of a chunk.
                || chunk.par_iter().with_max_len(1).map(&work).collect::<Vec<R>>(),
                || ready.drain(..).try_for_each(&mut take),
            );
            taken?;
            ready = next;
        }
        ready.into_iter().try_for_each(take)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_kept_whatever_the_number_of_threads() {
        let items: Vec<usize> = (0..1000).collect();
        for threads in 1..4 {
            let mut seen = Vec::new();
            in_order(
                &items,
                NonZero::new(threads),
                |item| *item,
                |item| {
                    seen.push(item);
                    Ok(())
                },
            )
            .expect("no error");
            assert_eq!(seen, items);
        }
    }
}
