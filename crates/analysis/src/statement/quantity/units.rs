//! Units by name, with the factor that leads to the base of their kind. A table of ours: the crates for units check
//! dimensions while a program is compiled, and this reads them out of a sentence.

/// What an amount is an amount of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Things counted, or a bare number.
    Count,
    /// Of a whole, in hundredths.
    Percent,
    /// A difference between two percentages.
    Points,
    /// A place in an order.
    Ordinal,
    /// `twice`, `three times`.
    Times,
    /// By its ISO code.
    Money(&'static str),
    /// By the base of its kind: `m`, `g`, `s`, `m/s`, `°C`.
    Measure(&'static str),
    /// Of the calendar: its length in days varies.
    Months,
    /// The time of day, in minutes after midnight.
    Clock,
}

impl Unit {
    /// Whether the word, in small letters, names a unit after a figure.
    pub fn is_unit(lower: &str) -> bool {
        named(lower, lower).is_some() && !matches!(lower, "points" | "point")
    }
}

/// A name's unit, with factor and offset to the base.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Named {
    pub unit: Unit,
    pub factor: f64,
    pub offset: f64,
}

/// Base, then `name=factor` for every name of a unit of that kind.
const MEASURES: &[(&str, &str)] = &[
    (
        "m",
        "m=1 metre=1 metres=1 meter=1 meters=1 km=1000 kilometre=1000 kilometres=1000 kilometer=1000 kilometers=1000 cm=0.01 \
         centimetre=0.01 centimetres=0.01 centimeter=0.01 centimeters=0.01 mm=0.001 millimetre=0.001 millimetres=0.001 \
         millimeter=0.001 millimeters=0.001 µm=0.000001 μm=0.000001 nm=0.000000001 mile=1609.344 miles=1609.344 mi=1609.344 \
         yard=0.9144 yards=0.9144 yd=0.9144 ft=0.3048 foot=0.3048 feet=0.3048 inch=0.0254 inches=0.0254",
    ),
    (
        "g",
        "g=1 gram=1 grams=1 gramme=1 grammes=1 kg=1000 kilo=1000 kilos=1000 kilogram=1000 kilograms=1000 kilogramme=1000 \
         kilogrammes=1000 mg=0.001 milligram=0.001 milligrams=0.001 µg=0.000001 tonne=1000000 tonnes=1000000 ton=1000000 \
         tons=1000000 lb=453.59237 lbs=453.59237 oz=28.349523 ounce=28.349523 ounces=28.349523",
    ),
    (
        "m²",
        "m²=1 sqm=1 km²=1000000 cm²=0.0001 mm²=0.000001 ha=10000 hectare=10000 hectares=10000 acre=4046.8564 acres=4046.8564 \
         ft²=0.09290304 sqft=0.09290304",
    ),
    (
        "m³",
        "m³=1 cm³=0.000001 l=0.001 litre=0.001 litres=0.001 liter=0.001 liters=0.001 ml=0.000001 millilitre=0.000001 \
         millilitres=0.000001 milliliter=0.000001 milliliters=0.000001 cl=0.00001 dl=0.0001 hl=0.1 gallon=0.003785411784 \
         gallons=0.003785411784 pint=0.000568261 pints=0.000568261",
    ),
    (
        "s",
        "s=1 sec=1 secs=1 second=1 seconds=1 ms=0.001 millisecond=0.001 milliseconds=0.001 min=60 mins=60 minute=60 minutes=60 \
         h=3600 hr=3600 hrs=3600 hour=3600 hours=3600 day=86400 days=86400 week=604800 weeks=604800 fortnight=1209600",
    ),
    (
        "m/s",
        "mph=0.44704 kph=0.277777778 kmh=0.277777778 knot=0.514444444 knots=0.514444444",
    ),
    ("Hz", "hz=1 hertz=1 khz=1000 mhz=1000000 ghz=1000000000"),
    (
        "W",
        "w=1 watt=1 watts=1 kw=1000 kilowatt=1000 kilowatts=1000 mw=1000000 megawatt=1000000 megawatts=1000000 gw=1000000000 \
         gigawatt=1000000000 gigawatts=1000000000 hp=745.7 horsepower=745.7",
    ),
    (
        "J",
        "j=1 joule=1 joules=1 kj=1000 mj=1000000 wh=3600 kwh=3600000 mwh=3600000000 gwh=3600000000000 twh=3600000000000000 \
         cal=4.184 kcal=4184 calories=4184",
    ),
    (
        "Pa",
        "pa=1 hpa=100 kpa=1000 mpa=1000000 bar=100000 bars=100000 mbar=100 millibar=100 psi=6894.757 atm=101325",
    ),
    ("V", "v=1 volt=1 volts=1 kv=1000 mv=0.001"),
    ("A", "amp=1 amps=1 ampere=1 amperes=1 ma=0.001 mah=0.001"),
    (
        "B",
        "byte=1 bytes=1 kb=1000 mb=1000000 gb=1000000000 tb=1000000000000 pb=1000000000000000 kib=1024 mib=1048576 \
         gib=1073741824 kilobytes=1000 megabyte=1000000 megabytes=1000000 gigabyte=1000000000 gigabytes=1000000000 \
         terabytes=1000000000000",
    ),
    ("B/s", "bps=0.125 kbps=125 mbps=125000 gbps=125000000"),
    ("dB", "db=1 decibel=1 decibels=1"),
    (
        "px",
        "px=1 pixel=1 pixels=1 megapixel=1000000 megapixels=1000000 mp=1000000",
    ),
];

const CURRENCIES: &[(&str, &str)] = &[
    ("USD", "$ usd us$ dollar dollars"),
    ("EUR", "€ eur euro euros"),
    ("GBP", "£ gbp pound pounds sterling"),
    ("JPY", "¥ jpy yen"),
    ("CNY", "cny rmb yuan"),
    ("INR", "₹ inr rupee rupees"),
    ("CHF", "chf franc francs"),
    ("SEK", "sek kronor"),
    ("NOK", "nok"),
    ("DKK", "dkk"),
    ("PLN", "pln zloty"),
    ("CAD", "cad"),
    ("AUD", "aud"),
    ("KRW", "₩ krw won"),
    ("RUB", "₽ rub rouble roubles ruble rubles"),
    ("kroner", "kroner krone krona crowns crown"),
    ("peso", "peso pesos"),
];

/// Names that are words of their own: a unit only where a figure stands directly before them.
const SHORT: &[&str] = &[
    "m", "g", "l", "s", "h", "w", "v", "j", "min", "mi", "ha", "sec", "mp", "ma", "mw", "pa", "cal",
];

/// The unit of a name in small letters; `capital` where it is written with one.
pub fn named(lower: &str, written: &str) -> Option<Named> {
    let plain = |unit, factor| {
        Some(Named {
            unit,
            factor,
            offset: 0.0,
        })
    };
    match lower {
        "%" | "percent" | "pct" => return plain(Unit::Percent, 1.0),
        "pp" => return plain(Unit::Points, 1.0),
        "point" | "points" => return plain(Unit::Points, 1.0),
        "month" | "months" => return plain(Unit::Months, 1.0),
        "year" | "years" | "yr" | "yrs" => return plain(Unit::Months, 12.0),
        "decade" | "decades" => return plain(Unit::Months, 120.0),
        "century" | "centuries" => return plain(Unit::Months, 1200.0),
        "times" => return plain(Unit::Times, 1.0),
        "cent" | "cents" => return plain(Unit::Money("USD"), 0.01),
        "pence" | "penny" => return plain(Unit::Money("GBP"), 0.01),
        "°c" | "celsius" | "centigrade" => return plain(Unit::Measure("°C"), 1.0),
        "°" | "degree" | "degrees" => return plain(Unit::Measure("°"), 1.0),
        "°f" | "fahrenheit" => {
            return Some(Named {
                unit: Unit::Measure("°C"),
                factor: 5.0 / 9.0,
                offset: -32.0 * 5.0 / 9.0,
            });
        }
        "kelvin" => {
            return Some(Named {
                unit: Unit::Measure("°C"),
                factor: 1.0,
                offset: -273.15,
            });
        }
        _ => {}
    }
    if let Some((code, _)) = CURRENCIES
        .iter()
        .find(|(_, names)| names.split(' ').any(|name| name == lower))
    {
        return plain(Unit::Money(code), 1.0);
    }
    if lower == "mw" && written.starts_with('m') {
        return plain(Unit::Measure("W"), 0.001);
    }
    MEASURES.iter().find_map(|(base, names)| {
        names.split_whitespace().find_map(|entry| {
            let (name, factor) = entry.split_once('=')?;
            if name != lower {
                return None;
            }
            plain(Unit::Measure(base), factor.parse().ok()?)
        })
    })
}

/// Whether the name is a word or a letter of its own where no figure stands before it.
pub fn is_short(lower: &str) -> bool {
    SHORT.contains(&lower)
}

/// The unit of `one` per `other`: kilometres an hour, grams a litre.
pub fn per(one: Named, other: Named) -> Option<Named> {
    let unit = match (one.unit, other.unit) {
        (Unit::Measure("m"), Unit::Measure("s")) => Unit::Measure("m/s"),
        (Unit::Measure("g"), Unit::Measure("m³")) => Unit::Measure("g/m³"),
        (Unit::Measure("g"), Unit::Measure("m")) => Unit::Measure("g/m"),
        (Unit::Measure("g"), Unit::Measure("g")) => Unit::Measure("g/g"),
        (Unit::Measure("m³"), Unit::Measure("s")) => Unit::Measure("m³/s"),
        (Unit::Measure("m³"), Unit::Measure("m")) => Unit::Measure("m³/m"),
        (Unit::Measure("B"), Unit::Measure("s")) => Unit::Measure("B/s"),
        (Unit::Measure("J"), Unit::Measure("m²")) => Unit::Measure("J/m²"),
        _ => return None,
    };
    Some(Named {
        unit,
        factor: one.factor / other.factor,
        offset: 0.0,
    })
}
