//! Formats without a reader of our own, turned into docx or xlsx by an installed LibreOffice.
//!
//! Takes bytes; gives the bytes of the new file. The program runs with a profile of its own in a folder that is
//! thrown away: no macros, no updates of links, no network, and no longer than [`LONGEST`]. It must not know how
//! anything is read.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A report takes seconds; a file that takes longer is not going to be read.
const LONGEST: Duration = Duration::from_secs(120);
const STEP: Duration = Duration::from_millis(25);
/// The exit code that asks for another start.
const AGAIN: i32 = 81;

pub enum Trouble {
    NotInstalled,
    /// It ended without a file, ran too long, or wrote more than `most` bytes.
    Failed,
}

/// `from` and `to` are the names' endings of both formats.
pub fn convert(bytes: &[u8], from: &str, to: &str, most: u64) -> Result<Vec<u8>, Trouble> {
    let program = program().ok_or(Trouble::NotInstalled)?;
    let failed = |_| Trouble::Failed;
    let folder = tempfile::tempdir().map_err(failed)?;
    let at = |name: &str| folder.path().join(name);
    let user = at("profile/user");
    fs::create_dir_all(&user).map_err(failed)?;
    fs::write(user.join("registrymodifications.xcu"), PROFILE).map_err(failed)?;
    let source = at(&format!("in.{from}"));
    fs::write(&source, bytes).map_err(failed)?;
    let mut command = Command::new(program);
    command
        .arg(format!("-env:UserInstallation={}", url(&at("profile"))))
        .args(["--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"])
        .args(["--convert-to", to, "--outdir"])
        .arg(at("out"))
        .arg(&source)
        .current_dir(folder.path())
        .env("HOME", folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    // With a new profile it may ask to be started once more.
    let end = Instant::now() + LONGEST;
    while wait(command.spawn().map_err(failed)?, end)? == Some(AGAIN) {}
    let made = at("out").join(format!("in.{to}"));
    let length = fs::metadata(&made).map_err(failed)?.len();
    if length > most {
        return Err(Trouble::Failed);
    }
    fs::read(made).map_err(failed)
}

fn wait(mut child: Child, end: Instant) -> Result<Option<i32>, Trouble> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.code()),
            Ok(None) if Instant::now() < end => sleep(STEP),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(Trouble::Failed);
            }
        }
    }
}

/// The program itself where it stands beside its starting script, so that ending it ends all of it.
fn program() -> Option<PathBuf> {
    let names: &[&str] = if cfg!(windows) { &["soffice.exe"] } else { &["soffice", "libreoffice"] };
    let usual: &[&str] = match env::consts::OS {
        "windows" => {
            &["C:\\Program Files\\LibreOffice\\program", "C:\\Program Files (x86)\\LibreOffice\\program"]
        }
        "macos" => &["/Applications/LibreOffice.app/Contents/MacOS"],
        _ => &[],
    };
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(usual.iter().map(PathBuf::from));
    let found = folders.flat_map(|folder| names.iter().map(move |name| folder.join(name)));
    let found = found.into_iter().find(|path| path.is_file())?;
    let inner = fs::canonicalize(&found).ok().map(|path| path.with_file_name("soffice.bin"));
    Some(inner.filter(|path| path.is_file()).unwrap_or(found))
}

fn url(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/").replace('%', "%25").replace(' ', "%20");
    format!("file://{}{path}", if path.starts_with('/') { "" } else { "/" })
}

/// Macros off, links never updated, nothing fetched: the only proxy is a port where nobody listens.
const PROFILE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop></item>
</oor:items>
"#;
