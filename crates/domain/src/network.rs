//! Network addresses as limits count them. It knows no request and no connection.

use std::net::{IpAddr, Ipv6Addr};

/// What limits count as one address: an IPv4 address, or the /64 that one customer has of IPv6.
pub fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
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
}
