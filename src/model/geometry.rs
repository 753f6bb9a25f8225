//! Lengths and rectangles on a page. Geometry is the one place for floating point; money never comes here.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A length in points (1/72 inch), measured from the top left corner of the page as it is shown.
pub type Points = f64;

/// An upright rectangle in [`Points`]; `y` grows downwards. In JSON it is `[x0, y0, x1, y1]`, to 1/100 point.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(from = "[f64; 4]", into = "[f64; 4]")]
pub struct Rect {
    /// Left edge.
    pub x0: Points,
    /// Top edge.
    pub y0: Points,
    /// Right edge.
    pub x1: Points,
    /// Bottom edge.
    pub y1: Points,
}

impl Rect {
    /// Makes a rectangle from two opposite corners, in whichever order they come.
    #[must_use]
    pub fn new(x0: Points, y0: Points, x1: Points, y1: Points) -> Self {
        Self { x0: x0.min(x1), y0: y0.min(y1), x1: x0.max(x1), y1: y0.max(y1) }
    }

    /// Width in points.
    #[must_use]
    pub fn width(&self) -> Points {
        self.x1 - self.x0
    }

    /// Height in points.
    #[must_use]
    pub fn height(&self) -> Points {
        self.y1 - self.y0
    }

    /// The point in the middle, as `(x, y)`.
    #[must_use]
    pub fn center(&self) -> (Points, Points) {
        (f64::midpoint(self.x0, self.x1), f64::midpoint(self.y0, self.y1))
    }

    /// The smallest rectangle around both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    /// Whether the point lies inside; the left and top edges belong to the rectangle, the others do not.
    #[must_use]
    pub fn contains(&self, x: Points, y: Points) -> bool {
        x >= self.x0 && x < self.x1 && y >= self.y0 && y < self.y1
    }
}

impl From<[f64; 4]> for Rect {
    fn from([x0, y0, x1, y1]: [f64; 4]) -> Self {
        Self::new(x0, y0, x1, y1)
    }
}

impl From<Rect> for [f64; 4] {
    fn from(rect: Rect) -> Self {
        [rect.x0, rect.y0, rect.x1, rect.y1].map(|x| (x * 100.0).round() / 100.0)
    }
}
