//! Overlaps of one set with a block of sets, by the widest instructions that the processor has.

use multiversion::multiversion;

/// The most sets in a block, one a lane.
pub(super) const LANES: usize = 64;

/// Blocks are filled up to a multiple of this.
pub(super) const STEP: usize = 8;

/// How many codes `own` shares with each set of a block, and in which lanes that is at least `least`. A block
/// holds the first word of every lane, then the second, and so on. No set has more than 255 codes.
#[multiversion(targets(
    "x86_64+avx512f+avx512bw+avx512vl+avx512vpopcntdq+popcnt",
    "x86_64+avx2+popcnt",
    "x86_64+popcnt"
))]
pub(super) fn overlaps(own: &[u64], block: &[u64], least: u8, shared: &mut [u8; LANES]) -> u64 {
    // Mostly there is one word, and a division takes as long as a block.
    let used = match own {
        [_] => block.len(),
        _ => block.len() / own.len(),
    };
    let shared = &mut shared[..used];
    if let [own] = own {
        for (shared, other) in shared.iter_mut().zip(block) {
            *shared = (own & other).count_ones() as u8;
        }
    } else {
        shared.fill(0);
        for (own, word) in own.iter().zip(block.chunks_exact(used)) {
            for (shared, other) in shared.iter_mut().zip(word) {
                *shared += (own & other).count_ones() as u8;
            }
        }
    }
    let mut lanes = 0;
    for (place, eight) in shared.chunks_exact(STEP).enumerate() {
        let mut enough = [0; STEP];
        for (enough, shared) in enough.iter_mut().zip(eight) {
            *enough = u8::from(*shared >= least);
        }
        // Gathers the lowest bits of eight bytes in the highest byte.
        let bits = u64::from_le_bytes(enough).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        lanes |= bits << (STEP * place);
    }
    lanes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_are_counted_one_by_one() {
        for (words, used) in [(1, LANES), (2, 24), (3, LANES), (1, STEP)] {
            let word = |ix: usize| (ix as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let own: Vec<u64> = (0..words).map(|ix| word(1000 + ix)).collect();
            let block: Vec<u64> = (0..words * used).map(word).collect();
            let mut shared = [0; LANES];
            for least in [0, 1, 15, 16, 17, 50, 255] {
                let lanes = overlaps(&own, &block, least, &mut shared);
                assert_eq!(lanes.checked_shr(used as u32).unwrap_or(0), 0);
                for (lane, shared) in shared[..used].iter().enumerate() {
                    let plain: u32 = (0..words)
                        .map(|word| (own[word] & block[word * used + lane]).count_ones())
                        .sum();
                    assert_eq!(u32::from(*shared), plain);
                    assert_eq!(lanes >> lane & 1 == 1, *shared >= least);
                }
            }
        }
    }
}
