//! How an operation draws its own schemas, exactly and with named parts. What document is made of them is said elsewhere.

use schemars::generate::SchemaGenerator;
use schemars::{JsonSchema, Schema};

use super::Operation;

pub(super) type Describe = fn(&mut Generators) -> [Schema; 2];

/// One for what comes in, one for what goes out: a type may look different on its way.
pub(super) struct Generators {
    pub(super) input: SchemaGenerator,
    pub(super) output: SchemaGenerator,
}

pub(super) fn describe<O: Operation>(generators: &mut Generators) -> [Schema; 2] {
    [
        // An input is its operation's own and has no name worth telling.
        O::Input::json_schema(&mut generators.input),
        generators.output.subschema_for::<O::Output>(),
    ]
}
