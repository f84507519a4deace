//! What words mean to each other beyond their form: the same, the opposite, the other side of a relation.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::language::lexicon::{gradables, meaning};
use crate::language::words::stem_of;
use crate::statement::{Place, Term};

/// In each entry, words that say the same in a statement.
const SAME: &str = "cost:costs,price,priced,charge,fee,amount,spend,spent weigh:weight,weighs,heavy,mass long:length,longer wide:width \
    high:height,tall deep:depth begin:start,begins,commence,launch,open finish:end,complete,conclude buy:purchase,acquire,bought,acquisition \
    build:construct,erect,construction employ:employee,employees,staff,employs,worker,workers,workforce make:manufacture,produce,maker,material,manufacturer,producer \
    rise:increase,grow,climb,growth,gain fall:decrease,drop,decline,decreased,shrink,fell permit:allow,permitted,allowed,authorize,welcome \
    prohibit:forbid,ban,prohibited,forbidden,banned large:big child:kid,children founded:establish,established,founding \
    hold:contain,capacity,holds,store seat:accommodate,seats fix:repair,repaired doctor:physician car:automobile,vehicle \
    house:home resident:inhabitant,residents,inhabitants,population,people,person guest:visitor,visitors,guests attend:attendance \
    annual:yearly lawyer:attorney hurt:injure,injured,wounded kill:die,killed require:need,required,needed obligatory:mandatory,compulsory \
    approximately:roughly revenue:turnover,sales,income,proceeds profit:earnings speed:velocity,fast power:wattage temperature:temperatures \
    first:inaugural last:final movie:film sick:ill pay:paid,payment close:shut,closure,closed choose:select,elect get:receive,obtain \
    use:usage,utilize film:movie tax:levy rent:rental road:street deliver:delivery,delivered include:contain,included locate:situate,located,situated \
    say:claim,state,declare name:call,named,called assist:help abolish:scrap,abolished show:display author:writer near:close old:age,aged \
    average:mean medal:medals minimum:min maximum:max,limit end:expire,expires,ends terminate:end cancel:call-off,scrap,cancelled \
    vote:ballot reject:turn-down,refuse,rejected,refused approve:accept,approved,accepted,adopt,adopted share:proportion,percentage,rate \
    unmarried:single rain:rainy release:publish,premiere,issued write:script,pen,author called:known,named,dubbed passed:died number:count,total height:elevation,altitude area:size,surface duration:length,last,lasts tenant:renter,lessee landlord:lessor \
    pet:pets warranty:guarantee deposit:deposits town:city firm:company,business,corporation journey:trip \
    shop:store lift:elevator holiday:vacation flat:apartment petrol:gasoline rubbish:trash,garbage pavement:sidewalk bill:invoice \
    pupil:student,schoolchild chairman:chair,chairwoman,chairperson salary:wage,wages staff:personnel customer:client \
    illness:disease,sickness medicine:drug,medication blaze:fire beverage:drink bike:bicycle,cycle photo:photograph,picture picture:image \
    telephone:phone email:e-mail mend:repair,repaired,fix demolish:raze enlarge:extend,expand raise:increase postpone:delay,defer \
    renovate:refurbish,modernise,modernize inform:notify answer:reply,respond whole:entire reside:live victory:win victor:winner \
    contest:competition match:game squad:team dismiss:sack resign:quit depart:leave rapid:quick,fast silent:quiet \
    correct:accurate wrong:incorrect bar:ban,forbid,prohibit comprise:contain lodging:accommodation \
    collect:fetch damp:moist frequently:often rarely:seldom nearby:near extra:additional \
    show:series drama:dramatic comedy:comedic programme:program premiere:debut nickname:dub,nicknamed,dubbed \
    american:america british:britain english:england french:france german:germany italian:italy spanish:spain \
    portuguese:portugal japanese:japan chinese:china indian:india canadian:canada australian:australia russian:russia \
    irish:ireland scottish:scotland welsh:wales mexican:mexico brazilian:brazil argentine:argentina,argentinian polish:poland \
    swedish:sweden norwegian:norway danish:denmark finnish:finland dutch:netherlands belgian:belgium austrian:austria \
    swiss:switzerland greek:greece turkish:turkey egyptian:egypt israeli:israel korean:korea vietnamese:vietnam thai:thailand \
    african:africa european:europe asian:asia hungarian:hungary czech:czechia romanian:romania ukrainian:ukraine \
    icelandic:iceland pakistani:pakistan cuban:cuba chilean:chile colombian:colombia nigerian:nigeria kenyan:kenya";

/// Opposites that leave nothing between them: denying one says the other.
const COMPLEMENTS: &str = "open:closed,shut include:exclude allow:forbid,prohibit,ban,disallow permit:forbid,prohibit,ban enable:disable \
    present:absent true:false alive:dead pass:fail accept:reject,refuse,decline approve:reject,refuse free:charge,paid \
    heated:unheated possible:impossible legal:illegal lock:unlock married:unmarried maximum:minimum succeed:fail \
    support:oppose mandatory:optional,voluntary compulsory:optional,voluntary indoor:outdoor odd:even guilty:innocent \
    available:unavailable complete:incomplete on:off refundable:non-refundable insured:uninsured with:without active:inactive";

/// Sides of one relation: what one side does the other does not.
const SIDES: &[&str] = &[
    "seller buyer",
    "landlord tenant",
    "employer employee",
    "lender borrower",
    "teacher pupil",
    "teacher student",
    "doctor patient",
    "plaintiff defendant",
    "licensor licensee",
    "lessor lessee",
    "parent child",
    "husband wife",
    "supplier customer",
    "sender recipient",
    "owner tenant",
    "host guest",
    "winner loser",
    "driver passenger",
    "creditor debtor",
    "client contractor",
];

/// Kinds of which a thing is one.
const COUNTERPARTS: &[&str] = &[
    "men women",
    "man woman",
    "boys girls",
    "breakfast lunch dinner",
    "cats dogs",
    "cat dog",
    "import export",
    "gross net",
    "adult child",
    "coffee tea",
    "bus train ferry tram plane",
    "phone email post",
    "gas electricity water",
    "kitchen bathroom bedroom",
    "mayor treasurer secretary chair",
    "steel timber coal wheat oil",
    "city country river mountain lake",
    "album single",
    "film album book",
    "university hospital",
    "lead copper zinc iron",
    "adults children",
];

/// Verbs that say the same event from its other side, with the prepositions of the two: `A bought it from B`, `B sold it to A`.
const CONVERSES: &str = "buy:sell purchase:sell acquire:sell export:import lend:borrow rent:let succeed:precede follow:precede give:receive \
    send:receive teach:learn employ:work own:belong defeat:lose beat:lose contain:belong precede:follow";

/// Verbs, each with those that it says too: who starred in a film appeared in it. Not the other way round.
const IMPLICATIONS: &str = "star:appear,act costar:appear premiere:air,show broadcast:air compose:write behead:execute,kill \
    assassinate:kill drown:die graduate:study win:receive,earn design:create invent:create create:form form:create found:form,create \
    establish:form,create";

/// Ways to begin, for a band, a company or a newspaper, and what is done to found it.
const BEGINNINGS: &[&str] = &["begin", "start", "commence", "originate"];
const FOUNDATIONS: &[&str] = &["found", "establish", "form", "launch", "create"];

/// Verbs for what a thing does when somebody does it to it: `it opened`, `it was opened`.
const ERGATIVE: &str = "open close begin start end form launch premiere debut air sink merge dissolve disband reopen \
    found establish create";

/// Verbs, each with the nouns for who does it as a trade: who is a singer sings.
const TRADES: &str = "act:actor,actress sing:singer paint:painter dance:dancer teach:teacher compose:composer write:writer,author,novelist \
    sculpt:sculptor photograph:photographer translate:translator bake:baker cook:cook,chef farm:farmer box:boxer swim:swimmer";

/// Verbs whose sides may change places.
const SYMMETRIC: &str = "meet marry play border merge share equal match face fight resemble differ cooperate collaborate agree talk \
    discuss intersect adjoin separate divorce wed connect link join unite negotiate";

/// Verbs that one side alone has done, once: another name in the same place is another answer.
const UNIQUE: &str = "write author compose direct paint design invent discover found establish build construct create win chair lead \
    succeed resign appoint elect founder architect designer inventor author capital mayor president chairman chair secretary treasurer \
    director winner owner own publish produce translate develop launch open sign score host conduct head manage oblige defeat sculpt adapt draft propose";

/// What happens to a thing once, so that it has one date.
const SINGLE: &str = "founded establish build construct erect complete finish birth born die death publish release launch open close hold \
    issue sign invent discover create begin end start destroy demolish abolish introduce inaugurate adopt approve arrive \
    depart leave sink burn collapse retire resign incorporate register enact ratify ban crown execute assassinate kill \
    bury divorce install grant relegate inaugurate graduate debut premiere merge acquire succeed defeat set";

/// Verbs of change, whose amount is where it ended.
const CHANGES: &str = "rise fall increase decrease grow drop climb decline shrink raise lower cut reduce jump soar slip expand double halve \
    go advance recover slump plunge widen narrow";

struct Tables {
    same: HashMap<String, Vec<usize>>,
    complements: HashMap<String, Vec<String>>,
    counterparts: HashMap<String, Vec<usize>>,
    converses: HashMap<String, Vec<String>>,
    trades: HashMap<String, Vec<String>>,
    implications: HashMap<String, Vec<String>>,
    beginnings: Vec<String>,
    foundations: Vec<String>,
    ergative: Vec<String>,
    symmetric: Vec<String>,
    unique: Vec<String>,
    changes: Vec<String>,
    single: Vec<String>,
}

fn pairs(list: &str) -> HashMap<String, Vec<String>> {
    let mut found: HashMap<String, Vec<String>> = HashMap::new();
    for entry in list.split_whitespace() {
        let Some((one, others)) = entry.split_once(':') else {
            continue;
        };
        for other in others.split(',') {
            let (one, other) = (stem_of(one), stem_of(other));
            found.entry(one.clone()).or_default().push(other.clone());
            found.entry(other).or_default().push(one);
        }
    }
    found
}

/// For the first word of each entry, what it says too.
fn one_way(list: &str) -> HashMap<String, Vec<String>> {
    list.split_whitespace()
        .filter_map(|entry| entry.split_once(':'))
        .map(|(one, others)| (stem_of(one), others.split(',').map(stem_of).collect()))
        .collect()
}

fn stems(list: &str) -> Vec<String> {
    list.split_whitespace().map(stem_of).collect()
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut same: HashMap<String, Vec<usize>> = HashMap::new();
    for (number, entry) in SAME.split_whitespace().enumerate() {
        let Some((one, others)) = entry.split_once(':') else {
            continue;
        };
        for word in std::iter::once(one).chain(others.split(',')) {
            let groups = same.entry(stem_of(word)).or_default();
            if !groups.contains(&number) {
                groups.push(number);
            }
        }
    }
    let mut counterparts: HashMap<String, Vec<usize>> = HashMap::new();
    for (number, entry) in SIDES.iter().chain(COUNTERPARTS).enumerate() {
        for word in entry.split_whitespace() {
            counterparts.entry(stem_of(word)).or_default().push(number);
        }
    }
    Tables {
        same,
        complements: pairs(COMPLEMENTS),
        counterparts,
        converses: pairs(CONVERSES),
        trades: pairs(TRADES),
        implications: one_way(IMPLICATIONS),
        beginnings: BEGINNINGS.iter().map(|word| stem_of(word)).collect(),
        foundations: FOUNDATIONS.iter().map(|word| stem_of(word)).collect(),
        ergative: stems(ERGATIVE),
        symmetric: stems(SYMMETRIC),
        unique: stems(UNIQUE),
        changes: stems(CHANGES),
        single: stems(SINGLE),
    }
});

fn in_one_group(groups: &HashMap<String, Vec<usize>>, one: &str, other: &str) -> bool {
    match (groups.get(one), groups.get(other)) {
        (Some(these), Some(those)) => these.iter().any(|group| those.contains(group)),
        _ => false,
    }
}

fn is_paired(pairs: &HashMap<String, Vec<String>>, one: &str, other: &str) -> bool {
    pairs
        .get(one)
        .is_some_and(|others| others.iter().any(|word| word == other))
}

/// Whether two stems say the same.
pub fn are_same(one: &str, other: &str) -> bool {
    one == other || in_one_group(&TABLES.same, one, other)
}

/// How two words that differ stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contrast {
    /// One is the denial of the other: `heated`, `unheated`.
    Complement,
    /// Not both at once: `north`, `south`; `increase`, `decrease`.
    Opposite,
    /// Two of a kind: `seller`, `buyer`; `red`, `blue`.
    Other,
}

/// How the two contrast, if they do. `lower` forms are needed for prefixes, stems for the rest.
pub fn contrast(one: (&str, &str), other: (&str, &str)) -> Option<Contrast> {
    let ((lower_one, stem_one), (lower_other, stem_other)) = (one, other);
    if stem_one == stem_other {
        return None;
    }
    if denies_by_prefix(lower_one, lower_other)
        || denies_by_prefix(lower_other, lower_one)
        || is_paired(&TABLES.complements, stem_one, stem_other)
    {
        return Some(Contrast::Complement);
    }
    if meaning::are_opposite(stem_one, stem_other)
        || gradables::same_end(lower_one, lower_other) == Some(false)
        || is_paired(&TABLES.converses, stem_one, stem_other)
    {
        return Some(Contrast::Opposite);
    }
    if in_one_group(&TABLES.counterparts, stem_one, stem_other)
        || meaning::exclude_each_other(stem_one, stem_other)
    {
        return Some(Contrast::Other);
    }
    None
}

/// Whether the two are sides of one relation: what the one does the other does not.
pub fn are_sides(one: &str, other: &str) -> bool {
    match (TABLES.counterparts.get(one), TABLES.counterparts.get(other)) {
        (Some(these), Some(those)) => these
            .iter()
            .any(|group| *group < SIDES.len() && those.contains(group)),
        _ => false,
    }
}

/// `unheated` of `heated`, `non-refundable` of `refundable`.
fn denies_by_prefix(long: &str, short: &str) -> bool {
    short.len() >= 4
        && ["un", "non-", "non", "in", "im", "ir", "il", "dis"]
            .iter()
            .any(|prefix| long.strip_prefix(prefix) == Some(short))
}

/// Whether the two verbs name one event from its two sides.
pub fn are_converse(one: &str, other: &str) -> bool {
    is_paired(&TABLES.converses, one, other)
}

/// Whether the noun names who does this as a trade.
pub fn is_trade(verb: &str, noun: &str) -> bool {
    is_paired(&TABLES.trades, verb, noun)
}

/// Whether what the first verb says is said by the second too.
pub fn implies(given: &str, claimed: &str) -> bool {
    is_paired(&TABLES.implications, given, claimed)
}

/// Whether what was founded in the one way began in the other.
pub fn begins_by(founded: &str, began: &str) -> bool {
    let has = |words: &[String], stem: &str| words.iter().any(|word| word == stem);
    has(&TABLES.foundations, founded) && has(&TABLES.beginnings, began)
}

/// Whether a thing does by itself what is done to it.
pub fn is_ergative(stem: &str) -> bool {
    TABLES.ergative.iter().any(|word| word == stem)
        || TABLES.beginnings.iter().any(|word| word == stem)
}

/// Whether the sides of the verb may change places.
pub fn is_symmetric(stem: &str) -> bool {
    TABLES.symmetric.iter().any(|word| word == stem)
}

/// Whether one name alone can stand in a place of this word.
pub fn is_unique(stem: &str) -> bool {
    TABLES.unique.iter().any(|word| word == stem)
}

/// The stems of what is taken once.
const PHOTOS: [&str; 5] = ["photo", "photograph", "pictur", "imag", "snapshot"];

/// Whether the verb names what happens once to a thing such as the subject: a photo is taken once, a train often.
pub fn is_single_of(verb: &str, terms: &[Term]) -> bool {
    let is_photo = |term: &Term| {
        !matches!(term.place, Place::After(_)) && PHOTOS.contains(&term.stem.as_str())
    };
    is_single(verb) || (verb == "take" && terms.iter().any(is_photo))
}

/// Whether the verb names what happens to a thing once.
pub fn is_single(stem: &str) -> bool {
    TABLES.single.iter().any(|word| word == stem)
}

/// Whether the verb says that an amount changed.
pub fn is_change(stem: &str) -> bool {
    TABLES.changes.iter().any(|word| word == stem)
}
