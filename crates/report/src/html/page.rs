//! The page: its head, its order, its foot.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::visible::visible;
use super::{sections, summary};
use crate::account::Account;
use crate::evidence::Kept;
use crate::gather::account;
use hcops_model::{JournalFault, Line};

const STYLE: &str = include_str!("style.css");

/// Nothing is fetched and nothing is run, even where a browser would be told to.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The account of a run as one HTML file. The same lines and the same evidence give the same bytes.
///
/// # Errors
/// When the lines do not begin with the opening of a run.
pub fn html(lines: &[Line], kept: &Kept) -> Result<String, JournalFault> {
    Ok(visible(&page(&account(lines, kept)?).into_string()))
}

fn page(account: &Account) -> Markup {
    let sections: Vec<Section> = sections::all(account);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                "\n" meta charset="utf-8";
                "\n" meta name="viewport" content="width=device-width, initial-scale=1";
                "\n" meta name="color-scheme" content="light dark";
                "\n" meta http-equiv="Content-Security-Policy" content=(POLICY);
                "\n" meta name="generator" content={ "hcops " (account.tool) };
                "\n" title { (account.title) " · " (summary::verdict(account).word) }
                "\n" style { (PreEscaped(STYLE)) }
            }
            "\n"
            body {
                a class="skip" href="#report" { "To the report" }
                main id="report" {
                    (summary::summary(account))
                    nav aria-label="Sections" {
                        ul { @for section in &sections { li { a href={ "#" (section.id) } { (section.title) } } } }
                    }
                    @for section in &sections { (framed(section)) }
                }
                (foot(account))
            }
        }
        "\n"
    }
}

/// A part of the page with a heading of its own.
pub(super) struct Section {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) body: Markup,
}

fn framed(section: &Section) -> Markup {
    let heading = format!("{}-heading", section.id);
    html! {
        "\n"
        section id=(section.id) aria-labelledby=(heading) {
            h2 id=(heading) { (section.title) }
            (section.body)
        }
    }
}

fn foot(account: &Account) -> Markup {
    html! {
        "\n"
        footer {
            p {
                "Made by hcops " (account.tool) " from " (account.journal.lines) " lines of the journal of run "
                code { (account.run) } ", whose running hash is " code { (account.journal.chain) } ". All times are UTC."
            }
        }
    }
}
