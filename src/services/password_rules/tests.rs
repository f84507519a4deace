use super::*;

fn judge(password: &str) -> Result<(), &'static str> {
    let email: Email = "ada.marsh@lighthouse.example".parse().unwrap();
    let names: [PersonName; 2] = ["Adelaide".parse().unwrap(), "Marshall".parse().unwrap()];
    let rules = PasswordRules::new(8, Some("facts.harbour.example"), BreachedPasswords::Off);
    let whose = Whose {
        email: &email,
        names: [Some(&names[0]), Some(&names[1])],
    };
    verdict(password, &rules.words_of(whose))
}

#[test]
fn sixty_passwords() {
    let crabs = "\u{1f980}".repeat(128);
    let good = [
        "quiet harbour 1931 lantern",
        "correct horse: battery",
        "a long walk by the river",
        "kX9!vQ2z",
        "tR5#mW8p",
        "zq7Lw0Ry",
        "x4T9b2Kd",
        "gumboil-otter",
        "seven mossy kettles",
        "we ate pears in the rain",
        "Tr0mbone&Gravel",
        "nine.lamps.of.tin",
        "J7$kq!Lp0zRt",
        "5Qd8xN3vB6",
        "ornate*walrus*92",
        "i never liked that blue door",
        "Ada walks to the lighthouse at noon",
        "clara would not guess this sentence",
        "grüne Äpfel im Keller",
        "восемь синих чайников",
        "七つの青いやかんが歌う夜",
        "pass: word ünï of mine",
        " leading and trailing spaces ",
        "\ttabs\tand\nlines are fine",
        "mug gasp drift ounce",
        "uncle-velvet-quarry-7",
        "bWv 988 aria da capo",
        "0x7f3c9be21d",
        "ljubezen-na-prvi-kamen",
        crabs.as_str(),
    ];
    let easy = [
        "password",
        "Password1",
        "12345678",
        "123456789012345",
        "qwertyui",
        "qwertyuiopasdfgh",
        "letmein1",
        "iloveyou",
        "iloveyouiloveyou",
        "passwordpassword",
        "password12345678",
        "P@ssw0rd",
        "aaaaaaaa",
        "aaaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "abcdefgh",
        "11111111",
        "sunshine1",
        "monkey123",
        "drowssap",
    ];
    let close = [
        "adelaide",
        "Adelaide1",
        "adelaidemarshall",
        "AdelaideAdelaide",
        "ada.marsh@lighthouse.example",
        "lighthouse.example",
        "marshallmarshall",
        "harbourharbour",
        "facts.harbour.example",
        "Clara-2026-Clara",
    ];
    assert_eq!(good.len() + easy.len() + close.len(), 60);
    let wrong: Vec<_> = good
        .map(|password| (password, judge(password), Ok(())))
        .into_iter()
        .chain(easy.map(|password| (password, judge(password), Err(TOO_EASY))))
        .chain(close.map(|password| (password, judge(password), Err(TOO_CLOSE))))
        .filter(|(_, judged, expected)| judged != expected)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Who lets a program make eight characters is not sent away: of three hundred of each kind, not one is refused.
#[test]
fn random_passwords_of_eight_characters_are_taken() {
    use crate::domain::randomness::{Randomness as _, SeededRandomness};
    let source = SeededRandomness::new(8);
    let printable: String = ('!'..='~').collect();
    let letters_and_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    for signs in [printable.as_str(), letters_and_digits] {
        let number = u32::try_from(signs.len()).unwrap();
        let sign = || char::from(signs.as_bytes()[source.below(number) as usize]);
        let made = (0..300).map(|_| (0..8).map(|_| sign()).collect::<String>());
        let refused: Vec<String> = made.filter(|password| judge(password).is_err()).collect();
        assert!(refused.is_empty(), "{refused:?}");
    }
}

#[test]
fn the_words_are_the_whole_and_its_parts() {
    let mut found = words("Ada.Marsh@x.example");
    found.sort();
    let expected = [
        "ada",
        "ada.marsh",
        "ada.marsh@x.example",
        "example",
        "marsh",
    ];
    assert_eq!(found, expected);
}

#[test]
fn no_more_than_two_short_ends_are_judged() {
    let long: String = ('a'..='z').cycle().take(128).collect();
    assert_eq!(ends(&long).map(str::len), [32, 32]);
    assert!(long.starts_with(ends(&long)[0]) && long.ends_with(ends(&long)[1]));
    assert_eq!(ends("short ünd gut"), ["short ünd gut"; 2]);
    assert_eq!(ends(""), [""; 2]);
    assert_eq!(
        judge(&("a".repeat(96) + "quiet harbour 1931 lantern")),
        Ok(())
    );
    assert_eq!(
        judge(&("quiet harbour 1931 lantern".to_owned() + &"a".repeat(96))),
        Ok(())
    );
    assert_eq!(judge(&"1qaz2wsx".repeat(16)), Err(TOO_EASY));
}

/// The passwords that people take most, the most frequent first, as the library has them that judges here: its own source
/// is asked, so that no list of words that nobody wants to read lies in this repository.
fn most_frequent() -> Vec<String> {
    let cargo = |arguments: &[&str]| {
        let mut cargo = std::process::Command::new(env!("CARGO"));
        cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
        let answer = cargo.args(arguments).output().unwrap();
        assert!(answer.status.success(), "{answer:?}");
        String::from_utf8(answer.stdout).unwrap()
    };
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    // For this machine alone: what only others need is not here.
    let told = cargo(&[
        "metadata",
        "--format-version=1",
        "--locked",
        "--offline",
        "--filter-platform",
        host.unwrap(),
    ]);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let packages = told["packages"].as_array().unwrap();
    let found = packages.iter().find(|package| package["name"] == "zxcvbn");
    let manifest = std::path::PathBuf::from(found.unwrap()["manifest_path"].as_str().unwrap());
    let source = std::fs::read_to_string(manifest.with_file_name("src/frequency_lists.rs"));
    let source = source.unwrap();
    let (_, list) = source.split_once("const PASSWORDS: &str = \"").unwrap();
    let (list, _) = list.split_once('"').unwrap();
    list.split(',').map(str::to_owned).collect()
}

#[test]
fn none_of_the_three_thousand_most_frequent_passwords_is_taken() {
    let list = most_frequent();
    assert_eq!(list[0], "123456");
    assert!(list.len() > 3_000, "{}", list.len());
    let is_taken =
        |password: &str| Password::new(password.to_owned()).is_ok() && judge(password).is_ok();
    let mut taken: Vec<&String> = list.iter().take(3_000).collect();
    taken.retain(|password| is_taken(password));
    assert!(taken.is_empty(), "{taken:?}");
    // Short ones are refused for their length alone, so the same is asked of the longer ones further down.
    let long_enough = list.iter().filter(|password| password.len() >= 8);
    let mut taken: Vec<&String> = long_enough.take(3_000).collect();
    assert_eq!(taken.len(), 3_000);
    taken.retain(|password| is_taken(password));
    assert!(taken.is_empty(), "{taken:?}");
}
