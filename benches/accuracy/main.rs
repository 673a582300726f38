//! How often the engine is right: `cargo run --release --example accuracy [-- OPTION…]`.
//!
//! Prints Markdown. `--each N` slips of each kind in each report, `--seed N`, `--notes` lists what was
//! missed, blamed wrongly or told beside the point, one line each.

mod harness;

use anyhow::{Context, Result, bail};
use gouji::rules;
use harness::corpus::{self, Report};
use harness::score::{self, Plan};
use harness::tables;

fn main() -> Result<()> {
    let mut plan = Plan { seed: 1, each: 6 };
    let mut notes = false;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().context("a number is missing")?.parse().context("no number");
        match argument.as_str() {
            "--each" => plan.each = number()? as usize,
            "--seed" => plan.seed = number()?,
            "--notes" => notes = true,
            other => bail!("{other} is no option: --each N, --seed N, --notes"),
        }
    }
    let set = match rules::embedded() {
        Ok(set) => set,
        Err(error) => bail!("rules: {error:?}"),
    };
    let reports = corpus::tying()?.iter().map(|path| Report::read(path, &set)).collect::<Result<Vec<_>>>()?;
    let score = score::run(&reports, &set, &plan)?;
    if notes {
        score.notes.iter().for_each(|note| println!("{note}"));
        return Ok(());
    }
    println!("## Mutations\n\n{}\n### Blame\n\n{}", tables::mutations(&score), tables::blame(&score));
    println!("### By rule\n\n{}\n## Coverage\n\n{}", tables::rules(&score), tables::coverage(&score));
    Ok(())
}
