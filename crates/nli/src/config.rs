//! `config.json` of a published model: its architecture, its sizes and its labels. What this engine cannot do as the model needs
//! it is refused by name, never guessed.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::layers::Activation;

/// No model of these kinds is larger; a hostile file must not make the engine take all memory.
const MAX_SIZE: usize = 1_000_000;
const MAX_LAYERS: usize = 200;

/// What is read of `config.json`. Members that only some architectures have are optional.
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are the members of the file, each true or not whatever the others are"
)]
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Config {
    pub model_type: String,
    pub vocab_size: usize,
    pub hidden_size: usize,
    pub num_hidden_layers: usize,
    pub num_attention_heads: usize,
    pub intermediate_size: usize,
    #[serde(default)]
    pub id2label: BTreeMap<String, String>,
    pub max_position_embeddings: Option<usize>,
    pub type_vocab_size: Option<usize>,
    pub pad_token_id: Option<usize>,
    pub layer_norm_eps: Option<f32>,
    pub hidden_act: Option<String>,
    pub position_embedding_type: Option<String>,
    // DeBERTa.
    #[serde(default)]
    pub relative_attention: bool,
    pub max_relative_positions: Option<i64>,
    pub position_buckets: Option<i64>,
    pub norm_rel_ebd: Option<String>,
    #[serde(default)]
    pub share_att_key: bool,
    pub pos_att_type: Option<PositionTypes>,
    pub position_biased_input: Option<bool>,
    pub embedding_size: Option<usize>,
    pub pooler_hidden_size: Option<usize>,
    pub pooler_hidden_act: Option<String>,
    pub conv_kernel_size: Option<usize>,
    pub conv_groups: Option<usize>,
    pub conv_act: Option<String>,
    // ModernBERT.
    pub norm_eps: Option<f32>,
    #[serde(default)]
    pub norm_bias: bool,
    #[serde(default)]
    pub attention_bias: bool,
    #[serde(default)]
    pub mlp_bias: bool,
    #[serde(default)]
    pub classifier_bias: bool,
    pub hidden_activation: Option<String>,
    pub classifier_activation: Option<String>,
    pub classifier_pooling: Option<String>,
    pub global_attn_every_n_layers: Option<usize>,
    pub local_attention: Option<usize>,
    pub global_rope_theta: Option<f32>,
    pub local_rope_theta: Option<f32>,
    pub layer_types: Option<Vec<String>>,
    pub rope_parameters: Option<BTreeMap<String, RopeParameters>>,
}

/// A list of names, or the same in one text: `c2p|p2c`.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum PositionTypes {
    List(Vec<String>),
    Text(String),
}

/// How a kind of ModernBERT's layers turns positions.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct RopeParameters {
    pub rope_theta: Option<f32>,
    pub rope_type: Option<String>,
}

/// The positions of the labels among a model's outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Labels {
    pub count: usize,
    pub entailment: usize,
    /// `None` for a model that only knows whether something follows.
    pub contradiction: Option<usize>,
}

impl Config {
    /// Reads and checks what every architecture needs.
    pub fn read(content: &[u8]) -> Result<Self, String> {
        let config: Self = serde_json::from_slice(content).map_err(|error| {
            format!("is no configuration of a model that this engine knows: {error}")
        })?;
        let sizes = [
            config.vocab_size,
            config.hidden_size,
            config.intermediate_size,
            config.num_attention_heads,
        ];
        let is_sound = sizes.iter().all(|size| (1..=MAX_SIZE).contains(size))
            && (1..=MAX_LAYERS).contains(&config.num_hidden_layers)
            && config
                .hidden_size
                .is_multiple_of(config.num_attention_heads);
        if !is_sound {
            return Err("has sizes that no model has".to_owned());
        }
        Ok(config)
    }

    /// The columns of one attention head.
    pub fn head_size(&self) -> usize {
        self.hidden_size / self.num_attention_heads
    }

    pub fn activation(&self) -> Result<Activation, String> {
        activation("hidden_act", self.hidden_act.as_deref().unwrap_or("gelu"))
    }

    /// The kinds of relative attention by their short names.
    pub fn has_position_type(&self, name: &str) -> bool {
        match &self.pos_att_type {
            None => false,
            Some(PositionTypes::List(names)) => names.iter().any(|known| known == name),
            Some(PositionTypes::Text(names)) => names.split('|').any(|known| known.trim() == name),
        }
    }

    /// The labels by their names in `id2label`, whatever their order.
    pub fn labels(&self) -> Result<Labels, String> {
        let numbered: Vec<(usize, String)> = self
            .id2label
            .iter()
            .filter_map(|(number, name)| Some((number.parse().ok()?, plain(name))))
            .collect();
        let find = |wanted: &[&str]| {
            let mut found = numbered
                .iter()
                .filter(|(_, name)| wanted.contains(&name.as_str()));
            match (found.next(), found.next()) {
                (Some((number, _)), None) => Some(*number),
                _ => None,
            }
        };
        let count = numbered.len();
        let entailment = find(&["entailment", "entail", "entails", "entailed"]);
        let contradiction = find(&[
            "contradiction",
            "contradict",
            "contradicts",
            "contradictory",
        ]);
        let other = find(&["neutral"]);
        let not = find(&["notentailment", "nonentailment"]);
        let is_whole = numbered.iter().all(|(number, _)| *number < count);
        match (entailment, contradiction, other, not) {
            (Some(entailment), Some(_), Some(_), None) if count == 3 && is_whole => Ok(Labels {
                count,
                entailment,
                contradiction,
            }),
            (Some(entailment), None, None, Some(_)) if count == 2 && is_whole => Ok(Labels {
                count,
                entailment,
                contradiction: None,
            }),
            _ => Err(format!(
                "has the labels {}; this engine needs entailment, neutral and contradiction, or entailment and \
                 not_entailment, so take a model that was trained for natural-language inference and names its labels",
                named(&self.id2label)
            )),
        }
    }
}

/// The activation of a name, or which are known.
pub(crate) fn activation(member: &str, name: &str) -> Result<Activation, String> {
    Activation::named(name).ok_or_else(|| {
        format!(
            "has {member} {name:?}; this engine knows gelu, gelu_new, gelu_pytorch_tanh, relu, silu and tanh"
        )
    })
}

fn plain(name: &str) -> String {
    name.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn named(labels: &BTreeMap<String, String>) -> String {
    if labels.is_empty() {
        return "of no id2label".to_owned();
    }
    // A classifier for a thousand things is not listed whole.
    let names: Vec<&str> = labels.values().take(6).map(String::as_str).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(labels: &str) -> Config {
        let content = format!(
            r#"{{"model_type":"bert","vocab_size":9,"hidden_size":8,"num_hidden_layers":1,
                "num_attention_heads":2,"intermediate_size":8,"id2label":{labels}}}"#
        );
        Config::read(content.as_bytes()).unwrap()
    }

    #[test]
    fn labels_are_found_by_name_in_any_order() {
        let labels = config(r#"{"0":"contradiction","1":"entailment","2":"neutral"}"#).labels();
        let (first, second) = (1, Some(0));
        assert_eq!(
            labels.unwrap(),
            Labels {
                count: 3,
                entailment: first,
                contradiction: second
            }
        );
        let labels = config(r#"{"0":"ENTAILMENT","1":"NEUTRAL","2":"CONTRADICTION"}"#).labels();
        assert_eq!(labels.unwrap().contradiction, Some(2));
        let labels = config(r#"{"0":"entailment","1":"not_entailment"}"#).labels();
        assert_eq!(labels.unwrap().contradiction, None);
    }

    #[test]
    fn labels_that_may_mean_anything_are_refused() {
        for labels in [
            "{}",
            r#"{"0":"LABEL_0","1":"LABEL_1","2":"LABEL_2"}"#,
            r#"{"0":"positive","1":"negative"}"#,
            r#"{"0":"entailment","1":"entailment","2":"contradiction"}"#,
            r#"{"0":"entailment","1":"neutral"}"#,
            r#"{"0":"entailment","1":"neutral","7":"contradiction"}"#,
        ] {
            let problem = config(labels).labels().unwrap_err();
            assert!(
                problem.contains("natural-language inference"),
                "{labels}: {problem}"
            );
        }
    }

    #[test]
    fn sizes_that_no_model_has_are_refused() {
        let content = r#"{"model_type":"bert","vocab_size":9,"hidden_size":9,"num_hidden_layers":1,
            "num_attention_heads":2,"intermediate_size":8}"#;
        assert!(Config::read(content.as_bytes()).is_err());
        let content = content.replace("\"hidden_size\":9", "\"hidden_size\":99000000000");
        assert!(Config::read(content.as_bytes()).is_err());
        assert!(Config::read(b"[]").is_err());
    }
}
