//! Which addresses and names on the web may be asked at all. Everything that is not plainly public is refused: a stranger's
//! link must not reach this machine, its neighbours, or a cloud's metadata.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Networks of version 4 that are not public, with the length of their prefix.
const PRIVATE_V4: [(Ipv4Addr, u32); 15] = [
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// Networks inside 2000::/3 that are not public: special uses with Teredo, examples, 6to4, examples.
const PRIVATE_V6: [(Ipv6Addr, u32); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Whether an address is one of the public internet.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => {
            embedded_v4(address).map_or_else(|| is_public_v6(address), is_public_v4)
        }
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !PRIVATE_V4
        .iter()
        .any(|(network, prefix)| (address.to_bits() ^ network.to_bits()).leading_zeros() >= *prefix)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let global = address.segments()[0] >> 13 == 1;
    global
        && !PRIVATE_V6.iter().any(|(network, prefix)| {
            (address.to_bits() ^ network.to_bits()).leading_zeros() >= *prefix
        })
}

/// The address of version 4 that is really dialled: mapped (`::ffff:0:0/96`) and NAT64 (`64:ff9b::/96`). 6to4 and Teredo
/// carry one too, but are refused whole.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [first @ .., high, low] = address.segments();
    let is_nat64 = first == [0x64, 0xff9b, 0, 0, 0, 0];
    let last = (u32::from(high) << 16) | u32::from(low);
    address
        .to_ipv4_mapped()
        .or_else(|| is_nat64.then(|| Ipv4Addr::from_bits(last)))
}

/// Whether a name may be looked up: those that always mean this machine or its network may not.
pub fn is_public_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let last = name.rsplit('.').next().unwrap_or_default();
    !matches!(last, "" | "localhost" | "local" | "internal")
}

/// Why an address may not be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Objection {
    #[error("only http and https are fetched")]
    Scheme,
    #[error("only the ports 80 and 443 are asked")]
    Port,
    #[error("addresses with a user name or password are not fetched")]
    Credentials,
    #[error("it is not on the public internet")]
    NotPublic,
}

/// Judges an address after it was parsed as browsers parse it, so that octal, hexadecimal and shortened numbers are the
/// addresses they mean. Names are judged again when they are looked up.
pub fn judge(
    url: &Url,
    port_is_excepted: impl Fn(u16) -> bool,
    address_is_excepted: impl Fn(IpAddr) -> bool,
) -> Result<(), Objection> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Objection::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Objection::Credentials);
    }
    let port = url.port_or_known_default().ok_or(Objection::Port)?;
    if !matches!(port, 80 | 443) && !port_is_excepted(port) {
        return Err(Objection::Port);
    }
    let allowed = |address: IpAddr| is_public(address) || address_is_excepted(address);
    let fine = match url.host() {
        Some(Host::Domain(name)) => is_public_name(name),
        Some(Host::Ipv4(address)) => allowed(address.into()),
        Some(Host::Ipv6(address)) => allowed(address.into()),
        None => false,
    };
    if fine {
        Ok(())
    } else {
        Err(Objection::NotPublic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(host: &str) -> Option<Objection> {
        match Url::parse(&format!("http://{host}/")) {
            Ok(url) => judge(&url, |_| false, |_| false).err(),
            // What browsers do not take for an address is not fetched either.
            Err(_) => Some(Objection::NotPublic),
        }
    }

    #[test]
    fn hosts_that_are_not_public_are_refused() {
        let table = "
            0.0.0.0 0.1.2.3 0.255.255.255 10.0.0.0 10.1.2.3 10.255.255.255 100.64.0.0 100.100.100.200 100.127.255.255
            127.0.0.0 127.0.0.1 127.1.1.1 127.255.255.255 169.254.0.0 169.254.169.254 169.254.170.2 169.254.255.255
            172.16.0.0 172.20.10.1 172.31.255.255 192.0.0.0 192.0.0.8 192.0.0.192 192.0.0.255 192.0.2.1 192.0.2.255
            192.88.99.1 192.168.0.0 192.168.1.1 192.168.255.255 198.18.0.0 198.19.255.255 198.51.100.7 203.0.113.9
            224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
            127.1 127.0.1 0 1 0x7f.1 0x7f000001 0x7F.0x0.0x0.0x1 017700000001 0177.0.0.1 2130706433 3232235521 2852039166
            0xa9fea9fe 0251.0376.0251.0376 169.16689662 10.1 0xa.1 127.0.0.1. 127。0。0。1 １２７.0.0.1 ①②⑦.0.0.1 0x7f.0.0.01
            [::] [::1] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:10.0.0.1] [::ffff:169.254.169.254]
            [::ffff:a9fe:a9fe] [::127.0.0.1] [::8.8.8.8] [::ffff:0:127.0.0.1] [64:ff9b::7f00:1] [64:ff9b::10.0.0.1]
            [64:ff9b::169.254.169.254] [64:ff9b:1::808:808] [100::1] [fc00::1] [fd00:ec2::254] [fdff::1] [fe80::1]
            [fec0::1] [ff02::1] [ff0e::1] [2001::1] [2001:0:4136:e378:8000:63bf:3fff:fdd2] [2001:1::1] [2001:10::1] [2001:1ff::1]
            [2001:db8::1] [2001:db8:ffff::1] [2002::1] [2002:7f00:1::] [2002:a00:1::1] [2002:808:808::1] [3fff::1]
            [3fff:fff::1] [4000::1] [5f00::1] [1fff::1]
            localhost LOCALHOST localhost. a.localhost a.b.localhost. printer.local PRINTER.LOCAL. router.internal
            metadata.google.internal metadata.google.internal. local internal host.docker.internal loc%61lhost
            ";
        let hosts: Vec<&str> = table.split_whitespace().collect();
        assert!(hosts.len() >= 105, "{}", hosts.len());
        for host in hosts {
            assert_eq!(verdict(host), Some(Objection::NotPublic), "{host}");
        }
    }

    #[test]
    fn public_hosts_are_let_through() {
        let table = "
            1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 169.253.255.255
            169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.1 192.0.3.1 192.88.98.1 192.167.255.255 192.169.0.1 198.17.255.255
            198.20.0.0 198.51.99.1 203.0.112.1 223.255.255.255 134744072 0x08080808
            [::ffff:8.8.8.8] [64:ff9b::8.8.8.8] [2001:200::1] [2001:4860:4860::8888] [2003::1] [2606:4700::1111] [2a00:1450::1]
            [2001:db9::1] [3ffe::1] [3fff:1000::1] example.org local.example.org localhost.example internal.example.com xn--bcher-kva.example
            ";
        for host in table.split_whitespace() {
            assert_eq!(verdict(host), None, "{host}");
        }
    }

    #[test]
    fn schemes_ports_and_credentials_are_judged() {
        for (url, objection) in [
            ("ftp://example.org/", Objection::Scheme),
            ("file:///etc/passwd", Objection::Scheme),
            ("gopher://example.org/", Objection::Scheme),
            ("data:text/plain,x", Objection::Scheme),
            ("http://example.org:22/", Objection::Port),
            ("http://example.org:8080/", Objection::Port),
            ("https://example.org:6379/", Objection::Port),
            ("http://user@example.org/", Objection::Credentials),
            ("http://example.org:80@127.0.0.1/", Objection::Credentials),
            ("http:\\\\127.0.0.1\\", Objection::NotPublic),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(judge(&url, |_| false, |_| false), Err(objection), "{url}");
        }
        for url in [
            "http://example.org",
            "https://example.org:443/a",
            "https://example.org:80/",
            "http://example.org:443/",
        ] {
            assert_eq!(
                judge(&Url::parse(url).unwrap(), |_| false, |_| false),
                Ok(()),
                "{url}"
            );
        }
    }
}
