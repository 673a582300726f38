//! `gouji lsp`: the language server on standard input and output.

use std::collections::HashMap;
use std::fs;
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf, absolute};
use std::sync::Arc;

use anyhow::Result;

use super::config::{self, FILE_NAME, Overrides, Resolver};
use super::{CLEAN, FOUND, Mistakes, Shell};
use crate::lsp::{self, Configure, Setting, Trouble, Wishes};
use crate::options::Lang;
use crate::rules::Detail;

/// 编辑器里用的语言服务（LSP，标准输入输出）
#[derive(clap::Args)]
#[command(override_usage = "gouji lsp", help_template = super::usage::template!(
    "由编辑器启动：写的时候就指出问题、给出改法，悬停看数字的来历，改一处数字时同一事实处处跟着改。\n各编辑器的设置见 docs/editors.md。"
))]
pub struct Args {
    /// 编辑器惯用的写法，写不写都一样
    #[arg(long, hide = true)]
    stdio: bool,
}

pub fn run(shell: Shell, _: &Args) -> Result<u8> {
    let config = Configuration { lang: shell.lang, known: HashMap::new() };
    let output = Locked(io::stdout());
    let input = BufReader::with_capacity(1 << 16, io::stdin());
    Ok(if lsp::run(input, output, Box::new(config))? { CLEAN } else { FOUND })
}

/// Standard output, one message at a time.
struct Locked(io::Stdout);

impl Write for Locked {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.lock().flush()
    }
}

/// Finds the settings of open documents.
struct Configuration {
    lang: Option<Lang>,
    /// By configuration file; what was last right is kept while the file is wrong.
    known: HashMap<(Option<PathBuf>, String), Known>,
}

struct Known {
    good: Arc<Base>,
    trouble: Option<Trouble>,
    stale: bool,
}

struct Base {
    resolver: Resolver,
    rules: Arc<crate::rules::RuleSet>,
}

impl Configuration {
    fn read(&self, config: Option<&Path>, wishes: &Wishes) -> Result<Base> {
        let lang = match wishes.lang.as_deref() {
            Some("en") => Some(Lang::En),
            Some("zh") => Some(Lang::Zh),
            _ => self.lang,
        };
        let overrides = Overrides {
            severity: wishes.severity,
            profile: wishes.profile.clone(),
            lang,
            no_config: config.is_none(),
            config: config.map(Path::to_owned),
            ..Overrides::default()
        };
        let mut resolver = Resolver::new(overrides, Detail::Full);
        resolver.of_directory(Path::new(""))?;
        let rules = Arc::new(std::mem::take(&mut resolver.sets).remove(0));
        Ok(Base { resolver, rules })
    }
}

impl Configure for Configuration {
    fn of(&mut self, file: &Path, wishes: &Wishes) -> (Arc<Setting>, Option<Trouble>) {
        let folder = file.parent().unwrap_or(Path::new(""));
        let config = wishes.config.clone().or_else(|| config::find_upwards(folder));
        let key = (config.clone(), format!("{wishes:?}"));
        if self.known.get(&key).is_none_or(|known| known.stale) {
            let read = self.read(config.as_deref(), wishes);
            let before = self.known.remove(&key).map(|known| known.good);
            let known = match read {
                Ok(base) => Some(Known { good: Arc::new(base), trouble: None, stale: false }),
                Err(error) => {
                    let trouble = Some(match error.downcast::<Mistakes>() {
                        Ok(Mistakes(mistakes)) => Trouble::Mistakes(mistakes),
                        Err(error) => Trouble::Other(format!("{error:#}")),
                    });
                    // Without any that was right the defaults hold, which nobody can get wrong.
                    let plain = || self.read(None, &Wishes::default()).ok().map(Arc::new);
                    before.or_else(plain).map(|good| Known { good, trouble, stale: false })
                }
            };
            self.known.extend(known.map(|known| (key.clone(), known)));
        }
        let config = config.unwrap_or_else(|| folder.join(FILE_NAME));
        let config = absolute(&config).unwrap_or(config);
        let Some(known) = self.known.get(&key) else {
            let setting = Setting { rules: Arc::default(), options: crate::Options::default(), config };
            return (Arc::new(setting), None);
        };
        let settings = &known.good.resolver.settings[0];
        let entries = settings.entries.of(file);
        let options = settings.entries.options(&settings.options, &entries);
        let setting = Setting { rules: Arc::clone(&known.good.rules), options, config };
        (Arc::new(setting), known.trouble.clone())
    }

    fn forget(&mut self) {
        self.known.values_mut().for_each(|known| known.stale = true);
    }

    fn text(&self, file: &Path) -> Option<String> {
        fs::read_to_string(file).ok()
    }
}
