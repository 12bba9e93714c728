//! The perspective in which a camera sees a flat code.

use super::Point;

/// A projective map from modules to pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Homography {
    rows: [[f32; 3]; 3],
}

impl Homography {
    /// The map that takes four places among the modules to four in the picture;
    /// none where three of them lie on a line.
    pub(super) fn through(modules: [Point; 4], pixels: [Point; 4]) -> Option<Self> {
        // Eight equations for eight unknowns, the ninth being one.
        let mut equations = [[0.0_f64; 9]; 8];
        let pairs = modules.iter().zip(&pixels);
        for ((module, pixel), rows) in pairs.zip(equations.as_chunks_mut::<2>().0) {
            let (x, y) = (f64::from(module.x), f64::from(module.y));
            let (u, v) = (f64::from(pixel.x), f64::from(pixel.y));
            let [first, second] = rows;
            *first = [x, y, 1.0, 0.0, 0.0, 0.0, -x * u, -y * u, u];
            *second = [0.0, 0.0, 0.0, x, y, 1.0, -x * v, -y * v, v];
        }
        let [a, b, c, d, e, f, g, h] = solve(equations)?.map(|value| value as f32);
        Some(Self { rows: [[a, b, c], [d, e, f], [g, h, 1.0]] })
    }

    /// The pixel at a place among the modules.
    pub(super) fn project(&self, x: f32, y: f32) -> Point {
        let [u, v, w] = self.rows.map(|[a, b, c]| a * x + b * y + c);
        Point { x: u / w, y: v / w }
    }
}

/// Gaussian elimination with partial pivoting.
fn solve(mut rows: [[f64; 9]; 8]) -> Option<[f64; 8]> {
    for column in 0..8 {
        let size = |row: &[f64; 9]| row.get(column).map_or(0.0, |value| value.abs());
        let below = rows.iter().enumerate().skip(column);
        let (best, _) = below.max_by(|a, b| size(a.1).total_cmp(&size(b.1)))?;
        rows.swap(column, best);
        let mut pivot = *rows.get(column)?;
        let by = *pivot.get(column)?;
        if by.abs() < 1e-9 || !by.is_finite() {
            return None;
        }
        pivot.iter_mut().for_each(|value| *value /= by);
        for (at, row) in rows.iter_mut().enumerate() {
            let factor = if at == column { 0.0 } else { *row.get(column)? };
            row.iter_mut().zip(pivot).for_each(|(value, pivot)| *value -= factor * pivot);
        }
        *rows.get_mut(column)? = pivot;
    }
    Some(rows.map(|[.., right]| right))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(x: f32, y: f32) -> Point {
        Point { x, y }
    }

    #[test]
    fn four_places_go_where_they_should_and_lines_stay_lines() {
        let modules = [at(3.5, 3.5), at(21.5, 3.5), at(18.5, 18.5), at(3.5, 21.5)];
        let pixels = [at(100.0, 90.0), at(210.0, 120.0), at(190.0, 230.0), at(95.0, 200.0)];
        let homography = Homography::through(modules, pixels).unwrap();
        for (module, pixel) in modules.iter().zip(pixels) {
            let found = homography.project(module.x, module.y);
            assert!((found.x - pixel.x).hypot(found.y - pixel.y) < 0.01);
        }
        let [a, b, c] = [0.0, 10.0, 20.0].map(|x| homography.project(x, 5.0));
        let area = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
        assert!(area.abs() < 0.05);
    }

    #[test]
    fn points_on_a_line_give_no_homography() {
        let line = [at(0.0, 0.0), at(1.0, 1.0), at(2.0, 2.0), at(3.0, 3.0)];
        assert!(Homography::through(line, line).is_none());
    }
}
