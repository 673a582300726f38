//! Where a run writes: one format to the screen or `--output`, others to files of their own.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::builder::{EnumValueParser, PossibleValue, TypedValueParser};
use clap::{Arg, Command, Error, ValueEnum};

use crate::emit::{Emitter, Format, Summary};
use crate::options::Lang;

/// A value of `--format`: `json`, or `json=结果.json`.
#[derive(Debug, Clone)]
pub struct Target {
    format: FormatArg,
    file: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatArg {
    Terminal,
    Concise,
    Json,
    Jsonl,
    Sarif,
    Github,
    Gitlab,
    Junit,
    Checkstyle,
    Rdjson,
}

impl From<FormatArg> for Format {
    fn from(arg: FormatArg) -> Self {
        match arg {
            FormatArg::Terminal => Format::Terminal,
            FormatArg::Concise => Format::Concise,
            FormatArg::Json => Format::Json,
            FormatArg::Jsonl => Format::Jsonl,
            FormatArg::Sarif => Format::Sarif,
            FormatArg::Github => Format::Github,
            FormatArg::Gitlab => Format::Gitlab,
            FormatArg::Junit => Format::Junit,
            FormatArg::Checkstyle => Format::Checkstyle,
            FormatArg::Rdjson => Format::Rdjson,
        }
    }
}

/// Parses a [`Target`].
#[derive(Debug, Clone)]
pub struct TargetParser;

impl TypedValueParser for TargetParser {
    type Value = Target;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<Target, Error> {
        let (format, file) = match value.to_str().and_then(|text| text.split_once('=')) {
            Some((format, file)) if !file.is_empty() => (OsStr::new(format), Some(PathBuf::from(file))),
            _ => (value, None),
        };
        let format = EnumValueParser::<FormatArg>::new().parse_ref(command, arg, format)?;
        Ok(Target { format, file })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(FormatArg::value_variants().iter().filter_map(ValueEnum::to_possible_value)))
    }
}

/// Format and file of each output; no file: the screen. There is always one that goes to the screen or `output`.
pub fn plan(targets: &[Target], output: Option<&Path>, lang: Lang) -> Result<Vec<(Format, Option<PathBuf>)>> {
    let main = |format: Format| (format, output.map(Path::to_owned));
    let mut plan: Vec<(Format, Option<PathBuf>)> = targets
        .iter()
        .map(|target| match &target.file {
            Some(file) => (target.format.into(), Some(file.clone())),
            None => main(target.format.into()),
        })
        .collect();
    if targets.iter().all(|target| target.file.is_some()) {
        plan.insert(0, main(Format::Terminal));
    }
    for (place, (_, file)) in plan.iter().enumerate() {
        if plan[..place].iter().any(|(_, other)| other == file) {
            let target = file
                .as_ref()
                .map_or_else(|| lang.of("屏幕", "the screen").to_owned(), |file| file.display().to_string());
            bail!(lang.of(
                format!("两种格式都要写到{target}；用 --format 格式=文件 分开写"),
                format!("two formats for {target}: part them with --format FORMAT=FILE"),
            ));
        }
    }
    Ok(plan)
}

/// One format on its way to one place.
pub struct Output<'a> {
    emitter: &'a Emitter<'a>,
    /// The name of a file that is being written, for what cannot be written.
    file: Option<PathBuf>,
    out: Box<dyn Write + Send>,
    wrote_one: bool,
}

impl<'a> Output<'a> {
    pub fn new(emitter: &'a Emitter<'a>, file: Option<PathBuf>) -> Result<Self> {
        let out: Box<dyn Write + Send> = match &file {
            Some(path) => {
                let file = File::create(path).with_context(|| cannot(path))?;
                Box::new(BufWriter::new(file))
            }
            None => Box::new(BufWriter::with_capacity(1 << 16, io::stdout())),
        };
        Ok(Output { emitter, file, out, wrote_one: false })
    }

    pub fn open(&mut self) -> Result<()> {
        let mut bytes = Vec::new();
        self.emitter.open(&mut bytes);
        self.write(&bytes)
    }

    /// What the emitter made of one file.
    pub fn piece(&mut self, bytes: &[u8]) -> Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        if self.wrote_one {
            self.write(self.emitter.separator())?;
        }
        self.wrote_one = true;
        self.write(bytes)
    }

    pub fn close(&mut self, summary: &Summary, unread: &[(String, String)]) -> Result<()> {
        let mut bytes = Vec::new();
        self.emitter.close(summary, unread, &mut bytes);
        self.write(&bytes)?;
        self.flush()
    }

    /// Bytes of no emitter.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let written = self.out.write_all(bytes);
        self.named(written)
    }

    pub fn flush(&mut self) -> Result<()> {
        let flushed = self.out.flush();
        self.named(flushed)
    }

    fn named(&self, result: io::Result<()>) -> Result<()> {
        match &self.file {
            Some(path) => result.with_context(|| cannot(path)),
            None => Ok(result?),
        }
    }
}

fn cannot(path: &Path) -> String {
    format!("写不了 {}", path.display())
}
