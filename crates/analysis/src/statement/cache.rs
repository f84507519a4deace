//! Sentences read once for all claims of an analysis: the same passages are met by many claims.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::Sentence;

/// The most sentences that are kept; what comes later is read each time.
const MAX_SENTENCES: usize = 4_096;

thread_local! {
    static SENTENCES: RefCell<Option<HashMap<String, Rc<Sentence>>>> = const { RefCell::new(None) };
}

/// While it lives, sentences that this thread has read are kept. They go with it.
#[derive(Debug)]
pub struct SentenceCache(());

impl SentenceCache {
    /// Begins to keep sentences.
    #[must_use = "sentences are kept as long as it lives"]
    pub fn open() -> Self {
        SENTENCES.with_borrow_mut(|kept| *kept = Some(HashMap::new()));
        Self(())
    }
}

impl Drop for SentenceCache {
    fn drop(&mut self) {
        SENTENCES.with_borrow_mut(|kept| *kept = None);
    }
}

impl Sentence {
    /// Reads a sentence, or takes what was read of it before where sentences are kept.
    pub fn cached(text: &str) -> Rc<Self> {
        let known = SENTENCES.with_borrow(|kept| kept.as_ref()?.get(text).cloned());
        if let Some(known) = known {
            return known;
        }
        let read = Rc::new(Self::new(text));
        SENTENCES.with_borrow_mut(|kept| {
            if let Some(kept) = kept.as_mut().filter(|kept| kept.len() < MAX_SENTENCES) {
                kept.insert(text.to_owned(), Rc::clone(&read));
            }
        });
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_kept_while_a_cache_lives() {
        let text = "The mill was built in 1912.";
        let once = || Rc::as_ptr(&Sentence::cached(text));
        let cache = SentenceCache::open();
        let first = Sentence::cached(text);
        assert_eq!(Rc::as_ptr(&first), once());
        drop(cache);
        assert_eq!(Rc::strong_count(&first), 1);
        assert_ne!(Rc::as_ptr(&first), once());
    }
}
