//! Auth: accounts come to be, prove their address, sign in and out, and guard themselves with a second factor.
//! Each operation knows the accounts service; none knows how a caller proved who it is.

mod activate;
mod change_password;
mod google_oauth;
mod login;
mod logout;
mod register;
mod send_otp;
mod two_factor;

pub use activate::Activate;
pub use change_password::ChangePassword;
pub use google_oauth::GoogleOauth;
pub use login::Login;
pub use logout::Logout;
pub use register::Register;
pub use send_otp::SendOtp;
pub use two_factor::{DisableTwoFactor, EnableTwoFactor};
