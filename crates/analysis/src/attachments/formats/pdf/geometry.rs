//! Points and boxes as a reader sees the page: x runs to the right, y runs down, the page's own rotation is undone.

use pdf_oxide::content::Matrix;

/// An upright box; `top` is smaller than `bottom`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    pub left: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
}

impl Area {
    /// A box that contains nothing yet.
    pub const EMPTY: Self = Self {
        left: f32::INFINITY,
        top: f32::INFINITY,
        right: f32::NEG_INFINITY,
        bottom: f32::NEG_INFINITY,
    };

    /// The smallest box around these points.
    pub fn around(points: impl IntoIterator<Item = (f32, f32)>) -> Self {
        let mut area = Self::EMPTY;
        for (x, y) in points {
            area.left = area.left.min(x);
            area.right = area.right.max(x);
            area.top = area.top.min(y);
            area.bottom = area.bottom.max(y);
        }
        area
    }

    /// The smallest box around both.
    pub fn union(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// What both have in common; it has no extent where they do not touch.
    pub fn intersection(self, other: Self) -> Self {
        Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        }
    }

    pub fn contains(self, (x, y): (f32, f32)) -> bool {
        x >= self.left && x <= self.right && y >= self.top && y <= self.bottom
    }

    /// The same box with this much more room on every side.
    pub fn grown(self, by: f32) -> Self {
        Self {
            left: self.left - by,
            top: self.top - by,
            right: self.right + by,
            bottom: self.bottom + by,
        }
    }

    pub fn width(self) -> f32 {
        self.right - self.left
    }

    pub fn height(self) -> f32 {
        self.bottom - self.top
    }
}

/// Which way a text runs on the page as it is displayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// As a line of Latin text does.
    Right,
    /// Turned by a quarter to the left: from the page's foot to its head.
    Up,
    /// Upside down.
    Left,
    /// Turned by a quarter to the right, or vertical writing.
    Down,
    /// Slanting, as a watermark does.
    Slanted,
}

impl Direction {
    /// The direction of a vector in display coordinates.
    pub fn of(dx: f32, dy: f32) -> Self {
        let (width, height) = (dx.abs(), dy.abs());
        // Within about six degrees of an axis: scans and hand-set matrices are rarely exact.
        if height <= width * 0.1 {
            if dx >= 0.0 { Self::Right } else { Self::Left }
        } else if width <= height * 0.1 {
            if dy <= 0.0 { Self::Up } else { Self::Down }
        } else {
            Self::Slanted
        }
    }

    /// Turns a point so that text of this direction reads to the right.
    pub fn upright(self, (x, y): (f32, f32)) -> (f32, f32) {
        match self {
            Self::Right | Self::Slanted => (x, y),
            Self::Up => (-y, x),
            Self::Left => (-x, -y),
            Self::Down => (y, -x),
        }
    }

    /// The same for a box.
    pub fn upright_area(self, area: Area) -> Area {
        Area::around([
            self.upright((area.left, area.top)),
            self.upright((area.right, area.bottom)),
        ])
    }
}

/// From the page's own coordinates to the page as it is displayed.
pub fn display_matrix((left, bottom, right, top): (f32, f32, f32, f32), rotation: i32) -> Matrix {
    matrix_of(match rotation {
        90 => [0.0, 1.0, 1.0, 0.0, -bottom, -left],
        180 => [-1.0, 0.0, 0.0, 1.0, right, -bottom],
        270 => [0.0, -1.0, -1.0, 0.0, top, right],
        _ => [1.0, 0.0, 0.0, -1.0, -left, top],
    })
}

/// The matrix of six numbers in the file's order.
pub fn matrix_of(numbers: [f32; 6]) -> Matrix {
    Matrix {
        a: numbers[0],
        b: numbers[1],
        c: numbers[2],
        d: numbers[3],
        e: numbers[4],
        f: numbers[5],
    }
}

/// Where `matrix` puts a point.
pub fn transform(matrix: &Matrix, x: f32, y: f32) -> (f32, f32) {
    (
        matrix.a * x + matrix.c * y + matrix.e,
        matrix.b * x + matrix.d * y + matrix.f,
    )
}

/// `first`, then `second`.
pub fn combine(first: &Matrix, second: &Matrix) -> Matrix {
    Matrix {
        a: first.a * second.a + first.b * second.c,
        b: first.a * second.b + first.b * second.d,
        c: first.c * second.a + first.d * second.c,
        d: first.c * second.b + first.d * second.d,
        e: first.e * second.a + first.f * second.c + second.e,
        f: first.e * second.b + first.f * second.d + second.f,
    }
}

/// The box that `matrix` makes of a rectangle.
pub fn transform_area(matrix: &Matrix, (x0, y0): (f32, f32), (x1, y1): (f32, f32)) -> Area {
    Area::around([
        transform(matrix, x0, y0),
        transform(matrix, x1, y0),
        transform(matrix, x0, y1),
        transform(matrix, x1, y1),
    ])
}

/// The middle one of some numbers; 0 where there are none.
pub fn median(mut numbers: Vec<f32>) -> f32 {
    if numbers.is_empty() {
        return 0.0;
    }
    let middle = numbers.len() / 2;
    let (_, value, _) = numbers.select_nth_unstable_by(middle, f32::total_cmp);
    *value
}

/// A count as a number to reckon with.
pub fn number(count: usize) -> f32 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of lines and letters of one page"
    )]
    {
        count as f32
    }
}

/// The cell of a grid that a coordinate falls into.
pub fn cell(coordinate: f32, width: f32) -> i32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "`as` saturates, and the last cell may hold all that is beyond"
    )]
    {
        (coordinate / width).floor() as i32
    }
}
