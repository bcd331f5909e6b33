//! The bound over the price of one row, as far as the matches seen so far tell.

/// A match over the price of one row: `worth + price · room`.
pub(super) struct Piece {
    pub(super) worth: i128,
    pub(super) room: i128,
}

impl Piece {
    /// How high the line is at a price.
    pub(super) fn at(&self, price: i128) -> i128 {
        price.saturating_mul(self.room).saturating_add(self.worth)
    }
}

/// The greatest of the matches' lines: convex, and nowhere above the bound.
pub(super) struct Envelope(pub(super) Vec<Piece>);

impl Envelope {
    /// The least price from 0 to `most` at which the envelope is lowest, and how low that is.
    pub(super) fn lowest(&self, most: i128) -> (i128, i128) {
        let height = |price: i128| {
            let heights = self.0.iter().map(|piece| piece.at(price));
            heights.max().unwrap_or(i128::MIN)
        };
        let (mut low, mut high) = (0, most);
        while low < high {
            let middle = low + (high - low) / 2;
            if height(middle) <= height(middle + 1) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        (low, height(low))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_point_is_where_lines_cross() {
        let piece = |worth, room| Piece { worth, room };
        let envelope = |pieces: &[(i128, i128)]| {
            let pieces = pieces.iter().map(|&(worth, room)| piece(worth, room));
            Envelope(pieces.collect())
        };
        // 100 - 10·p meets 40 + 5·p at 4; 20 + p is below both.
        assert_eq!(
            envelope(&[(100, -10), (40, 5), (20, 1)]).lowest(1000),
            (4, 60)
        );
        // A flat bottom begins at 5; a row with room needs no price; one that is always over takes the most.
        assert_eq!(envelope(&[(100, -10), (50, 0)]).lowest(1000), (5, 50));
        assert_eq!(envelope(&[(100, 2), (50, 3)]).lowest(1000), (0, 100));
        assert_eq!(envelope(&[(100, -2)]).lowest(1000), (1000, -1900));
    }
}
