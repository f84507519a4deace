//! What is kept comes back as it was, and what is not ours is refused.

use super::*;
