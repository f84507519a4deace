//! Arguments as models and frameworks send them, over HTTP.

use super::every_field::check_every_field;
use super::house::House;

#[tokio::test]
async fn optional_fields_in_every_shape_over_http() {
    let house = House::new();
    let ada = house.account("ada@example.org").await;
    let client = house.client(Some(&ada.session)).await;
    check_every_field(&client).await;
    client.close().await;
}
