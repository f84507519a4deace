//! A visit: one HTTP request as it arrived, with the caller's true address and its request id, noted before any face
//! sees it. Faces turn it into the call context that dispatch judges; nothing is believed here.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use ipnet::IpNet;

use super::HttpState;
use crate::domain::request_id::RequestId;
use crate::operations::caller::{CallContext, CallControl, Face, RawCredential};

/// The request id's header, in and out.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const USER_ID: HeaderName = HeaderName::from_static("user-id");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// What is known of a request before anything of it is believed.
#[derive(Debug, Clone)]
pub struct RequestMeta {
    pub address: IpAddr,
    pub request_id: RequestId,
}

impl RequestMeta {
    /// The call that these headers make, for dispatch to judge.
    pub fn call_context(&self, site: &HttpState, headers: &HeaderMap, face: Face) -> CallContext {
        let said = said_once(headers, &header::AUTHORIZATION);
        let raw_credential = match (&site.stand_in, said) {
            (Some(stand_in), None) => RawCredential::Headers {
                authorization: Some(stand_in.authorization.clone()),
                user_id: said_once(headers, &USER_ID)
                    .or_else(|| Some(stand_in.user_id.to_string())),
            },
            (_, said) => RawCredential::Headers {
                authorization: said.map(Into::into),
                user_id: said_once(headers, &USER_ID),
            },
        };
        CallContext {
            raw_credential,
            face,
            address: Some(self.address),
            request_id: self.request_id.clone(),
            // A child, so that a face may end one call's wait without stopping the server.
            call_control: CallControl::until(site.stop.child_token()),
        }
    }
}

/// A header's value. Said twice it is no credential of anybody, and neither is what is not text.
fn said_once(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    let text = first.to_str().unwrap_or_default();
    Some(if values.next().is_some() {
        String::new()
    } else {
        text.to_owned()
    })
}

/// Notes the visit; what comes back is its id, for the answer.
pub fn note(site: &HttpState, request: &mut Request) -> Option<HeaderValue> {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.ip());
    let trusted = &site.context.settings.network.trusted_proxies;
    // Ours is drawn for every request: what a caller chose may be the name of another's call too.
    let own = new_id(site);
    let given = request.headers().get(REQUEST_ID);
    let given = given.filter(|id| is_plain(id)).cloned();
    let request_id = match given.as_ref().and_then(|given| given.to_str().ok()) {
        Some(given) => RequestId::chosen(given, own),
        None => own.into(),
    };
    let told = given.or_else(|| HeaderValue::from_str(&request_id).ok());
    let visit = RequestMeta {
        address: caller_address(peer, request.headers(), trusted),
        request_id,
    };
    request.extensions_mut().insert(visit);
    told
}

/// A caller's own id goes into logs: letters, digits and a few signs, 64 at most.
fn is_plain(id: &HeaderValue) -> bool {
    let bytes = id.as_bytes();
    !bytes.is_empty()
        && bytes.len() <= 64
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

fn new_id(site: &HttpState) -> String {
    let mut bytes = [0_u8; 8];
    site.context.randomness.fill(&mut bytes);
    format!("{:016x}", u64::from_le_bytes(bytes))
}

/// The TCP peer; behind trusted proxies the right-most hop that is none of them. The left-most is the caller's own text.
fn caller_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let peer = peer.to_canonical();
    if !is_trusted(&peer) {
        return peer;
    }
    let hops = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    let hops: Vec<&str> = hops.map(str::trim).collect();
    let mut nearest = peer;
    for hop in hops.into_iter().rev() {
        // A hop that cannot be read ends the trail: what stands before it is nobody's word.
        let Some(address) = read_hop(hop) else {
            return nearest;
        };
        nearest = address;
        if !is_trusted(&address) {
            return address;
        }
    }
    nearest
}

/// An address, with or without a port.
fn read_hop(hop: &str) -> Option<IpAddr> {
    hop.parse::<IpAddr>()
        .or_else(|_| hop.parse::<SocketAddr>().map(|address| address.ip()))
        .or_else(|_| hop.trim_matches(['[', ']']).parse())
        .ok()
        .map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, HeaderValue::from_str(value).unwrap());
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        caller_address(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn the_callers_address_is_the_right_most_hop_that_no_trusted_proxy_has() {
        let proxy = ["10.0.0.0/8"];
        assert_eq!(seen("203.0.113.9", &["1.1.1.1"], &[]), "203.0.113.9");
        assert_eq!(seen("203.0.113.9", &["1.1.1.1"], &proxy), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", &["6.6.6.6, 1.1.1.1"], &proxy), "1.1.1.1");
        assert_eq!(
            seen("10.0.0.1", &["6.6.6.6", "1.1.1.1, 10.0.0.2"], &proxy),
            "1.1.1.1"
        );
        assert_eq!(seen("10.0.0.1", &["1.1.1.1, nonsense"], &proxy), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", &[], &proxy), "10.0.0.1");
        assert_eq!(
            seen("10.0.0.1", &["[2001:db8::1]:443"], &proxy),
            "2001:db8::1"
        );
        assert_eq!(seen("::ffff:10.0.0.1", &["1.1.1.1:80"], &proxy), "1.1.1.1");
    }
}
