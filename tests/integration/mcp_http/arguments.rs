//! Arguments as models and frameworks send them, over HTTP.

use super::every_field::check_every_field;
use super::support::app::TestApp;

#[tokio::test]
async fn optional_fields_in_every_shape_over_http() {
    let app = TestApp::start(&[]);
    let ada = app.local_account("ada@example.org").await;
    let client = app.client(Some(&ada.session)).await;
    check_every_field(&client).await;
    client.close().await;
}
