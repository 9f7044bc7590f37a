//! Random draws for resampling that depend on nothing but their number.

/// Random index below `n` for draw `draw` of stream `stream`, replicate `replicate`: a counter through the finaliser of
/// SplitMix64 (Steele et al. 2014), so that nothing depends on the order of computing.
pub fn draw_index(stream: u64, replicate: u64, draw: u64, n: usize) -> usize {
    let mixed = mix(stream ^ mix(replicate ^ mix(draw)));
    ((u128::from(mixed) * n as u128) >> 64) as usize
}

fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A number for a name (FNV-1a), the same on every machine.
pub fn stream_of(name: &str) -> u64 {
    name.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_even_and_repeatable() {
        let mut seen = [0_u32; 5];
        for draw in 0..50_000 {
            seen[draw_index(stream_of("a"), 3, draw, 5)] += 1;
        }
        assert!(seen.iter().all(|&n| (9_600..10_400).contains(&n)), "{seen:?}");
        assert_eq!(draw_index(7, 1, 2, 1000), draw_index(7, 1, 2, 1000));
        assert_ne!(stream_of("a"), stream_of("b"));
    }
}
