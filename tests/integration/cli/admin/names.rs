//! Names that would steer a terminal: no program takes one, and one that is in the database all the same stays text.

use serde_json::json;

use super::super::support::Folder;
use super::super::{run, stderr, stdout};
use super::{ALONE, account, admin, done, tamper};

/// Past every rule, as an older version or somebody with the file may have written it.
const FORGED: &str = "UPDATE users SET first_name = 'Ada' || char(27) || '[2J' || char(10) || 'admin: all is well', \
     last_name = char(155) || '31m' || char(13) || 'root'";

/// What acts in a terminal, besides the line breaks of our own.
fn acts(text: &str) -> bool {
    text.chars().any(|c| c.is_control() && c != '\n')
}

#[tokio::test]
async fn a_name_steers_no_terminal() {
    let folder = Folder::new();
    for field in ["first_name", "last_name"] {
        for name in [
            "Ada\nadmin: all is well",
            "Ada\u{1b}[2J",
            "Ada\u{9b}31m",
            "Ada\rroot",
        ] {
            let mut person = json!({"first_name": "Ada", "last_name": "Marsh", "email": "eve@example.org", "password": "a long walk by the river"});
            person[field] = json!(name);
            let output = run(
                &folder,
                &["call", "auth_register", &person.to_string()],
                &ALONE,
            );
            let said = stdout(&output) + &stderr(&output);
            assert!(!output.status.success() && !acts(&said), "{said:?}");
            assert!(said.contains(field), "{said}");
        }
    }
    account(&folder, "ada@example.org");
    tamper(&folder, FORGED).await;
    // What breaks its own rules is not shown at all, and the complaint does not repeat it.
    for asked in [
        &["users", "--reason", "Look"][..],
        &["users", "--json", "--reason", "Look"],
        &["users", "--find", "ada", "--reason", "Look"],
    ] {
        let said = admin(&folder, asked);
        let text = said.out + &said.err;
        assert!(said.code == 2 && !acts(&text), "{text:?}");
        assert!(!text.contains("all is well"), "{text}");
    }
    let trail = done(&folder, &["audit", "--reason", "Look"]);
    assert!(!acts(&trail), "{trail:?}");
}
