//! The mails that a test's Clara wrote into its folder, oldest first, and the code in the newest to somebody. For tests that
//! have the folder, however the mails came there.

use clara::domain::code::OtpCode;

pub fn mails_in(directory: &std::path::Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(directory.join("outbox")) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
        .collect();
    paths.sort_by_key(|path| std::fs::metadata(path).unwrap().modified().unwrap());
    paths
        .into_iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect()
}

/// Mails of the same moment have no order, so those that bring no code are passed over.
pub fn newest_code_in(directory: &std::path::Path, email: &str) -> OtpCode {
    let mails = mails_in(directory);
    let to = format!("to: {}", email.to_lowercase());
    mails
        .iter()
        .rev()
        .filter(|mail| mail.to_lowercase().contains(&to))
        .find_map(|mail| {
            let message = mail_parser::MessageParser::default().parse(mail)?;
            let text = message.body_text(0)?;
            text.lines().find_map(|line| line.trim().parse().ok())
        })
        .expect("a code in a mail to this address")
}
