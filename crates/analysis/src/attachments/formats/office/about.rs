//! What a document says about itself: its title and language.

use super::xml::{Events, Node};
use crate::attachments::draft::Draft;

/// Takes title and language from a part with Dublin Core's names.
pub fn take(text: &str, draft: &mut Draft) {
    let mut events = Events::new(text);
    loop {
        match events.next() {
            Node::Open(element) => {
                let name = element.name().to_owned();
                match name.as_str() {
                    "title" => {
                        let title = events.text_within();
                        draft.about().title.get_or_insert(title);
                    }
                    "language" => {
                        let language = events.text_within();
                        draft.about().language.get_or_insert(language);
                    }
                    _ => {}
                }
            }
            Node::End => return,
            _ => {}
        }
    }
}
