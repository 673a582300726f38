//! `gouji review`: the reviewer's desk.

mod desk;
mod later;
mod summary;

use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};

use self::desk::Desk;
use self::later::Rounds;
use super::choice::{RuleArgs, SetupArgs, overrides};
use super::config::{FailOn, Resolver, Settings};
use super::papers::{self, PaperArgs, Papers};
use super::{CLEAN, FOUND, Shell, TROUBLE, print, rounds};
use crate::audit::audit;
use crate::diagnostic::Severity;
use crate::document::Format;
use crate::input::{self, Limits};
use crate::options::Lang;
use crate::review::across::Later;
use crate::review::across::prior::Shelf;
use crate::review::store::Store;
use crate::review::walk::{self, Walk, What};
use crate::review::workers::{self, Trouble};
use crate::review::{self, Report};
use crate::rules::{Detail, RuleSet};
use crate::word;

/// 批量审核报送材料，生成网页、台账和退改函
#[derive(clap::Args)]
#[command(override_usage = "gouji review [选项] --out <文件夹> <文件夹>...", after_help = super::usage::EXIT_CODES)]
#[command(help_template = super::usage::template!(
    "读入文件夹和压缩包（zip）里的全部报告，逐份审核，结果写到 --out 文件夹：\n总览网页 index.html、每份报告的网页、台账 review.xlsx、数据 review.json、退改函 returned/。\n中断后再运行一次即可接着做，没有变动的文件不重复审核。"
))]
pub struct Args {
    /// 报送材料所在的文件夹，也可以是文件或 zip 压缩包
    #[arg(required_unless_present = "ledger_template", value_name = "文件夹", help_heading = "参数")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    rules: RuleArgs,

    /// 结果写到这个文件夹
    #[arg(long, value_name = "文件夹", required_unless_present = "ledger_template", help_heading = "输出")]
    out: Option<PathBuf>,
    /// 达到此级别时退出码为 1：error、warning、hint 或 never（默认 warning）
    #[arg(long, value_name = "级别", hide_possible_values = true, help_heading = "输出")]
    fail_on: Option<FailOn>,
    /// 不写网页
    #[arg(long, help_heading = "输出")]
    no_html: bool,

    #[command(flatten)]
    papers: PaperArgs,

    /// 对照上一轮的基线：标出新增、未改、已改；未改的不影响退出码
    #[arg(long, value_name = "文件", help_heading = "基线")]
    baseline: Option<PathBuf>,
    /// 把这一轮的问题写成基线，供下一轮对照
    #[arg(long, value_name = "文件", help_heading = "基线")]
    write_baseline: Option<PathBuf>,

    /// 每个文件最多用多少秒，超过的记下原因，不再等它（默认 60）
    #[arg(long, value_name = "秒", default_value = "60", hide_default_value = true, help_heading = "选项")]
    time_limit: NonZero<u32>,
    /// 已审结果存放的文件夹（默认在 --out 下的 .gouji-cache）
    #[arg(long, value_name = "文件夹", conflicts_with = "no_cache", help_heading = "选项")]
    cache: Option<PathBuf>,
    /// 不用以前的结果，这次的结果也不留给以后
    #[arg(long, help_heading = "选项")]
    no_cache: bool,
    #[command(flatten)]
    setup: SetupArgs,
}

/// The time that comments carry: the time of the run would make two runs differ.
const WRITTEN: &str = "2000-01-01T00:00:00Z";

/// For what is needed during the run only, in the output folder.
const WORK: &str = ".gouji-work";

/// Everything the threads share; it lives as long as the process, for a thread that was given up on may go on.
struct Run {
    walk: Walk,
    /// Of each file found, its place in `settings`.
    settings_of: Vec<usize>,
    settings: Vec<Settings>,
    sets: Vec<RuleSet>,
    store: Store,
    lang: Lang,
}

pub fn run(shell: Shell, args: &Args) -> Result<u8> {
    let lang = shell.lang();
    if let Some(path) = &args.papers.ledger_template {
        return papers::write_template(path, lang);
    }
    let Some(out) = &args.out else { bail!("--out") };
    fs::create_dir_all(out).with_context(|| format!("写不了 {}", out.display()))?;
    let is_out = |path: &PathBuf| same_folder(path, out);
    if args.paths.iter().any(is_out) {
        bail!(lang.of(
            "--out 不能就是报送材料所在的文件夹，请另指定一个",
            "--out must be another folder than the one that is reviewed"
        ));
    }
    // Always of one name: what a broken-off run left is found and cleared.
    let left = out.join(WORK);
    if left.exists() {
        fs::remove_dir_all(&left).with_context(|| format!("写不了 {}", left.display()))?;
    }
    let work = tempfile::Builder::new().prefix(WORK).rand_bytes(0).tempdir_in(out)?;
    let folder = match &args.cache {
        _ if args.no_cache => work.path().join("store"),
        Some(folder) => folder.clone(),
        None => out.join(".gouji-cache"),
    };
    let store = Store::open(&folder).with_context(|| format!("写不了 {}", folder.display()))?;
    let mut walk = walk::walk(&args.paths, out, work.path(), lang);
    let own = walk.found.len();
    if walk.found.is_empty() {
        bail!(lang.of("没有找到可以审核的文件", "no report found"));
    }
    if let Some(prior) = &args.papers.prior {
        papers::exists(prior, lang)?;
        let last = walk::walk(std::slice::from_ref(prior), out, work.path(), lang);
        walk.extend(last, &prior.display().to_string());
    }
    let mut resolver = Resolver::new(overrides(shell, &args.rules, &args.setup, args.fail_on), Detail::Lean);
    let settings_of =
        walk.found.iter().map(|found| resolver.of_directory(&found.folder)).collect::<Result<Vec<_>>>()?;
    let lang = resolver.settings.first().map_or(lang, |first| first.options.lang);
    let Resolver { sets, settings, .. } = resolver;
    let run = Arc::new(Run { walk, settings_of, settings, sets, store, lang });
    let threads = args.setup.threads.or_else(|| std::thread::available_parallelism().ok());
    let approved = match (&args.papers.ledger, run.sets.first()) {
        (Some(path), Some(rules)) => Some((path.display().to_string(), papers::ledger(path, rules, lang)?)),
        _ => None,
    };
    let mut reports = read_all(&run, threads.unwrap_or(NonZero::<usize>::MIN), args.time_limit.get());
    let last = reports.split_off(own);
    let papers = Papers { approved, shelf: Shelf::of(&last), last };
    papers.tell(&reports, lang)?;
    let notes = papers.notes(&reports, args.papers.prior.is_some());
    let baseline =
        rounds::read(args.baseline.as_deref(), reports.iter().map(|report| report.path.as_str()), lang)?;
    let rounds = Rounds { baseline: baseline.as_ref(), is_written: args.write_baseline.is_some() };
    let (later, next) = later::later(&run, &reports, &papers, &rounds);
    let bar = progress(reports.len(), lang.of("写出", "writing"));
    let desk = Desk {
        out,
        work: work.path(),
        store: &run.store,
        reports: &reports,
        later: &later,
        media: run.walk.media,
        notes: &notes,
        html: !args.no_html,
        threads,
        lang,
    };
    let outcome = desk::write(&desk, || bar.inc(1))?;
    bar.finish_and_clear();
    if let Some(path) = &args.write_baseline {
        rounds::write(path, next.finish(baseline.as_ref()).as_bytes(), lang)?;
    }
    print(&summary::render(&outcome, run.walk.media, out, lang))?;
    let failed = |((report, later), &place): ((&Report, &Later), &usize)| {
        let counts = later.open(report);
        let by = |level| match level {
            Severity::Error => counts.errors,
            Severity::Warning => counts.errors + counts.warnings,
            Severity::Hint => counts.errors + counts.warnings + counts.hints,
        };
        run.settings[place].fail_on.severity().is_some_and(|level| by(level) > 0)
    };
    Ok(if outcome.summary.unreadable > 0 {
        TROUBLE
    } else if reports.iter().zip(&later).zip(&run.settings_of).any(failed) {
        FOUND
    } else {
        CLEAN
    })
}

fn same_folder(one: &Path, other: &Path) -> bool {
    fs::canonicalize(one).is_ok_and(|one| fs::canonicalize(other).is_ok_and(|other| one == other))
}

/// Hidden by itself where standard error is no terminal.
fn progress(count: usize, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(count as u64).with_message(what);
    match ProgressStyle::with_template("{msg} {bar:40} {pos}/{len} {elapsed}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// The first pass: every file on its own.
fn read_all(run: &Arc<Run>, threads: NonZero<usize>, seconds: u32) -> Vec<Report> {
    let count = run.walk.found.len();
    let bar = progress(count, run.lang.of("审核", "reviewing"));
    let mut reports = vec![Report::default(); count];
    let shared = run.clone();
    let work = move |place| shared.one(place);
    workers::each(count, threads, Duration::from_secs(seconds.into()), work, |place, result| {
        let mut report = match result {
            Ok(report) => report,
            Err(trouble) => unread(trouble_of(trouble, seconds, run.lang)),
        };
        report.path = run.walk.found[place].path.clone();
        reports[place] = report;
        bar.inc(1);
    });
    bar.finish_and_clear();
    reports
}

impl Run {
    fn one(&self, place: usize) -> Report {
        self.read(place).unwrap_or_else(unread)
    }

    fn read(&self, place: usize) -> Result<Report, String> {
        let found = &self.walk.found[place];
        let Settings { set, options, digest, entries, .. } = &self.settings[self.settings_of[place]];
        let held = match &found.what {
            What::File(path) => entries.of(path),
            _ => entries.of(&found.folder.join(&found.path)),
        };
        let own = (!held.is_empty()).then(|| entries.options(options, &held));
        let options = own.as_ref().unwrap_or(options);
        // Entries hold by name, and the cache knows contents only.
        let digest = held.iter().fold(*digest, |digest, &entry| digest.rotate_left(7) ^ (entry as u64 + 1));
        let limits = Limits::with_office();
        let said = |error: input::ReadError| self.lang.of(error.to_string(), error.english());
        let bytes = match &found.what {
            What::Unreadable(reason) => return Err(reason.clone()),
            What::Entry { archive, entry } => self.walk.archives[*archive].read(*entry, self.lang)?,
            What::File(path) => input::bytes_of(path, &limits).map_err(said)?,
        };
        let kind = Path::new(&found.path).extension().unwrap_or_default().to_string_lossy();
        let key = self.store.key(&bytes, &kind, digest);
        if let Some(report) = self.store.report(&key) {
            return Ok(Report { key, ..report });
        }
        let name = format!("报告.{kind}");
        let packed = bytes.starts_with(b"PK").then(|| bytes.clone());
        let document = input::read_bytes(&name, bytes, &limits).map_err(said)?;
        if document.text.trim().is_empty() {
            return Err(self.lang.of("文件是空的，里面没有文字", "the file is empty").to_owned());
        }
        let rules = &self.sets[*set];
        let audit = audit(&document, rules, options);
        let profile = rules.profile(&audit.profile).unwrap_or(&rules.no_profile);
        let mut record =
            review::record(&document, &audit, rules, self.lang, self.lang.of(&profile.zh, &profile.en));
        if let Some(bytes) = packed
            && document.source.format == Format::Docx
            && !audit.diagnostics.is_empty()
            && let Ok(annotated) = word::annotate(&bytes, &document, &audit, self.lang, WRITTEN)
        {
            self.store.keep_annotated(&key, &annotated.bytes).map_err(|error| said(error.into()))?;
            record.report.annotated = true;
        }
        self.store.keep(&key, &record).map_err(|error| said(error.into()))?;
        Ok(Report { key, ..record.report })
    }
}

fn unread(reason: String) -> Report {
    Report { unread: Some(reason), ..Report::default() }
}

fn trouble_of(trouble: Trouble, seconds: u32, lang: Lang) -> String {
    match trouble {
        Trouble::Slow => lang.of(
            format!("超过 {seconds} 秒的时间上限，没有审完（可用 --time-limit 放宽）"),
            format!("passed the time limit of {seconds} s and was given up on (see --time-limit)"),
        ),
        Trouble::Broken => {
            lang.of("程序在这个文件上出错，没有审完", "the program failed on this file").to_owned()
        }
        Trouble::Crowded => lang
            .of("前面超时的文件太多，没有轮到", "too many files before it were given up on: it was not read")
            .to_owned(),
    }
}
