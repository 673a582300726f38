//! Every identity and indicator of the rule set on figures of published accounts and on invented ones:
//! `tests/data/equations.toml` says what each text is to come to.

use std::collections::BTreeSet;

use gouji::reconcile::State;
use gouji::{Options, audit, input, rules};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// Id of the identity or indicator, or the kind of a relation that the text states.
    of: String,
    text: String,
    /// `holds`, `rounding`, `fails`, `not-evaluable`: the worst of its checks; none: nothing is checked.
    #[serde(default)]
    state: Option<String>,
    /// Where the figures are from, or what the trap is.
    #[serde(default)]
    note: String,
}

fn word(state: State) -> &'static str {
    match state {
        State::Holds => "holds",
        State::WithinRounding => "rounding",
        State::Fails => "fails",
        State::NotEvaluable => "not-evaluable",
    }
}

#[test]
fn equations_come_to_what_the_figures_say() {
    let set = rules::embedded().expect("embedded rules load");
    let path = format!("{}/tests/data/equations.toml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("readable");
    let data: Data = toml::from_str(&text).expect("well-formed");
    let mut wrong = Vec::new();
    let (mut held, mut failed) = (BTreeSet::new(), BTreeSet::new());
    for case in &data.case {
        let document = input::read_text("例.txt", case.text.clone());
        let result = audit(&document, &set, &Options::default());
        let id_of = |place: Option<u16>| place.map(|place| set.equations[usize::from(place)].id.as_str());
        let found: Vec<State> = result
            .checks
            .iter()
            .filter(|check| id_of(check.equation).unwrap_or(check.kind) == case.of)
            .map(|check| check.state)
            .collect();
        let worst = found.iter().max().map(|state| word(*state));
        if worst != case.state.as_deref() {
            let all: Vec<_> =
                result.checks.iter().map(|check| (check.kind, id_of(check.equation), &check.trace)).collect();
            wrong.push(format!("{}: {} {}\n    found {found:?} in {all:?}", case.of, case.text, case.note));
        }
        match case.state.as_deref() {
            Some("holds" | "rounding") => held.insert(case.of.as_str()),
            Some("fails") => failed.insert(case.of.as_str()),
            _ => false,
        };
    }
    for equation in &set.equations {
        let id = equation.id.as_str();
        if !held.contains(id) || !failed.contains(id) {
            wrong.push(format!("{id}: needs a case that holds and one that fails"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
