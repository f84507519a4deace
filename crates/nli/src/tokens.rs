//! Pairs of texts as a model's numbers. Text that looks like a special token is text: a passage that says `[SEP]` must not begin
//! a second passage.

use std::collections::HashSet;
use std::path::Path;

use tokenizers::Tokenizer;

/// A larger file is no tokenizer.
const MAX_TOKENIZER_BYTES: u64 = 100_000_000;

/// A premise and a hypothesis as a model reads them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TokenPair {
    pub ids: Vec<usize>,
    /// 0 for the first text and 1 for the second, where the tokenizer tells them apart.
    pub types: Vec<usize>,
}

/// Makes tokens.
#[derive(Debug)]
pub(crate) struct PairTokenizer {
    tokenizer: Tokenizer,
    vocabulary: usize,
    max_types: usize,
}

impl PairTokenizer {
    /// Reads `tokenizer.json`, which has to go with a model of so many words and types of text.
    pub fn read(path: &Path, vocabulary: usize, types: usize) -> Result<Self, String> {
        let size = std::fs::metadata(path)
            .map_err(|error| format!("cannot be read: {error}"))?
            .len();
        if size > MAX_TOKENIZER_BYTES {
            return Err(format!(
                "has {size} bytes; a tokenizer has at most {MAX_TOKENIZER_BYTES}"
            ));
        }
        let content = std::fs::read(path).map_err(|error| format!("cannot be read: {error}"))?;
        let mut tokenizer = Tokenizer::from_bytes(&content)
            .map_err(|error| format!("is no tokenizer that this engine knows: {error}"))?;
        // Published tokenizers carry how they were last used. Nothing is cut here, and nothing filled up.
        tokenizer.with_padding(None);
        tokenizer
            .with_truncation(None)
            .map_err(|error| format!("cannot be set up: {error}"))?;
        tokenizer.set_encode_special_tokens(true);
        let highest = tokenizer.get_vocab(true).into_values().max();
        let highest = highest.and_then(|id| usize::try_from(id).ok());
        if highest.is_some_and(|highest| highest >= vocabulary) {
            return Err(format!(
                "has more tokens than the {vocabulary} of config.json; both have to be of one model"
            ));
        }
        Ok(Self {
            tokenizer,
            vocabulary,
            max_types: types.max(1),
        })
    }

    /// A pair, with the special tokens around it. Where the model takes fewer tokens it has to be asked about less.
    pub fn pair(&self, premise: &str, hypothesis: &str) -> Result<TokenPair, String> {
        let encoding = self
            .tokenizer
            .encode((premise, hypothesis), true)
            .map_err(|error| error.to_string())?;
        let number = |id: &u32| usize::try_from(*id).unwrap_or(usize::MAX);
        let added = encoding.get_special_tokens_mask();
        let frame: HashSet<u32> = encoding
            .get_ids()
            .iter()
            .zip(added)
            .filter(|(_, added)| **added == 1)
            .map(|(id, _)| *id)
            .collect();
        // Some vocabularies have the separator among the words: written in a text it would end that text for the model.
        let (ids, types): (Vec<usize>, Vec<usize>) = encoding
            .get_ids()
            .iter()
            .zip(encoding.get_type_ids())
            .zip(added)
            .filter(|((id, _), added)| **added == 1 || !frame.contains(id))
            .map(|((id, kind), _)| (number(id), number(kind).min(self.max_types - 1)))
            .unzip();
        if ids.is_empty() || ids.iter().any(|id| *id >= self.vocabulary) {
            return Err("a text has no tokens of this model".to_owned());
        }
        Ok(TokenPair { ids, types })
    }
}
