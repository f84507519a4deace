//! The operations as a whole: who may call what (a snapshot of every case), laws over all tools, and the published
//! contracts in `tools/`. No face and no process is needed for any of it.

mod access;
mod audited;
mod context;
mod contracts;
mod hostile;
mod limits;
mod providers;

use clara_test_support::{self as support, postgres};
