//! Tables that become cards on a narrow screen and stay tables for who has them read aloud.

use maud::{Markup, html};

/// A table's column.
pub(super) struct Column {
    pub(super) name: &'static str,
    /// A class for its cells: `prose`, `step`, `number`, `code`, `time`, `by` or `file`.
    pub(super) class: &'static str,
}

/// A column.
pub(super) const fn column(name: &'static str, class: &'static str) -> Column {
    Column { name, class }
}

/// A table. The first cell of a row is its header.
///
/// The roles repeat what the elements mean, because a narrow screen lays the cells out as blocks and would lose it.
pub(super) fn table(caption: &str, columns: &[Column], rows: impl IntoIterator<Item = Vec<Markup>>) -> Markup {
    built("cards", caption, columns, rows)
}

/// A table that is small enough to stay one.
pub(super) fn small_table(caption: &str, columns: &[Column], rows: impl IntoIterator<Item = Vec<Markup>>) -> Markup {
    built("small", caption, columns, rows)
}

fn built(kind: &str, caption: &str, columns: &[Column], rows: impl IntoIterator<Item = Vec<Markup>>) -> Markup {
    html! {
        table class=(kind) role="table" {
            caption { (caption) }
            thead role="rowgroup" {
                tr role="row" {
                    @for column in columns { th role="columnheader" scope="col" class=(column.class) { (column.name) } }
                }
            }
            tbody role="rowgroup" {
                @for row in rows { "\n" (table_row(columns, &row)) }
            }
        }
    }
}

fn table_row(columns: &[Column], cells: &[Markup]) -> Markup {
    html! {
        tr role="row" {
            @for (index, (column, cell)) in columns.iter().zip(cells).enumerate() {
                @if index == 0 {
                    th role="rowheader" scope="row" class=(column.class) data-name=(column.name) { div { (cell) } }
                } @else if cell.0.is_empty() {
                    td role="cell" class={ (column.class) " empty" } {}
                } @else {
                    td role="cell" class=(column.class) data-name=(column.name) { div { (cell) } }
                }
            }
        }
    }
}
