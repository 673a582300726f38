//! `gouji check`: audits reports.

use std::io::{self, Write};
use std::path::{Path, PathBuf, absolute};

use anyhow::{Result, bail};

use super::choice::{RuleArgs, SetupArgs, overrides};
use super::config::{FailOn, Resolver, Settings};
use super::fix;
use super::inputs::{self, Input};
use super::outputs::{self, Output, Target, TargetParser};
use super::suppress::{Seen, Use};
#[cfg(feature = "word")]
use super::tracked::{self, Tracked};
use super::{CLEAN, FOUND, Shell, TROUBLE, rounds, watch};
use crate::audit::{Audit, audit};
use crate::baseline::{self, Baseline, Compared, Kept, Tally, Writer};
use crate::diagnostic::{Severity, Standing};
use crate::document::{Document, Format as FileFormat};
use crate::emit::{self, Emitter, Format, Summary};
use crate::fix::{Repaired, repair};
use crate::input::{self, Limits};
use crate::options::Lang;
#[cfg(feature = "word")]
use crate::options::Options;
use crate::rules::{Detail, Rule, RuleSet};
use crate::stream;

/// 审核报告
#[derive(clap::Args)]
#[command(override_usage = "gouji check [选项] <文件>...", after_help = super::usage::EXIT_CODES)]
#[command(help_template = super::usage::template!(
    "读入一个或多个报告（Word、WPS、PDF、Excel、网页、Markdown 和纯文本），列出数字\n对不上、章节缺失、编号错乱等问题。文件夹中的报告会逐个审核。"
))]
pub struct Args {
    /// 要审核的文件或文件夹；“-”表示标准输入
    #[arg(required = true, value_name = "文件", help_heading = "参数")]
    paths: Vec<PathBuf>,
    /// 标准输入的名称，用于显示和查找配置
    #[arg(long, value_name = "名称", help_heading = "选项")]
    stdin_filename: Option<PathBuf>,

    #[command(flatten)]
    rules: RuleArgs,

    /// 输出格式：terminal、concise、json、jsonl、sarif、github、gitlab、junit、checkstyle 或 rdjson（默认 terminal）；写作“格式=文件”则写到文件，可写多次
    #[arg(long, value_name = "格式", value_parser = TargetParser, help_heading = "输出")]
    #[arg(hide_possible_values = true)]
    format: Vec<Target>,
    /// 写到文件，不写到屏幕
    #[arg(short, long, value_name = "文件", help_heading = "输出")]
    output: Option<PathBuf>,
    /// 达到此级别时退出码为 1：error、warning、hint 或 never（默认 warning）
    #[arg(long, value_name = "级别", hide_possible_values = true, help_heading = "输出")]
    fail_on: Option<FailOn>,
    /// 对照上一轮的基线：标出新增、未改、已改；未改的不影响退出码
    #[arg(long, value_name = "文件", conflicts_with = "diff", help_heading = "基线")]
    baseline: Option<PathBuf>,
    /// 把这一轮的问题写成基线，供下一轮对照
    #[arg(long, value_name = "文件", conflicts_with = "diff", help_heading = "基线")]
    write_baseline: Option<PathBuf>,

    /// 列出每一项核对：对了什么、结果如何、为什么无法核对
    #[arg(long, help_heading = "输出")]
    explain_checks: bool,

    /// 盯着文件，每次保存后重新检查
    #[arg(long, conflicts_with_all = ["fix", "diff", "write_baseline"], help_heading = "选项")]
    watch: bool,

    /// 列出已忽略的问题和原因
    #[arg(long, help_heading = "输出")]
    show_suppressed: bool,

    /// 改正可以放心自动改的文字形式，写回文件；数字从不改动
    #[arg(long, conflicts_with = "diff", help_heading = "改正")]
    fix: bool,
    /// 只显示 --fix 会改什么，不写文件
    #[arg(long, help_heading = "改正")]
    diff: bool,

    #[command(flatten)]
    setup: SetupArgs,

    /// Where `gouji fix` writes the repaired file instead.
    #[arg(skip)]
    fix_to: Option<PathBuf>,
}

impl Args {
    /// What `gouji fix` asks for.
    pub fn fixing(
        paths: Vec<PathBuf>,
        fix_to: Option<PathBuf>,
        fail_on: Option<FailOn>,
        rules: RuleArgs,
        setup: SetupArgs,
    ) -> Args {
        Args {
            paths,
            stdin_filename: None,
            rules,
            format: Vec::new(),
            output: None,
            fail_on,
            baseline: None,
            write_baseline: None,
            explain_checks: false,
            watch: false,
            show_suppressed: false,
            fix: true,
            diff: false,
            setup,
            fix_to,
        }
    }
}

/// One input with what it is audited by.
struct Job {
    input: Input,
    /// The name shown.
    path: String,
    settings: usize,
    /// Places in [`Settings::entries`] that hold for it.
    entries: Vec<usize>,
}

/// What is left of a job when its document is gone.
struct Piece {
    /// For each output what it is to write.
    bytes: Vec<Vec<u8>>,
    summary: Summary,
    /// Why nothing was checked.
    unread: Option<String>,
    /// Whether the fail level was reached.
    failed: bool,
    /// For the baseline of the next round.
    kept: Option<(Kept, Option<Compared>)>,
    /// Of the entries that hold for it, those that found nothing to suppress.
    idle: Vec<usize>,
}

pub fn run(shell: Shell, args: &Args) -> Result<u8> {
    if args.watch { watch::run(shell, &args.paths, || once(shell, args)) } else { once(shell, args) }
}

fn once(shell: Shell, args: &Args) -> Result<u8> {
    let lang = shell.lang();
    let inputs = inputs::collect(&args.paths)?;
    if inputs.is_empty() {
        bail!(lang.of("没有找到可以审核的文件", "no report found"));
    }
    let stdin = inputs.iter().filter(|input| **input == Input::Stdin).count();
    if stdin > 1 {
        bail!(lang.of("标准输入“-”只能写一次", "standard input can be named once only"));
    }
    if stdin > 0 && args.fix {
        bail!(lang.of(
            "标准输入不能用 --fix 写回；用 --diff 查看改法",
            "standard input cannot be written back; see --diff"
        ));
    }
    let plan = outputs::plan(&args.format, args.output.as_deref(), lang)?;
    let sarif = plan.iter().any(|(format, _)| *format == Format::Sarif);
    // SARIF tells what each rule is about.
    let detail = if sarif { Detail::Full } else { Detail::Lean };
    let mut resolver = Resolver::new(overrides(shell, &args.rules, &args.setup, args.fail_on), detail);
    let jobs = inputs.into_iter().map(|input| job(args, &mut resolver, input)).collect::<Result<Vec<_>>>()?;
    let Resolver { sets, settings, .. } = &resolver;
    let baseline = rounds::read(args.baseline.as_deref(), jobs.iter().map(|job| job.path.as_str()), lang)?;

    let lang = settings.first().map(|first| first.options.lang).unwrap_or_default();
    let emitter = |format: Format, file: &Option<PathBuf>| Emitter {
        format,
        lang,
        color: file.is_none() && !args.diff && shell.colors(&io::stdout()),
        rules: if format == Format::Sarif { all_rules(sets) } else { Vec::new() },
        many: jobs.len() > 1,
        explain_checks: args.explain_checks,
        show_suppressed: args.show_suppressed,
    };
    let emitters: Vec<Emitter> = plan.iter().map(|(format, file)| emitter(*format, file)).collect();
    let run = Run { args, emitters: &emitters, lang, sets, settings, baseline: baseline.as_ref() };
    let mut outputs = emitters
        .iter()
        .zip(plan)
        .map(|(emitter, (_, file))| Output::new(emitter, file))
        .collect::<Result<Vec<_>>>()?;

    let mut total = Summary::default();
    let (mut unread, mut failed, mut next) = (Vec::new(), false, Writer::default());
    if !args.diff {
        outputs.iter_mut().try_for_each(Output::open)?;
    }
    let mut queue = jobs.iter();
    let mut uses: Vec<Vec<Use>> = settings.iter().map(|one| vec![Use::NotAsked; one.entries.len()]).collect();
    stream::in_order(
        &jobs,
        args.setup.threads,
        |job| run.one(job),
        |piece: Piece| {
            let job = queue.next();
            let path = job.map_or("", |job| job.path.as_str());
            if let Some(job) = job.filter(|_| piece.unread.is_none()) {
                for &entry in &job.entries {
                    uses[job.settings][entry].add(!piece.idle.contains(&entry));
                }
            }
            total.add(&piece.summary);
            failed |= piece.failed;
            if let Some((kept, compared)) = piece.kept {
                next.add(kept, compared.as_ref());
            }
            if let Some(reason) = piece.unread {
                unread.push((path.to_owned(), reason));
            }
            outputs.iter_mut().zip(&piece.bytes).try_for_each(|(output, bytes)| {
                if args.diff { output.write(bytes) } else { output.piece(bytes) }
            })
        },
    )?;
    if let Some(baseline) = &baseline {
        total.baseline.get_or_insert_default().unchecked_files = next.unchecked(baseline);
    }
    for output in &mut outputs {
        if args.diff { output.flush()? } else { output.close(&total, &unread)? }
    }
    if let Some(path) = &args.write_baseline {
        rounds::write(path, next.finish(baseline.as_ref()).as_bytes(), lang)?;
    }
    for (one, uses) in settings.iter().zip(&uses) {
        failed |= advise(shell, args, one, &jobs, uses)?;
    }
    if !args.watch {
        // The process ends here, and taking the rule set apart takes longer than many a report.
        std::mem::forget(resolver);
    }
    Ok(if !unread.is_empty() {
        TROUBLE
    } else if failed {
        FOUND
    } else {
        CLEAN
    })
}

/// Says which entries of `gouji.toml` were of no use; whether that fails the run.
fn advise(shell: Shell, args: &Args, settings: &Settings, jobs: &[Job], uses: &[Use]) -> Result<bool> {
    let files = jobs.iter().filter_map(|job| absolute(&job.path).ok()).collect();
    let folders = args.paths.iter().filter(|path| path.is_dir()).filter_map(|path| absolute(path).ok());
    let unused = settings.entries.unused(uses, &Seen { files, folders: folders.collect() });
    let mut stderr = io::stderr().lock();
    for one in &unused {
        stderr.write_all(&emit::advice(one, settings.options.lang, shell.colors(&io::stderr())))?;
    }
    let counts = settings.fail_on.severity().is_some_and(|level| level <= Severity::Warning);
    Ok(counts && !unused.is_empty())
}

/// Everything the threads share.
struct Run<'a> {
    args: &'a Args,
    emitters: &'a [Emitter<'a>],
    lang: Lang,
    sets: &'a [RuleSet],
    settings: &'a [Settings],
    baseline: Option<&'a Baseline>,
}

impl Run<'_> {
    fn one(&self, job: &Job) -> Piece {
        let Settings { set, options, entries, .. } = &self.settings[job.settings];
        let own = (!job.entries.is_empty()).then(|| entries.options(options, &job.entries));
        let options = own.as_ref().unwrap_or(options);
        let rules = &self.sets[*set];
        let document = match read(job, self.lang) {
            Ok(document) => document,
            Err(reason) => return self.unread(job, reason),
        };
        if !self.args.fix && !self.args.diff {
            let mut found = audit(&document, rules, options);
            return self.piece(job, &document, &mut found, 0);
        }
        #[cfg(feature = "word")]
        if let (FileFormat::Docx, Input::File(path)) = (document.source.format, &job.input) {
            return self.word(job, path, document, options);
        }
        if document.source.format != FileFormat::Text {
            let why = self.lang.of(
                "只有纯文本、Markdown 和 Word 文档（docx）的文件能自动改正；这一份请只检查，自己改正",
                "only files of plain text, Markdown and Word (docx) can be repaired: check this one and repair it yourself",
            );
            return self.unread(job, why.to_owned());
        }
        let original =
            Document { text: document.text.clone(), origin: document.origin.clone(), ..Document::default() };
        let Repaired { document, mut audit, places } = repair(document, rules, options);
        if self.args.diff {
            return diffed(places, fix::diff(&job.path, &original.text, &document.text));
        }
        if let (Input::File(path), true) = (&job.input, places > 0 || self.args.fix_to.is_some())
            && let Err(reason) = fix::write_back(self.target(path), &original, &document.text, self.lang)
        {
            return self.unread(job, reason);
        }
        self.piece(job, &document, &mut audit, places)
    }

    /// Where the repaired file goes.
    fn target<'p>(&'p self, path: &'p Path) -> &'p Path {
        self.args.fix_to.as_deref().unwrap_or(path)
    }

    /// Repairs a Word document by tracked changes.
    #[cfg(feature = "word")]
    fn word(&self, job: &Job, path: &Path, document: Document, options: &Options) -> Piece {
        let rules = &self.sets[self.settings[job.settings].set];
        let old = document.text.clone();
        let Tracked { bytes, document, mut audit, places } =
            match tracked::repair(path, document, rules, options) {
                Ok(tracked) => tracked,
                Err(reason) => return self.unread(job, reason),
            };
        if self.args.diff {
            return diffed(places, fix::diff(&job.path, &old, &document.text));
        }
        if places > 0 || self.args.fix_to.is_some() {
            let target = self.target(path);
            if let Err(error) = fix::replace(target, &bytes) {
                let why = self.lang.of("改正后写不回去：", "cannot be written back: ");
                return self.unread(job, format!("{why}{error}"));
            }
        }
        self.piece(job, &document, &mut audit, places)
    }

    fn piece(&self, job: &Job, document: &Document, audit: &mut Audit, fixed: usize) -> Piece {
        let Settings { set, options, fail_on, .. } = &self.settings[job.settings];
        let rules = &self.sets[*set];
        let profile = rules.profile(&audit.profile).unwrap_or(&rules.no_profile);
        let profile = options.lang.of(&profile.zh, &profile.en);
        let wanted = self.args.write_baseline.is_some() || self.baseline.is_some();
        let kept = wanted.then(|| baseline::kept(&job.path, document, audit));
        let compared = self
            .baseline
            .zip(kept.as_ref())
            .map(|(old, kept)| old.compare(kept, rules, options, |kind| !kind.is_across()));
        if let Some(compared) = &compared {
            audit.diagnostics.iter_mut().zip(&compared.standings).for_each(|(found, standing)| {
                found.standing = Some(*standing);
            });
        }
        let audit = &*audit;
        let gone = compared.as_ref().map_or(&[][..], |compared| &compared.fixed);
        let result = Ok(emit::Audited { document, audit, rules, profile, fixed: gone });
        let bytes = self.emit(&emit::File { path: &job.path, result }, document.text.len());
        let mut summary = Summary { fixed, baseline: compared.as_ref().map(Tally::of), ..Summary::of(audit) };
        summary.fixable = match document.source.format {
            FileFormat::Text => summary.fixable,
            #[cfg(feature = "word")]
            FileFormat::Docx => tracked::fixable(document, audit),
            _ => 0,
        };
        let fails = |level| {
            let unknown = audit.diagnostics.iter().filter(|found| found.standing != Some(Standing::Known));
            unknown.map(|found| found.severity).any(|severity| severity >= level)
        };
        let failed = fail_on.severity().is_some_and(fails);
        let kept = kept.map(|kept| (kept, compared));
        let idle = audit.unused_entries.iter().map(|&place| job.entries[place]).collect();
        Piece { bytes, summary, unread: None, failed, kept, idle }
    }

    fn unread(&self, job: &Job, reason: String) -> Piece {
        let bytes = if self.args.diff {
            // A diff has no place for it.
            let _ = writeln!(io::stderr(), "{}：{reason}", job.path);
            Vec::new()
        } else {
            self.emit(&emit::File { path: &job.path, result: Err(&reason) }, 0)
        };
        let summary = Summary::unreadable();
        Piece { bytes, summary, unread: Some(reason), failed: true, kept: None, idle: Vec::new() }
    }

    /// What each output says of a file whose text is `len` long.
    fn emit(&self, file: &emit::File, len: usize) -> Vec<Vec<u8>> {
        let one = |emitter: &Emitter| {
            // Room for the findings of a report at once: growing there step by step costs more than writing them.
            let mut bytes = Vec::with_capacity(len.saturating_mul(2).min(1 << 16));
            emitter.file(file, &mut bytes);
            bytes
        };
        self.emitters.iter().map(one).collect()
    }
}

/// What `--diff` shows of a file.
fn diffed(places: usize, diff: String) -> Piece {
    let bytes = vec![diff.into_bytes()];
    Piece {
        failed: places > 0,
        bytes,
        summary: Summary::default(),
        unread: None,
        kept: None,
        idle: Vec::new(),
    }
}

fn read(job: &Job, lang: Lang) -> Result<Document, String> {
    let limits = Limits::with_office();
    match &job.input {
        Input::Stdin => input::read_stream(&job.path, io::stdin().lock(), &limits),
        Input::File(path) => input::read_path(path, &limits),
    }
    .map_err(|error| lang.of(error.to_string(), error.english()))
}

fn job(args: &Args, resolver: &mut Resolver, input: Input) -> Result<Job> {
    let path = match &input {
        Input::Stdin => args.stdin_filename.clone().unwrap_or_else(|| PathBuf::from("<stdin>")),
        Input::File(path) => path.clone(),
    };
    let settings = resolver.of_directory(path.parent().unwrap_or(Path::new("")))?;
    let entries = resolver.settings[settings].entries.of(&path);
    Ok(Job { input, path: path.display().to_string(), settings, entries })
}

/// The rules of all sets, one for each code.
fn all_rules(sets: &[RuleSet]) -> Vec<&Rule> {
    let mut all: Vec<&Rule> = sets.iter().flat_map(|set| &set.rules).collect();
    all.sort_by(|a, b| a.code.cmp(&b.code));
    all.dedup_by(|a, b| a.code == b.code);
    all
}
