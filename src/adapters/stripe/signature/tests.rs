//! A signature holds for one body, one moment and the secrets in use. Whatever else stands in the header makes it
//! neither right nor wrong.

use super::*;

const NOW: Timestamp = Timestamp(1_764_201_600_000);
const BODY: &[u8] = br#"{"id": "evt_1"}"#;

fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

fn sign(secret: &str, at: i64, body: &[u8]) -> String {
    let mut keyed = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    keyed.update(format!("{at}.").as_bytes());
    keyed.update(body);
    base16ct::lower::encode_string(&keyed.finalize().into_bytes())
}

fn checked(header: &str, body: &[u8]) -> Result<(), Unproven> {
    check(
        header,
        body,
        &[secret("whsec_new"), secret("whsec_old")],
        NOW,
    )
}

#[test]
fn any_signature_under_any_secret_in_use_is_enough() {
    let at = NOW.seconds();
    let (new, old) = (sign("whsec_new", at, BODY), sign("whsec_old", at, BODY));
    let other = sign("whsec_other", at, BODY);
    assert_eq!(checked(&format!("t={at},v1={new}"), BODY), Ok(()));
    assert_eq!(checked(&format!("t={at},v1={old}"), BODY), Ok(()));
    assert_eq!(
        checked(&format!("t={at},v1={other},v1={new},v0=00"), BODY),
        Ok(())
    );
    assert_eq!(
        checked(&format!("t={at},v1={other}"), BODY),
        Err(Unproven::Wrong)
    );
    assert_eq!(
        checked(&format!("t={at},v0={new}"), BODY),
        Err(Unproven::Wrong)
    );
}

#[test]
fn a_signature_holds_for_five_minutes_either_way() {
    for (away, holds) in [
        (0, true),
        (300, true),
        (-300, true),
        (301, false),
        (-301, false),
    ] {
        let at = NOW.seconds() + away;
        let header = format!("t={at},v1={}", sign("whsec_new", at, BODY));
        let expected = if holds { Ok(()) } else { Err(Unproven::NotNow) };
        assert_eq!(checked(&header, BODY), expected, "{away}");
    }
}

#[test]
fn every_byte_of_the_body_counts() {
    let at = NOW.seconds();
    let header = format!("t={at},v1={}", sign("whsec_new", at, BODY));
    for place in 0..BODY.len() {
        let mut changed = BODY.to_vec();
        changed[place] ^= 1;
        assert_eq!(checked(&header, &changed), Err(Unproven::Wrong), "{place}");
    }
    let mut longer = BODY.to_vec();
    longer.push(b'\n');
    assert_eq!(checked(&header, &longer), Err(Unproven::Wrong));
}

#[test]
fn what_is_no_signature_is_told_apart_from_a_wrong_one() {
    let at = NOW.seconds();
    let right = sign("whsec_new", at, BODY);
    for malformed in [
        String::new(),
        "nonsense".to_owned(),
        format!("v1={right}"),
        format!("t=,v1={right}"),
        format!("t=-1,v1={right}"),
        format!("t=+{at},v1={right}"),
        format!("t={at},t={at},v1={right}"),
    ] {
        assert_eq!(
            checked(&malformed, BODY),
            Err(Unproven::Malformed),
            "{malformed}"
        );
    }
    for wrong in [
        format!("t={at}"),
        format!("t={at},v1="),
        format!("t={at},v1={}", &right[..62]),
        format!("t={at},v1={right}00"),
        format!("t={at},v1={}", "+1".repeat(32)),
    ] {
        assert_eq!(checked(&wrong, BODY), Err(Unproven::Wrong), "{wrong}");
    }
}
