//! A sheet of terminal positions on which frames and text are laid; frames that share an edge join.

use super::paint::{Paint, Style};
use super::text;

const UP: u8 = 1;
const DOWN: u8 = 2;
const LEFT: u8 = 4;
const RIGHT: u8 = 8;
const DOUBLE: u8 = 16;

/// What stands at one position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Spot {
    #[default]
    Blank,
    /// Lines towards these sides.
    Line(u8),
    Text(char, Style),
    /// The second half of a wide character.
    Covered,
}

/// Positions in rows, from the top left.
#[derive(Debug)]
pub(super) struct Canvas {
    columns: usize,
    spots: Vec<Spot>,
}

impl Canvas {
    pub(super) fn new(columns: usize, rows: usize) -> Self {
        Self { columns, spots: vec![Spot::Blank; columns * rows] }
    }

    fn spot(&mut self, x: usize, y: usize) -> Option<&mut Spot> {
        if x < self.columns { self.spots.get_mut(y * self.columns + x) } else { None }
    }

    fn line(&mut self, x: usize, y: usize, sides: u8) {
        if let Some(spot) = self.spot(x, y) {
            let has = if let Spot::Line(has) = spot { *has } else { 0 };
            *spot = Spot::Line(has | sides);
        }
    }

    /// Draws a frame through four corners.
    pub(super) fn frame(&mut self, x0: usize, y0: usize, x1: usize, y1: usize) {
        for y in [y0, y1] {
            self.line(x0, y, RIGHT);
            self.line(x1, y, LEFT);
            (x0 + 1..x1).for_each(|x| self.line(x, y, LEFT | RIGHT));
        }
        for x in [x0, x1] {
            self.line(x, y0, DOWN);
            self.line(x, y1, UP);
            (y0 + 1..y1).for_each(|y| self.line(x, y, UP | DOWN));
        }
    }

    /// Doubles the horizontal lines of a row of positions.
    pub(super) fn double(&mut self, y: usize) {
        for x in 0..self.columns {
            if let Some(Spot::Line(sides)) = self.spot(x, y) {
                *sides |= DOUBLE;
            }
        }
    }

    /// Writes a text to the right of a position.
    pub(super) fn write(&mut self, x: usize, y: usize, text: &str, style: Style) {
        let mut x = x;
        for c in text.chars() {
            let wide = text::char_width(c);
            if wide == 0 {
                continue;
            }
            if let Some(spot) = self.spot(x, y) {
                *spot = Spot::Text(c, style);
            }
            if let Some(spot) = self.spot(x + 1, y).filter(|_| wide > 1) {
                *spot = Spot::Covered;
            }
            x += wide;
        }
    }

    /// The rows as text.
    pub(super) fn lines(&self, paint: Paint) -> Vec<String> {
        self.spots.chunks(self.columns.max(1)).map(|row| line_of(row, paint)).collect()
    }
}

fn line_of(row: &[Spot], paint: Paint) -> String {
    let (mut line, mut run, mut look) = (String::new(), String::new(), Style::Plain);
    for spot in row {
        let (c, style) = match spot {
            Spot::Covered => continue,
            Spot::Blank => (' ', look),
            Spot::Line(sides) => (glyph(*sides), Style::Dim),
            Spot::Text(c, style) => (*c, *style),
        };
        if style != look {
            line.push_str(&paint.paint(look, &run));
            run.clear();
            look = style;
        }
        run.push(c);
    }
    line.push_str(&paint.paint(look, &run));
    line
}

/// The box-drawing character (Unicode U+2500) with lines towards `sides`.
fn glyph(sides: u8) -> char {
    const UD: u8 = UP | DOWN;
    const LR: u8 = LEFT | RIGHT;
    let double = sides & DOUBLE > 0;
    let pick = |single, doubled| if double { doubled } else { single };
    let (upright, level) = (sides & UD, sides & LR);
    match (upright, level) {
        (UD, LR) => pick('┼', '╪'),
        (UD, RIGHT) => pick('├', '╞'),
        (UD, LEFT) => pick('┤', '╡'),
        (UD, _) => '│',
        (DOWN, LR) => pick('┬', '╤'),
        (DOWN, RIGHT) => pick('┌', '╒'),
        (DOWN, LEFT) => pick('┐', '╕'),
        (UP, LR) => pick('┴', '╧'),
        (UP, RIGHT) => pick('└', '╘'),
        (UP, LEFT) => pick('┘', '╛'),
        (_, LR) => pick('─', '═'),
        _ => ' ',
    }
}
