//! Names of output files: like the reports', safe on every system, no two alike.

use std::collections::HashSet;

use xxhash_rust::xxh3::xxh3_64;

/// Bytes of a name; systems allow 255, and an ending comes behind it.
const LONGEST: usize = 180;
const DOCX: &str = ".docx";

/// Names of one report's files, without their endings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Of its page and its letter.
    pub plain: String,
    /// Of the Word document with comments, which has the ending of its report but once.
    pub annotated: String,
}

/// The names of each path's files. `reserved`: names that are used for something else.
pub fn names<'a>(paths: impl Iterator<Item = &'a str>, reserved: &[&str]) -> Vec<Name> {
    let mut plain: HashSet<String> = reserved.iter().map(|name| name.to_lowercase()).collect();
    let mut annotated: HashSet<String> = HashSet::new();
    paths
        .map(|path| {
            let name = free(&[safe(path)], &mut plain);
            let ending = name.len().saturating_sub(DOCX.len());
            let bare =
                name.get(ending..).filter(|end| end.eq_ignore_ascii_case(DOCX)).map(|_| &name[..ending]);
            let wanted = bare.filter(|bare| !bare.is_empty()).into_iter().chain([name.as_str()]);
            let annotated = free(&wanted.map(str::to_owned).collect::<Vec<_>>(), &mut annotated);
            Name { plain: name, annotated }
        })
        .collect()
}

/// The first of `wanted` that is not taken, else the last with a number. Windows and macOS do not tell cases apart.
fn free(wanted: &[String], used: &mut HashSet<String>) -> String {
    let last = wanted.last().cloned().unwrap_or_default();
    let numbered = (2..).map(|number| format!("{last}-{number}"));
    let mut open = wanted.iter().cloned().chain(numbered).filter(|name| used.insert(name.to_lowercase()));
    open.next().unwrap_or(last)
}

fn safe(path: &str) -> String {
    let fitting = |c: char| match c {
        '/' | '\\' | '<' | '>' | ':' | '"' | '|' | '?' | '*' | '#' | '%' | '&' => '_',
        // A mark that turns the direction of writing would make the name look like another.
        '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '_',
        c if c.is_control() || c.is_whitespace() => '_',
        c => c,
    };
    let name: String = path.replace("!/", "_").trim_start_matches(['.', '/']).chars().map(fitting).collect();
    let name = name.trim_end_matches('.');
    if name.len() <= LONGEST {
        return if name.is_empty() { "_".to_owned() } else { name.to_owned() };
    }
    let cut = (0..=LONGEST).rev().find(|&at| name.is_char_boundary(at)).unwrap_or(0);
    format!("{}_{:08x}", &name[..cut], xxh3_64(path.as_bytes()) as u32)
}

/// A name as it stands in a link.
pub fn linked(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let mut link = String::with_capacity(name.len() * 2);
    for byte in name.bytes() {
        if plain(byte) { link.push(byte as char) } else { link.push_str(&format!("%{byte:02X}")) }
    }
    link
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_and_no_two_alike() {
        let paths = ["甲县/自评.txt", "甲县_自评.txt", "../a?.TXT", "包.zip!/a<b>.docx", "/A_.txt"];
        let plain = |paths: &[&str]| -> Vec<String> {
            names(paths.iter().copied(), &["通过"]).into_iter().map(|name| name.plain).collect()
        };
        assert_eq!(
            plain(&paths),
            ["甲县_自评.txt", "甲县_自评.txt-2", "a_.TXT", "包.zip_a_b_.docx", "A_.txt-2"]
        );
        assert_eq!(plain(&["通过", "通过.md"]), ["通过-2", "通过.md"]);
        let long = "报".repeat(200);
        let made = plain(&[&long, &long]);
        assert!(made.iter().all(|name| name.len() < 200) && made[0] != made[1]);
        assert_eq!(linked("甲 a.html"), "%E7%94%B2%20a.html");
    }

    #[test]
    fn annotated_documents_never_fall_together() {
        let paths = ["x", "X.docx", "x.DOCX", "x.docx.docx", "y.docx", "Y", "z.txt", ".docx", "x-2"];
        let made = names(paths.into_iter(), &[]);
        let annotated: Vec<&str> = made.iter().map(|name| name.annotated.as_str()).collect();
        assert_eq!(&annotated[..3], ["x", "X.docx", "x.DOCX-2"]);
        assert_eq!(&annotated[4..7], ["y", "Y-2", "z.txt"]);
        let lower: HashSet<String> = annotated.iter().map(|name| name.to_lowercase()).collect();
        assert_eq!(lower.len(), paths.len());
    }
}
