//! Credits and money, in whole hundredths: nothing here is ever a float until it is shown. What things cost is a
//! setting; who has how much is the store's.

use std::fmt;

/// An amount of credits, in hundredths of one credit. May be negative only as a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Credits(i64);

impl Credits {
    /// No credits.
    pub const ZERO: Self = Self(0);

    /// Whole credits.
    pub const fn whole(credits: i64) -> Self {
        Self(credits * 100)
    }

    /// From hundredths of a credit, as the store keeps them.
    pub const fn hundredths(hundredths: i64) -> Self {
        Self(hundredths)
    }

    /// The most that a balance may be brought to by hand.
    pub const MOST: Self = Self::whole(1_000_000_000);

    /// Hundredths of a credit.
    pub const fn as_hundredths(self) -> i64 {
        self.0
    }

    /// `1 credit`, `12.34 credits`.
    pub fn in_words(self) -> String {
        let unit = if self.0 == 100 { "credit" } else { "credits" };
        format!("{self} {unit}")
    }
}

impl std::ops::Add for Credits {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::ops::Sub for Credits {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl std::iter::Sum for Credits {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, |sum, amount| sum + amount)
    }
}

impl fmt::Display for Credits {
    /// `20`, `0.5` or `12.34`: no more digits than the amount has.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (units, rest) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        match rest {
            0 => write!(f, "{sign}{units}"),
            r if r % 10 == 0 => write!(f, "{sign}{units}.{}", r / 10),
            r => write!(f, "{sign}{units}.{r:02}"),
        }
    }
}

impl serde::Serialize for Credits {
    #[expect(
        clippy::cast_precision_loss,
        reason = "shown with two decimals; balances stay far below 2^53 hundredths"
    )]
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0 as f64 / 100.0)
    }
}

/// The most credits that are ever read.
const MOST: f64 = 1_000_000_000.0;

/// An amount of either sign with at most two decimals, and no more than [`MOST`] of them.
fn exact_hundredths(amount: f64) -> Option<i64> {
    let hundredths = (amount * 100.0).round();
    // The number nearest to a whole count of hundredths is what two decimals are read as, and nothing else is.
    #[expect(clippy::float_cmp, reason = "the division rounds as reading did")]
    let exact = hundredths / 100.0 == amount;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole, and within the range just checked"
    )]
    ((-MOST..=MOST).contains(&amount) && exact).then_some(hundredths as i64)
}

impl<'de> serde::Deserialize<'de> for Credits {
    /// Reads an amount from nothing to a thousand million, with at most two decimals.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let amount = f64::deserialize(deserializer)?;
        exact_hundredths(amount)
            .filter(|hundredths| *hundredths >= 0)
            .map(Self)
            .ok_or_else(|| {
                D::Error::custom("must be a number from 0 to 1000000000 with at most two decimals")
            })
    }
}

impl schemars::JsonSchema for Credits {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Credits".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "number", "examples": [100.0]})
    }
}

/// By how much a balance is to change, up or down; never by nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CreditsChange(Credits);

impl CreditsChange {
    /// The difference, where there is one.
    pub fn new(difference: Credits) -> Option<Self> {
        (difference != Credits::ZERO).then_some(Self(difference))
    }

    /// What is to be added; below zero what is to be taken.
    pub fn difference(self) -> Credits {
        self.0
    }
}

impl<'de> serde::Deserialize<'de> for CreditsChange {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let amount = f64::deserialize(deserializer)?;
        exact_hundredths(amount)
            .and_then(|hundredths| Self::new(Credits(hundredths)))
            .ok_or_else(|| {
                D::Error::custom(
                    "must be a number other than 0, from -1000000000 to 1000000000, with at most two decimals",
                )
            })
    }
}

impl schemars::JsonSchema for CreditsChange {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "CreditsChange".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "number",
            "minimum": -1_000_000_000,
            "maximum": 1_000_000_000,
            "multipleOf": 0.01,
            "not": {"const": 0},
            "examples": [50.0],
        })
    }
}

/// Dollar cents.
pub type FiatCents = Credits;

/// How many credits a dollar buys, between two limits (whole dollars, both included).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditRate {
    pub lower_limit: u32,
    pub upper_limit: u32,
    pub credits_per_dollar: u32,
}

/// What credits cost, by amount; the default is one rate, 5 to 10,000 dollars at 100 credits a dollar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditRates(Vec<CreditRate>);

impl CreditRates {
    /// The rates, cheapest purchase first.
    pub fn all(&self) -> &[CreditRate] {
        &self.0
    }

    /// What `credits` are worth in fiat, at the first rate: 20 credits at 100 a dollar are 0.2 dollars.
    pub fn fiat_value(&self, credits: Credits) -> FiatCents {
        let rate = self
            .0
            .first()
            .map_or(100, |rate| i64::from(rate.credits_per_dollar.max(1)));
        Credits(credits.0 / rate)
    }
}

impl std::str::FromStr for CreditRates {
    type Err = super::Invalid;

    /// Reads `5-10000:100`, or several of these separated by commas.
    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let rate = |part: &str| {
            let (limits, rate) = part.trim().split_once(':')?;
            let (lower, upper) = limits.split_once('-')?;
            let rate = CreditRate {
                lower_limit: lower.trim().parse().ok()?,
                upper_limit: upper.trim().parse().ok()?,
                credits_per_dollar: rate.trim().parse().ok()?,
            };
            (rate.lower_limit >= 1
                && rate.lower_limit <= rate.upper_limit
                && rate.credits_per_dollar >= 1)
                .then_some(rate)
        };
        let mut rates = raw
            .split(',')
            .map(rate)
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| super::Invalid::new("takes `dollars-dollars:credits a dollar`, comma-separated, such as `5-10000:100`"))?;
        rates.sort_by_key(|rate| rate.lower_limit);
        if rates
            .windows(2)
            .any(|pair| pair[0].upper_limit >= pair[1].lower_limit)
        {
            return Err(super::Invalid::new(
                "takes ranges that do not overlap, such as `5-99:100,100-10000:120`",
            ));
        }
        Ok(Self(rates))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_shown_with_no_more_digits_than_they_have() {
        assert_eq!(Credits::whole(20).to_string(), "20");
        assert_eq!(Credits::hundredths(1250).to_string(), "12.5");
        assert_eq!(Credits::hundredths(-1).to_string(), "-0.01");
        assert_eq!(Credits::whole(1).in_words(), "1 credit");
        assert_eq!(Credits::hundredths(99).in_words(), "0.99 credits");
        assert_eq!(
            serde_json::to_string(&Credits::hundredths(20)).unwrap(),
            "0.2"
        );
    }

    #[test]
    fn amounts_are_read_with_at_most_two_decimals() {
        let read = |raw: &str| serde_json::from_str::<Credits>(raw).ok();
        assert_eq!(read("20"), Some(Credits::whole(20)));
        assert_eq!(read("0.57"), Some(Credits::hundredths(57)));
        assert_eq!(
            read("999999999.99"),
            Some(Credits::hundredths(99_999_999_999))
        );
        for bad in [
            "-0.01",
            "0.001",
            "2.5e-42",
            "5.000000000001",
            "12.345",
            "1000000000.01",
            "1e300",
            "\"20\"",
            "null",
            "true",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_change_goes_either_way_and_is_never_nothing() {
        let read = |raw: &str| {
            let change = serde_json::from_str::<CreditsChange>(raw).ok();
            change.map(|change| change.difference().as_hundredths())
        };
        assert_eq!(read("50"), Some(5_000));
        assert_eq!(read("-0.57"), Some(-57));
        for bad in ["0", "-0.0", "0.001", "-1000000000.01", "1e300", "\"5\""] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn rates_are_read_sorted_and_checked() {
        let rates: CreditRates = "100-10000:120, 5-99:100".parse().unwrap();
        let read: Vec<(u32, u32)> = rates
            .all()
            .iter()
            .map(|rate| (rate.lower_limit, rate.credits_per_dollar))
            .collect();
        assert_eq!(read, [(5, 100), (100, 120)]);
        assert_eq!(rates.fiat_value(Credits::whole(20)).to_string(), "0.2");
        for bad in [
            "",
            "5:100",
            "5-1:100",
            "0-5:1",
            "5-10:100,10-20:100",
            "a-b:c",
        ] {
            assert!(bad.parse::<CreditRates>().is_err(), "{bad}");
        }
    }
}
