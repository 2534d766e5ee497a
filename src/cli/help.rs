//! `--help`: one screen for each command, which begins with what it is for and ends with two examples. `-h` says
//! everything.

use clap::{Args, Command, CommandFactory};

use super::arguments::Cli;
use super::global::Global;

/// What a screen holds.
const WIDTH: usize = 80;
/// More values than this are not listed on it.
const MANY: usize = 6;

/// Two examples for each command; the empty name is the program's own.
const EXAMPLES: &[(&str, [&str; 2])] = &[
    ("", ["event-cache-wizard rehearse", "event-cache-wizard --halyard-in docker:halyard"]),
    ("rehearse", ["rehearse --road kustomize --fault gate-silent", "rehearse --dir rehearsal plan"]),
    ("attach", ["attach", "attach --halyard-in ssh:halyard.example.com"]),
    ("resume", ["resume", "resume --receipt receipt.json"]),
    ("apply", ["apply --answers answers.yml --yes", "apply --plan agreed/plan.json --yes --format json"]),
    ("plan", ["plan --answers answers.yml", "plan --answers answers.yml --out agreed --change CHG-1234"]),
    ("status", ["status", "status --all --format json"]),
    ("wait", ["wait --for ready --timeout 90m", "wait --for confirmed --timeout 5m"]),
    ("verify", ["verify --yes", "verify --yes --target '123456789012 eu-west-1'"]),
    ("report", ["report > evidence.md", "report --format json"]),
    ("undo", ["undo", "undo --only sns --yes"]),
    ("answers", ["answers --template > answers.yml", "answers"]),
    ("check", ["check --spinnaker 2025.4", "check --road --kustomize . --context prod"]),
    ("handover", ["handover --answers answers.yml", "handover --dir for-the-aws-admins"]),
    ("plugin", ["plugin mirror ./event-cache", "plugin mirror ./event-cache --plugin-version 0.2.1"]),
    ("iam-policy", ["iam-policy", "iam-policy > policy.json"]),
    ("about", ["about", "about --facts"]),
    ("schema", ["schema", "schema plan > plan.schema.json"]),
    ("bundle", ["bundle", "bundle --out for-support.json"]),
    ("headless", ["headless --rehearse --script flow.txt", "headless --replay bundle.json"]),
    ("completions", ["completions bash > completions.bash", "completions zsh"]),
    ("man", ["man | man -l -", "man --dir /usr/local/share/man/man1"]),
];

/// The program's own page: the commands by what they are for.
const GROUPS: &[(&str, &[&str])] = &[
    ("Try", &["rehearse"]),
    ("Without a screen", &["plan", "apply", "status", "wait", "verify", "undo"]),
    ("Go on", &["attach", "resume", "handover"]),
    ("Look closer", &["check", "report", "bundle", "about", "iam-policy"]),
    ("Set up", &["answers", "plugin", "completions", "man", "schema", "headless"]),
];

/// Returns the page for what was asked, if that was `--help` or `help`.
pub(super) fn page(arguments: &[String]) -> Option<String> {
    let words: Vec<&str> =
        arguments.iter().skip(1).map(String::as_str).take_while(|word| *word != "--").collect();
    let asks = words.contains(&"--help") || words.first() == Some(&"help");
    if !asks {
        return None;
    }
    let cli = Cli::command();
    let named = words
        .iter()
        .find_map(|word| cli.get_subcommands().find(|each| each.get_name() == *word && !each.is_hide_set()));
    Some(match named {
        Some(command) => of_command(command.clone()),
        None => of_program(&cli),
    })
}

fn of_program(cli: &Command) -> String {
    let about = cli.get_about().map(ToString::to_string).unwrap_or_default();
    let mut page = format!("{about}\n\nUsage: event-cache-wizard [OPTIONS] [COMMAND]\n\n");
    page.push_str("Without a command the wizard opens: it asks, shows everything on one page, and changes nothing before you confirm.\n\n");
    for (what, commands) in GROUPS {
        page.push_str(&format!("  {what:<18}{}\n", commands.join(", ")));
    }
    page.push_str("\nCOMMAND --help says what one is for; -h lists every option and exit code.\n");
    page.push_str(&examples(""));
    wrapped(&page)
}

fn of_command(command: Command) -> String {
    let name = command.get_name().to_owned();
    let everywhere: Vec<_> =
        Global::augment_args(Command::new("")).get_arguments().map(|each| each.get_id().clone()).collect();
    let command = command
        .bin_name(format!("event-cache-wizard {name}"))
        .disable_help_flag(true)
        // Lines are wrapped below, whatever clap was built with.
        .term_width(0)
        .after_help(format!("Options of every command: event-cache-wizard -h\n{}", examples(&name)))
        .mut_args(|arg| {
            let everywhere = everywhere.contains(arg.get_id());
            // A long list is -h's to give.
            let many = arg.get_possible_values().len() > MANY;
            arg.hide(everywhere).hide_possible_values(many)
        });
    wrapped(&command.clone().render_help().to_string())
}

fn examples(name: &str) -> String {
    let of = EXAMPLES.iter().find(|(each, _)| *each == name);
    let program = if name.is_empty() { "" } else { "event-cache-wizard " };
    let lines = of.map(|(_, lines)| lines.map(|line| format!("  {program}{line}\n")).concat());
    format!("\nExamples:\n{}", lines.unwrap_or_default())
}

/// Wraps long lines where a terminal of 80 columns would, below their own text.
fn wrapped(text: &str) -> String {
    let mut out = String::new();
    for line in text.trim_end().lines() {
        let line = line.trim_end();
        let own = line.len() - line.trim_start().len();
        let behind = line[own..].find("  ").map(|at| own + at);
        let column = behind.map(|at| at + line[at..].len() - line[at..].trim_start().len());
        let indent = " ".repeat(column.filter(|column| *column < WIDTH / 2).unwrap_or(own));
        let options = textwrap::Options::new(WIDTH).subsequent_indent(&indent).break_words(false);
        for part in textwrap::wrap(line, options) {
            out.push_str(part.trim_end());
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    fn asked(words: &str) -> String {
        let words: Vec<String> =
            format!("event-cache-wizard {words}").split(' ').map(str::to_owned).collect();
        page(&words).expect("a page")
    }

    #[test]
    fn each_commands_help_is_one_screen_that_begins_with_its_use_and_ends_with_two_examples() {
        let cli = Cli::command();
        let commands: Vec<String> = cli
            .get_subcommands()
            .filter(|each| !each.is_hide_set() && each.get_name() != "help")
            .map(|each| each.get_name().to_owned())
            .collect();
        let mut too_big: Vec<String> = Vec::new();
        for name in std::iter::once("").chain(commands.iter().map(String::as_str)) {
            let page = asked(format!("{name} --help").trim());
            let lines: Vec<&str> = page.lines().collect();
            let wide = lines.iter().find(|line| line.chars().count() > WIDTH);
            if lines.len() > 24 || wide.is_some() {
                too_big.push(format!("{name}: {} lines, {wide:?}\n{page}", lines.len()));
            }
            assert!(lines[0].len() > 20 && !lines[0].starts_with("Usage"), "{name}: {page}");
            let at = lines.iter().position(|line| *line == "Examples:").expect("examples");
            assert_eq!(lines.len() - at - 1, 2, "{name}: {page}");
        }
        assert!(too_big.is_empty(), "{}", too_big.join("\n"));
        let grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, commands)| commands.iter().copied()).collect();
        for name in &commands {
            assert!(grouped.contains(&name.as_str()), "{name} is in no group");
        }
        assert_eq!(grouped.len(), commands.len());
    }

    #[test]
    fn every_example_is_understood() {
        for (name, lines) in EXAMPLES {
            for line in lines {
                let line = line.split(['>', '|']).next().unwrap_or_default();
                let line = line.strip_prefix("event-cache-wizard").unwrap_or(line);
                let words = ecw_wizard::values::shell_words::shell_words(line);
                let words = std::iter::once("event-cache-wizard".to_owned()).chain(words);
                let parsed = Cli::try_parse_from(words);
                assert!(
                    parsed.is_ok(),
                    "{name}: {line}: {}",
                    parsed.err().map(|error| error.to_string()).unwrap_or_default()
                );
            }
        }
    }

    #[test]
    fn dash_h_still_lists_everything() {
        assert_eq!(page(&["event-cache-wizard".to_owned(), "-h".to_owned()]), None);
        let full = Cli::command().render_help().to_string();
        assert!(full.contains("--halyard-in") && full.contains("Exit codes"), "{full}");
    }
}
