//! Network addresses as limits count them. It knows no request and no connection.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// The prefixes that callers of IPv6 are counted by, and how many times the allowance of one /64 each has: a customer has a
/// /64, a /56 or a /48, and whoever has a /48 must not have 65,536 allowances.
const IPV6_PREFIXES: [(u8, u32); 3] = [(64, 1), (56, 4), (48, 16)];

/// What limits count as one address: an IPv4 address, or the /64 that one customer has of IPv6.
pub fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => masked(v6, 64).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// A network that callers are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CountedNetwork {
    network: IpAddr,
    prefix: u8,
    share: u32,
}

impl CountedNetwork {
    /// The networks that an address is counted by, the smallest first: the address itself with IPv4, and the /64, the /56 and
    /// the /48 around it with IPv6.
    pub fn all_of(address: IpAddr) -> Vec<Self> {
        match address.to_canonical() {
            IpAddr::V6(v6) => IPV6_PREFIXES
                .into_iter()
                .map(|(prefix, share)| Self {
                    network: masked(v6, prefix).into(),
                    prefix,
                    share,
                })
                .collect(),
            network @ IpAddr::V4(_) => vec![Self {
                network,
                prefix: 32,
                share: 1,
            }],
        }
    }

    /// How many times the allowance of the smallest network this one has.
    pub fn share(self) -> u32 {
        self.share
    }
}

/// The smallest is written as its address alone, as [`network_of`] gives it.
impl fmt::Display for CountedNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.share == 1 {
            write!(f, "{}", self.network)
        } else {
            write!(f, "{}/{}", self.network, self.prefix)
        }
    }
}

fn masked(address: Ipv6Addr, prefix: u8) -> Ipv6Addr {
    let rest = 128 - u32::from(prefix);
    Ipv6Addr::from_bits(address.to_bits() >> rest << rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_customer_is_one_address() {
        let seen = |raw: &str| network_of(raw.parse().unwrap()).to_string();
        assert_eq!(seen("192.0.2.7"), "192.0.2.7");
        assert_eq!(seen("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(seen("2001:db8:1:2:3:4:5:6"), seen("2001:db8:1:2::"));
        assert_ne!(seen("2001:db8:1:3::"), seen("2001:db8:1:2::"));
    }

    #[test]
    fn ipv6_is_counted_by_64_56_and_48() {
        let counted = |raw: &str| {
            let all = CountedNetwork::all_of(raw.parse().unwrap()).into_iter();
            all.map(|network| (network.to_string(), network.share()))
                .collect::<Vec<_>>()
        };
        let whole = |text: &str, share| (text.to_owned(), share);
        assert_eq!(
            counted("2001:db8:1:203:4::5"),
            [
                whole("2001:db8:1:203::", 1),
                whole("2001:db8:1:200::/56", 4),
                whole("2001:db8:1::/48", 16),
            ]
        );
        assert_eq!(counted("::ffff:192.0.2.7"), [whole("192.0.2.7", 1)]);
    }
}
