//! Models that are known to fit: English, small enough for a machine without a graphics card, and with the three labels. Their
//! hashes are not written here, for they could not be verified when this list was made: the hub's are shown and asked about.

/// A published model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownModel {
    /// What `clara model fetch` calls it.
    pub name: &'static str,
    /// Where it is on the hub.
    pub repository: &'static str,
    /// As its publisher states it.
    pub licence: &'static str,
    pub about: &'static str,
}

/// In the order of their size.
pub const KNOWN_MODELS: [KnownModel; 3] = [
    KnownModel {
        name: "nli-deberta-v3-xsmall",
        repository: "cross-encoder/nli-deberta-v3-xsmall",
        licence: "Apache-2.0",
        about: "DeBERTa-v3, 12 narrow layers, trained on SNLI and MultiNLI",
    },
    KnownModel {
        name: "nli-deberta-v3-small",
        repository: "cross-encoder/nli-deberta-v3-small",
        licence: "Apache-2.0",
        about: "DeBERTa-v3, 6 layers, trained on SNLI and MultiNLI",
    },
    KnownModel {
        name: "deberta-v3-base-mnli-fever-anli",
        repository: "MoritzLaurer/DeBERTa-v3-base-mnli-fever-anli",
        licence: "MIT",
        about: "DeBERTa-v3, 12 layers, trained on MultiNLI, FEVER-NLI and ANLI",
    },
];

/// The model of a name.
pub fn known_model(name: &str) -> Option<KnownModel> {
    KNOWN_MODELS.into_iter().find(|model| model.name == name)
}
