//! What can be said of two heaps of times: where their middles are, and whether anybody could tell the heaps apart. Knows
//! nothing of what was measured.

pub fn median(times: Vec<f64>) -> f64 {
    share(times, 50)
}

pub fn share(mut times: Vec<f64>, percent: usize) -> f64 {
    times.sort_by(f64::total_cmp);
    times[(times.len() - 1) * percent / 100]
}

/// How likely it is that two samples of the same times rank as differently as these do (Mann and Whitney, two-sided, by the
/// normal distribution, which is close for so many; no two times are equal).
#[expect(clippy::cast_precision_loss, reason = "there are far fewer than 2^52")]
pub fn rank_test(one: &[f64], other: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> = one.iter().map(|time| (*time, true)).collect();
    all.extend(other.iter().map(|time| (*time, false)));
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let ranks = all.iter().zip(1_u64..).filter(|((_, is_one), _)| *is_one);
    let sum: u64 = ranks.map(|(_, rank)| rank).sum();
    let (m, n) = (one.len() as f64, other.len() as f64);
    let u = sum as f64 - m * (m + 1.0) / 2.0;
    let deviation = (m * n * (m + n + 1.0) / 12.0).sqrt();
    beyond(((u - m * n / 2.0) / deviation).abs())
}

/// The share of a normal distribution that lies `z` deviations or further from its middle, on either side (by the
/// trapezes under its curve).
fn beyond(z: f64) -> f64 {
    const STEPS: u32 = 2_000;
    let width = z / f64::from(STEPS);
    let height = |at: f64| (-at * at / 2.0).exp();
    let inner: f64 = (1..STEPS).map(|step| height(f64::from(step) * width)).sum();
    let area = width * (inner + f64::midpoint(height(0.0), height(z)));
    (1.0 - 2.0 * area / (2.0 * std::f64::consts::PI).sqrt()).max(0.0)
}
