//! Every way in, and what it asks for beside its first proof where a second factor is on.

use std::time::Duration;

use clara::domain::code::{CodePurpose, OtpCode};
use clara::domain::second_factor::SecondFactorCode;
use clara::fault::FaultKind;
use clara::services::accounts::PasswordProofs;
use clara::store::second_factors::SecondFactorProof;

use crate::store::authenticator::App;
use crate::store::common::{email, kind};
use crate::store::harness::{PASSWORD, World, cases, origin};
use crate::store::second_factor::{ADA, disable, enable_by_mail, mailed, sign_in};

cases![
    a_new_password_takes_the_app_too,
    a_factor_switched_meanwhile_lets_nobody_in,
    every_way_in_asks_for_the_factor_that_is_on,
];

async fn a_new_password_takes_the_app_too(world: World) {
    let accounts = &world.services.accounts;
    let ada = email(ADA);
    let user = world.active(ADA).await;
    let new = clara::domain::password::Password::new(PASSWORD.to_owned()).unwrap();
    let change = async |code: &OtpCode, totp: Option<&SecondFactorCode>| {
        let proofs = PasswordProofs { code, totp };
        accounts
            .change_password(&ada, &new, proofs, None, &origin())
            .await
    };
    let code = mailed(&world, CodePurpose::ChangePassword).await;
    let none: SecondFactorCode = "000000".parse().unwrap();
    let needless = change(&code, Some(&none)).await;
    assert!(matches!(kind(needless), FaultKind::InvalidFields(_)));
    change(&code, None).await.unwrap();

    let (app, recovery) = App::on(&world, &user.id).await;
    let code = mailed(&world, CodePurpose::ChangePassword).await;
    let right = app.code(&world, 0);
    // A wrong mailed code does not say whether there is an app.
    let wrong = crate::store::common::other_than(&code);
    for totp in [None, Some(&right)] {
        let refused = change(&wrong, totp).await;
        assert_eq!(kind(refused), FaultKind::Unauthenticated);
    }
    for totp in [None, Some(app.code(&world, 3))] {
        let refused = change(&code, totp.as_ref()).await;
        assert!(matches!(
            kind(refused),
            FaultKind::SecondFactorRequired { .. }
        ));
    }
    // Its tries counted, and it was not used up: this is the fifth and last.
    change(&code, Some(&right)).await.unwrap();
    let again = change(&code, Some(&right)).await;
    assert_eq!(kind(again), FaultKind::Unauthenticated);
    let replayed = sign_in(accounts, ADA, Some(&right)).await;
    assert!(matches!(
        kind(replayed),
        FaultKind::SecondFactorRequired { .. }
    ));

    let code = mailed(&world, CodePurpose::ChangePassword).await;
    change(&code, Some(&recovery[0].clone().into()))
        .await
        .unwrap();
    assert_eq!(world.number("SELECT COUNT(*) FROM recovery_codes").await, 9);
}

async fn a_factor_switched_meanwhile_lets_nobody_in(world: World) {
    use clara::store::accounts::SignIn;
    let user = world.active(ADA).await;
    let (_, hash) = world
        .store
        .user_and_hash(&email(ADA))
        .await
        .unwrap()
        .unwrap();
    let now = clara::domain::clock::Clock::now(&*world.clock);
    let sign_in = |second_factor| SignIn {
        session: clara::store::sessions::NewSession {
            id: clara::domain::ids::SessionId::random(&clara::domain::randomness::SystemRandomness),
            user_id: user.id.clone(),
            created_at: now,
            expires_at: now.after(Duration::from_mins(1)),
            at_most: 50,
            address: None,
            face: "rest",
            proven_at: None,
        },
        checked_hash: hash.clone().unwrap(),
        better_hash: None,
        second_factor,
        seen: None,
        guesser: None,
        audit: clara::store::audit::AuditEntry {
            at: now,
            user_id: Some(user.id.clone()),
            event: clara::domain::audit::AuditEvent::SignedIn,
            good: true,
            origin: origin(),
            details: serde_json::json!({}),
        },
    };
    let before = sign_in(SecondFactorProof::NotOn);
    assert!(world.store.sign_in(&before).await.unwrap().is_some());
    App::on(&world, &user.id).await;
    for proof in [SecondFactorProof::NotOn, SecondFactorProof::NoApp] {
        let late = world.store.sign_in(&sign_in(proof)).await.unwrap();
        assert!(late.is_none());
    }
}

/// Way in × factor that is on × what is given beside the first proof.
async fn every_way_in_asks_for_the_factor_that_is_on(world: World) {
    #[derive(Debug, Clone, Copy, PartialEq)]
    enum On {
        Nothing,
        Mail,
        App,
    }
    #[derive(Debug, Clone, Copy, PartialEq)]
    enum Given {
        Nothing,
        Mailed,
        ReauthCredentials,
        Recovery,
        Guessed,
    }
    let accounts = &world.services.accounts;
    let user = world.active(ADA).await;
    let new = clara::domain::password::Password::new(PASSWORD.to_owned()).unwrap();
    for on in [On::Nothing, On::Mail, On::App] {
        let mut held = None;
        match on {
            On::Nothing => {}
            On::Mail => {
                let code = mailed(&world, CodePurpose::TwoFactorAuth).await;
                enable_by_mail(&world, &user.id, &code).await.unwrap();
            }
            On::App => {
                let code = mailed(&world, CodePurpose::TwoFactorAuth).await;
                disable(&world, &user.id, &code.into()).await.unwrap();
                held = Some(App::on(&world, &user.id).await);
            }
        }
        let another = {
            let eve = format!("{on:?}@example.org");
            let eve = world.active(&eve).await;
            App::on(&world, &eve.id).await
        };
        for given in [
            Given::Nothing,
            Given::Mailed,
            Given::ReauthCredentials,
            Given::Recovery,
            Given::Guessed,
        ] {
            for signs_in in [true, false] {
                // Far enough from the tries before.
                world.clock.advance(Duration::from_mins(16));
                let (app, recovery) = held.as_ref().unwrap_or(&another);
                let code: Option<SecondFactorCode> = match given {
                    Given::Nothing => None,
                    Given::Mailed if on == On::App => Some("424242".parse().unwrap()),
                    Given::Mailed => Some(mailed(&world, CodePurpose::TwoFactorAuth).await.into()),
                    Given::ReauthCredentials => Some(app.code(&world, 0)),
                    Given::Recovery => Some(recovery[usize::from(signs_in)].clone().into()),
                    Given::Guessed => Some(app.code(&world, 99)),
                };
                let got_in = if signs_in {
                    sign_in(accounts, ADA, code.as_ref()).await.map(drop)
                } else {
                    let mailed = mailed(&world, CodePurpose::ChangePassword).await;
                    let proofs = PasswordProofs {
                        code: &mailed,
                        totp: code.as_ref(),
                    };
                    accounts
                        .change_password(&email(ADA), &new, proofs, None, &origin())
                        .await
                };
                let should = match (on, signs_in) {
                    (On::Nothing, true) => true,
                    (On::Mail, true) => given == Given::Mailed,
                    // The mailbox was proved already; a second code from it is not asked for, and no other is taken.
                    (On::Nothing | On::Mail, false) => given == Given::Nothing,
                    (On::App, _) => matches!(given, Given::ReauthCredentials | Given::Recovery),
                };
                assert_eq!(
                    got_in.is_ok(),
                    should,
                    "{on:?} {given:?} {signs_in} {got_in:?}"
                );
            }
        }
    }
}
