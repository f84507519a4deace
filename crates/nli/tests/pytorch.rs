//! The same tokens and logits as PyTorch's, on tiny random models of each architecture; `make_models.py` makes them.
#![allow(
    clippy::unwrap_used,
    reason = "a test may, in its helping functions too"
)]

use std::path::{Path, PathBuf};

use clara_nli::{Classifier, ModelFolder};
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    premise: String,
    hypothesis: String,
    ids: Vec<usize>,
    logits: Vec<f32>,
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/models")
        .join(name)
}

fn loaded(name: &str) -> Classifier {
    ModelFolder::open(&folder(name)).unwrap().load().unwrap()
}

/// The largest difference of a logit.
fn difference(name: &str) -> f32 {
    let model = loaded(name);
    let content = std::fs::read(folder(name).join("expected.json")).unwrap();
    let expected: Vec<Expected> = serde_json::from_slice(&content).unwrap();
    assert!(expected.len() >= 5);
    let mut largest = 0.0_f32;
    for one in expected {
        let ids = model.token_ids(&one.premise, &one.hypothesis).unwrap();
        assert_eq!(ids, one.ids, "{name}: {} / {}", one.premise, one.hypothesis);
        let logits = model.logits(&one.premise, &one.hypothesis).unwrap();
        assert_eq!(logits.len(), one.logits.len());
        for (ours, theirs) in logits.iter().zip(&one.logits) {
            largest = largest.max((ours - theirs).abs());
        }
    }
    largest
}

#[test]
fn bert_has_the_logits_of_pytorch() {
    assert!(difference("bert") < 1e-3);
}

#[test]
fn roberta_has_the_logits_of_pytorch() {
    assert!(difference("roberta") < 1e-3);
}

#[test]
fn deberta_v3_has_the_logits_of_pytorch() {
    assert!(difference("deberta-v3") < 1e-3);
}

#[test]
fn deberta_v2_has_the_logits_of_pytorch() {
    assert!(difference("deberta-v2") < 1e-3);
}

#[test]
fn modernbert_has_the_logits_of_pytorch() {
    assert!(difference("modernbert") < 1e-3);
    assert!(difference("modernbert-biases") < 1e-3);
}

#[test]
fn special_tokens_in_a_text_are_text() {
    for (name, written) in [
        ("bert", "[SEP]"),
        ("roberta", "</s>"),
        ("deberta-v3", "[SEP]"),
        // Becomes the same by its normalisation.
        ("deberta-v3", "［SEP］"),
    ] {
        let model = loaded(name);
        let plain = model.token_ids("The mill", "was sold").unwrap();
        let hostile = format!("The mill {written}");
        let ids = model.token_ids(&hostile, "was sold").unwrap();
        let separator = plain.last().unwrap();
        let count = |ids: &[usize]| ids.iter().filter(|id| *id == separator).count();
        assert_eq!(count(&ids), count(&plain), "{name}");
    }
}

#[test]
fn a_wrong_folder_is_refused_with_a_reason() {
    let missing = ModelFolder::open(Path::new("/nowhere/model")).unwrap_err();
    assert!(
        missing.to_string().contains("config.json cannot be read"),
        "{missing}"
    );
    let copy = tempfile::tempdir().unwrap();
    let change = |file: &str, from: &str, to: &str| {
        for name in ["config.json", "tokenizer.json", "model.safetensors"] {
            std::fs::copy(folder("bert").join(name), copy.path().join(name)).unwrap();
        }
        let path = copy.path().join(file);
        if to.is_empty() {
            std::fs::remove_file(path).unwrap();
        } else {
            let content = std::fs::read_to_string(&path).unwrap();
            std::fs::write(path, content.replace(from, to)).unwrap();
        }
        let opened = ModelFolder::open(copy.path()).and_then(|folder| folder.load());
        opened.unwrap_err().to_string()
    };
    for (file, from, to, reason) in [
        ("tokenizer.json", "", "", "tokenizer.json cannot be read"),
        (
            "model.safetensors",
            "",
            "",
            "model.safetensors cannot be read",
        ),
        ("config.json", "\"bert\"", "\"t5\"", "model_type"),
        (
            "config.json",
            "entailment",
            "LABEL_1",
            "natural-language inference",
        ),
        (
            "config.json",
            "\"vocab_size\": 1",
            "\"vocab_size\": ",
            "more tokens",
        ),
        (
            "config.json",
            "\"hidden_size\": 16",
            "\"hidden_size\": 32",
            "classifier.weight",
        ),
        (
            "config.json",
            "\"num_hidden_layers\": 2",
            "\"num_hidden_layers\": 3",
            "layer.2",
        ),
        ("tokenizer.json", "WordPiece", "Unheard", "no tokenizer"),
    ] {
        let problem = change(file, from, to);
        assert!(problem.contains(reason), "{file} {to}: {problem}");
    }
}
