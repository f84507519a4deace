//! What is wrong with one field of an input: words for people, a kind for code.

/// What is wrong with one field of an input.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FieldProblem {
    /// The argument's name, with a path into it where it is nested: `attachments[0].name`.
    pub field: String,
    /// A sentence without its subject: `must be six digits`.
    pub problem: String,
    /// What kind of problem it is, for code: sentences are for people.
    #[serde(skip)]
    pub kind: ProblemKind,
}

/// Why a field was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// It must be given and was not.
    Missing,
    /// What was given is no value of the field's type.
    Malformed,
    /// A rule speaks against it.
    Refused,
}

impl FieldProblem {
    /// A field that must be given and was not.
    pub fn missing(field: impl Into<String>) -> Self {
        Self::of(ProblemKind::Missing, field, "is required")
    }

    /// A value that is none of the field's type.
    pub fn malformed(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::of(ProblemKind::Malformed, field, problem)
    }

    /// A field that a rule speaks against.
    pub fn refused(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::of(ProblemKind::Refused, field, problem)
    }

    fn of(kind: ProblemKind, field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            problem: problem.into(),
            kind,
        }
    }
}
