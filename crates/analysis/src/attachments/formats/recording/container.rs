//! What is in a container of sound or video: its tracks, its tags, and how long it is by its own word and by what is there.

use std::collections::BTreeMap;
use std::io::{Cursor, ErrorKind};

use symphonia::core::audio::Channels;
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, Track, TrackType};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::core::units::TimeBase;

use super::tags::{self, Tags};

/// So many packets are looked at; a recording of an hour has some 150,000.
const MAX_PACKETS: usize = 5_000_000;
/// The fewest bits a second that a recording takes, silence and all.
const MIN_BITS_PER_SECOND: f64 = 100.0;
/// What a container says of its length may differ so much from what is there: in seconds, and as a share.
const LENGTH_TOLERANCE: (f64, f64) = (1.0, 0.02);

/// The sound of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Audio {
    /// In samples a second.
    pub rate: Option<u32>,
    pub channels: Option<usize>,
}

/// The picture of a film, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Video {
    pub width: u16,
    pub height: u16,
}

/// How long it is, in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Length {
    Known(f64),
    Unknown,
    /// The container says something else than its packets.
    Differs {
        claimed: f64,
        found: f64,
    },
    /// It says more than its bytes can hold.
    Absurd {
        claimed: f64,
    },
}

/// What was found in a file.
#[derive(Debug)]
pub struct Container {
    pub audio: Option<Audio>,
    pub video: Option<Video>,
    /// How many tracks of subtitles there are.
    pub subtitles: u8,
    pub length: Length,
    pub tags: Tags,
    /// Whether its packets end in an error.
    pub is_broken: bool,
}

impl Container {
    /// Looks into the file; `None` where it is no container that is known.
    pub fn open(bytes: &[u8]) -> Option<Self> {
        let source = MediaSourceStream::new(
            Box::new(Cursor::new(bytes)),
            MediaSourceStreamOptions::default(),
        );
        let probe = symphonia::default::get_probe();
        let mut reader = probe
            .probe(
                &Hint::new(),
                source,
                FormatOptions::default(),
                MetadataOptions::default(),
            )
            .ok()?;
        let audio = reader
            .default_track(TrackType::Audio)
            .or_else(|| reader.first_track(TrackType::Audio))
            .and_then(audio_of)
            .map(|sound| Audio {
                rate: sound.sample_rate.filter(|rate| *rate > 0),
                channels: sound.channels.as_ref().map(Channels::count),
            });
        let video = reader.tracks().iter().find_map(video_of);
        let subtitles = reader.tracks().iter().filter(|track| has_subtitles(track));
        let subtitles = u8::try_from(subtitles.count()).unwrap_or(u8::MAX);
        let claimed = claimed_length(reader.as_ref());
        let tags = tags::of(&mut reader.metadata());
        let (found, end) = walk(reader.as_mut());
        let length = length(claimed, found, bytes.len());
        let is_broken = match (&length, end) {
            (Length::Known(_) | Length::Unknown, End::Broken) => true,
            // One that was written without knowing its end has none.
            (Length::Known(_) | Length::Unknown, End::Cut) => claimed.is_some(),
            // What is missing is said with the length.
            _ => false,
        };
        Some(Self {
            audio,
            video,
            subtitles,
            length,
            tags,
            is_broken,
        })
    }
}

fn audio_of(track: &Track) -> Option<&AudioCodecParameters> {
    match &track.codec_params {
        Some(CodecParameters::Audio(sound)) => Some(sound),
        _ => None,
    }
}

/// WebM's are of a codec that the reader has no name for.
fn has_subtitles(track: &Track) -> bool {
    matches!(
        track.codec_params,
        Some(CodecParameters::Subtitle(_)) | None
    )
}

fn video_of(track: &Track) -> Option<Video> {
    match &track.codec_params {
        Some(CodecParameters::Video(picture)) => Some(Video {
            width: picture.width.unwrap_or_default(),
            height: picture.height.unwrap_or_default(),
        }),
        _ => None,
    }
}

/// The longest that the container or one of its tracks says to be.
fn claimed_length(reader: &dyn FormatReader) -> Option<f64> {
    let about = reader.media_info();
    let whole = about.time_base.zip(about.duration);
    let tracks = reader.tracks().iter();
    tracks
        .map(|track| track.time_base.zip(track.duration))
        .chain(std::iter::once(whole))
        .flatten()
        .map(|(base, duration)| seconds(base, wide(duration.get())))
        .filter(|length| *length > 0.0)
        .max_by(f64::total_cmp)
}

/// What the packets of one track take.
#[derive(Default)]
struct Walked {
    first: Option<i64>,
    end: i64,
    sum: u64,
}

/// How the packets of a file end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Whole,
    /// The file ends within a packet.
    Cut,
    Broken,
}

/// The length of the longest track by its packets, and how they end.
fn walk(reader: &mut dyn FormatReader) -> (Option<f64>, End) {
    let mut walked: BTreeMap<u32, Walked> = BTreeMap::new();
    let mut end = End::Whole;
    for _ in 0..MAX_PACKETS {
        match reader.next_packet() {
            Ok(Some(packet)) => walked.entry(packet.track_id).or_default().take(&packet),
            Ok(None) => break,
            Err(Error::IoError(error)) if error.kind() == ErrorKind::UnexpectedEof => {
                end = End::Cut;
                break;
            }
            Err(_) => {
                end = End::Broken;
                break;
            }
        }
    }
    let lengths = reader.tracks().iter().filter_map(|track| {
        let walked = walked.get(&track.id)?;
        let base = track.time_base?;
        // Sound without a break is as long as its packets together; where they name no length, as from the first to the last.
        let ticks = if audio_of(track).is_some() && walked.sum > 0 {
            wide(walked.sum)
        } else {
            wide(walked.end.abs_diff(walked.first.unwrap_or_default()))
        };
        Some(seconds(base, ticks))
    });
    (lengths.max_by(f64::total_cmp), end)
}

impl Walked {
    fn take(&mut self, packet: &Packet) {
        let start = packet.pts.get();
        let length = packet.dur.get();
        let ends = start.saturating_add_unsigned(length);
        self.first = Some(self.first.map_or(start, |first| first.min(start)));
        self.end = self.end.max(ends);
        self.sum = self.sum.saturating_add(length);
    }
}

fn length(claimed: Option<f64>, found: Option<f64>, bytes: usize) -> Length {
    let bits = wide(u64::try_from(bytes).unwrap_or(u64::MAX)) * 8.0;
    let Some(found) = found.filter(|found| *found > 0.0) else {
        return claimed.map_or(Length::Unknown, |claimed| Length::Differs {
            claimed,
            found: 0.0,
        });
    };
    if bits / found < MIN_BITS_PER_SECOND {
        return Length::Absurd { claimed: found };
    }
    let tolerance = LENGTH_TOLERANCE.0 + found * LENGTH_TOLERANCE.1;
    match claimed {
        Some(claimed) if (claimed - found).abs() > tolerance => Length::Differs { claimed, found },
        // What it says leaves out what encoders add at both ends.
        claimed => Length::Known(claimed.unwrap_or(found)),
    }
}

fn seconds(base: TimeBase, ticks: f64) -> f64 {
    ticks * f64::from(base.numer.get()) / f64::from(base.denom.get())
}

/// Lengths beyond 2⁵³ ticks lose less than can be heard.
#[expect(
    clippy::cast_precision_loss,
    reason = "a length in ticks, of which only seconds are shown"
)]
fn wide(ticks: u64) -> f64 {
    ticks as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_held_against_what_is_there() {
        for (claimed, found, bytes, expected) in [
            (Some(60.0), Some(60.4), 100_000, Length::Known(60.0)),
            (None, Some(5.0), 100_000, Length::Known(5.0)),
            (
                Some(9.0),
                None,
                100_000,
                Length::Differs {
                    claimed: 9.0,
                    found: 0.0,
                },
            ),
            (
                Some(360_000.0),
                Some(3.0),
                100_000,
                Length::Differs {
                    claimed: 360_000.0,
                    found: 3.0,
                },
            ),
            (
                Some(360_000.0),
                Some(360_000.0),
                100_000,
                Length::Absurd { claimed: 360_000.0 },
            ),
            (None, None, 100, Length::Unknown),
            (None, Some(0.0), 100, Length::Unknown),
        ] {
            assert_eq!(length(claimed, found, bytes), expected);
        }
    }
}
