/// A database in sentences and commands: its add-on's name and the app that owns it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) app: &'a str,
    pub(super) database: &'a str,
}

impl Subject<'_> {
    /// The official client's command that shows the database.
    pub(super) fn shown_by(&self) -> String {
        format!("heroku pg:info {} -a {}", self.database, self.app)
    }
}
