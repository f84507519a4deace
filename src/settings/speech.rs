//! The settings of who hears recordings: a service behind an address, or a program of this machine.

use std::path::PathBuf;

use secrecy::SecretString;
use url::Url;

use super::models::given;
use super::setting::{RawSettings, SettingsError};
use super::table;

/// The model of OpenAI's own service that says at which second a word is said.
const USUAL_MODEL: &str = "whisper-1";

/// Who hears recordings.
#[derive(Debug, Clone)]
pub enum SpeechRecogniser {
    /// A service that speaks OpenAI's protocol.
    Service {
        url: Url,
        model: String,
        api_key: Option<SecretString>,
    },
    /// `whisper-cli` with this file of weights.
    Whisper { model: PathBuf },
}

impl SpeechRecogniser {
    /// `None` where recordings are not heard.
    pub(super) fn read(raw: &RawSettings) -> Result<Option<Self>, SettingsError> {
        let url = raw.get(&table::TRANSCRIBE_URL)?;
        let model = raw.get(&table::TRANSCRIBE_MODEL)?;
        let api_key = raw.get(&table::TRANSCRIBE_API_KEY)?;
        let whisper = raw.get(&table::WHISPER_MODEL)?;
        let Some(url) = url else {
            let problem =
                "is set without TRANSCRIBE_URL, the address that it is for; set both, or neither";
            let refused = given(raw, &table::TRANSCRIBE_MODEL, problem)
                .or_else(|| given(raw, &table::TRANSCRIBE_API_KEY, problem));
            return match refused {
                Some(error) => Err(error),
                None => Ok(whisper.map(|model| Self::Whisper { model })),
            };
        };
        if whisper.is_some() {
            return Err(table::WHISPER_MODEL
                .problem("is set together with TRANSCRIBE_URL; set one of them"));
        }
        let model = model.unwrap_or_else(|| USUAL_MODEL.to_owned());
        if model.chars().any(char::is_whitespace) {
            return Err(table::TRANSCRIBE_MODEL
                .problem("takes the model's name as its server knows it, one word"));
        }
        Ok(Some(Self::Service {
            url,
            model,
            api_key,
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Option<SpeechRecogniser>, String> {
        let environment = |asked: &str| {
            let said = pairs
                .iter()
                .find(|(name, _)| asked == format!("CLARA_{name}"));
            said.map(|(_, value)| (*value).to_owned())
        };
        let said = RawSettings::gather(|_| None, environment, &HashMap::new());
        SpeechRecogniser::read(&said).map_err(|error| error.to_string())
    }

    #[test]
    fn nobody_hears_unless_it_is_set() {
        assert!(read(&[]).unwrap().is_none());
        let service = read(&[("TRANSCRIBE_URL", "http://127.0.0.1:9000/v1")]).unwrap();
        assert!(matches!(
            service,
            Some(SpeechRecogniser::Service { model, api_key: None, .. }) if model == "whisper-1"
        ));
        let whisper = read(&[("WHISPER_MODEL", "/models/base.bin")]).unwrap();
        assert!(matches!(whisper, Some(SpeechRecogniser::Whisper { .. })));
    }

    #[test]
    fn settings_of_speech_that_clash_are_refused() {
        let url = ("TRANSCRIBE_URL", "https://example.org/v1");
        for (pairs, said) in [
            (vec![("TRANSCRIBE_MODEL", "m")], "without TRANSCRIBE_URL"),
            (
                vec![("TRANSCRIBE_API_KEY", "sk-1")],
                "without TRANSCRIBE_URL",
            ),
            (vec![url, ("WHISPER_MODEL", "/m.bin")], "set one of them"),
            (vec![url, ("TRANSCRIBE_MODEL", "a b")], "one word"),
            (
                vec![("TRANSCRIBE_URL", "http://example.org/v1")],
                "takes `https://`",
            ),
            (vec![url, ("TRANSCRIBE_API_KEY", "s k")], "takes a key"),
        ] {
            let error = read(&pairs).unwrap_err();
            assert!(error.contains(said), "{pairs:?}: {error}");
            assert!(!error.contains("sk-1") && !error.contains("s k"), "{error}");
        }
    }
}
