use super::*;

fn said(text: &str) -> Vec<String> {
    let sentence = Sentence::new(text);
    restated(&sentence)
        .sentences
        .into_iter()
        .map(|one| one.text)
        .collect()
}

/// Each sentence, and one that it implies.
const IMPLIED: &[(&str, &str)] = &[
    (
        "Petra Holm took over from Stig Lund as head of the museum in 2009 and handed over to Ida Brandt in 2016.",
        "Ida Brandt became head of the museum in 2016.",
    ),
    (
        "The choir has 60 singers: a quarter are basses, a third are altos and the rest are sopranos.",
        "20 singers are altos.",
    ),
    (
        "Toll Mills closed 2022 with sales of £40 million and a net profit of £3 million.",
        "Net profit of Toll Mills was £3 million in 2022.",
    ),
    (
        "The port handled 2,400 ships in 2020 and 1,900 in 2021.",
        "The port handled 1,900 ships in 2021.",
    ),
    (
        "Ombury has 48,000 inhabitants, and Fallow has 31,000.",
        "Fallow has 31,000 inhabitants.",
    ),
    (
        "Every window was repainted, but only a few of the doors were.",
        "Only a few of the doors were repainted.",
    ),
    (
        "Halm and Orla have 4,000 and 9,000 inhabitants, respectively.",
        "Halm have 4,000 inhabitants.",
    ),
    (
        "Bellman Rail was close to signing the contract but pulled out.",
        "Bellman Rail did not sign the contract.",
    ),
    (
        "In 2020 Toll Mills made sales of €40 million and earned a net profit of €3 million.",
        "Net profit of Toll Mills was €3 million in 2020.",
    ),
    (
        "Sales at Toll Mills, a family firm, reached €40 million.",
        "Sales of Toll Mills were €40 million.",
    ),
    (
        "Toll Mills reported earnings per share of $1.02 for the third quarter of 2024.",
        "Earnings per share of Toll Mills were $1.02 in the third quarter of 2024.",
    ),
    (
        "Orla, the chief port of the north, is home to 9,000 people.",
        "Orla has 9,000 inhabitants.",
    ),
    (
        "More than 9,000 people live in Orla.",
        "Orla has more than 9,000 inhabitants.",
    ),
    (
        "There are about 300 maps in the archive.",
        "The archive has about 300 maps.",
    ),
    (
        "The archive keeps 300 maps and 20 globes.",
        "The archive has 300 maps and 20 globes.",
    ),
    (
        "Toll Mills, a family firm with 310 staff, was founded in 1910.",
        "Toll Mills has 310 staff.",
    ),
    (
        "Half of the 60 pupils sing, a third dance, and the rest paint.",
        "10 pupils paint.",
    ),
    (
        "Of all tickets sold in May, 12 percent were free.",
        "12 percent of the tickets sold in May were free.",
    ),
    (
        "Ada Lorne took over from Ben Roe as mayor in 2015.",
        "Ben Roe was mayor before Ada Lorne.",
    ),
    (
        "Ben Roe, succeeded by Ada Lorne in 2015, had been mayor for a decade.",
        "Ada Lorne became mayor in 2015.",
    ),
    (
        "Norland exported timber to Sudland in 2020 and imported steel from it.",
        "Norland imported steel from Sudland in 2020.",
    ),
    (
        "Ada Lorne, who had built the lamp, lit it for the first time in 1884.",
        "Ada Lorne first lit the lamp in 1884.",
    ),
    (
        "Orvane was about to buy Keele but withdrew.",
        "Orvane did not buy Keele.",
    ),
    (
        "Orvane was on the point of leasing the barn but changed its mind.",
        "Orvane did not lease the barn.",
    ),
    (
        "Having agreed to buy the inn, Orvane pulled out before signing.",
        "Orvane did not buy the inn.",
    ),
    (
        "Rosa, Viktor and Emil jumped 4.85, 5.10 and 5.32 m, respectively.",
        "Emil jumped 5.32 m.",
    ),
    (
        "Dogs travel free; bicycles are charged.",
        "Bicycles are charged.",
    ),
    ("Opening hours are 9:00-17:30.", "It is open until 17:30."),
    (
        "Voting against the mast were J. Reeve and L. Tansy.",
        "J. Reeve and L. Tansy voted against the mast.",
    ),
    (
        "Open Monday to Friday 9:00 to 17:30, Saturday 10:00 to 14:00.",
        "It closes at 14:00 on Saturday.",
    ),
    (
        "The café is open from 8 am to 6 pm on weekdays and from 9 am to 4 pm at weekends.",
        "The café opens at 9 am at weekends.",
    ),
    (
        "The upper basket is dishwasher safe, but the lid is not.",
        "The lid is not dishwasher safe.",
    ),
    (
        "Rubbish is collected on Tuesdays and paper on Fridays.",
        "Paper is collected on Fridays.",
    ),
    (
        "All rooms except the attic have heating.",
        "The attic does not have heating.",
    ),
    (
        "All dishes contain nuts, except the soup.",
        "The soup does not contain nuts.",
    ),
    (
        "The pool is open every day except Tuesday.",
        "The pool is not open on Tuesday.",
    ),
    (
        "Fry the onions for eight minutes.",
        "The onions are fried for eight minutes.",
    ),
    (
        "Never use solvents on the glass.",
        "Solvents must not be used on the glass.",
    ),
    ("No smoking in the flat.", "You may not smoke in the flat."),
    ("Booking is not necessary.", "You do not have to book."),
    (
        "The price includes breakfast but not towels.",
        "Towels are not included in the price.",
    ),
    (
        "A day ticket costs £35, or £28 for students.",
        "Students pay £28 for a day ticket.",
    ),
    ("Adults £6.50, children £3.", "Children pay £3."),
    (
        "Present: Mrs Ines Lowe (clerk), Tom Brask.",
        "Mrs Ines Lowe is the clerk.",
    ),
    ("Apologies: K. Sorrel.", "K. Sorrel was not present."),
    (
        "Dogs may be taken in canoes, but not in kayaks.",
        "Dogs may not be taken in kayaks.",
    ),
    (
        "Voting for the mast were J. Reeve and L. Tansy.",
        "L. Tansy voted for the mast.",
    ),
    (
        "The council turned down the mast.",
        "The council rejected the mast.",
    ),
    (
        "Bookings are not transferable.",
        "Bookings cannot be transferred.",
    ),
    (
        "The lamp was lit for the first time in 1884.",
        "The lamp was first lit in 1884.",
    ),
    (
        "According to a neighbour, the shed burned.",
        "A neighbour says that the shed burned.",
    ),
    (
        "With a hose (not supplied) the water can be led off.",
        "The hose is not supplied.",
    ),
    (
        "The race had 12,389 starters, of whom 91 percent arrived.",
        "91 percent of the starters arrived.",
    ),
    (
        "Next meeting: 7 April 2025",
        "The next meeting is on 7 April 2025.",
    ),
    (
        "The syrup contains sorbitol, but no alcohol.",
        "The syrup contains no alcohol.",
    ),
    ("The cake is free of nuts.", "The cake contains no nuts."),
    (
        "The depot does not take asbestos or medicines.",
        "The depot does not take medicines.",
    ),
    (
        "Ada spent three years teaching in Halm.",
        "Ada was teaching in Halm for three years.",
    ),
    (
        "Lowe helped found Brask in 1992.",
        "Lowe co-founded Brask in 1992.",
    ),
    (
        "Series 2 aired in 2011.",
        "The second series aired in 2011.",
    ),
    ("The tour is free of charge.", "The tour is free."),
    (
        "The meeting opened at 19:00 and closed at 20:45.",
        "The meeting lasted 105 minutes.",
    ),
    ("Parking costs 2 euros an hour.", "Parking is not free."),
    ("You pay £9 for a lost key.", "A lost key costs £9."),
    ("No dogs, except guide dogs.", "Guide dogs are allowed."),
    (
        "The house has neither a porch nor a cellar.",
        "The house has no cellar.",
    ),
    (
        "It sold well, thus becoming one of the best-selling songs.",
        "It became one of the best-selling songs.",
    ),
];

#[test]
fn sentences_are_said_in_other_words() {
    for (text, implied) in IMPLIED {
        let said = said(text);
        assert!(said.iter().any(|one| one == implied), "{text}: {said:#?}");
    }
}

/// What is open, asked, hedged or under a condition implies none of these.
#[test]
fn what_is_not_sure_is_not_restated() {
    for text in [
        "Is the lid dishwasher safe, or is it not?",
        "Add the salt or the sugar.",
        "Water the plant if the soil is dry.",
        "Ines Lowe (not the clerk) spoke.",
        "I do not know whether the lid is.",
        "The offer came to nothing.",
        "You pay nothing for a lost key.",
    ] {
        assert_eq!(said(text), Vec::<String>::new(), "{text}");
    }
}

/// Sentences whose own reading would mix what belongs to different things are replaced by what each says.
#[test]
fn mixed_sentences_are_replaced() {
    let of = |text: &str| restated(&Sentence::new(text)).instead;
    assert!(of("The office is in Halm and the shop in Orla."));
    assert!(of("Gas grills are allowed, charcoal grills are not."));
    assert!(!of("The office is in Halm and has a shop."));
}
