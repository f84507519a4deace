//! The seconds at which a film's picture changes, as ffmpeg's filter `metadata` prints them.

/// Two cuts nearer to each other than this are one, in milliseconds.
const APART: u64 = 1_000;

/// The times of frames in what ffmpeg wrote, in milliseconds, ascending, at most `most`; and whether there were more.
pub fn cuts(output: &str, most: usize) -> (Vec<u64>, bool) {
    let mut found: Vec<u64> = Vec::new();
    let times = output.split_whitespace();
    for time in times.filter_map(|word| word.strip_prefix("pts_time:")) {
        let Some(time) = milliseconds(time) else {
            continue;
        };
        if found.last().is_none_or(|last| time >= last + APART) {
            found.push(time);
        }
    }
    let has_more = found.len() > most;
    found.truncate(most);
    (found, has_more)
}

/// `12.345`, as whole milliseconds, rounded down.
fn milliseconds(time: &str) -> Option<u64> {
    let (whole, fraction) = time.split_once('.').unwrap_or((time, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let thousandths: String = fraction.chars().chain("000".chars()).take(3).collect();
    Some(whole.parse::<u64>().ok()? * 1_000 + thousandths.parse::<u64>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_ascend_and_are_bounded() {
        let output = "frame:0    pts:0       pts_time:0\nlavfi.scene_score=0.0\nframe:1    pts:40960   pts_time:4\nframe:2 pts:41000 \
                      pts_time:4.2\nframe:3 pts:1 pts_time:2\nframe:4 pts:1 pts_time:9.98765 pts_time:-1 pts_time:nan pts_time:1e9\n";
        assert_eq!(cuts(output, 10), (vec![0, 4_000, 9_987], false));
        assert_eq!(cuts(output, 2), (vec![0, 4_000], true));
        assert_eq!(cuts("", 2), (Vec::new(), false));
    }
}
