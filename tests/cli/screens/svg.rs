//! A screen as a picture: text that can be selected and searched, in the terminal's colours.

use std::fmt::Write as _;

use vt100::{Cell, Color, Screen};

/// Width of a column and height of a row, in the picture's units.
const COLUMN: f64 = 8.4;
const ROW: f64 = 18.0;
/// Room around the text, and above it for the title.
const EDGE: f64 = 16.0;
const BAR: f64 = 34.0;

const BACKGROUND: &str = "#16181d";
/// The ink of what is not dressed.
pub(super) const FOREGROUND: &str = "#d7dae0";
/// The sixteen named colours, as legible on the background.
const NAMED: [&str; 16] = [
    "#3b4048", "#f2777a", "#8fd18b", "#f0c674", "#7aa6da", "#c397d8", "#70c0ba", "#d7dae0", "#7f848e", "#ff9da4",
    "#b5e8b0", "#ffe2a0", "#a6c8f0", "#dfbff0", "#9ae0da", "#ffffff",
];

/// How a stretch of cells is drawn.
#[derive(Debug, Clone, PartialEq)]
struct Look {
    ink: String,
    paper: Option<String>,
    bold: bool,
    dim: bool,
    underlined: bool,
}

/// Neighbouring cells that look the same.
struct Stretch {
    column: u16,
    columns: u16,
    text: String,
    look: Look,
}

/// The picture of a screen under a title, from a row on.
pub(super) fn picture(screen: &Screen, title: &str, from: u16) -> String {
    let (rows, columns) = screen.size();
    let shows = |row: &u16| !stretches(screen, *row, columns.get()).is_empty();
    let until = (from..rows.get()).rev().find(shows).map_or(from + 1, |row| row + 1);
    let (width, height) = (f64::from(columns.get()) * COLUMN + 2.0 * EDGE, f64::from(until - from) * ROW + BAR + EDGE);
    let mut svg = opening(width, height, title);
    for row in from..until {
        for stretch in stretches(screen, row, columns.get()) {
            draw(&mut svg, row - from, &stretch);
        }
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

fn opening(width: f64, height: f64, title: &str) -> String {
    let title = escaped(title);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.1} {height:.1}\" width=\"{width:.0}\" role=\"img\" \
         aria-label=\"{title}\">\n<title>{title}</title>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{BACKGROUND}\"/>\n\
         <text x=\"{EDGE}\" y=\"21\" fill=\"#7f848e\" font-family=\"system-ui, sans-serif\" font-size=\"12\">{title}</text>\n\
         <g font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, 'Noto Sans Mono CJK JP', monospace\" \
         font-size=\"14\">\n"
    )
}

fn draw(svg: &mut String, row: u16, stretch: &Stretch) {
    let (x, width) = (EDGE + f64::from(stretch.column) * COLUMN, f64::from(stretch.columns) * COLUMN);
    let (top, line) = (BAR + f64::from(row) * ROW, BAR + f64::from(row) * ROW + 13.5);
    if let Some(paper) = &stretch.look.paper {
        let _ =
            writeln!(svg, "<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{ROW}\" fill=\"{paper}\"/>");
    }
    let look = &stretch.look;
    let weight = if look.bold { " font-weight=\"bold\"" } else { "" };
    let faint = if look.dim { " opacity=\"0.65\"" } else { "" };
    let line_below = if look.underlined { " text-decoration=\"underline\"" } else { "" };
    // The length keeps columns in line whatever font the reader has.
    let _ = writeln!(
        svg,
        "<text x=\"{x:.1}\" y=\"{line:.1}\" textLength=\"{width:.1}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{}\"{weight}{faint}{line_below}>{}</text>",
        look.ink,
        // Readers of pictures make one blank of several.
        escaped(&stretch.text).replace(' ', "\u{a0}")
    );
}

fn stretches(screen: &Screen, row: u16, columns: u16) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    for column in 0..columns {
        let Some(cell) = screen.cell(row, column).filter(|cell| !cell.is_wide_continuation()) else { continue };
        let (text, look) = (if cell.has_contents() { cell.contents() } else { " " }, look(cell));
        let cells = if cell.is_wide() { 2 } else { 1 };
        match found.last_mut().filter(|last| last.look == look && last.column + last.columns == column) {
            Some(last) => {
                last.text.push_str(text);
                last.columns += cells;
            }
            None => found.push(Stretch { column, columns: cells, text: text.to_owned(), look }),
        }
    }
    found.into_iter().filter_map(trimmed).collect()
}

/// A stretch without blanks that nobody sees.
fn trimmed(stretch: Stretch) -> Option<Stretch> {
    if stretch.look.paper.is_some() {
        return Some(stretch);
    }
    let before = stretch.text.len() - stretch.text.trim_start_matches(' ').len();
    let after = stretch.text.len() - stretch.text.trim_end_matches(' ').len();
    let text = stretch.text.trim_matches(' ').to_owned();
    let (before, after) = (u16::try_from(before).unwrap(), u16::try_from(after).unwrap());
    let kept = Stretch { column: stretch.column + before, text, ..stretch };
    (!kept.text.is_empty()).then(|| Stretch { columns: kept.columns - before - after, ..kept })
}

fn look(cell: &Cell) -> Look {
    let (ink, paper) = (colour(cell.fgcolor()), colour(cell.bgcolor()));
    let (ink, paper) = if cell.inverse() {
        (Some(paper.unwrap_or_else(|| BACKGROUND.to_owned())), Some(ink.unwrap_or_else(|| FOREGROUND.to_owned())))
    } else {
        (ink, paper)
    };
    Look {
        ink: ink.unwrap_or_else(|| FOREGROUND.to_owned()),
        paper,
        bold: cell.bold(),
        dim: cell.dim(),
        underlined: cell.underline(),
    }
}

fn colour(of: Color) -> Option<String> {
    match of {
        Color::Default => None,
        Color::Idx(index) => Some(NAMED.get(usize::from(index)).copied().unwrap_or(FOREGROUND).to_owned()),
        Color::Rgb(red, green, blue) => Some(format!("#{red:02x}{green:02x}{blue:02x}")),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
