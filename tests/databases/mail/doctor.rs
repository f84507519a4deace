//! `clara doctor --mail`: sends a mail the way every mail goes, and says what is wrong without the password.

use crate::mail::harness::{Engine, World, cases};
use crate::mail::post::{Post, STARTTLS, raw};
use crate::mail::support::Folder;

cases![the_doctor_sends_a_mail_and_names_what_is_wrong];

async fn the_doctor_sends_a_mail_and_names_what_is_wrong(world: World) {
    if world.engine == Engine::Postgres {
        return;
    }
    let post = Post::open(&STARTTLS);
    let (url, roots) = (post.url(), post.roots().display().to_string());
    let asked = |arguments: &[&str], settings: &[(&str, &str)]| {
        let folder = Folder::new();
        let output = folder
            .command(arguments)
            .env("CLARA_MAIL_URL", &url)
            .env("CLARA_MAIL_FROM", "Clara <noreply@example.org>")
            .envs(settings.iter().copied())
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        assert!(
            !said.contains("ss/word") && !said.contains("ss%2Fword"),
            "{said}"
        );
        (output.status.code().unwrap(), said)
    };
    let ca = [("CLARA_MAIL_CA", roots.as_str())];
    let send = ["doctor", "--mail", "ada@example.org"];

    let (code, said) = asked(&["doctor"], &ca);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("over TLS, by STARTTLS, signed in; --mail"),
        "{said}"
    );
    assert!(post.accepted().is_empty());

    let (code, said) = asked(&send, &ca);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("a test mail to ada@example.org was handed over"),
        "{said}"
    );
    let mail = post.only();
    assert_eq!(
        (&mail["tls"], &mail["defects"]),
        (&true.into(), &serde_json::json!([]))
    );
    let bytes = raw(&mail);
    let message = mail_parser::MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(message.subject(), Some("A test mail from Clara"));

    let (code, said) = asked(&send, &[]);
    assert!(
        code == 1 && said.contains("BROKEN") && said.contains("certificate"),
        "{said}"
    );

    post.behave("refuse sign-in");
    let (code, said) = asked(&["doctor"], &ca);
    assert!(code == 1 && said.contains("535"), "{said}");
    post.behave("refuse");
    let (code, said) = asked(&send, &ca);
    assert!(code == 1 && said.contains("550"), "{said}");

    let nothing = post.roots().with_file_name("told").display().to_string();
    for (name, value, words) in [
        (
            "CLARA_MAIL_CA",
            nothing.as_str(),
            "CLARA_MAIL_CA takes a file of certificates",
        ),
        (
            "CLARA_MAIL_CA",
            "/no/such/file",
            "CLARA_MAIL_CA: /no/such/file: No such file",
        ),
        (
            "CLARA_MAIL_URL",
            "smtp://u:hunter2@h.example?tls=none",
            "never sent in the clear",
        ),
        (
            "CLARA_MAIL_URL",
            "smtp://h.example?tls=maybe",
            "CLARA_MAIL_URL takes file:///FOLDER",
        ),
    ] {
        let (code, said) = asked(&["doctor"], &[(name, value)]);
        assert!(
            code == 1 && said.contains(words) && !said.contains("hunter2"),
            "{said}"
        );
    }
}
