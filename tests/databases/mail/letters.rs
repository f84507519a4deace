//! How each mail looks: its text and its HTML as they were last agreed. Nothing in them comes from outside, and no address in
//! them carries anything.

use std::time::Duration;

use clara::domain::code::CodePurpose;
use clara::domain::email::Email;
use clara::domain::password::Password;

use crate::mail::authenticator::{App, enable};
use crate::mail::harness::{Engine, PASSWORD, World, cases, origin, origin_at};

cases![
    every_mail_reads_as_agreed,
    every_mail_about_somebody_else_at_work_reads_as_agreed,
];

const ADA: &str = "ada@example.org";

/// The newest mail as it reads, with the same digits each time.
fn newest(world: &World) -> (String, String) {
    let raw = world.mails().pop().unwrap();
    let message = mail_parser::MessageParser::default().parse(&raw).unwrap();
    let subject = message.subject().unwrap();
    let mut parts = [message.body_text(0).unwrap(), message.body_html(0).unwrap()]
        .map(|body| body.replace("\r\n", "\n"));
    let code = parts[0]
        .lines()
        .map(str::trim)
        .find(|line| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit()));
    if let Some(code) = code.map(str::to_owned) {
        assert!(!subject.contains(&code), "{subject}");
        parts = parts.map(|body| {
            assert_eq!(body.matches(&code).count(), 1, "{body}");
            body.replace(&code, "123456")
        });
    }
    let [text, html] = parts;
    for body in [&text, &html] {
        for foreign in [
            "<script", "<img", "src=", "url(", "@import", "Ada", "ada@", "Lovelace",
        ] {
            assert!(!body.contains(foreign), "{foreign}: {body}");
        }
        for (at, _) in body.match_indices("https://") {
            let end = body[at..].find(['"', '<', '\n']).unwrap();
            let address = &body[at..at + end];
            let known = [
                "https://clara.example/activate",
                "https://clara.example/password",
            ];
            assert!(known.contains(&address), "{address}");
        }
    }
    assert!(text.starts_with(subject) && html.contains(subject));
    (text, html)
}

fn agree(world: &World, name: &str) {
    let (text, html) = newest(world);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("letters");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::assert_snapshot!(format!("{name}.txt"), text);
        insta::assert_snapshot!(format!("{name}.html"), html);
    });
}

async fn every_mail_reads_as_agreed(world: World) {
    // The words do not depend on the database.
    if world.engine == Engine::Postgres {
        return;
    }
    let accounts = &world.services.accounts;
    let email: Email = ADA.parse().unwrap();
    world.register(ADA).await;
    agree(&world, "activation");
    let code = world.newest_code(ADA);
    let user = accounts.activate(&email, &code, &origin()).await.unwrap();
    let send = async |purpose| {
        accounts
            .send_code(&email, purpose, &origin())
            .await
            .unwrap();
    };

    send(CodePurpose::TwoFactorAuth).await;
    agree(&world, "two_factor_auth");
    let code = world.newest_code(ADA);
    accounts
        .enable_2fa(&user.id, &code, None, &origin())
        .await
        .unwrap();
    agree(&world, "second_factor_on");
    send(CodePurpose::TwoFactorAuth).await;
    let code = world.newest_code(ADA);
    accounts
        .disable_2fa(&user.id, &code.into(), None, &origin())
        .await
        .unwrap();
    agree(&world, "second_factor_off");

    send(CodePurpose::ChangePassword).await;
    agree(&world, "change_password");
    let code = world.newest_code(ADA);
    let password = Password::new("another walk by the river".to_owned()).unwrap();
    accounts
        .change_password(&email, &password, (&code).into(), None, &origin())
        .await
        .unwrap();
    agree(&world, "password_changed");
    world
        .services
        .api_keys
        .reset(&user, &origin())
        .await
        .unwrap();
    agree(&world, "api_key_reset");
}

async fn every_mail_about_somebody_else_at_work_reads_as_agreed(world: World) {
    if world.engine == Engine::Postgres {
        return;
    }
    let accounts = &world.services.accounts;
    let user = world.active(ADA).await;
    let (app, recovery) = App::on(&world, &user.id).await;
    agree(&world, "second_factor_app");
    let shown = app.code(&world, 0);
    let recovery = match enable(&world, &user.id, &shown, None).await {
        Ok(new) => {
            assert_ne!(new[0].as_str(), recovery[0].as_str());
            new
        }
        Err(fault) => panic!("{fault}"),
    };
    agree(&world, "recovery_codes_replaced");
    let code = recovery[0].clone().into();
    let here = origin();
    let sign_in = accounts.login(ADA, PASSWORD, Some(&code), &here);
    sign_in.await.unwrap();
    agree(&world, "recovery_code_used");
    world.clock.advance(Duration::from_secs(30));
    let code = app.code(&world, 0);
    let cafe = origin_at("198.51.100.23");
    let sign_in = accounts.login(ADA, PASSWORD, Some(&code), &cafe);
    sign_in.await.unwrap();
    agree(&world, "new_network");
    for stranger in 1..=101 {
        let from = origin_at(&format!("203.0.113.{stranger}"));
        let refused = accounts.login(ADA, "a wrong guess", None, &from).await;
        assert!(refused.is_err());
    }
    world.services.background.finish().await;
    agree(&world, "guessed_at");
    accounts.remove(&user.id, &here).await.unwrap();
    agree(&world, "account_deleted");
}
