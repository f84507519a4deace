//! The pages for people, asked for as a browser asks for them: by the real binary, with a jar of cookies and no script. What
//! only a browser enforces is tested in one, see `tests/clients/pages.mjs`.

mod access;
mod bad_forms;
mod dropping;
mod factor_switch;
mod headers;
mod second_factor;
mod waiting;
mod walk;
mod words;

use clara_test_support::app::TestApp;
use clara_test_support::app::pages::register;
use clara_test_support::browser::{Browser, Shown};
use clara_test_support::{self as support, rest};

/// A served Clara whose tasks stay where they are.
pub fn start(settings: &[(&str, &str)]) -> TestApp {
    let mut all = vec![("CLARA_WORKERS", "0")];
    all.extend_from_slice(settings);
    TestApp::start(&all)
}
