//! Counter-based random numbers.
//!
//! A draw is a pure function of (seed, patient, purpose, index): there is no state, so that any order of evaluation,
//! any number of threads and any resumption give the same numbers. The generator is Philox4x32-10 (Salmon et al.,
//! Parallel random numbers: as easy as 1, 2, 3, SC11), checked against its published known answers.

/// Name and version of the generator, written into every result.
pub const GENERATOR: &str = "philox4x32-10/v1";

const MULTIPLIER: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// The Philox4x32-10 bijection.
#[inline]
pub fn philox4x32(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for round in 0..10 {
        if round > 0 {
            key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
        }
        let a = u64::from(MULTIPLIER[0]) * u64::from(counter[0]);
        let b = u64::from(MULTIPLIER[1]) * u64::from(counter[2]);
        counter = [
            (b >> 32) as u32 ^ counter[1] ^ key[0],
            b as u32,
            (a >> 32) as u32 ^ counter[3] ^ key[1],
            a as u32,
        ];
    }
    counter
}

/// A stream of draws for one patient and one purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream {
    key: [u32; 2],
    patient: u32,
    purpose: u32,
}

impl Stream {
    /// The stream of `purpose` of `patient` under `seed`.
    pub fn new(seed: u64, patient: u32, purpose: u32) -> Self {
        Stream { key: [seed as u32, (seed >> 32) as u32], patient, purpose }
    }

    /// Two uniform numbers in the open interval (0, 1) at `index`.
    #[inline]
    pub fn uniform_pair(&self, index: u64) -> [f64; 2] {
        let x = philox4x32([index as u32, (index >> 32) as u32, self.patient, self.purpose], self.key);
        [open_unit(x[0], x[1]), open_unit(x[2], x[3])]
    }

    /// A uniform number in the open interval (0, 1) at `index`.
    #[inline]
    pub fn uniform(&self, index: u64) -> f64 {
        self.uniform_pair(index)[0]
    }

    /// A standard normal number at `index`.
    #[inline]
    pub fn normal(&self, index: u64) -> f64 {
        normal_quantile(self.uniform(index))
    }

    /// An exponential number with mean 1 at `index`.
    #[inline]
    pub fn exponential(&self, index: u64) -> f64 {
        -libm::log(self.uniform(index))
    }

    /// A Poisson number with mean `mean` at `index`: exact inversion up to mean 30, then the normal limit, rounded.
    pub fn poisson(&self, index: u64, mean: f64) -> u64 {
        if mean <= 0.0 {
            return 0;
        }
        if mean > 30.0 {
            return libm::round(mean + mean.sqrt() * self.normal(index)).max(0.0) as u64;
        }
        let u = self.uniform(index);
        let mut term = libm::exp(-mean);
        let mut cumulative = term;
        let mut k = 0;
        while u > cumulative && k < 200 {
            k += 1;
            term *= mean / k as f64;
            cumulative += term;
        }
        k
    }
}

/// 53 random bits, centred in their cell, so that 0 and 1 never occur.
#[inline]
fn open_unit(high: u32, low: u32) -> f64 {
    let bits = (u64::from(high) << 32 | u64::from(low)) >> 11;
    (bits as f64 + 0.5) * (1.0 / (1u64 << 53) as f64)
}

/// Quantile of the standard normal distribution (Wichura 1988, AS 241, PPND16; relative error about 1e-16).
pub fn normal_quantile(p: f64) -> f64 {
    fn ratio(r: f64, a: &[f64; 8], b: &[f64; 8]) -> f64 {
        let poly = |c: &[f64; 8]| c.iter().rev().fold(0.0, |acc, x| acc * r + x);
        poly(a) / poly(b)
    }
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180625 - q * q;
        return q * ratio(
            r,
            &[
                3.387_132_872_796_366_5,
                133.141_667_891_784_38,
                1_971.590_950_306_551_3,
                13_731.693_765_509_46,
                45_921.953_931_549_87,
                67_265.770_927_008_7,
                33_430.575_583_588_13,
                2_509.080_928_730_122_7,
            ],
            &[
                1.0,
                42.313_330_701_600_91,
                687.187_007_492_057_9,
                5_394.196_021_424_751,
                21_213.794_301_586_597,
                39_307.895_800_092_71,
                28_729.085_735_721_943,
                5_226.495_278_852_545,
            ],
        );
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    let r = (-libm::log(tail)).sqrt();
    let x = if r <= 5.0 {
        ratio(
            r - 1.6,
            &[
                1.423_437_110_749_683_5,
                4.630_337_846_156_546,
                5.769_497_221_460_691,
                3.647_848_324_763_204_5,
                1.270_458_252_452_368_4,
                0.241_780_725_177_450_6,
                0.022_723_844_989_269_184,
                7.745_450_142_783_414e-4,
            ],
            &[
                1.0,
                2.053_191_626_637_759,
                1.676_384_830_183_803_8,
                0.689_767_334_985_1,
                0.148_103_976_427_480_08,
                0.015_198_666_563_616_457,
                5.475_938_084_995_345e-4,
                1.050_750_071_644_416_9e-9,
            ],
        )
    } else {
        ratio(
            r - 5.0,
            &[
                6.657_904_643_501_103,
                5.463_784_911_164_114,
                1.784_826_539_917_291_3,
                0.296_560_571_828_504_87,
                0.026_532_189_526_576_124,
                0.001_242_660_947_388_078_4,
                2.711_555_568_743_487_6e-5,
                2.010_334_399_292_288_1e-7,
            ],
            &[
                1.0,
                0.599_832_206_555_888,
                0.136_929_880_922_735_8,
                0.014_875_361_290_850_615,
                7.868_691_311_456_133e-4,
                1.846_318_317_510_054_8e-5,
                1.421_511_758_316_446e-7,
                2.044_263_103_389_939_8e-15,
            ],
        )
    };
    if q < 0.0 { -x } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn philox_known_answers() {
        // Known answers of the reference distribution (Random123, kat_vectors).
        assert_eq!(philox4x32([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(
            philox4x32([u32::MAX; 4], [u32::MAX; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(
            philox4x32([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn normal_quantile_known_values() {
        for (p, x) in [
            (0.5, 0.0),
            (0.975, 1.959_963_984_540_054),
            (0.001, -3.090_232_306_167_813_5),
            (1e-12, -7.034_483_825_301_131),
        ] {
            assert!((normal_quantile(p) - x).abs() < 1e-9, "{p}: {} against {x}", normal_quantile(p));
        }
    }

    #[test]
    fn moments() {
        let s = Stream::new(7, 3, 11);
        let n = 20_000;
        let mean = |f: &dyn Fn(u64) -> f64| (0..n).map(f).sum::<f64>() / n as f64;
        assert!((mean(&|i| s.uniform(i)) - 0.5).abs() < 0.01);
        assert!(mean(&|i| s.normal(i)).abs() < 0.03);
        assert!((mean(&|i| s.normal(i).powi(2)) - 1.0).abs() < 0.05);
        assert!((mean(&|i| s.exponential(i)) - 1.0).abs() < 0.03);
        assert!((mean(&|i| s.poisson(i, 3.0) as f64) - 3.0).abs() < 0.06);
    }

    #[test]
    fn streams_are_independent_of_order_and_differ() {
        let a = Stream::new(1, 2, 3);
        assert_eq!(a.uniform(5), Stream::new(1, 2, 3).uniform(5));
        assert_ne!(a.uniform(5), Stream::new(1, 2, 4).uniform(5));
        assert_ne!(a.uniform(5), Stream::new(2, 2, 3).uniform(5));
        assert_ne!(a.uniform(5), Stream::new(1, 3, 3).uniform(5));
    }
}
