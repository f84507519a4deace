//! An authenticator app as somebody holds it: it was given its address once, and shows the code of any step from then on.
use std::time::Duration;

use clara::domain::clock::Clock as _;
use clara::domain::code::OtpCode;
use clara::domain::ids::UserId;
use clara::domain::second_factor::{RecoveryCode, SecondFactorCode};
use clara::fault::Fault;
use clara::services::Origin;
use clara::services::accounts::ReauthContext;
use totp_rs::Totp;

use crate::worlds::World;

/// The app.
pub struct App(Totp);

impl App {
    pub async fn offered(world: &World, user: &UserId) -> Self {
        let accounts = &world.services.accounts;
        let offer = accounts
            .offer_app(user, &ReauthContext::default(), &desk())
            .await;
        Self(Totp::from_url(offer.unwrap().address).unwrap())
    }

    /// Set up, with the recovery codes that came of it.
    pub async fn on(world: &World, user: &UserId) -> (Self, Vec<RecoveryCode>) {
        let app = Self::offered(world, user).await;
        let codes = enable(world, user, &app.code(world, 0), None).await;
        world.clock.advance(Duration::from_secs(30));
        (app, codes.unwrap())
    }

    /// What it shows so many steps from now.
    pub fn code(&self, world: &World, steps: i64) -> SecondFactorCode {
        let now = world.clock.now().seconds();
        let seconds = u64::try_from(now + 30 * steps).unwrap();
        let digits: OtpCode = self.0.generate(seconds).to_string().parse().unwrap();
        digits.into()
    }

    pub fn seed(&self) -> &[u8] {
        self.0.secret().as_bytes()
    }
}

/// Whoever sits at the machine need not show that they are the owner: these tests are of what comes after.
fn desk() -> Origin {
    Origin::inside("test")
}

/// Confirms the app that was offered, or has new recovery codes made with the one that is on.
pub async fn enable(
    world: &World,
    user: &UserId,
    code: &SecondFactorCode,
    current: Option<&SecondFactorCode>,
) -> Result<Vec<RecoveryCode>, Fault> {
    let accounts = &world.services.accounts;
    accounts
        .enable_app(user, code, current, &ReauthContext::default(), &desk())
        .await
}
