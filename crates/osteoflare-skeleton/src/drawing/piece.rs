//! Pieces of the drawing: one shape for a site or for a pair of mirrored sites.

use super::geometry::Shape;

/// A shape of the drawing with the layer in which each view shows it; higher layers lie on top.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// Identifier of the site, without side if the piece is paired.
    pub name: String,
    /// Drawn at both sides (the shape is that of the patient's left).
    pub paired: bool,
    /// Layer in the front view, if it is seen there.
    pub front: Option<i16>,
    /// Layer in the back view, if it is seen there.
    pub back: Option<i16>,
    /// The outline.
    pub shape: Shape,
}

/// A paired piece; `front` and `back` are layers, a negative number hides it.
pub(super) fn paired(name: impl Into<String>, front: i16, back: i16, shape: Shape) -> Piece {
    piece(name.into(), true, front, back, shape)
}

/// A midline piece; `front` and `back` are layers, a negative number hides it.
pub(super) fn midline(name: impl Into<String>, front: i16, back: i16, shape: Shape) -> Piece {
    piece(name.into(), false, front, back, shape)
}

fn piece(name: String, paired: bool, front: i16, back: i16, shape: Shape) -> Piece {
    let layer = |number: i16| (number >= 0).then_some(number);
    Piece { name, paired, front: layer(front), back: layer(back), shape }
}
