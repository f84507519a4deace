use proptest::prelude::*;

use super::*;

#[test]
fn addresses_are_trimmed_kept_as_given_and_compared_without_case() {
    let email: Email = "  Ada@Example.ORG ".parse().unwrap();
    assert_eq!(email.as_str(), "Ada@Example.ORG");
    assert_eq!(email, "ada@example.org".parse().unwrap());
    assert!("local@localhost".parse::<Email>().is_ok());
    assert!("ada+tag@example.org".parse::<Email>().is_ok());
}

#[test]
fn spellings_of_one_mailbox_have_one_key() {
    let key = |raw: &str| raw.parse::<Email>().map(|email| email.key().to_owned());
    for same in [
        "ada@example.org",
        "ADA@EXAMPLE.ORG",
        "ada@ｅｘａｍｐｌｅ.org",
        "ada@example。org",
        "ada@example．org",
        "ada@exam\u{ad}ple.org",
        "ada@exampl\u{200b}e.org",
        "ada@example.ºrg",
        "ada@ⓔxample.org",
    ] {
        assert_eq!(key(same).as_deref(), Ok("ada@example.org"), "{same}");
    }
    assert_eq!(
        key("do\u{308}rte@bücher.example"),
        key("dörte@xn--bcher-kva.example")
    );
    assert_eq!(
        key("DÖRTE@BU\u{308}CHER.example"),
        key("dörte@bücher.example")
    );
}

proptest! {
    /// Two addresses that are sent to the same place have the same key: what is sent is the name in NFC and the host
    /// as IDNA writes it.
    #[test]
    fn addresses_sent_to_one_place_share_a_key(
        name in "[a-zäöüé]{1,8}",
        host in "[a-zäöüß]{1,8}",
        spelling in prop::collection::vec(0_usize..4, 16),
    ) {
        let plain = format!("{name}@{host}.example");
        let spelled_host: String = host.chars().zip(&spelling).map(|(sign, how)| match how {
            0 if sign.is_ascii() => char::from_u32(u32::from(sign) + 0xfee0).unwrap().to_string(),
            1 if sign != 'ß' => sign.to_uppercase().to_string(),
            2 => format!("{sign}\u{ad}"),
            _ => sign.to_string(),
        }).collect();
        let spelled_name: String = if spelling[15] < 2 {
            name.nfd().collect()
        } else {
            name.to_uppercase()
        };
        let spelled = format!("{spelled_name}@{spelled_host}。example");
        let (plain, spelled): (Email, Email) = (plain.parse().unwrap(), spelled.parse().unwrap());
        prop_assert_eq!(plain.key(), spelled.key());
        let again: Email = plain.key().parse().unwrap();
        prop_assert_eq!(again.key(), plain.key(), "a key is its own key");
    }
}

#[test]
fn tags_and_dots_make_no_other_mailbox() {
    let mailbox = |raw: &str| raw.parse::<Email>().unwrap().mailbox();
    for same in [
        "Ada.Marsh@example.org",
        "adamarsh+clara@example.org",
        "a.d.a.marsh+1+2@EXAMPLE.org",
    ] {
        assert_eq!(mailbox(same), "adamarsh@example.org", "{same}");
    }
    assert_eq!(mailbox("ada@googlemail.com"), mailbox("a.da@gmail.com"));
    assert_eq!(mailbox("+x@example.org"), "+x@example.org");
    assert_ne!(mailbox("ada@example.org"), mailbox("ada@example.com"));
}

#[test]
fn what_is_no_address_is_refused() {
    let long = format!("{}@example.org", "a".repeat(250));
    for bad in [
        "",
        "ada",
        "ada@",
        "@example.org",
        "a@b@c.org",
        "ada@example.org\r\nBcc: x@y.z",
        "a b@c.org",
        "\"ada\"@example.org",
        "ada@[127.0.0.1]",
        "ada@127.0.0.1",
        "ada@example.org/x",
        "ada@127.1",
        "ada@0x7f000001",
        "ada@2130706433",
        "ada@１２７.0.0.1",
        "ada@example.org。",
        "a\u{ad}da@example.org",
        "a\u{200b}da@example.org",
        &long,
    ] {
        assert!(bad.parse::<Email>().is_err(), "{bad}");
    }
}
