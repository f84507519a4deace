//! What a stolen table of mailed codes is worth. There are only a million codes, so a bare hash of each would be none: without
//! the key, no digest that a thief can make of all of them stands in the table, and with it exactly one does.

use clara::domain::code::CodePurpose;
use ring::{digest, hkdf, hmac};

use crate::store::common::email;
use crate::store::harness::{World, cases, origin};

cases![all_the_codes_there_are_tell_nothing_of_a_stolen_table_without_the_key];

const ADA: &str = "ada@example.org";
/// The world's own root secret.
const ROOT: [u8; 32] = [42; 32];

type Digest = [u8; 32];
type Way<'w> = &'w dyn Fn(&[u8; 7]) -> Digest;

fn bytes(hex: &str) -> Digest {
    let byte = |at: usize| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap();
    assert_eq!(hex.len(), 64);
    std::array::from_fn(byte)
}

/// Every code whose digest by one of these ways is the stolen one. A way is given the code and the sign that ends a part.
fn found(stolen: &Digest, ways: &[Way<'_>]) -> Vec<String> {
    let mut found = Vec::new();
    let mut part = *b"000000|";
    loop {
        for way in ways {
            if way(&part) == *stolen {
                found.push(String::from_utf8(part[..6].to_vec()).unwrap());
            }
        }
        let Some(grows) = part[..6].iter().rposition(|digit| *digit != b'9') else {
            return found;
        };
        part[grows] += 1;
        part[grows + 1..6].fill(b'0');
    }
}

/// The key of mailed codes as HKDF has it, made here with another library than the server's.
fn key_of_codes() -> hmac::Key {
    let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"clara");
    let mut key = [0; 32];
    let root = salt.extract(&ROOT);
    root.expand(&[b"code"], hkdf::HKDF_SHA256)
        .unwrap()
        .fill(&mut key)
        .unwrap();
    hmac::Key::new(hmac::HMAC_SHA256, &key)
}

async fn all_the_codes_there_are_tell_nothing_of_a_stolen_table_without_the_key(world: World) {
    let user = world.active(ADA).await;
    let accounts = &world.services.accounts;
    let purpose = CodePurpose::ChangePassword;
    accounts
        .send_code(&email(ADA), purpose, &origin())
        .await
        .unwrap();
    let right = world.newest_code(ADA);
    let living = "SELECT COUNT(*) FROM codes WHERE purpose = 'CHANGE_PASSWORD' AND tries = 0";
    assert_eq!(world.number(living).await, 1);
    let stolen = world
        .text("SELECT digest FROM codes WHERE purpose = 'CHANGE_PASSWORD'")
        .await;
    let id = world
        .text("SELECT id FROM codes WHERE purpose = 'CHANGE_PASSWORD'")
        .await;
    let stolen = bytes(&stolen);
    let known = format!("{id}|{}|CHANGE_PASSWORD|", user.id);

    let bare = |part: &[u8; 7]| -> Digest {
        let digest = digest::digest(&digest::SHA256, &part[..6]);
        digest.as_ref().try_into().unwrap()
    };
    // What stands before the digits is hashed once.
    let signed = |key: &hmac::Key| {
        let mut begun = hmac::Context::with_key(key);
        begun.update(known.as_bytes());
        move |part: &[u8; 7]| -> Digest {
            let mut whole = begun.clone();
            whole.update(part);
            whole.sign().as_ref().try_into().unwrap()
        }
    };
    let keyless = signed(&hmac::Key::new(hmac::HMAC_SHA256, b""));
    let nothing = found(&stolen, &[&bare, &keyless]);
    assert!(nothing.is_empty(), "{nothing:?}");
    let keyed = signed(&key_of_codes());
    assert_eq!(found(&stolen, &[&keyed]), [right.as_str()]);
}
