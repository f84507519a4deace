//! `clara admin`: the operator's work in the terminal. Each command is an operation of the operator's, called as whoever can
//! start a process on this database; what is printed here is only how it looks.

mod arguments;
mod backup;
mod command;
mod print;

pub use arguments::definition;
pub use command::{Command, Work, read};

use std::process::ExitCode;

use serde_json::{Map, Value, json};

use super::output::{Output, refuse, refused};
use super::start;
use crate::context::{Context, StartError};
use crate::faces::rest::spreadsheet::Sheet;
use crate::fault::FaultKind;
use crate::operations::caller::{CallContext, CallControl, Face, RawCredential};
use crate::operations::dispatch::{Answer, Request, dispatch};
use crate::operations::registry;
use crate::settings::Settings;
use command::{Amount, Form, Part, Which, Whom};

/// How many rows an export asks for at a time.
const ROWS_AT_ONCE: u64 = 1_000;

/// Does the operator's work.
pub async fn run(settings: Settings, work: Work) -> Result<ExitCode, StartError> {
    let Work { signed, command } = work;
    let desk = Desk {
        context: start::context(settings).await?,
        signed,
    };
    let code = desk.perform(command).await;
    desk.context.close().await;
    Ok(code)
}

/// Where the operator sits.
struct Desk {
    context: Context,
    /// Who acts and why, as arguments of every call.
    signed: Map<String, Value>,
}

impl Desk {
    async fn perform(&self, command: Command) -> ExitCode {
        match command {
            Command::Users { find, part, form } => {
                let asked = json!({"find": find, "with_owed": true, "limit": part.limit, "offset": part.offset});
                let answer = self.call("list_users", None, asked).await;
                shown(&answer, form, print::users)
            }
            Command::Credits { whom, amount } => {
                let asked = match amount {
                    Amount::To(credits) => json!({ "credits": credits }),
                    Amount::By(change) => json!({ "change": change }),
                };
                let whom = Some(whom.as_str());
                let answer = self.call("change_credits", whom, asked).await;
                shown(&answer, Form::Text, print::moved)
            }
            Command::Transactions {
                whom,
                part,
                form: Form::Csv,
            } => {
                self.export("list_transactions", "id", whom.as_ref(), json!({}), part)
                    .await
            }
            Command::Transactions { whom, part, form } => {
                let asked = json!({"limit": part.limit, "offset": part.offset});
                let answer = self.about("list_transactions", whom.as_ref(), asked).await;
                shown(&answer, form, print::transactions)
            }
            Command::CheckLedger { form } => {
                let answer = self.call("check_ledger", None, json!({})).await;
                let printed = shown(&answer, form, print::check);
                or_failed(printed, &answer, answer.data["is_sound"] == true)
            }
            Command::Reconcile { form } => {
                let answer = self.call("reconcile", None, json!({})).await;
                let printed = shown(&answer, form, print::reconciled);
                or_failed(printed, &answer, answer.data["failed"] == 0)
            }
            Command::Sessions { whom, part, form } => {
                let asked = json!({"limit": part.limit, "offset": part.offset});
                let whom = Some(whom.as_str());
                let answer = self.call("session_view_all", whom, asked).await;
                shown(&answer, form, print::sessions)
            }
            Command::EndSessions { whom, which } => {
                let (name, asked) = match &which {
                    Which::One(id) => ("session_end", json!({ "session_id": id })),
                    Which::All => ("session_end_all", json!({})),
                };
                let answer = self.call(name, Some(whom.as_str()), asked).await;
                shown(&answer, Form::Text, print::message)
            }
            Command::EndSecondFactor { whom } => {
                let whom = Some(whom.as_str());
                let answer = self.call("end_second_factor", whom, json!({})).await;
                shown(&answer, Form::Text, print::message)
            }
            Command::Audit {
                whom,
                event,
                part,
                form: Form::Csv,
            } => {
                let asked = json!({ "event": event });
                self.export("list_audit", "position", whom.as_ref(), asked, part)
                    .await
            }
            Command::Audit {
                whom,
                event,
                part,
                form,
            } => {
                let asked = json!({"event": event, "limit": part.limit, "offset": part.offset});
                let answer = self.about("list_audit", whom.as_ref(), asked).await;
                shown(&answer, form, print::audit)
            }
            Command::Backup { file } => backup::run(&self.context, &self.signed, &file).await,
        }
    }

    /// The books and the trail outlive the accounts, so an identifier may be that of a removed one; an address is looked up.
    async fn about(&self, name: &str, whom: Option<&Whom>, mut asked: Value) -> Answer {
        let address = match whom {
            Some(Whom::Id(id)) => {
                asked["user_id"] = json!(id);
                None
            }
            Some(Whom::Address(address)) => Some(address.as_str()),
            None => None,
        };
        self.call(name, address, asked).await
    }

    /// Writes every row as it comes: however many there are, no more than one page of them is held. `key` is the field by
    /// which a page's last row leads to the next page.
    async fn export(
        &self,
        name: &str,
        key: &str,
        whom: Option<&Whom>,
        mut asked: Value,
        part: Part,
    ) -> ExitCode {
        let Some(sheet) = registry::find_operators(name).and_then(Sheet::of) else {
            return refuse("this list is no table");
        };
        let mut left = part.limit.unwrap_or(u64::MAX);
        asked["offset"] = json!(part.offset);
        let mut text = sheet.header();
        loop {
            let at_most = left.min(ROWS_AT_ONCE);
            asked["limit"] = json!(at_most);
            let answer = self.about(name, whom, asked.clone()).await;
            if !answer.is_success() {
                return refused(&answer);
            }
            text.push_str(&sheet.rows(&answer.data));
            if let Err(code) = Output::raw(&text) {
                return code;
            }
            text.clear();
            let rows = answer.data.as_array().map_or(&[][..], Vec::as_slice);
            let number = rows.len() as u64;
            left -= number.min(left);
            let Some(last) = rows.last().filter(|_| number == at_most && left > 0) else {
                return ExitCode::SUCCESS;
            };
            asked["before"] = last[key].clone();
            asked["offset"] = Value::Null;
        }
    }

    /// Calls one of the operator's operations; what is null was not said.
    async fn call(&self, name: &str, whom: Option<&str>, asked: Value) -> Answer {
        let call_context = CallContext {
            raw_credential: RawCredential::Operator,
            face: Face::Terminal,
            address: None,
            request_id: "terminal".into(),
            call_control: CallControl::default(),
        };
        let mut arguments = self.signed.clone();
        if let Value::Object(asked) = asked {
            arguments.extend(asked.into_iter().filter(|(_, value)| !value.is_null()));
        }
        let Some(entry) = registry::find_operators(name) else {
            return Answer {
                message: format!("There is no operation {name}."),
                ..Answer::from_fault(&FaultKind::NoRoute.into(), "")
            };
        };
        let request = Request {
            call_context,
            user_id: whom.map(str::to_owned),
            arguments,
        };
        dispatch(&self.context, entry, request).await
    }
}

/// The answer for a person or for a program, or why there is none.
fn shown(answer: &Answer, form: Form, as_text: fn(&Answer) -> String) -> ExitCode {
    match form {
        Form::Json => {
            let printed = Output::json(&answer.envelope());
            if answer.is_success() {
                printed
            } else {
                ExitCode::from(2)
            }
        }
        _ if !answer.is_success() => refused(answer),
        _ => Output::data(&as_text(answer)),
    }
}

/// A call that went well and found something wrong ends with 1, so that scripts can tell it from one that was refused.
fn or_failed(printed: ExitCode, answer: &Answer, is_well: bool) -> ExitCode {
    if answer.is_success() && !is_well {
        ExitCode::FAILURE
    } else {
        printed
    }
}
