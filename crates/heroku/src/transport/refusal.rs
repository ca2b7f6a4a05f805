//! What a server's refusal means, as a fault with cause and remedy.

use super::call::Call;
use super::log::target;
use super::retry::asked_pause;
use super::speech::{first_words, is_data, spoken};
use super::{WireFault, WireResponse};
use hcops_model::{Fault, FaultKind, Happened, NOT_REACHED};

/// The error body of Heroku's APIs: `{id, message, url, resource, app}` (docs/heroku/platform.md, "Error bodies"), and
/// of Connect: `message`, or `error` on some endpoints (docs/heroku/connect.md, "Errors"). Every part is optional.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ApiFault {
    /// The error's id: `invalid_params`, `confirmation_required`.
    id: Option<String>,
    message: Option<String>,
    error: Option<String>,
    url: Option<String>,
    resource: Option<String>,
    app: Option<String>,
    syncing_mappings: Vec<String>,
}

impl ApiFault {
    /// The error body, where it is one: a JSON object.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let value: serde_json::Value = serde_json::from_slice(body).ok()?;
        let fields = value.as_object()?;
        let text = |name: &str| fields.get(name).and_then(serde_json::Value::as_str).map(spoken);
        let names = fields.get("syncing_mappings").and_then(serde_json::Value::as_array);
        Some(Self {
            id: text("id"),
            message: text("message"),
            error: text("error"),
            url: text("url"),
            resource: text("resource"),
            app: fields.get("app").and_then(|app| app["name"].as_str().or(app.as_str())).map(spoken),
            syncing_mappings: names
                .map(|names| names.iter().filter_map(serde_json::Value::as_str).map(spoken).collect())
                .unwrap_or_default(),
        })
    }

    /// The server's sentence, as the official client chooses it: `message`, then `error`.
    fn sentence(&self) -> Option<String> {
        let said = self.message.as_ref().or(self.error.as_ref()).filter(|text| !text.is_empty())?;
        let mappings = &self.syncing_mappings;
        Some(if mappings.is_empty() { said.clone() } else { format!("{said} ({})", mappings.join(", ")) })
    }
}

/// The fault of an exchange without a whole answer.
pub(super) fn no_answer(call: &Call, fault: &WireFault) -> Fault {
    let place = target(&call.url);
    let method = call.method.as_str();
    let saw = format!("{method} {place}: {fault}");
    match fault {
        WireFault::NotSent(_) => Fault::new(
            FaultKind::Transient,
            saw,
            "Nothing was sent, so nothing has changed at Heroku.",
            "Check this machine's network and proxy settings, and https://status.heroku.com; then go on.",
        )
        .with_code(NOT_REACHED)
        .with_happened(Happened::No),
        WireFault::Cut(_) | WireFault::TimedOut(_) => Fault::new(
            FaultKind::Transient,
            saw,
            doubt(call),
            "Check the network and https://status.heroku.com; then go on.",
        )
        .with_happened(call.doubt()),
        WireFault::TooLarge(_) => Fault::new(
            FaultKind::Unreadable,
            saw,
            "An answer of this size is not one of the API that was called.",
            "Check for a proxy between this machine and Heroku, and that HEROKU_HOST means Heroku.",
        )
        .with_happened(call.doubt()),
    }
}

/// What the fault of a token that is not valid is known by.
pub const INVALID_TOKEN: &str = "unauthorized";

/// What the fault of a look that was given up is known by.
pub const NOT_ASKED: &str = "no_answer_in_time";

/// The fault of a call that is not made any more, because those before it waited too long for their answers.
pub(super) fn not_asked(call: &Call) -> Fault {
    let mut fault = Fault::new(
        FaultKind::Refused,
        format!(
            "{} {} was not asked any more: too little was answered in time",
            call.method.as_str(),
            target(&call.url)
        ),
        "A look has an end, also where a server accepts every call and answers none; nothing has changed.",
        "Check the network and https://status.heroku.com; then look again.",
    )
    .with_happened(Happened::No);
    fault.code = Some(NOT_ASKED.to_owned());
    fault
}

/// The fault of an answer that is not 2xx.
pub(super) fn refused(call: &Call, response: &WireResponse, request_id: &str) -> Fault {
    let api = ApiFault::read(&response.body);
    let readable = api.is_some() || response.body.iter().all(u8::is_ascii_whitespace);
    let api = api.unwrap_or_default();
    let meaning = if readable || response.status >= 500 { meaning(call, response, &api) } else { not_the_api() };
    let happened = if response.status >= 500 || response.status == 408 { call.doubt() } else { Happened::No };
    let mut fault = Fault::new(meaning.kind, saw(call, response, &api, request_id), meaning.why, meaning.remedy)
        .with_happened(happened);
    fault.command = meaning.command;
    fault.code =
        if response.status == 401 && fault.kind == FaultKind::Unauthorized && api.id.as_deref() != Some("two_factor") {
            Some(INVALID_TOKEN.to_owned())
        } else {
            api.id
        };
    fault.pause = asked_pause(response).map(|pause| pause.as_secs());
    fault
}

/// The fault of an answer that can't be read as what was asked for.
pub(super) fn unreadable(call: &Call, response: &WireResponse, request_id: &str, what: &str) -> Fault {
    let place = target(&call.url);
    let method = call.method.as_str();
    Fault::new(
        FaultKind::Unreadable,
        format!("{method} {place} was answered {} but {what} (request {request_id})", response.status),
        if call.writes { doubt(call) } else { "What can't be read is not taken for success." },
        "Check for a proxy or login page between this machine and Heroku, and that HEROKU_HOST means Heroku. Otherwise this \
         version of hcops may be too old for the API.",
    )
    .with_happened(call.doubt())
}

/// What the body is, when it is not the JSON that was expected.
pub(super) fn not_json(response: &WireResponse) -> String {
    match first_words(&response.body) {
        words if words.is_empty() => "the answer is empty".to_owned(),
        _ if is_data(&response.body) => {
            format!(
                "the answer is not JSON: it breaks off, or goes on where it should end ({} bytes)",
                response.body.len()
            )
        }
        words => format!("the answer is not JSON: “{words}”"),
    }
}

/// A decoding error without the value that it was about: that could be a secret.
pub(super) fn decoding(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let plain = match (text.find('"'), text.rfind('"')) {
        (Some(first), Some(last)) if first < last => {
            format!("{}…{}", text.get(..=first).unwrap_or(""), text.get(last..).unwrap_or(""))
        }
        _ => text,
    };
    format!("the answer does not fit: {}", spoken(&plain))
}

fn saw(call: &Call, response: &WireResponse, api: &ApiFault, request_id: &str) -> String {
    let place = target(&call.url);
    let method = call.method.as_str();
    let is_whole = || serde_json::from_slice::<serde::de::IgnoredAny>(&response.body).is_ok();
    let words = || if is_data(&response.body) && !is_whole() { String::new() } else { first_words(&response.body) };
    let said = api.sentence().unwrap_or_else(words);
    let said = if said.is_empty() { "without a word".to_owned() } else { format!("“{said}”") };
    let id = api.id.as_ref().map(|id| format!(" {id}")).unwrap_or_default();
    let hint = response.header("retry-after").filter(|_| response.status == 429).map(spoken);
    let hint = hint.map(|hint| format!(", Retry-After: {hint}")).unwrap_or_default();
    let more = api.url.as_ref().map(|url| format!(", see {url}")).unwrap_or_default();
    format!("{method} {place} was answered {}{id}: {said}{hint}{more} (request {request_id})", response.status)
}

const fn doubt(call: &Call) -> &'static str {
    if call.writes {
        "Heroku may have carried it out: the world must be looked at before anything is repeated."
    } else {
        "It was only a look, so nothing has changed."
    }
}

struct Meaning {
    kind: FaultKind,
    why: String,
    remedy: String,
    command: Option<String>,
}

fn meaning_of(kind: FaultKind, why: &str, remedy: &str, command: Option<&str>) -> Meaning {
    Meaning { kind, why: why.to_owned(), remedy: remedy.to_owned(), command: command.map(str::to_owned) }
}

fn meaning(call: &Call, response: &WireResponse, api: &ApiFault) -> Meaning {
    match (api.id.as_deref().unwrap_or_default(), response.status) {
        ("two_factor", _) => two_factor(call, api),
        ("suspended", _) => suspended(),
        ("verification_required" | "verification_needed", _) => unverified(),
        ("delinquent", _) | (_, 402) => delinquent(),
        ("confirmation_required", _) => confirmation_required(response),
        (_, 401) => meaning_of(
            FaultKind::Unauthorized,
            "The token is missing, wrong or expired.",
            "Log in again, or set HEROKU_API_KEY to a valid token.",
            Some("heroku login"),
        ),
        (_, 403) => meaning_of(
            FaultKind::Unauthorized,
            "The token's owner may not do this.",
            "Use an account with access: deploy and operate on a team's app, or collaborator on a personal one.",
            Some("heroku access"),
        ),
        (_, 404 | 410) => not_found(api),
        (_, 429) => meaning_of(
            FaultKind::Transient,
            "The account's rate limit is used up (4,500 calls an hour); the call was not carried out.",
            "Wait some minutes. Other programs that use the same account share the limit.",
            None,
        ),
        (_, 408 | 500..) => meaning_of(
            FaultKind::Transient,
            doubt(call),
            "Check https://status.heroku.com; then go on.",
            Some("heroku status"),
        ),
        _ => meaning_of(
            FaultKind::Refused,
            "Heroku understood the request and refused it; nothing has changed.",
            "Change what the message names, then go on.",
            None,
        ),
    }
}

fn not_the_api() -> Meaning {
    meaning_of(
        FaultKind::Unreadable,
        "The answer is not in the form of Heroku's API, so something else answered in its place.",
        "Check for a proxy or login page between this machine and Heroku, and that HEROKU_HOST means Heroku.",
        None,
    )
}

/// As the official client does it: the code authorises the app for a while, then the call is made again (heroku-cli-command,
/// api-client: `PUT /apps/:app/pre-authorizations` with the header `Heroku-Two-Factor-Code`).
fn two_factor(call: &Call, api: &ApiFault) -> Meaning {
    let Some(app) = api.app.as_deref().filter(|app| is_a_name(app)) else {
        return meaning_of(
            FaultKind::Unauthorized,
            "Heroku asks for a second factor for this call, and names no app that could be authorised for a while.",
            "Use the token of an authorisation that was made for machines: set it as HEROKU_API_KEY.",
            Some("heroku authorizations:create"),
        );
    };
    let origin = call.url.origin().ascii_serialization();
    let command = format!(
        "curl -X PUT {origin}/apps/{app}/pre-authorizations -H 'Accept: application/vnd.heroku+json; version=3' \
         -H \"Authorization: Bearer $(heroku auth:token)\" -H 'Heroku-Two-Factor-Code: CODE'"
    );
    meaning_of(
        FaultKind::Unauthorized,
        &format!("Heroku asks for a second factor for what changes {app}; nothing has changed."),
        "Authorise the app for a while with the code of your second factor in place of CODE, then go on. For a job use the \
         token of `heroku authorizations:create`.",
        Some(&command),
    )
}

/// Whether it can stand in a command as it is.
fn is_a_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| character.is_ascii_alphanumeric() || character == '-')
}

/// Platform API reference, error ids: 403 `suspended`.
fn suspended() -> Meaning {
    meaning_of(
        FaultKind::Unauthorized,
        "Heroku has suspended the account or the app, and refuses this until that is settled; nothing has changed.",
        "Settle it with Heroku's support: https://help.heroku.com. Another token changes nothing.",
        Some("heroku auth:whoami"),
    )
}

/// Platform API reference, error ids: 402 `delinquent`.
fn delinquent() -> Meaning {
    meaning_of(
        FaultKind::Unauthorized,
        "The account is delinquent with payment, and Heroku refuses this until it is paid; nothing has changed.",
        "Pay what is due at https://dashboard.heroku.com/account/billing (a team's manager does it for a team), then go on.",
        Some("heroku auth:whoami"),
    )
}

/// Platform API reference, error ids: `verification_required`.
fn unverified() -> Meaning {
    meaning_of(
        FaultKind::Unauthorized,
        "Heroku wants the account verified by a means of payment before it creates this; nothing has changed.",
        "Verify the account at https://heroku.com/verify, then go on.",
        Some("heroku auth:whoami"),
    )
}

/// docs/heroku/platform.md, "Error bodies".
fn confirmation_required(response: &WireResponse) -> Meaning {
    let name = response.header("x-confirmation-required").map(spoken).unwrap_or_default();
    let which = if name.is_empty() { String::new() } else { format!(" for {name}") };
    meaning_of(
        FaultKind::Refused,
        "Heroku wants this call confirmed because something that exists would be replaced; nothing has changed.",
        &format!("Look at what has that name now, and confirm the step{which} if it may be replaced."),
        None,
    )
}

fn not_found(api: &ApiFault) -> Meaning {
    let what = api.resource.as_deref().unwrap_or("what was named");
    meaning_of(
        FaultKind::NotFound,
        &format!("There is no such thing ({what}), or this account may not see it."),
        "Check the name, and that you are logged in with the right account.",
        Some("heroku whoami"),
    )
}
