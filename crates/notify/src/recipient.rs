use url::Url;

use hcops_model::Secret;

/// Whoever is told.
pub enum Recipient {
    /// A server that takes a POST.
    Server {
        /// Where; it may hold a token.
        address: Secret,
        /// What may be shown of the address.
        host: String,
        /// In which form.
        form: Form,
    },
    /// A command of the shell, which reads the notice from its standard input.
    Command(String),
}

/// What is posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The notice itself.
    Notice,
    /// A message as Slack's incoming webhooks take it.
    Slack,
}

/// Why nobody can be told there. The address is not repeated: it may hold a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadRecipient {
    /// It is no address.
    #[error("it is no http or https address")]
    NoAddress,
    /// Tokens in it would go over the network in the clear.
    #[error("an http address must be on this machine; everything else needs https")]
    InTheClear,
}

/// What Slack's own webhooks begin with.
const SLACK_HOSTS: [&str; 2] = ["hooks.slack.com", "hooks.slack-gov.com"];

impl Recipient {
    /// The server at this address. `slack+https://…` asks for Slack's form elsewhere than at Slack itself, for a server
    /// that understands it.
    ///
    /// # Errors
    /// When it is no address, or one that would send its token in the clear.
    pub fn server(address: &str) -> Result<Self, BadRecipient> {
        let (asked, address) = match address.split_once('+') {
            Some(("slack", rest)) => (Some(Form::Slack), rest),
            Some(("json", rest)) => (Some(Form::Notice), rest),
            _ => (None, address),
        };
        let url = Url::parse(address).map_err(|_| BadRecipient::NoAddress)?;
        let host = url.host_str().ok_or(BadRecipient::NoAddress)?.to_owned();
        match url.scheme() {
            "https" => {}
            "http" if hcops_heroku::transport::is_loopback(&url) => {}
            "http" => return Err(BadRecipient::InTheClear),
            _ => return Err(BadRecipient::NoAddress),
        }
        let usual = if SLACK_HOSTS.contains(&host.as_str()) { Form::Slack } else { Form::Notice };
        Ok(Self::Server { address: Secret::new(address), host, form: asked.unwrap_or(usual) })
    }

    /// What it is called where something is said about it.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Server { host, .. } => host.clone(),
            // Somebody may have written a token into it.
            Self::Command(command) => {
                format!("the command `{}`", super::command::program(command))
            }
        }
    }
}
