//! Writes COUNT different reports into DIR, for `benches/compare.sh`.

use std::fs;
use std::path::PathBuf;

mod support;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(folder), Some(count)) = (arguments.next(), arguments.next()) else {
        anyhow::bail!("usage: reports DIR COUNT");
    };
    let folder = PathBuf::from(folder);
    fs::create_dir_all(&folder)?;
    for index in 0..count.to_string_lossy().parse()? {
        fs::write(folder.join(format!("{index:05}.txt")), support::report(index))?;
    }
    let whole = folder.with_extension("16mb.txt");
    fs::write(whole, support::text(16 << 20))?;
    Ok(())
}
