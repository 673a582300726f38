//! Names of output files: like the reports', safe on every system, no two alike.

use std::collections::HashSet;

use xxhash_rust::xxh3::xxh3_64;

/// Bytes of a name; systems allow 255, and an ending comes behind it.
const LONGEST: usize = 180;

/// One name for each path, without an ending.
pub fn names<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut used: HashSet<String> = HashSet::new();
    let mut unique = |path: &str| {
        let name = safe(path);
        let numbered =
            (1..).map(|number| if number == 1 { name.clone() } else { format!("{name}-{number}") });
        // Windows and macOS do not tell cases apart.
        let mut free = numbered.filter(|name| used.insert(name.to_lowercase()));
        free.next().unwrap_or(name.clone())
    };
    paths.map(&mut unique).collect()
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
        assert_eq!(
            names(paths.into_iter()),
            ["甲县_自评.txt", "甲县_自评.txt-2", "a_.TXT", "包.zip_a_b_.docx", "A_.txt-2"]
        );
        let long = "报".repeat(200);
        let made = names([long.as_str(), long.as_str()].into_iter());
        assert!(made.iter().all(|name| name.len() < 200) && made[0] != made[1]);
        assert_eq!(linked("甲 a.html"), "%E7%94%B2%20a.html");
    }
}
