//! What pages of ours ask and no program calls. Each is an entry of the registry like any other, so that admission, limits,
//! time and log hold for it; its kind of route says that no other face offers it.

mod own_factor;
mod requests;
mod upload_requests;

pub use own_factor::ViewOwnFactor;
pub use requests::{AnswerRequest, ViewRequest};
pub use upload_requests::{
    AddDroppedFile, EndUploadRequest, KnowUploadRequest, RemoveDroppedFile, ViewUploadRequest,
};

use super::{Access, Area, Body, Hints, Route, Spec, Success};

/// What is the same of all of them.
const fn spec(tool: &'static str, title: &'static str, access: Access, hints: Hints) -> Spec {
    Spec {
        tool,
        title,
        area: Area::Auth,
        route: Route::page(),
        access,
        while_inactive: true,
        about_account: false,
        body: Body::Optional,
        success: Success::ok("Done."),
        hints,
    }
}
