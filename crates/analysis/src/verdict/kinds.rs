//! What kind of thing a noun names: who is a singer is a person, and what is a city is no car.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::language::words::stem_of;

/// A kind, the words that name it as a whole, and nouns for members of it. No member of one kind is a member of another.
/// Words that may name things of two kinds (school, star, bank) are in none.
const KINDS: &[(&str, &str)] = &[
    (
        "person human individual",
        "actor actress singer songwriter musician composer author novelist poet playwright writer journalist politician lawyer \
         attorney judge doctor physician surgeon nurse engineer architect scientist physicist chemist biologist mathematician \
         philosopher historian economist teacher professor painter sculptor photographer dancer choreographer comedian comic \
         director producer screenwriter presenter broadcaster player athlete boxer wrestler swimmer cyclist golfer \
         soldier sailor general admiral officer pilot astronaut explorer businessman businesswoman entrepreneur \
         banker investor chef baker farmer carpenter king queen emperor empress prince princess duke president senator \
         governor mayor minister ambassador diplomat activist model rapper guitarist drummer pianist violinist bassist \
         vocalist editor critic inventor priest bishop monk nun saint theologian criminal murderer spy jockey coach referee \
         librarian gardener secretary treasurer accountant mechanic electrician plumber student pupil apprentice man woman boy girl \
         cinematographer filmmaker entertainer lyricist blogger cartoonist illustrator designer programmer magician \
         gymnast skier sprinter quarterback shortstop pitcher outfielder infielder midfielder goalkeeper \
         statesman congressman congresswoman dramatist essayist columnist biographer botanist zoologist geologist astronomer \
         psychologist sociologist anthropologist archaeologist linguist philanthropist industrialist missionary preacher pastor \
         rabbi pope aristocrat nobleman noblewoman socialite heiress feminist suffragette abolitionist revolutionary dictator \
         monarch sultan tsar gangster mobster killer terrorist colonel lieutenant sergeant drummer violist cellist organist \
         soprano tenor percussionist",
    ),
    (
        "animal",
        "dog cat horse cow pig sheep goat bird fish whale shark dolphin lion tiger elephant bear wolf fox rabbit mouse rat \
         squirrel monkey ape gorilla snake lizard crocodile turtle frog insect bee ant butterfly spider squid octopus duck \
         goose hen parrot penguin owl eagle hawk camel donkey deer kangaroo koala hamster bat seal otter badger hedgehog jaguar \
         leopard cheetah puma panther hippopotamus rhinoceros giraffe zebra walrus lobster crab shrimp",
    ),
    (
        "vehicle",
        "car automobile truck lorry van motorcycle motorbike bicycle bike tram locomotive aircraft aeroplane airplane \
         helicopter boat ship ferry yacht submarine canoe tractor ambulance",
    ),
    (
        "settlement",
        "city town village hamlet capital suburb municipality borough",
    ),
    ("", "country kingdom republic province county continent"),
    (
        "",
        "island mountain river lake sea ocean desert valley forest volcano glacier peninsula waterfall",
    ),
    (
        "work",
        "film movie series album song novel book poem painting opera musical sitcom documentary sculpture symphony anthem ballad",
    ),
    ("", "gang cartel militia charity"),
    ("", "band duo trio quartet"),
    (
        "food",
        "bread cheese soup cake pizza sausage pastry pie salad stew noodle sandwich omelette pancake yoghurt",
    ),
    (
        "company business firm",
        "manufacturer retailer airline brewery publisher supplier bakery restaurant shop supermarket",
    ),
    (
        "plant",
        "tree flower shrub herb grass moss fern oak pine rose tulip orchid cactus",
    ),
    ("language", "dialect"),
    (
        "sport",
        "football baseball basketball hockey tennis golf cricket rugby boxing badminton volleyball handball",
    ),
    (
        "disease illness",
        "influenza measles malaria tuberculosis cholera diabetes asthma pneumonia",
    ),
    ("", "planet moon asteroid comet galaxy"),
];

/// Words for things of several kinds, and nouns for what is one of them whatever else it is.
const BROADER: &[(&str, &str)] = &[
    (
        "place location",
        "city town village hamlet suburb municipality borough country kingdom republic province county continent island mountain \
         river lake sea ocean desert valley peninsula district neighbourhood neighborhood region",
    ),
    (
        "sportsman sportsperson",
        "footballer cricketer boxer wrestler swimmer cyclist golfer gymnast skier sprinter",
    ),
    (
        "performer entertainer artist",
        "singer dancer comedian magician musician actor rapper pianist guitarist drummer violinist",
    ),
    (
        "musician",
        "guitarist drummer pianist violinist bassist rapper cellist organist singer songwriter percussionist composer",
    ),
    (
        "writer",
        "author novelist poet playwright screenwriter journalist essayist columnist dramatist biographer songwriter",
    ),
    (
        "scientist",
        "physicist chemist biologist botanist zoologist geologist astronomer",
    ),
    (
        "athlete",
        "footballer cricketer boxer wrestler swimmer cyclist golfer gymnast skier sprinter quarterback midfielder",
    ),
    ("ruler", "king queen emperor empress monarch sultan tsar"),
    ("cleric", "priest bishop pastor pope"),
    (
        "creature",
        "dog cat horse cow pig sheep goat bird fish whale shark dolphin lion tiger elephant bear wolf fox rabbit mouse rat",
    ),
    (
        "work creation",
        "film movie album song novel book poem painting opera musical sitcom documentary sculpture symphony play series",
    ),
    ("settlement", "city town village hamlet"),
    (
        "institution",
        "university college hospital museum school library",
    ),
    (
        "building structure",
        "skyscraper cathedral church castle palace tower mosque temple house",
    ),
    (
        "instrument",
        "guitar piano violin drum flute trumpet cello harp organ",
    ),
    (
        "fruit",
        "apple pear banana orange mango grape cherry plum peach lemon",
    ),
    ("metal", "iron copper gold silver zinc lead tin aluminium"),
];

struct Kinds {
    /// For each word for several kinds, what is one of them.
    broader: HashMap<String, Vec<String>>,
    /// The kind that a word names as a whole.
    whole: HashMap<String, usize>,
    members: HashMap<String, usize>,
}

static TABLE: LazyLock<Kinds> = LazyLock::new(|| {
    let stems = |list: &str, kind: usize| -> Vec<(String, usize)> {
        list.split_whitespace()
            .map(|word| (stem_of(word), kind))
            .collect()
    };
    let numbered = || KINDS.iter().enumerate();
    let mut broader: HashMap<String, Vec<String>> = HashMap::new();
    for (names, members) in BROADER {
        for name in names.split_whitespace() {
            broader
                .entry(stem_of(name))
                .or_default()
                .extend(members.split_whitespace().map(stem_of));
        }
    }
    Kinds {
        broader,
        whole: numbered()
            .flat_map(|(kind, (names, _))| stems(names, kind))
            .collect(),
        members: numbered()
            .flat_map(|(kind, (_, members))| stems(members, kind))
            .collect(),
    }
});

fn kind(stem: &str) -> Option<usize> {
    TABLE
        .members
        .get(stem)
        .or_else(|| TABLE.whole.get(stem))
        .copied()
}

/// Whether the word is of a kind.
pub fn is_known(stem: &str) -> bool {
    kind(stem).is_some()
}

/// Whether what is the second is the first too: `person`, `singer`.
pub fn includes(general: &str, special: &str) -> bool {
    let of_its_kind = TABLE
        .whole
        .get(general)
        .is_some_and(|kind| TABLE.members.get(special) == Some(kind));
    let of_several = TABLE
        .broader
        .get(general)
        .is_some_and(|members| members.iter().any(|member| member == special));
    general != special && (of_its_kind || of_several)
}

/// Whether what is the one cannot be the other: `car`, `singer`.
pub fn are_apart(one: &str, other: &str) -> bool {
    matches!((kind(one), kind(other)), (Some(one), Some(other)) if one != other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_of_its_kind_and_no_other() {
        let (person, singer, car) = (stem_of("person"), stem_of("singer"), stem_of("car"));
        assert!(includes(&person, &singer));
        assert!(!includes(&singer, &person) && !includes(&person, &car));
        assert!(are_apart(&car, &singer) && !are_apart(&singer, &stem_of("poet")));
    }

    #[test]
    fn no_word_is_in_two_kinds() {
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (kind, (names, members)) in KINDS.iter().enumerate() {
            for word in names.split_whitespace().chain(members.split_whitespace()) {
                let before = seen.insert(stem_of(word), kind);
                assert!(
                    before.is_none_or(|before| before == kind),
                    "{word} is in two kinds"
                );
            }
        }
    }
}
