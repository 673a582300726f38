//! How often the engine is right: `cargo run --release --example accuracy [-- OPTION…]`.
//!
//! Prints docs/accuracy.md, with `--write` writes it. `--each N` slips of each kind in each report, `--seed N`.
//! `--notes` instead lists what was missed, blamed wrongly or told beside the point, one line each.

mod harness;

use std::process::Command;

use anyhow::{Context, Result, bail};
use gouji::rules;
use harness::corpus::{self, Report};
use harness::score::{self, Plan};
use harness::{formats, natural, page, slips};

fn main() -> Result<()> {
    let mut plan = Plan { seed: 1, each: 6 };
    let (mut notes, mut write) = (false, false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().context("a number is missing")?.parse().context("no number");
        match argument.as_str() {
            "--each" => plan.each = number()? as usize,
            "--seed" => plan.seed = number()?,
            "--notes" => notes = true,
            "--write" => write = true,
            other => bail!("{other} is no option: --each N, --seed N, --notes, --write"),
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
    let (drafts, held_out) = (natural::drafts(&set)?, natural::held_out(&set)?);
    let by_hand = page::sets(|name| slips::set(name, &set))?;
    let published = corpus::published().map(|folder| natural::published(&folder, &set)).transpose()?;
    let by_format = formats::table(&formats::compare(&set));
    let natural = page::Natural { drafts: &drafts, held_out: &held_out, by_hand: &by_hand };
    let text = page::page(&plan, &today(), &score, natural, &by_format, published.as_ref());
    if !write {
        print!("{text}");
    } else if published.is_none() {
        bail!("the real documents are not at hand: docs/accuracy.md would lose them");
    } else {
        std::fs::write(corpus::root().join("docs/accuracy.md"), text)?;
    }
    Ok(())
}

/// The day of the run, where the system can tell it.
fn today() -> String {
    let said = Command::new("date").arg("+%Y-%m-%d").output();
    said.map(|out| String::from_utf8_lossy(&out.stdout).trim().to_owned()).unwrap_or_default()
}
