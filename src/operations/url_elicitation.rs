//! What only a person should give, and the page of ours where they do. A program that lacks it is offered that page in place
//! of an error alone; every face but MCP demands it, for there people and their own programs speak for themselves.

use serde_json::{Map, Value};

use super::caller::{Caller, Face};
use super::registry::Entry;
use crate::context::Context;
use crate::domain::page_request::Offer;
use crate::fault::Fault;

/// An argument that a person should give on a page.
#[derive(Debug, Clone, Copy)]
pub struct ByPerson {
    /// The argument.
    pub argument: &'static str,
    /// What stands in its place once the person is done; none where nothing is handed back.
    pub instead: Option<&'static str>,
    /// Where the page is.
    pub path: &'static str,
    /// What the page is for, as people read it before they agree.
    pub purpose: &'static str,
    pub offered: Offered,
}

/// When a program is offered the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offered {
    /// Whenever it calls without the argument; what a person gives stands for all others.
    WhereMissing,
    /// When the argument is true, by the operation itself and after it has read the others; what a person gives comes beside
    /// them.
    OnRequest,
}

impl ByPerson {
    /// Whether a program calls without it.
    pub(super) fn is_due(&self, face: Face, arguments: &Map<String, Value>) -> bool {
        let is_given = |name: &str| {
            let value = arguments.get(name);
            value.is_some_and(|value| !value.is_null() && value != "")
        };
        self.offered == Offered::WhereMissing
            && matches!(face, Face::Stdio | Face::McpHttp)
            && !is_given(self.argument)
            && !self.instead.is_some_and(is_given)
    }

    /// The refusal with the page.
    pub(super) fn refusal(&self, offer: Offer) -> Fault {
        let refused = match self.offered {
            Offered::WhereMissing => Fault::missing(self.argument),
            Offered::OnRequest => Fault::field(self.argument, "waits for the person"),
        };
        refused.with_hint(self.words(&offer)).offering(offer)
    }

    /// What of a call's arguments stays until the person is done, where there is a page to offer.
    pub fn kept_arguments(&self, arguments: &Map<String, Value>) -> Map<String, Value> {
        match self.offered {
            // Copied only where it is asked for: there may be files among them.
            Offered::OnRequest if arguments.contains_key(self.argument) => arguments.clone(),
            _ => Map::new(),
        }
    }

    /// The page, where this deployment has one that people can reach.
    pub(super) async fn offer(
        &self,
        context: &Context,
        caller: &Caller,
    ) -> Result<Option<Offer>, Fault> {
        let Some(base) = context.pages_url() else {
            return Ok(None);
        };
        let requests = &context.services.page_requests;
        let is_elsewhere = caller.face == Face::Stdio;
        if self.instead.is_none() && !is_elsewhere {
            return Ok(Some(self.at(base, None)));
        }
        let asked = requests.ask(&caller.origin()).await?;
        if is_elsewhere && !requests.is_known_at(base, &asked.id).await {
            return Ok(None);
        }
        Ok(Some(match self.instead {
            Some(_) => Offer {
                ticket: Some(asked.ticket),
                ..self.at(base, Some(asked.id.as_str()))
            },
            // It was only to find out whether the page is there: nobody holds its ticket.
            None => self.at(base, None),
        }))
    }

    /// What to say where there is none.
    pub(super) fn without_page(&self) -> String {
        let argument = self.argument;
        format!(
            "People can give their {argument} on a page of Clara's, so that no agent need know it; but there is none to send them to. Over stdio \
             `clara serve` must run on the same database, with its address as CLARA_PUBLIC_URL here too."
        )
    }

    pub(super) fn at(&self, base: &str, request: Option<&str>) -> Offer {
        let path = self.path;
        Offer {
            url: match request {
                Some(id) => format!("{base}{path}?request={id}"),
                None => format!("{base}{path}"),
            },
            purpose: self.purpose,
            ticket: None,
        }
    }

    fn words(&self, offer: &Offer) -> String {
        let (argument, url, purpose) = (self.argument, &offer.url, self.purpose);
        if let (Offered::OnRequest, Some(ticket), Some(instead)) =
            (self.offered, &offer.ticket, self.instead)
        {
            return format!(
                "Nothing is started yet. The person opens {url} in a browser: {purpose} It is good for fifteen minutes, for this call alone. \
                 Once they say that they are done, call again with the same arguments and {instead} \"{}\".",
                ticket.expose()
            );
        }
        let begin = format!(
            "Ask nobody to tell you a {argument}. Give the person this address to open in a browser: {url} {purpose}"
        );
        match (&offer.ticket, self.instead) {
            (Some(ticket), Some(instead)) => format!(
                "{begin} It is good once, for ten minutes. Once they say that they are done, call again with {instead} \"{}\" and nothing else.",
                ticket.expose()
            ),
            _ => format!("{begin} Nothing of it comes back here; they tell you when it is done."),
        }
    }
}

/// Ends what a person was offered where nobody waits for it any more: they declined, or the call was taken back.
pub async fn withdraw(context: &Context, entry: &Entry, offer: &Offer) {
    let is_on_request = entry
        .by_person
        .is_some_and(|by_person| by_person.offered == Offered::OnRequest);
    let Some(ticket) = offer.ticket.as_ref().filter(|_| is_on_request) else {
        return;
    };
    if let Err(fault) = context.services.upload_requests.withdraw(ticket).await {
        // Its time ends it all the same.
        tracing::warn!(operation = entry.spec.tool, %fault, "a request for files was not taken back");
    }
}
