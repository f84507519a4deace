//! Pages to pay on, offered by clients that talk to a process: with the handshake of the older protocol and without.

use rmcp::RoleClient;
use rmcp::service::{ClientLifecycleMode, RunningService};
use rmcp::transport::TokioChildProcess;

use super::person::{LIFECYCLES, Person, buy_with_every_answer, take_back_a_purchase};
use super::support::Folder;
use super::till::Till;

async fn meet(
    folder: &Folder,
    till: &Till,
    person: Person,
    lifecycle: ClientLifecycleMode,
) -> RunningService<RoleClient, Person> {
    let mut command = folder.command(&["stdio"]);
    command.envs(till.settings());
    let process = TokioChildProcess::new(tokio::process::Command::from(command)).unwrap();
    person.sit_down(process, lifecycle).await
}

#[tokio::test]
async fn a_page_to_pay_on_is_offered_to_the_person_and_else_is_text() {
    let till = Till::open().await;
    for lifecycle in LIFECYCLES {
        let folder = Folder::new();
        let meet = async |person| meet(&folder, &till, person, lifecycle()).await;
        buy_with_every_answer(&till, meet).await;
    }
}

#[tokio::test]
async fn a_call_that_is_taken_back_takes_its_question_back() {
    let till = Till::open().await;
    let folder = Folder::new();
    let person = Person::who_says(None);
    let initialize = ClientLifecycleMode::Initialize;
    let client = meet(&folder, &till, person, initialize).await;
    take_back_a_purchase(client).await;
}
