//! Many processes on one data directory, and processes that end at the worst moment: nothing is lost, made twice or
//! left half done.

mod crash;
mod together;

use clara_test_support as support;
