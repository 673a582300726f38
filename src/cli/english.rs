//! Help in English, for `--lang en`: the definitions speak Chinese, this table says the same.

use std::ffi::OsString;

use clap::Command;

/// Whether the arguments ask for English; looked at before they are parsed, for help is part of parsing.
pub fn is_wanted(args: &[OsString]) -> bool {
    let args = || args.iter().map(|arg| arg.to_str().unwrap_or_default());
    args().any(|arg| arg == "--lang=en") || args().zip(args().skip(1)).any(|pair| pair == ("--lang", "en"))
}

/// `command` with its help in English.
pub fn translate(command: Command) -> Command {
    let name = command.get_name().to_owned();
    let mut command =
        command.help_template("{about-with-newline}\n{usage-heading} {usage}\n\n{all-args}{after-help}\n");
    if let Some((_, about, usage)) = COMMANDS.iter().find(|(known, ..)| *known == name) {
        command = command.about(*about).override_usage(*usage);
    }
    if command.get_after_help().is_some() {
        command = command.after_help(EXIT_CODES);
    }
    command = command.subcommand_help_heading("Commands").mut_args(|arg| {
        let entry = ARGUMENTS.iter().find(|(id, ..)| *id == arg.get_id().as_str());
        // The same option has other values in every command.
        let arg = if arg.get_id() == "format" { arg.hide_possible_values(false) } else { arg };
        match entry {
            Some((_, heading, "", help)) => arg.help(*help).help_heading(*heading),
            Some((_, heading, value, help)) => arg.help(*help).help_heading(*heading).value_name(*value),
            None => arg,
        }
    });
    command.mut_subcommands(translate)
}

const EXIT_CODES: &str = "\
Exit codes: 0 nothing at or above --fail-on; 1 findings; 2 wrong usage or configuration, or unreadable input.";

/// Name, about, usage.
const COMMANDS: [(&str, &str, &str); 17] = [
    (
        "gouji",
        "Checks how the figures, sections and numbering of a Chinese budget-performance report tie together",
        "gouji <COMMAND> [OPTIONS]",
    ),
    ("check", "Audit reports", "gouji check [OPTIONS] <PATHS>..."),
    (
        "annotate",
        "Write the findings as comments into a Word document",
        "gouji annotate [OPTIONS] -o <FILE> <DOCUMENT>",
    ),
    (
        "fix",
        "Make safe repairs of form; in Word documents as tracked changes",
        "gouji fix [OPTIONS] <PATHS>...",
    ),
    (
        "review",
        "Audit a folder of incoming reports: pages, workbook, data and letters of correction",
        "gouji review [OPTIONS] --out <DIR> <PATHS>...",
    ),
    (
        "facts",
        "List the figures of reports and the relations between them",
        "gouji facts [OPTIONS] <PATHS>...",
    ),
    ("outline", "Show the recovered heading tree and what its numbering gets wrong", "gouji outline <PATH>"),
    ("text", "Print the document as read, to which lines and columns refer", "gouji text [OPTIONS] <PATH>"),
    ("explain", "Explain a rule", "gouji explain <RULE>"),
    ("config", "Show what applies to a file, and from where", "gouji config [OPTIONS] [PLACE]"),
    ("init", "Write a gouji.toml with every key explained", "gouji init [FOLDER]"),
    ("lsp", "Language server for editors, on standard input and output", "gouji lsp"),
    ("rules", "List all rules", "gouji rules [OPTIONS]"),
    ("profiles", "List the kinds of report that are recognised", "gouji profiles [OPTIONS]"),
    ("schema", "Print a JSON Schema", "gouji schema <WHICH>"),
    ("completions", "Print a completion script", "gouji completions <SHELL>"),
    ("man", "Print the manual page", "gouji man"),
];

/// Id, heading, name of the value, help. An id means the same in every command.
const ARGUMENTS: [(&str, &str, &str, &str); 44] = [
    ("paths", "Arguments", "PATHS", "Reports or folders; - is standard input"),
    ("path", "Arguments", "PATH", "The report; - is standard input"),
    ("document", "Arguments", "DOCUMENT", "The Word document (docx)"),
    ("rule", "Arguments", "RULE", "Code or name of the rule, such as FIG001 or sum-mismatch"),
    (
        "which",
        "Arguments",
        "WHICH",
        "output (of check --format json), review (review.json), config (gouji.toml) or rule (a rule file)",
    ),
    ("shell", "Arguments", "SHELL", "bash, zsh, fish, powershell or elvish"),
    ("stdin_filename", "Options", "NAME", "Name of standard input, for display and configuration"),
    ("config", "Options", "FILE", "Configuration file; else gouji.toml is looked for upwards from each file"),
    ("no_config", "Options", "", "Look for no configuration"),
    ("threads", "Options", "N", "Threads (default: as many as processors)"),
    ("select", "Rules", "RULES", "Only these rules: codes, prefixes such as FIG, or names, parted by commas"),
    ("ignore", "Rules", "RULES", "Not these rules; the more exact selector wins"),
    ("hints", "Rules", "", "Show hints too"),
    ("severity", "Rules", "LEVEL", "Lowest severity shown: error, warning or hint (default warning)"),
    ("profile", "Rules", "ID", "Kind of report to judge by, instead of the one detected"),
    ("rules", "Rules", "DIR", "Folder of your own rule files, laid out like rules/"),
    (
        "format",
        "Output",
        "FORMAT",
        "Output format; FORMAT=FILE writes it to a file, where a command has several",
    ),
    ("output", "Output", "FILE", "Write to a file"),
    ("no_html", "Output", "", "Write no pages"),
    ("overwrite", "Output", "", "Let -o name the document itself"),
    (
        "prior",
        "Papers",
        "DIR",
        "Folder of last year's reports: last year's figures and balances are held against them",
    ),
    (
        "ledger",
        "Papers",
        "FILE",
        "The bureau's own table (xlsx or csv): the figures of the reports are held against it",
    ),
    ("ledger_template", "Papers", "FILE", "Write an empty table (xlsx) with an example and what to fill in"),
    ("out", "Output", "DIR", "Folder that the results are written to"),
    (
        "time_limit",
        "Options",
        "SECONDS",
        "Seconds for one file; past it the file is named and left (default 60)",
    ),
    ("cache", "Options", "DIR", "Folder of results kept for later (default .gouji-cache in --out)"),
    ("no_cache", "Options", "", "Use no earlier results and keep none"),
    (
        "fail_on",
        "Output",
        "LEVEL",
        "Exit code 1 from this severity on: error, warning, hint or never (default warning)",
    ),
    (
        "explain_checks",
        "Output",
        "",
        "List every check: its arithmetic, its result, why it could not be made",
    ),
    (
        "baseline",
        "Baseline",
        "FILE",
        "Compare with the baseline of the last round: new, known, fixed; known findings leave the exit code alone",
    ),
    ("write_baseline", "Baseline", "FILE", "Write the findings of this round as a baseline for the next"),
    (
        "show_suppressed",
        "Output",
        "",
        "List the findings that comments or gouji.toml answer for, with the reason",
    ),
    ("fix", "Repair", "", "Make safe repairs of form and write them back; figures are never changed"),
    ("diff", "Repair", "", "Show what --fix would do, write nothing"),
    (
        "unread",
        "Options",
        "",
        "List the figures that were not read whole, and why, so that the lexicon can grow",
    ),
    ("places", "Options", "", "Put before each line its number and its place in the file"),
    ("place", "Arguments", "PLACE", "A report or folder, which need not exist (default: this folder)"),
    ("folder", "Arguments", "FOLDER", "Where to write it (default: this folder)"),
    ("watch", "Options", "", "Check again whenever a file is saved"),
    ("stdio", "Options", "", "What editors like to write; it changes nothing"),
    ("lang", "Global options", "LANG", "Language of findings and help: zh or en (default zh)"),
    ("color", "Global options", "WHEN", "Colours: auto, always or never (default auto)"),
    ("help", "Global options", "", "Show help"),
    ("version", "Global options", "", "Show the version"),
];

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    /// Every option and command is in the tables: none would be left in Chinese.
    #[test]
    fn help_is_translated_whole() {
        fn assert_english(command: &Command) {
            let help = command.clone().render_long_help().to_string();
            let left = help.lines().find(|line| line.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)));
            assert_eq!(left, None, "in `{}`", command.get_name());
            command.get_subcommands().for_each(assert_english);
        }
        let mut command = translate(super::super::Cli::command());
        command.build();
        assert_english(&command);
    }
}
