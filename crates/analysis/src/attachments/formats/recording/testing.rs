//! Recordings that tests read: those of the repository, and WAV files made here.

use std::path::Path;

/// A recording of `tests/fixtures/recordings`.
pub fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/recordings");
    std::fs::read(folder.join(name)).unwrap()
}

/// A WAV file of silence, a byte a sample and 8,000 samples a second, that says it has `claimed` samples and has `samples`.
pub fn wav(claimed: u32, samples: usize) -> Vec<u8> {
    let mut bytes = b"RIFF".to_vec();
    bytes.extend(claimed.saturating_add(36).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    bytes.extend(8_000_u32.to_le_bytes());
    bytes.extend(8_000_u32.to_le_bytes());
    bytes.extend(b"\x01\0\x08\0data");
    bytes.extend(claimed.to_le_bytes());
    bytes.resize(bytes.len() + samples, 0x80);
    bytes
}
