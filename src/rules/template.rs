//! Sentences with `{placeholders}`.

/// `template` with every `{key}` replaced by its value; a key without a value is left as written, so
/// that a slip in a rule file is seen by the tests.
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    if memchr::memchr(b'{', template.as_bytes()).is_none() {
        return template.to_owned();
    }
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some(open) = memchr::memchr(b'{', rest.as_bytes()) {
        out.push_str(&rest[..open]);
        let Some(close) = memchr::memchr(b'}', &rest.as_bytes()[open..]) else { break };
        let key = &rest[open + 1..open + close];
        match values.iter().find(|(name, _)| *name == key) {
            Some((_, value)) => out.push_str(value),
            None => out.push_str(&rest[open..=open + close]),
        }
        rest = &rest[open + close + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn known_keys_are_filled_and_unknown_ones_stay() {
        assert_eq!(fill("“{a}”应作“{b}”{c}", &[("a", "台帐"), ("b", "台账")]), "“台帐”应作“台账”{c}");
        assert_eq!(fill("{", &[]), "{");
    }
}
