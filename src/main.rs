//! Arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    event_cache_wizard::cli::run()
}
