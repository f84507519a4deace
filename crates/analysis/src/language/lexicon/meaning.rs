//! What English words mean to each other: opposites, and classes whose members exclude one another. Everything is looked
//! up by stem.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::super::words::stem_of;

/// Opposites with something between them, and words of which one at most holds. What leaves nothing between is in
/// `verdict::relations`.
const OPPOSITES: &str = "increase:decrease,reduce,lower,fall,decline,drop,diminish,lessen,shrink,suppress,inhibit,cut \
    raise:lower,reduce,cut rise:fall,decline,drop,decrease,sink grow:shrink,fall,decline \
    higher:lower,smaller,reduced high:low more:fewer,less most:least,fewest larger:smaller big:small \
    large:small,little series:film,album,song,painting show:film,album,song,painting,novel video:film,album,novel play:novel,film,album nonfiction:fictional longer:shorter long:short lengthen:shorten early:late earlier:later before:after first:last \
    begin:end,stop,cease start:end,stop,finish,cease open:close opened:closed win:lose,defeat won:lost winner:loser \
    profit:loss,lose gain:lose,loss success:failure successful:unsuccessful,failed live:die birth:die born:died \
    love:hate like:dislike hate:like agree:disagree,refuse approve:disapprove,oppose support:reject inside:outside \
    male:female man:woman boy:girl husband:wife father:mother,daughter,son brother:sister son:daughter,mother \
    king:queen,president actor:director hero:villain north:south,east,west northern:southern,eastern,western \
    east:west eastern:western up:down above:below over:under upper:lower left:right front:back strong:weak \
    strengthen:weaken strength:weakness activate:inhibit,inactivate,deactivate,suppress,repress,block \
    activation:inhibition,inactivation,repression promote:inhibit,prevent,suppress,block \
    induce:inhibit,prevent,suppress,block enhance:reduce,impair,diminish,inhibit improve:worsen,impair,deteriorate \
    better:worse best:worst good:bad poor:rich,wealthy positive:negative benefit:harm protect:harm,damage \
    safe:dangerous,unsafe risk:protection upregulate:downregulate gained:lost public:private \
    free:occupied,captive,expensive married:divorced,single divorce:marry single:multiple permanent:temporary \
    full:empty,partial complete:partial total:partial always:never,sometimes all:none,some every:no everyone:nobody \
    everything:nothing only:several,multiple,various unique:common,several common:rare rare:frequent \
    often:rarely,seldom,never frequent:infrequent usual:unusual,rare able:unable capable:incapable lawful:unlawful \
    known:unknown famous:unknown popular:unpopular critical:uncritical dependent:independent same:different \
    similar:different,dissimilar identical:different equal:unequal,different sensitive:resistant,insensitive \
    resistance:sensitivity susceptible:resistant necessary:unnecessary,dispensable required:dispensable,unnecessary \
    essential:dispensable presence:absence add:remove adopt:reject,abandon arrive:leave,depart enter:leave,exit \
    buy:sell lend:borrow import:export attack:defend victory:defeat ally:enemy friend:enemy convicted:acquitted \
    hot:cold warm:cold wet:dry young:old younger:older new:old modern:ancient fast:slow quick:slow \
    easy:difficult,hard hard:soft heavy:light dark:light day:night summer:winter morning:evening,afternoon \
    correct:wrong,incorrect right:wrong fact:fiction fictional:real,factual real:fake natural:artificial \
    domestic:foreign native:foreign urban:rural solo:duo,group,band amateur:professional vertical:horizontal \
    minor:major minority:majority shallow:deep narrow:wide thin:thick destroy:preserve,build,create build:demolish \
    protagonist:antagonist retain:lose keep:lose,abandon join:leave,quit hire:fire,dismiss appoint:dismiss \
    resign:appoint expand:contract,shrink accelerate:slow,delay shorten:extend prolong:shorten \
    stabilize:destabilize vertebrate:invertebrate endangered:common extinct:living,alive cheap:expensive \
    praise:criticize,pan acclaim:criticize,pan commercial:noncommercial acute:chronic healthy:sick,ill,diseased \
    remember:forget ascend:descend deposit:withdraw encourage:discourage freeze:melt,thaw inhale:exhale punish:reward hide:reveal,show \
    heat:cool fill:empty,drain entrance:exit arrival:departure attic:cellar income:expenditure ahead:behind senior:junior \
    clockwise:anticlockwise,counterclockwise wholesale:retail awake:asleep raw:cooked manual:automatic visible:hidden,invisible \
    upstairs:downstairs sunrise:sunset dawn:dusk indoors:outdoors convict:acquit unanimous:divided \
    upstream:downstream aerobic:anaerobic recessive:dominant symmetrical:asymmetrical symmetric:asymmetric \
    south:east,west oldest:newest,youngest largest:smallest highest:lowest longest:shortest tallest:shortest,lowest \
    deficit:surplus ease:strengthen,intensify dry:rainy carried:defeated,rejected earliest:latest biggest:smallest \
    fastest:slowest cheapest:dearest,priciest bought:sold greater:smaller,less greatest:worst,least older:newer \
    taller:shorter for:against teach:learn rejected:accepted,approved admit:deny charge:waive demolish:construct \
    heavier:lighter faster:slower sink:float tighten:relax,loosen relax:tighten acquit:convict held:cancelled uphold:overturn,quash,dismiss,reject grant:deny,refuse,reject granted:denied,refused,rejected \
    promoted:relegated,demoted laden:empty,unloaded loaded:empty,unloaded support:oppose";

/// Names: in each line, whoever is one is not another, in the same place of the same statement. Nationalities come first.
const NAME_CLASSES: &[&str] = &[
    "american british english french german italian spanish portuguese japanese chinese indian canadian australian russian \
     irish scottish welsh mexican brazilian argentine polish swedish norwegian danish finnish dutch belgian austrian swiss \
     greek turkish egyptian israeli korean vietnamese thai iranian iraqi pakistani cuban chilean colombian \
     hungarian czech romanian ukrainian serbian croatian nigerian kenyan filipino indonesian malaysian jamaican peruvian \
     icelandic persian taiwanese singaporean lebanese syrian moroccan algerian ethiopian ghanaian bolivian venezuelan \
     ecuadorian bulgarian slovak slovenian latvian lithuanian estonian armenian georgian bangladeshi nepalese",
    "january february march april june july august september october november december",
    "monday tuesday wednesday thursday friday saturday sunday",
    "africa asia europe antarctica oceania",
    "california texas florida ohio michigan virginia georgia alabama tennessee kentucky illinois indiana nevada arizona \
     oregon washington colorado utah iowa kansas nebraska missouri minnesota wisconsin oklahoma arkansas louisiana \
     mississippi pennsylvania massachusetts connecticut maryland maine vermont hawaii alaska idaho montana wyoming",
    "london paris berlin rome madrid lisbon vienna prague moscow tokyo beijing delhi dublin oslo stockholm copenhagen \
     helsinki amsterdam brussels athens cairo chicago boston houston dallas seattle detroit philadelphia",
    "catholic protestant jewish muslim buddhist hindu atheist orthodox anglican",
    "mercury venus mars jupiter saturn uranus neptune pluto",
    "democrat republican",
];

/// The same for words that are in other names too: the Red Lion is not a colour.
const CLASSES: &[&str] = &[
    "spring summer autumn winter",
    "red blue green yellow black white brown purple pink orange grey gray",
    "film painting sculpture song album novel book poem opera truck car boat ship building river mountain lake city town \
     village island planet comic musical sitcom documentary magazine newspaper restaurant",
    "comedy horror thriller western romance drama tragedy",
    "football baseball basketball hockey tennis golf cricket rugby boxing swimming cycling",
    "north south east west northern southern eastern western northwest southeast northeast southwest",
    "father mother brother sister son daughter husband wife uncle aunt nephew niece cousin grandfather grandmother",
    "gold silver bronze",
    "first second third fourth fifth sixth seventh eighth ninth tenth",
    "daily weekly monthly yearly annual hourly",
    "square round oval triangular rectangular circular hexagonal",
    "guitarist drummer bassist pianist violinist vocalist",
    "mammal bird fish reptile amphibian insect",
    "doctor lawyer teacher baker butcher plumber farmer soldier sailor engineer architect chemist physicist biologist",
];

struct Meaning {
    opposites: HashMap<String, HashSet<String>>,
    classes: HashMap<String, Vec<usize>>,
}

static MEANING: LazyLock<Meaning> = LazyLock::new(|| {
    let mut opposites: HashMap<String, HashSet<String>> = HashMap::new();
    for entry in OPPOSITES.split_whitespace() {
        let Some((one, others)) = entry.split_once(':') else {
            continue;
        };
        for other in others.split(',') {
            let (one, other) = (stem_of(one), stem_of(other));
            opposites
                .entry(one.clone())
                .or_default()
                .insert(other.clone());
            opposites.entry(other).or_default().insert(one);
        }
    }
    let mut classes: HashMap<String, Vec<usize>> = HashMap::new();
    for (number, members) in NAME_CLASSES.iter().chain(CLASSES).enumerate() {
        for member in members.split_whitespace() {
            classes.entry(stem_of(member)).or_default().push(number);
        }
    }
    Meaning { opposites, classes }
});

/// Whether two stems say opposite things.
pub fn are_opposite(one: &str, other: &str) -> bool {
    MEANING
        .opposites
        .get(one)
        .is_some_and(|others| others.contains(other))
}

/// Whether two different stems belong to a class whose members exclude one another.
pub fn exclude_each_other(one: &str, other: &str) -> bool {
    one != other
        && !are_compatible(one, other)
        && match (MEANING.classes.get(one), MEANING.classes.get(other)) {
            (Some(classes), Some(given)) => classes.iter().any(|class| given.contains(class)),
            _ => false,
        }
}

/// The same for two names.
pub fn exclude_as_names(one: &str, other: &str) -> bool {
    let is_shared = |class: &usize| {
        *class < NAME_CLASSES.len()
            && MEANING
                .classes
                .get(other)
                .is_some_and(|classes| classes.contains(class))
    };
    exclude_each_other(one, other)
        && MEANING
            .classes
            .get(one)
            .is_some_and(|classes| classes.iter().any(is_shared))
}

/// Whether who is the one may be the other too: the English are British.
fn are_compatible(one: &str, other: &str) -> bool {
    [(one, other), (other, one)].iter().any(|pair| {
        matches!(
            pair,
            ("british", "english" | "scottish" | "welsh" | "irish") | ("persian", "iranian")
        )
    })
}

/// Whether the stem says which country somebody or something is from.
pub fn is_nationality(stem: &str) -> bool {
    MEANING
        .classes
        .get(stem)
        .is_some_and(|classes| classes.contains(&0))
}

/// Whether the stem belongs to such a class.
pub fn is_classed(stem: &str) -> bool {
    MEANING.classes.contains_key(stem)
}
