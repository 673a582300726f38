//! Rules explained: the command, and where a client finds the text of a code.

use super::settings::Setting;
use crate::emit;

pub const COMMAND: &str = "gouji.explain";

/// The address that a code leads to; editors that know the scheme show [`text`] there.
pub fn href(code: &str) -> String {
    format!("gouji-rule:/{code}.txt")
}

/// What `gouji explain` says.
pub fn text(setting: &Setting, code: &str) -> Option<String> {
    let rule = setting.rules.find(code)?;
    Some(emit::explain(&setting.rules, rule, setting.options.lang))
}
