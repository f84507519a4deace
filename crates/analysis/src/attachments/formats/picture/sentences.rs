//! Facts of a picture as plain sentences, which a claim can be checked against and which can be quoted.

use super::facts::{Edit, Facts};
use crate::attachments::draft::Draft;
use crate::attachments::formats::dates::Moment;

/// Writes what EXIF and XMP say, and the texts of a PNG file.
pub fn write(exif: &Facts, xmp: &Facts, texts: &[(String, String)], draft: &mut Draft) {
    let word = if exif.camera.is_some() || exif.taken.is_some() {
        "photo"
    } else {
        "picture"
    };
    let mut out = Out { word, draft };
    out.times(exif, xmp);
    out.place(exif, xmp);
    out.tools(exif, xmp);
    out.origin(xmp);
    for edit in &xmp.edits {
        out.edit(edit);
    }
    out.words(exif, xmp, texts);
}

struct Out<'a, 'd> {
    /// What the picture is called.
    word: &'a str,
    draft: &'d mut Draft,
}

impl Out<'_, '_> {
    fn say(&mut self, sentence: &str) {
        self.draft.line(sentence);
    }

    fn times(&mut self, exif: &Facts, xmp: &Facts) {
        let word = self.word;
        let same_day = |one: Moment, other: Moment| {
            (one.year, one.month, one.day) == (other.year, other.month, other.day)
        };
        match (exif.taken, xmp.taken) {
            (Some(exif), Some(xmp)) if !same_day(exif, xmp) => {
                for (kind, moment) in [("EXIF", exif), ("XMP", xmp)] {
                    self.dated(
                        &format!("The {kind} data of the file says that the {word} was taken"),
                        Some(moment),
                    );
                }
                self.draft.unread(
                    None,
                    "EXIF and XMP of the file disagree on when the picture was taken; neither is taken as a fact.",
                );
            }
            (taken, other) => self.dated(&format!("The {word} was taken"), taken.or(other)),
        }
        let is_taken = exif.taken.or(xmp.taken);
        let digitized = exif
            .digitized
            .or(xmp.digitized)
            .filter(|moment| is_taken.is_none_or(|taken| !same_day(taken, *moment)));
        self.dated("The picture was digitized", digitized);
        self.dated(
            "The picture's file was last changed",
            exif.changed.or(xmp.changed),
        );
    }

    fn dated(&mut self, what: &str, moment: Option<Moment>) {
        if let Some(spelled) = moment.and_then(|moment| moment.spelled()) {
            self.say(&format!("{what} on {spelled}."));
        }
    }

    fn place(&mut self, exif: &Facts, xmp: &Facts) {
        let word = self.word;
        if let Some((north, east)) = exif.position {
            let side = |degrees: f64, sides: [char; 2]| {
                let letter = if degrees < 0.0 { sides[1] } else { sides[0] };
                format!("{:.4} {letter}", degrees.abs())
            };
            let (north, east) = (side(north, ['N', 'S']), side(east, ['E', 'W']));
            self.say(&format!("The {word} was taken at {north}, {east}."));
        }
        let names = [&xmp.city, &xmp.region, &xmp.country];
        let names: Vec<&str> = names
            .into_iter()
            .filter_map(|name| name.as_deref())
            .collect();
        if !names.is_empty() {
            self.say(&format!("The {word} was taken in {}.", names.join(", ")));
        }
    }

    fn tools(&mut self, exif: &Facts, xmp: &Facts) {
        let word = self.word;
        if let Some(camera) = exif.camera.as_ref().or(xmp.camera.as_ref()) {
            self.say(&format!("The {word} was taken with the camera {camera}."));
        }
        if let Some(lens) = exif.lens.as_ref().or(xmp.lens.as_ref()) {
            self.say(&format!("The {word} was taken with the lens {lens}."));
        }
        let mut said = Vec::new();
        for software in [&exif.software, &xmp.software].into_iter().flatten() {
            if !said.contains(&software) {
                self.say(&format!(
                    "The picture's file was written by the software {software}."
                ));
                said.push(software);
            }
        }
    }

    /// How the picture came about, by the terms of the IPTC.
    fn origin(&mut self, xmp: &Facts) {
        let sentence = match xmp.source_type.as_deref() {
            Some("trainedAlgorithmicMedia") => "The picture was made by artificial intelligence.",
            Some("compositeWithTrainedAlgorithmicMedia") => {
                "Parts of the picture were made by artificial intelligence."
            }
            Some("compositeSynthetic" | "compositeCapture" | "composite") => {
                "The picture was put together from several."
            }
            Some("algorithmicMedia") => "The picture was made by a program.",
            Some("digitalCapture") => "The picture was captured by a digital camera.",
            Some("negativeFilm" | "positiveFilm" | "print") => {
                "The picture was scanned from film or paper."
            }
            _ => return,
        };
        self.say(sentence);
    }

    fn edit(&mut self, edit: &Edit) {
        let what = match edit.action.as_str() {
            "created" | "saved" | "edited" | "converted" | "cropped" | "derived" | "printed"
            | "produced" | "published" | "resized" | "filtered" => edit.action.as_str(),
            "color_adjustments" => "adjusted in its colours",
            _ => return,
        };
        let with = edit
            .software
            .as_ref()
            .map(|software| format!(" with {software}"))
            .unwrap_or_default();
        let on = edit
            .when
            .and_then(|when| when.spelled())
            .map(|when| format!(" on {when}"))
            .unwrap_or_default();
        if !with.is_empty() || !on.is_empty() {
            self.say(&format!("The picture's file was {what}{with}{on}."));
        }
    }

    /// What people wrote into the file: their words, marked as such.
    fn words(&mut self, exif: &Facts, xmp: &Facts, texts: &[(String, String)]) {
        if let Some(creator) = exif.creator.as_ref().or(xmp.creator.as_ref()) {
            self.say(&format!(
                "The file names {creator} as the creator of the picture."
            ));
        }
        let quoted = [
            ("title", xmp.title.as_ref()),
            (
                "description",
                xmp.description.as_ref().or(exif.description.as_ref()),
            ),
            (
                "copyright notice",
                exif.copyright.as_ref().or(xmp.copyright.as_ref()),
            ),
        ];
        for (name, words) in quoted {
            if let Some(words) = words {
                self.say(&format!("The file says as its {name}: “{words}”"));
            }
        }
        for (keyword, words) in texts {
            self.say(&format!(
                "The file says under the keyword {keyword}: “{words}”"
            ));
        }
    }
}
