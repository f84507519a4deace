//! The `clara` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::args_os()
        .nth(1)
        .is_some_and(|command| command == "extract")
    {
        return clara::analysis::attachments::extract_child_main();
    }
    ExitCode::from(2)
}
