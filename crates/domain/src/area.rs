//! The areas of Clara's contract; all but the operator's are toolsets too, and `TOOLSETS` chooses among those.
//! Only their names are known here, not what belongs to them.

/// A group of operations; of tools that `TOOLSETS` can switch, save the operator's, which are no tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Area {
    Auth,
    User,
    ApiKey,
    Transaction,
    Task,
    Agent,
    Stripe,
    Misc,
    Operator,
}

impl Area {
    /// Every toolset, in the contract's order.
    pub const ALL: [Self; 8] = [
        Self::Auth,
        Self::User,
        Self::ApiKey,
        Self::Transaction,
        Self::Task,
        Self::Agent,
        Self::Stripe,
        Self::Misc,
    ];

    /// The word in settings, and what its tools' names begin with.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::User => "user",
            Self::ApiKey => "api_key",
            Self::Transaction => "transaction",
            Self::Task => "task",
            Self::Agent => "agent",
            Self::Stripe => "stripe",
            Self::Misc => "misc",
            Self::Operator => "operator",
        }
    }
}
