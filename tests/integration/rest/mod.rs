//! REST as the documentation has it, on a real `clara serve`: every operation, every kind of refusal, forms with files, the
//! operator's calls, and what HTTP itself asks for.

mod addresses;
mod audit;
mod bad_bodies;
mod bad_fields;
mod checked_file;
mod contract;
mod documented_example;
mod exporting;
mod files;
mod guarding;
mod http;
mod leaving;
mod operator;
mod refusals;
mod sessions;
mod shapes;
mod spreadsheet;
mod tokens;
mod uploads;

mod waiting;

use clara_test_support::{self as support, forgery, shapes as every_shape};
