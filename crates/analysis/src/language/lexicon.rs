//! Lists of English words by form: words that say nothing of their own, abbreviations, irregular forms, verbs.
//! What words mean to each other is in `meaning`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

pub mod gradables;
pub mod meaning;

fn set(list: &'static str) -> HashSet<&'static str> {
    list.split_whitespace().collect()
}

static STOP: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    set(
        "a an the this that these those there here of in on at by for from to with without into onto upon over under about \
         as than then and or but nor so if while when where which who whom whose what how why because although though since \
         until is are was were be been being am has have had having do does did done will would shall should can could may \
         might must it its he him his she her hers they them their theirs we us our ours you your yours i me my mine also \
         very too just only not no never n't isn't wasn't aren't weren't don't doesn't didn't hasn't haven't hadn't won't \
         wouldn't can't cannot couldn't shouldn't such some any each every all both either neither more most much many few \
         less least other another same own per via within between among through during before after above below up down out \
         off again further once s t et al itself himself herself themselves however thus therefore yet still even ever \
         whether against along across around like unlike despite toward towards",
    )
});

static NEVER_ENDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    set(
        "mr mrs ms dr prof rev hon gen col capt lt sgt maj sen rep gov pres st mt ft messrs mme mlle sr.jr e.g i.e eg ie cf \
         vs viz approx ca resp op",
    )
});

static MAY_END: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    set(
        "etc inc ltd co corp jr sr bros dept est assn ave blvd rd u.s u.k u.n a.m p.m ph.d al jan feb mar apr jun jul aug \
         sep sept oct nov dec",
    )
});

static BEFORE_NUMBER: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| set("no nr p pp vol ch sec fig figs eq art ed nos chap"));

static BEGINS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    set(
        "the a an it he she they we this that these those in on at by for from after before when while since there his her \
         its their our but and however although as if both each all some most many no not one two",
    )
});

static IRREGULAR: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    "went:go gone:go goes:go wrote:write written:write built:build came:come became:become began:begin begun:begin \
     bought:buy brought:bring broke:break broken:break caught:catch chose:choose chosen:choose cost:cost drew:draw \
     drawn:draw drove:drive driven:drive ate:eat eaten:eat fell:fall fallen:fall fought:fight found:find flew:fly \
     flown:fly gave:give given:give grew:grow grown:grow held:hold kept:keep knew:know known:know led:lead left:leave \
     lent:lend lost:lose made:make meant:mean met:meet paid:pay ran:run rose:rise risen:rise said:say sang:sing \
     sung:sing sank:sink froze:freeze frozen:freeze overtook:overtake overtaken:overtake undertook:undertake undertaken:undertake \
     shook:shake shaken:shake woke:wake woken:wake hid:hide hidden:hide bit:bite bitten:bite rode:ride ridden:ride beaten:beat \
     forgot:forget forgotten:forget forgave:forgive forgiven:forgive wept:weep swept:sweep crept:creep dealt:deal dreamt:dream felt:feel \
     fed:feed bled:bleed bred:breed sped:speed fled:flee slid:slide hung:hang dug:dig stuck:stick swung:swing laid:lay sought:seek \
     bent:bend burnt:burn learnt:learn spelt:spell spilt:spill spoilt:spoil leapt:leap got:get gotten:get withdrew:withdraw \
     withdrawn:withdraw overcame:overcome foresaw:foresee foreseen:foresee rewrote:rewrite rewritten:rewrite rebuilt:rebuild resold:resell \
     misled:mislead mistook:mistake mistaken:mistake proven:prove sewn:sew sown:sow mown:mow swollen:swell tore:tear torn:tear \
     swore:swear sworn:swear trod:tread trodden:tread wove:weave woven:weave blew:blow blown:blow flung:fling clung:cling sprang:spring \
     drank:drink drunk:drink shrank:shrink shrunk:shrink rang:ring spat:spit sat:sit stung:sting strode:stride strove:strive sunk:sink saw:see seen:see sent:send sold:sell shot:shoot shown:show slept:sleep spoke:speak \
     spoken:speak spent:spend spun:spin stood:stand stole:steal stolen:steal struck:strike swam:swim taught:teach \
     thought:think threw:throw thrown:throw told:tell took:take taken:take understood:understand won:win wore:wear \
     borne:bear bore:bear bears:bear forbidden:forbid forbade:forbid worn:wear died:die dies:die dead:die death:die deaths:die born:birth children:child people:person persons:person \
     men:man women:woman wives:wife lives:live living:live feet:foot mice:mouse criteria:criterion data:data \
     media:media movie:film movies:film films:film picture:film starred:star starring:star costarred:star \
     authored:write author:write writer:write authors:write writers:write novelist:write sung:sing singer:sing \
     portrays:play portrayed:play portraying:play plays:play played:play located:locate situated:locate \
     headquartered:base largest:largest biggest:largest greatest:largest lengthen:longer lengthens:longer \
     lengthened:longer tv:television telly:television u.s:american usa:american us-american:american america:american \
     states:state u.k:british uk:british britain:british england:english france:french germany:german italy:italian \
     spain:spanish portugal:portuguese japan:japanese china:chinese india:indian canada:canadian australia:australian \
     russia:russian ireland:irish scotland:scottish wales:welsh mexico:mexican brazil:brazilian argentina:argentine \
     poland:polish sweden:swedish norway:norwegian denmark:danish finland:finnish netherlands:dutch holland:dutch \
     belgium:belgian austria:austrian switzerland:swiss greece:greek turkey:turkish egypt:egyptian israel:israeli \
     korea:korean vietnam:vietnamese thailand:thai africa:african europe:european asia:asian york:york \
     tumour:tumor tumours:tumor tumors:tumor colour:color colours:color centre:center centres:center metre:metre \
     meters:metre meter:metre metres:metre labour:labor organisation:organization organisations:organization \
     programme:program programmes:program theatre:theater mum:mother mom:mother dad:father kids:child kid:child \
     babies:baby wed:marry married:marry marriage:marry marries:marry husband:husband first:first second:second \
     actress:actor actresses:actor actors:actor lorries:truck lorry:truck trucks:truck automobile:car automobiles:car \
     cops:police murdered:kill murder:kill killed:kill assassinated:kill company:firm companies:firm corporation:firm \
     corporations:firm firms:firm nation:country nations:country countries:country"
        .split_whitespace()
        .filter_map(|pair| pair.split_once(':'))
        .collect()
});

static VERBS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    set(
        "is are was were be been has have had do does did will would can could may might must shall isn't wasn't aren't \
         weren't don't doesn't didn't hasn't haven't hadn't won't can't cannot couldn't became become becomes began begins \
         begin built builds build came comes come cost costs gave gives give went goes go grew grows grow held holds hold \
         kept keeps keep knew knows know led leads lead left leaves leave lost loses lose made makes make meant means mean \
         met meets meet paid pays pay ran runs run rose rises rise said says say saw sees see sent sends send sold sells \
         sell shows show shown shot spent spends spend spoke speaks speak stood stands stand stole steals steal took takes \
         take taught teaches teach thought thinks think told tells tell won wins win wore wears wear wrote writes write \
         fell falls fall found finds find fought fights fight flew flies fly got gets get hit hits put puts set sets read \
         reads cut cuts let lets shut spread beat beats burst split cast chose chooses choose drew draws draw drove drives \
         drive ate eats eat sang sings sing sank sinks sink slept sleeps sleep swam swims spun broke breaks break brought \
         brings bring bought buys buy caught catches catch threw throws understood understands felt feels feel lent lends \
         lend owns own employs employ covers cover supplies supply contains contain carries carry closes close opens open \
         orbits weighs weigh lives live works work plays play stars plans plan wants want needs need includes include \
         consists consist belongs belong remains remain produces produce causes cause increases increase decreases \
         decrease reduces reduce serves serve sorts sort houses crosses cross supports support uses use helps help lies lie \
         acts act appears appear exists exist features feature contributes contribute requires require provides provide \
         receives receive affects affect prevents prevent leads enhances inhibits promotes induces regulates improves \
         stay stays stayed travel travels died dies offers hosts charges rents runs seats spans measures exceeds equals totals reaches attracts faces ends starts",
    )
});

static IMPERATIVES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    set(
        "please click read see note let lets let's consider remember ask send check visit call write find look make take go \
         come do don't ignore output print say tell give try use add remove open close start stop keep put set get buy \
         contact download follow imagine enjoy join listen watch wait verify analyze analyse review disregard forget",
    )
});

/// Whether a word says nothing of its own.
pub fn is_stop(lower: &str) -> bool {
    STOP.contains(lower)
}

/// `dr`, `e.g`: the full stop after it never ends a sentence.
pub fn never_ends_sentence(lower: &str) -> bool {
    NEVER_ENDS.contains(lower)
}

/// `inc`, `u.s`: the full stop after it may end a sentence.
pub fn may_end_sentence(lower: &str) -> bool {
    MAY_END.contains(lower)
}

/// `no`, `p`: an abbreviation where a number follows.
pub fn abbreviates_before_number(lower: &str) -> bool {
    BEFORE_NUMBER.contains(lower)
}

/// Words that sentences like to begin with.
pub fn begins_sentences(lower: &str) -> bool {
    BEGINS.contains(lower)
}

/// The form that an irregular word, or another word for the same, is compared by.
pub fn regular_form(lower: &str) -> Option<&'static str> {
    IRREGULAR.get(lower).copied()
}

/// Whether the word can be the verb of a statement.
pub fn is_verb(lower: &str) -> bool {
    VERBS.contains(lower) || (lower.len() > 4 && lower.ends_with("ed") && !lower.ends_with("eed"))
}

/// Whether a sentence that begins with this word may be a command.
pub fn is_imperative(lower: &str) -> bool {
    IMPERATIVES.contains(lower)
}
