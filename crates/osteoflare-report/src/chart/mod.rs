//! Small SVG figures.
//!
//! They are built here and not by a plotting crate. `kuva` 0.6 was looked at: it draws good single figures and takes
//! CSS colours, but its marks carry no classes and no titles, its text no style sheet, and its margins are those of a
//! whole figure. The figures here are mostly tiny and many (a row of a table, one child of twelve), follow the light
//! or dark scheme of the page through classes, and name every mark for a pointer and for a screen reader. Everything
//! outside this module only calls functions that return SVG text, so another builder can take its place.

mod course;
mod histogram;
mod interval;
mod response;
mod scale;
mod svg;

pub(crate) use course::course_panel;
pub(crate) use histogram::{Reference, histogram};
pub(crate) use interval::{Forest, Span, forest, share_bar};
pub(crate) use response::{Point, response_panel};
pub(crate) use svg::{Anchor, Svg};
