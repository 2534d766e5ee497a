//! `assets/reference.md`: every command, option, answer, exit code and schema, from what the program itself knows.

use clap::{CommandFactory, ValueEnum};
use clap_markdown::{MarkdownOptions, help_markdown_command_custom};

use super::arguments::Cli;
use super::generated::is_current;
use super::schema::Of;

/// Returns the reference.
fn written() -> String {
    let options =
        MarkdownOptions::new().title("Reference".to_owned()).show_footer(false).show_table_of_contents(true);
    let commands = help_markdown_command_custom(&Cli::command(), &options);
    let mut text = String::from(
        "<!-- Made from the program's own types: ECW_UPDATE=1 cargo test --lib reference -->\n\n",
    );
    text.push_str(commands.trim_end());
    text.push_str("\n\n## The answers file\n\nEvery key, as `event-cache-wizard answers --template` prints it.\n\n```yaml\n");
    text.push_str(include_str!("../../assets/answers-template.yml").trim_end());
    text.push_str("\n```\n\n## Schemas\n\n`event-cache-wizard schema NAME` prints the JSON schema (draft 2020-12) of\n\n| name | what |\n|---|---|\n");
    for value in Of::value_variants().iter().filter_map(ValueEnum::to_possible_value) {
        let help = value.get_help().map(ToString::to_string).unwrap_or_default();
        text.push_str(&format!("| `{}` | {help} |\n", value.get_name()));
    }
    text
}

#[test]
fn the_reference_is_what_the_program_knows() {
    is_current(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/reference.md"), &written());
}
