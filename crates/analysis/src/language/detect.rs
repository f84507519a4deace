//! Which language a text is written in, as far as its commonest words tell. Only good enough to say "this is not
//! English" honestly.

use std::collections::HashMap;

use unicode_segmentation::UnicodeSegmentation as _;

const COMMON: &[(&str, &str)] = &[
    (
        "en",
        "the of and to in is was that for it with as on are by this be at from has were have an which not their had",
    ),
    (
        "de",
        "der die das und ist nicht ein eine von mit den im auf dem für sich wurde werden auch sind des zu als wird",
    ),
    (
        "fr",
        "le la les et est une des dans du que pour qui sur pas au ce il elle avec sont par été cette ont aux",
    ),
    (
        "es",
        "el los las una que es por con para del su al como más fue pero sus este ha son la y se en",
    ),
    (
        "it",
        "il che di una per con non del della sono è gli nel alla più anche le ha dei dal questo stato",
    ),
    (
        "pt",
        "os uma que não com para do da em por mais foi são ao dos das seu sua pelo é como",
    ),
    (
        "nl",
        "het een van en dat niet zijn voor met op aan er ook werd wordt bij naar deze door uit",
    ),
    (
        "sv",
        "och att det som en på är av för med inte till den har var ett om han från blev",
    ),
    (
        "pl",
        "nie się jest na do że to w z jak przez oraz był jego po dla są",
    ),
];

/// Words that are read: a language shows in far fewer.
const LOOKED_AT: usize = 400;

/// The language (BCP 47) of a text; nothing where too little of it tells.
pub fn language(text: &str) -> Option<&'static str> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let (mut words, mut foreign_script) = (0_usize, 0_usize);
    for word in text.unicode_words().take(LOOKED_AT) {
        words += 1;
        if word.chars().next().is_some_and(|letter| letter > '\u{24f}') {
            foreign_script += 1;
        }
        let lower = word.to_lowercase();
        for (language, common) in COMMON {
            if common.split(' ').any(|one| one == lower) {
                *counts.entry(language).or_default() += 1;
            }
        }
    }
    if words > 0 && foreign_script * 2 > words {
        return Some("und");
    }
    let english = counts.get("en").copied().unwrap_or(0);
    let (best, count) = COMMON
        .iter()
        .map(|(language, _)| (*language, counts.get(language).copied().unwrap_or(0)))
        .max_by_key(|(language, count)| (*count, *language == "en"))?;
    if count < 2 {
        return (english > 0).then_some("en");
    }
    // Short texts share words by accident; another language must lead clearly.
    if best != "en" && count < english + 2 {
        return (english > 0).then_some("en");
    }
    Some(best)
}

#[cfg(test)]
mod tests {
    use super::language;

    #[test]
    fn common_words_tell() {
        assert_eq!(language("The bridge was opened in 1931."), Some("en"));
        assert_eq!(
            language("Die Brücke wurde im Jahr 1931 für den Verkehr geöffnet."),
            Some("de")
        );
        assert_eq!(
            language("Le pont a été ouvert à la circulation en 1931 par le roi."),
            Some("fr")
        );
        assert_eq!(language("桥 于 一九三一 年 通车"), Some("und"));
        assert_eq!(language("Perrin-2 weighs 870 kg."), None);
    }
}
