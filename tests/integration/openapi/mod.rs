//! The published contract over HTTP: the OpenAPI document as a whole (a snapshot), laws over everything in it, and how it
//! and the pages for people are served.

mod document;
mod served;

use clara_test_support as support;
