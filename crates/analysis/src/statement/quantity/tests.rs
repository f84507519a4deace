use super::*;
use crate::statement::token::tokens;

fn read(text: &str) -> Vec<Quantity> {
    let tokens = tokens(text);
    let taken = vec![false; tokens.len()];
    quantities(text, &tokens, &taken)
}

fn one(text: &str) -> Quantity {
    let found = read(text);
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    found.into_iter().next().unwrap()
}

#[test]
fn amounts_are_read_as_written() {
    for (text, value, unit) in [
        ("It costs $1.5bn.", 1.5e9, Unit::Money("USD")),
        ("It costs EUR 3,581,550.", 3_581_550.0, Unit::Money("EUR")),
        ("It costs £2,950.", 2950.0, Unit::Money("GBP")),
        ("It is 3.2 km long.", 3200.0, Unit::Measure("m")),
        ("It runs at 180 km/h.", 50.0, Unit::Measure("m/s")),
        ("It is 68 °F.", 20.0, Unit::Measure("°C")),
        ("It fell to -12 °C.", -12.0, Unit::Measure("°C")),
        ("It melts at minus 39 degrees.", -39.0, Unit::Measure("°")),
        ("It has 30k credits.", 30_000.0, Unit::Count),
        ("sixty-seven million people", 67e6, Unit::Count),
        ("two and a half litres", 0.0025, Unit::Measure("m³")),
        ("a dozen eggs", 12.0, Unit::Count),
        ("a quarter of people", 25.0, Unit::Percent),
        ("two thirds of them", 200.0 / 3.0, Unit::Percent),
        ("by 5 percentage points", 5.0, Unit::Points),
        ("by a quarter point", 0.25, Unit::Points),
        ("one in five pupils", 20.0, Unit::Percent),
        ("She finished third.", 3.0, Unit::Ordinal),
        ("the 3rd floor", 3.0, Unit::Ordinal),
        ("until 5:30 p.m. daily", 1050.0, Unit::Clock),
        ("at half past six in the evening", 1110.0, Unit::Clock),
        ("at a quarter to nine in the morning", 525.0, Unit::Clock),
        ("at ten to midnight", 1430.0, Unit::Clock),
        ("at two in the afternoon", 840.0, Unit::Clock),
        ("at twenty-five past noon", 745.0, Unit::Clock),
        ("4,31 million euros", 4.31e6, Unit::Money("EUR")),
        ("2 hundred metres", 200.0, Unit::Measure("m")),
        ("half a million copies", 5e5, Unit::Count),
        ("34 years old", 408.0, Unit::Months),
        ("a plot of 12 square metres", 12.0, Unit::Measure("m²")),
    ] {
        let found = one(text);
        assert!(
            (found.low - value).abs() < 1e-6 * value.abs().max(1.0),
            "{text}: {found:?}"
        );
        assert_eq!(found.unit, unit, "{text}");
    }
}

#[test]
fn bounds_and_ranges_are_read() {
    for (text, bound, low, high) in [
        ("more than 70 million", Bound::MoreThan, 70e6, 70e6),
        ("at least 260 people", Bound::AtLeast, 260.0, 260.0),
        ("no more than 5 dogs", Bound::AtMost, 5.0, 5.0),
        ("up to 250 people", Bound::AtMost, 250.0, 250.0),
        ("between 6 and 8 million euros", Bound::Between, 6e6, 8e6),
        ("200-250 people", Bound::Between, 200.0, 250.0),
        ("3 to 5 percent", Bound::Between, 3.0, 5.0),
        ("about 150 visitors", Bound::About, 150.0, 150.0),
        ("nearly 40 kg", Bound::Nearly, 40_000.0, 40_000.0),
        ("18 or older", Bound::AtLeast, 18.0, 18.0),
        ("sales exceeded 4 million", Bound::MoreThan, 4e6, 4e6),
        ("max. 400 kg", Bound::AtMost, 4e5, 4e5),
    ] {
        let found = one(text);
        assert_eq!(found.bound, bound, "{text}: {found:?}");
        assert!(
            (found.low - low).abs() < 1e-6 * low && (found.high - high).abs() < 1e-6 * high,
            "{text}: {found:?}"
        );
    }
}

#[test]
fn amounts_compare_by_what_is_written() {
    use Comparison::{Differs, Incomparable, Open, Same};
    for (claim, source, expected) in [
        ("85%", "85.19 percent", Same),
        ("86%", "85.19 percent", Differs),
        ("4.2 million", "4,215,000", Same),
        ("4 million", "4,215,000", Open),
        ("5,000 people", "5,020 people", Open),
        ("about 5,000 people", "5,020 people", Same),
        ("2 miles", "3.2 km", Same),
        ("3.2 miles", "3.2 km", Differs),
        ("7 million euros", "between 6 and 8 million euros", Open),
        ("9 million euros", "between 6 and 8 million euros", Differs),
        ("between 80% and 90%", "86%", Same),
        ("more than 70 million", "67 million", Differs),
        ("over 60 million", "67 million", Same),
        ("less than 70 million", "67 million", Same),
        ("$1,500", "€1,500", Incomparable),
        ("0.2", "20 percent", Same),
        ("50% of pupils", "half of pupils", Same),
        ("1.2 seats", "1.200 seats", Open),
        ("1,200 seats", "1.200 seats", Open),
        ("at least 260 people", "between 200 and 250 people", Differs),
        ("up to 250 people", "between 200 and 250 people", Same),
        ("60 days", "2 months", Open),
        ("90 days", "2 months", Differs),
        ("112 mph", "180 km/h", Same),
    ] {
        assert_eq!(
            one(claim).compare(&one(source)),
            expected,
            "{claim} against {source}"
        );
    }
}
