//! Baseline files: read before a run, written after it.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, anyhow};

use crate::baseline::Baseline;
use crate::options::Lang;

/// `paths` are the files of the run.
pub fn read<'a>(
    path: Option<&Path>,
    paths: impl Iterator<Item = &'a str>,
    lang: Lang,
) -> Result<Option<Baseline>> {
    let Some(path) = path else { return Ok(None) };
    let name = || format!("{} {}", lang.of("基线文件", "baseline"), path.display());
    let text = fs::read_to_string(path).with_context(name)?;
    let baseline = Baseline::read(&text, paths)
        .map_err(|error| anyhow!("{}", lang.of(error.to_string(), error.english())))
        .with_context(name)?;
    Ok(Some(baseline))
}

/// Whole or not at all.
pub fn write(path: &Path, bytes: &[u8], lang: Lang) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = || -> Result<()> {
        let mut new = tempfile::Builder::new().prefix(".gouji-").tempfile_in(folder)?;
        new.write_all(bytes)?;
        new.as_file().sync_all()?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(path).map_or(0o644, |old| old.permissions().mode());
            new.as_file().set_permissions(fs::Permissions::from_mode(mode))?;
        }
        new.persist(path)?;
        Ok(())
    };
    written().with_context(|| format!("{} {}", lang.of("写不了", "cannot write"), path.display()))
}
