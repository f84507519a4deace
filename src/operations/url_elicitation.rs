//! What only a person should give, and the page of ours where they do. A program that lacks it is offered that page in place
//! of an error alone; every face but MCP demands it, for there people and their own programs speak for themselves.

use serde_json::{Map, Value};

use super::caller::{Caller, Face};
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
}

impl ByPerson {
    /// Whether a program calls without it.
    pub(super) fn is_due(&self, face: Face, arguments: &Map<String, Value>) -> bool {
        let is_given = |name: &str| {
            let value = arguments.get(name);
            value.is_some_and(|value| !value.is_null() && value != "")
        };
        matches!(face, Face::Stdio | Face::McpHttp)
            && !is_given(self.argument)
            && !self.instead.is_some_and(is_given)
    }

    /// The refusal with the page.
    pub(super) fn refusal(&self, offer: Offer) -> Fault {
        Fault::missing(self.argument)
            .with_hint(self.words(&offer))
            .offering(offer)
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

    fn at(&self, base: &str, request: Option<&str>) -> Offer {
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
