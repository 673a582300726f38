//! Reads every file below DIR on all cores and does nothing with it: the least that a review of DIR could take.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(folder), Some(threads)) = (arguments.next(), arguments.next()) else {
        anyhow::bail!("usage: plain_read DIR THREADS");
    };
    let files: Vec<PathBuf> = (ignore::WalkBuilder::new(folder).standard_filters(false).build())
        .flatten()
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        .map(ignore::DirEntry::into_path)
        .collect();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.to_string_lossy().parse()?).build()?;
    let bytes = AtomicU64::new(0);
    pool.install(|| {
        files.par_iter().for_each(|path| {
            let read = std::fs::read(path).map_or(0, |text| text.len() as u64);
            bytes.fetch_add(read, Ordering::Relaxed);
        });
    });
    println!("{} files, {} bytes", files.len(), bytes.into_inner());
    Ok(())
}
