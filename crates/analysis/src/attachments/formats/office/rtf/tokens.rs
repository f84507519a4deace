//! The tokens of rich text: groups, control words, and bytes of text.

/// One token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    Open,
    Close,
    Word(&'a str, Option<i32>),
    /// A sign after a backslash: `\~`.
    Sign(u8),
    /// A byte of text in the code page of its font.
    Byte(u8),
}

/// Goes through a file.
pub struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Passes over binary data.
    pub fn pass(&mut self, count: usize) {
        self.at = self.at.saturating_add(count).min(self.bytes.len());
    }

    fn take_while(&mut self, is_one: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| is_one(**byte)).count();
        self.at += length;
        let taken = rest.get(..length).unwrap_or_default();
        std::str::from_utf8(taken).unwrap_or_default()
    }

    fn control(&mut self) -> Option<Token<'a>> {
        let sign = *self.bytes.get(self.at)?;
        if !sign.is_ascii_alphabetic() {
            self.at += 1;
            if sign != b'\'' {
                return Some(Token::Sign(sign));
            }
            let code = self.bytes.get(self.at..self.at + 2);
            let code = code.and_then(|code| std::str::from_utf8(code).ok());
            let code = code.and_then(|code| u8::from_str_radix(code, 16).ok());
            // A damaged code is passed over as what it is not.
            self.pass(if code.is_some() { 2 } else { 0 });
            return Some(code.map_or(Token::Sign(b'\''), Token::Byte));
        }
        let word = self.take_while(|byte| byte.is_ascii_alphabetic());
        let from = self.at;
        if self.bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        let digits = self.take_while(|byte| byte.is_ascii_digit());
        let is_negative = self.at - from > digits.len();
        if digits.is_empty() {
            self.at = from;
        }
        let number = digits.parse::<i32>().ok();
        let number = number.map(|number| if is_negative { -number } else { number });
        if self.bytes.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        Some(Token::Word(word, number))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            return match byte {
                b'{' => Some(Token::Open),
                b'}' => Some(Token::Close),
                b'\\' => self.control(),
                b'\r' | b'\n' | 0 => continue,
                byte => Some(Token::Byte(byte)),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_and_bytes_are_told_apart() {
        let tokens: Vec<Token> = Tokens::new(b"{\\b0 a\\'e9\\u-10?\\~\\par\n}\\'x\\").collect();
        assert_eq!(
            tokens,
            [
                Token::Open,
                Token::Word("b", Some(0)),
                Token::Byte(b'a'),
                Token::Byte(0xe9),
                Token::Word("u", Some(-10)),
                Token::Byte(b'?'),
                Token::Sign(b'~'),
                Token::Word("par", None),
                Token::Close,
                Token::Sign(b'\''),
                Token::Byte(b'x'),
            ]
        );
    }
}
