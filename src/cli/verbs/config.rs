use clap::Args;
use serde_json::{Value, json};

use crate::cli::app_name;
use crate::cli::arguments::Form;
use crate::cli::config::REMARK;
use crate::cli::desk::Desk;
use crate::cli::failure::Failure;
use crate::cli::settings::SaidBy;
use hcops_model::Exit;
use hcops_notify::Recipient;
use hcops_terminal::wrap;

/// Show each setting and where it comes from
///
/// A flag wins over a variable, a variable over the config file, that over the default. The app of the git checkout in
/// which the command is called wins over the config file's. Of an address that notices go to only the host is shown.
#[derive(Args)]
pub(in crate::cli) struct Arguments {}

/// One setting as it is shown.
struct Row {
    name: &'static str,
    /// Nothing where it is not set.
    value: Option<String>,
    by: SaidBy,
}

/// Shows them.
///
/// # Errors
/// When the git remotes name several apps.
pub(in crate::cli) fn run(_: &Arguments, desk: &Desk) -> Result<Exit, Failure> {
    let rows = rows(desk)?;
    match desk.form {
        Form::Text => tell(&rows, desk),
        Form::Json => tell_json(&rows, desk),
    }
    if desk.settings.notify_is_readable_by_others() {
        desk.remark(&desk.appearance.tell(REMARK));
    }
    Ok(Exit::Done)
}

fn rows(desk: &Desk) -> Result<Vec<Row>, Failure> {
    let settings = &desk.settings;
    let app = app_name::found(None, desk)?;
    let by = app.as_ref().map_or(SaidBy::Default, |app| app.by);
    let form = match settings.output.value {
        Form::Text => "text",
        Form::Json => "json",
    };
    let notify = settings.notify.value.as_ref();
    let notify = notify.map(|addresses| addresses.0.iter().map(|address| host(address)).collect::<Vec<_>>().join(", "));
    let journal = settings.journal.value.display().to_string();
    Ok(vec![
        Row { name: "app", value: app.map(|app| app.value), by },
        Row { name: "output", value: Some(form.to_owned()), by: settings.output.by },
        Row { name: "notify", value: notify, by: settings.notify.by },
        Row { name: "journal", value: Some(journal), by: settings.journal.by },
        Row { name: "lang", value: Some(settings.lang.value.to_string()), by: settings.lang.by },
    ])
}

/// What may be shown of an address that may hold a token.
fn host(address: &str) -> String {
    match Recipient::server(address) {
        Ok(Recipient::Server { host, .. }) => format!("https://{host}/***"),
        _ => "***".to_owned(),
    }
}

fn tell(rows: &[Row], desk: &Desk) {
    desk.say(&about_the_file(desk));
    for row in rows {
        let value = row.value.clone().unwrap_or_else(|| desk.appearance.tell("not set").into_owned());
        desk.say(&[
            String::new(),
            format!("{}{value}", console::pad_str(row.name, WIDTH, console::Alignment::Left, None)),
        ]);
        if row.value.is_none() {
            continue;
        }
        let indent = " ".repeat(WIDTH);
        let origin = origin(row, desk);
        desk.say(&wrap(&desk.appearance.tell(&origin), desk.appearance.columns, &indent, &indent));
    }
}

/// Columns of the names.
const WIDTH: usize = 9;

fn about_the_file(desk: &Desk) -> Vec<String> {
    let file = &desk.settings.file;
    let sentence = match &file.path {
        Some(path) if file.there => format!("The config file is {}", path.display()),
        Some(path) => format!("There is no config file; it would be {}", path.display()),
        None => "There is no config file, and no home directory where it could be".to_owned(),
    };
    vec![desk.appearance.tell(&sentence).into_owned()]
}

fn origin(row: &Row, desk: &Desk) -> String {
    match row.by {
        SaidBy::Option(name) => format!("from the option {name}"),
        SaidBy::Variable(name) => format!("from the variable {name}"),
        SaidBy::Remote => "from a git remote of this directory".to_owned(),
        SaidBy::Line(line) => {
            let path = desk.settings.file.path.as_deref().unwrap_or_else(|| std::path::Path::new("config.toml"));
            format!("from {}:{line}", path.display())
        }
        SaidBy::Default => "the default".to_owned(),
    }
}

fn tell_json(rows: &[Row], desk: &Desk) {
    let file = &desk.settings.file;
    let settings: Vec<Value> =
        rows.iter().map(|row| json!({ "name": row.name, "value": row.value, "from": from(row.by, desk) })).collect();
    desk.say_json("config", json!({ "file": file.path, "there": file.there, "settings": settings }));
}

fn from(by: SaidBy, desk: &Desk) -> Value {
    match by {
        SaidBy::Option(name) => json!({ "kind": "option", "name": name }),
        SaidBy::Variable(name) => json!({ "kind": "variable", "name": name }),
        SaidBy::Remote => json!({ "kind": "git-remote" }),
        SaidBy::Line(line) => json!({ "kind": "file", "file": desk.settings.file.path, "line": line }),
        SaidBy::Default => json!({ "kind": "default" }),
    }
}
