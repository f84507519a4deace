//! The fields that forms of ours have: how each is labelled, what a password manager may fill in, and what is said where it is
//! wrong. What may stand in one is the operations' business.

/// A field of a form, empty.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// The argument's name; the form's field is called the same.
    pub name: &'static str,
    pub label: &'static str,
    /// The subject of a sentence about it.
    pub subject: &'static str,
    /// HTML's `type`.
    pub kind: &'static str,
    /// What browsers and password managers may fill in.
    pub autocomplete: &'static str,
    pub hint: &'static str,
    /// One that is not says in its hint when it may stay empty.
    pub is_required: bool,
}

/// What is nothing.
const PLAIN: Field = Field {
    name: "",
    label: "",
    subject: "",
    kind: "text",
    autocomplete: "off",
    hint: "",
    is_required: true,
};
pub const FIRST_NAME: Field = Field {
    name: "first_name",
    label: "First name",
    subject: "The first name",
    autocomplete: "given-name",
    ..PLAIN
};
pub const LAST_NAME: Field = Field {
    name: "last_name",
    label: "Last name",
    subject: "The last name",
    autocomplete: "family-name",
    ..PLAIN
};
pub const EMAIL: Field = Field {
    name: "email",
    label: "E-mail address",
    subject: "The address",
    kind: "email",
    autocomplete: "username",
    ..PLAIN
};
pub const USER_EMAIL: Field = Field {
    name: "user_email",
    ..EMAIL
};
pub const PASSWORD: Field = Field {
    name: "password",
    label: "Password",
    subject: "The password",
    kind: "password",
    autocomplete: "current-password",
    ..PLAIN
};
pub const NEW_PASSWORD: Field = Field {
    autocomplete: "new-password",
    hint: "A few words in a row are easy to keep and hard to guess. 128 characters at most.",
    ..PASSWORD
};
pub const CODE: Field = Field {
    name: "code",
    label: "Code",
    subject: "The code",
    autocomplete: "one-time-code",
    ..PLAIN
};
/// The code of an authenticator app where a mailed one stands in the same form.
pub const TOTP: &str = "totp";

/// Whether an argument of this name is a code.
pub fn is_code(name: &str) -> bool {
    name == CODE.name || name == TOTP
}
