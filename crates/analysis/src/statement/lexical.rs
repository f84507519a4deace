//! Closed classes of English words, as the reader of statements needs them.

use std::collections::HashSet;
use std::sync::LazyLock;

fn set(list: &'static str) -> HashSet<&'static str> {
    list.split_whitespace().collect()
}

macro_rules! word_class {
    ($(#[$doc:meta])* $name:ident = $list:expr) => {
        $(#[$doc])*
        pub fn $name(lower: &str) -> bool {
            static WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| set($list));
            WORDS.contains(lower)
        }
    };
}

word_class! {
    /// Words that hold a sentence together and name nothing.
    is_function_word = "a an the this that these those there here of in on at by for from to with without into onto upon over under \
        about as than then and or but nor so if while when where which who whom whose what how why because although though \
        since until is are was were be been being am has have had having do does did done will would shall should can could \
        may might must it its he him his she her hers they them their theirs we us our ours you your yours i me my mine also \
        very too just not no never n't isn't wasn't aren't weren't don't doesn't didn't hasn't haven't hadn't won't wouldn't \
        can't cannot couldn't shouldn't mustn't such any et al itself himself herself themselves however thus therefore yet \
        still even ever whether via per within between among through during before after above below up down out off again \
        against along across around like unlike despite toward towards each every both either neither all some nobody none \
        let's ought need only else onwards please note already currently now today that's it's there's"
}
word_class! {
    /// Pronouns that stand for something named before.
    is_pronoun = "it its he him his she her hers they them their theirs this these that those itself himself herself themselves one"
}
word_class! {
    is_be = "be is are was were been being am isn't aren't wasn't weren't"
}
word_class! {
    is_auxiliary = "be is are was were been being am isn't aren't wasn't weren't has have had hasn't haven't hadn't having do does did \
        don't doesn't didn't will would won't wouldn't shall should shouldn't can could can't cannot couldn't may might must \
        mustn't needn't"
}
word_class! {
    /// Before `as`, what is said as by `is`.
    is_serving = "serve serves served serving"
}
word_class! {
    /// Verbs whose particle says which way: `switched off`, `turned on`.
    is_switching = "switch switches switched turn turns turned power powers powered leave leaves left keep keeps kept stay stays stayed"
}
word_class! {
    /// Nouns before `that` by which a thing is not said to be so: `there is no proof that`.
    is_ground_noun = "proof evidence confirmation grounds suspicion suspicions doubt doubts trace traces sign signs indication indications guarantee guarantees reason reasons hint chance risk danger \
        myth myths misconception misconceptions hoax superstition fallacy legend"
}
word_class! {
    is_preposition = "of in on at by for from to with without into onto upon over under about as than via per within between among \
        through during before after above below up down out off against along across around like unlike despite toward towards \
        until since near behind beside besides inside outside beyond beneath throughout except including excluding opposite versus"
}
word_class! {
    /// `could`, `may`: what is possible is not said as a fact.
    is_possible = "would could may might wouldn't couldn't should"
}
word_class! {
    /// Adverbs and adjectives by which something is not said as a fact.
    is_hedge = "possibly probably perhaps maybe likely unlikely allegedly reportedly supposedly apparently presumably potentially \
        rumoured rumored purportedly theoretically hypothetically seemingly conceivably"
}
word_class! {
    /// Verbs whose infinitive has not happened: `plans to build`.
    is_intention = "plan plans planned planning intend intends intended hope hopes hoped want wants wanted wish wishes wished aim aims \
        aimed propose proposes proposed expect expects expected agree agrees agreed promise promises promised try tries tried \
        attempt attempts attempted seek seeks sought offer offers offered threaten threatens threatened decide decides decided \
        vote votes voted prepare prepares prepared schedule scheduled due set about supposed likely unlikely bound going able \
        ordered asked told required obliged forced allowed permitted encouraged advised urged need needs needed order orders \
        ask asks require requires oblige obliges allow allows permit permits"
}
word_class! {
    /// Verbs whose infinitive did not happen: `failed to appear`.
    is_failure = "fail fails failed failing refuse refuses refused decline declines declined forget forgets forgot neglect neglects \
        neglected omit omits omitted"
}
word_class! {
    /// Adjectives whose infinitive or gerund does not happen: `unable to swim`, `incapable of swimming`.
    is_inability = "unable incapable"
}
word_class! {
    /// Participles before `from` and a gerund: `barred from flying` is not flying.
    is_exclusion = "barred banned prevented prohibited stopped excluded disqualified"
}
word_class! {
    /// Words by which a statement says more than without them: who is exclusively one thing is that thing.
    is_exclusive = "only exclusively solely purely entirely fully completely wholly totally"
}
word_class! {
    /// Who says, thinks or denies something: what follows is theirs.
    is_report = "say says said claim claims claimed believe believes believed think thinks thought suspect suspects suspected suggest \
        suggests suggested allege alleges alleged deny denies denied report reports reported argue argues argued hope hopes hoped \
        expect expects expected fear fears feared doubt doubts doubted estimate estimates predict predicts predicted \
        announce announces announced assume assumes assumed insist insists insisted speculate speculates speculated warn warns \
        warned hypothesize hypothesized propose proposes proposed rumour rumours rumor rumors evidence claimant assert asserts \
        asserted maintain maintains maintained consider considers considered wonder wonders wondered ask asks asked \
        allegation allegations possibility theory idea myth myths misconception misconceptions hoax superstition fallacy accusation accusations speculation whether dispute disputes disputed \
        question questions questioned reject rejects dismissed dismiss dismisses tell tells told inform informs informed \
        rumoured rumored rumour complain complains complained conclude concludes concluded guess guesses guessed anticipate \
        anticipates anticipated hint hints hinted imply implies implied worry worries worried \
        swear swears swore vow vows vowed pledge pledges pledged joke jokes joked dream dreamt pretend pretends pretended"
}
word_class! {
    /// Verbs before `that` by which a thing is said to be so: `found that`, unless the finding itself is denied.
    is_factive = "confirm confirms confirmed show shows showed shown prove proves proved proven find finds found discover discovers \
        discovered demonstrate demonstrates demonstrated reveal reveals revealed note notes noted notice notices noticed observe \
        observes observed learn learns learned learnt realise realises realised realize realizes realized know knows knew known \
        verify verifies verified turns turned establish establishes established remind reminds reminded ensure ensures ensured remember \
        remembers remembered record records recorded"
}
word_class! {
    /// What follows is stated, but under a condition.
    is_condition = "if unless provided providing assuming supposing otherwise whether"
}
word_class! {
    is_subordinator = "if unless when whenever because although though while whereas since after before until once as where provided \
        assuming so whether"
}
word_class! {
    is_relative = "who which whom whose that where"
}
word_class! {
    /// Words that narrow a statement: without them it says more.
    is_restriction = "only except excluding unless solely exclusively merely barely hardly scarcely nearly almost partly partially \
        mostly mainly largely sometimes occasionally rarely seldom usually normally generally temporarily formerly former \
        ex supposed so-called would-be proposed planned alleged fake mock future prospective expected failed attempted \
        potential possible hypothetical fictional provisional half-finished unofficial nominal \
        self-styled self-proclaimed self-described styled proclaimed aspiring imaginary fictitious pretended honorary"
}
word_class! {
    /// Verbs that add nothing to `X has Y`, `X is Y` once an amount says how much.
    is_light_verb = "be have has had hold holds held contain contains contained stand stands stood amount amounts amounted total totals \
        totalled total reach reaches reached come comes came number numbers numbered measure measures measured equal equals get \
        gets got exceed exceeds exceeded top topped remain remains include includes report reports reported record records \
        recorded post posted see saw sit sits become became give gives offer offers provide provides make makes list lists state \
        states show shows value values valued carry carries take takes place took taken"
}
word_class! {
    /// Plain forms of verbs of change, which are nouns as well.
    is_change_form = "rise fall drop increase decrease climb decline jump slip rises falls drops"
}
word_class! {
    is_negator = "not no never none nobody nothing nowhere neither nor cannot n't"
}

/// Whether the word in small letters denies what it stands with.
pub fn denies(lower: &str) -> bool {
    is_negator(lower) || lower.ends_with("n't")
}

word_class! {
    /// Verbs in their form for one other person, which a tagger may take for nouns or names.
    is_verb_in_s = "sells fishes sings swims bakes paints rents repairs trains lifts opens closes serves delivers stores ships \
        grows breeds hires drives flies rows sails walks speaks owns runs supplies lends"
}

/// Whether the word is often met as the verb of a statement.
pub fn is_common_verb(lower: &str) -> bool {
    crate::language::lexicon::is_verb(lower)
}
