//! Sends the recorded requests of a case again, as the official client sent them, and judges the answers.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::Value;

use crate::cases::{Api, Case, Recorded};
use crate::fields;
use crate::http::{self, Answer};
use crate::stage::Stage;

/// What an answer fell short of, in words; nothing when the case agrees.
pub(crate) async fn replay(case: &Case) -> Vec<String> {
    let mut stage = Stage::set(&case.preset, &case.requests).await;
    let mut judge = Judge::default();
    for recorded in &case.requests {
        match send(&mut stage, case, recorded).await {
            Ok(answer) => judge.weigh(case, recorded, &stage.templates.fill_value(&recorded.response), &answer),
            Err(why) => judge.complaints.push(why),
        }
    }
    judge.weigh_connection(case);
    judge.complaints
}

async fn send(stage: &mut Stage, case: &Case, recorded: &Recorded) -> Result<Answer, String> {
    let path = stage.templates.fill(&recorded.path);
    let method: Method = recorded.method.parse().map_err(|_| format!("no method {}", recorded.method))?;
    let (headers, body) = (headers(case, recorded), body(stage, recorded));
    let answer = http::send(&method, &format!("http://{}{path}", stage.address()), headers, body).await?;
    stage.templates.learn_from_answer(&recorded.path, &answer.json());
    Ok(answer)
}

fn body(stage: &Stage, recorded: &Recorded) -> Option<Bytes> {
    if recorded.has_body {
        return Some(Bytes::from(stage.templates.fill_value(&recorded.body).to_string()));
    }
    // A POST or PUT without a body still says that it has none (docs/heroku/cli.md, "Requests").
    matches!(recorded.method.as_str(), "POST" | "PUT").then(Bytes::new)
}

/// The usual headers of the API (docs/heroku/cli.md, "Requests"), and those that the recording
/// names.
fn headers(case: &Case, recorded: &Recorded) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut put = |name: HeaderName, value: &str| {
        headers.insert(name, HeaderValue::from_str(value).unwrap());
    };
    let token = case.token().unwrap_or_else(|| "undefined".to_owned());
    match recorded.api {
        Api::Platform | Api::Data => {
            put(header::ACCEPT, "application/vnd.heroku+json; version=3");
            put(header::USER_AGENT, "heroku-cli/11.10.0 linux");
            put(
                HeaderName::from_static("request-id"),
                "0198c5c0-0000-4000-8000-000000000001,0198c5c0-0000-4000-8000-000000000002",
            );
        }
        Api::Connect => {
            put(header::ACCEPT, "application/json, text/plain, */*");
            put(header::USER_AGENT, "axios/1.19.0");
            put(header::ACCEPT_ENCODING, "gzip, compress, deflate, br");
            put(header::CONTENT_TYPE, "application/json");
            put(HeaderName::from_static("heroku-client"), "cli");
        }
        Api::Status => put(header::ACCEPT, "*/*"),
    }
    if recorded.api != Api::Status {
        put(header::AUTHORIZATION, &format!("Bearer {token}"));
    }
    if recorded.has_body {
        put(header::CONTENT_TYPE, "application/json");
    }
    for line in &recorded.headers {
        let (name, value) = deviating(line, &token);
        put(name, &value);
    }
    headers
}

/// A header of the recording, which shortens two of them: `…version=3.sdk` and how the token goes into `Basic`.
pub(crate) fn deviating(line: &str, token: &str) -> (HeaderName, String) {
    let (name, value) = line.split_once(": ").unwrap_or((line, ""));
    let value = match value {
        r#"Basic base64(":"+token)"# => format!("Basic {}", BASE64_STANDARD.encode(format!(":{token}"))),
        other => other.replace('…', "application/vnd.heroku+json; "),
    };
    (name.parse().unwrap(), value)
}

#[derive(Default)]
struct Judge {
    complaints: Vec<String>,
    /// The two Connect reads, recorded and ours, that the plugin merges into one.
    connection: Vec<(Value, Value)>,
}

impl Judge {
    fn weigh(&mut self, case: &Case, recorded: &Recorded, wanted: &Value, answer: &Answer) {
        let place = format!("{} {}", recorded.method, recorded.path);
        if answer.status != recorded.status {
            let body = String::from_utf8_lossy(&answer.body).chars().take(200).collect::<String>();
            self.complaints.push(format!("{place}: status {} instead of {} ({body})", answer.status, recorded.status));
            return;
        }
        let ours = answer.json();
        self.weigh_body(&place, recorded, wanted, answer);
        for field in needed(case, &place) {
            let lack = fields::lacks(&ours, wanted, &field);
            self.complaints.extend(lack.map(|lack| format!("{place}: {lack}")));
        }
        if recorded.api == Api::Connect && recorded.method == "GET" && recorded.status == 200 {
            self.connection.push((wanted.clone(), ours));
        }
    }

    /// No body where the recording has none, and JSON that says so where it has one.
    fn weigh_body(&mut self, place: &str, recorded: &Recorded, wanted: &Value, answer: &Answer) {
        let says = answer.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if wanted.is_null() && answer.status == 204 && !answer.body.is_empty() {
            self.complaints.push(format!("{place}: a body with status 204"));
        } else if !(wanted.is_null() || says.starts_with("application/json") || says.contains("+json")) {
            self.complaints.push(format!("{place}: content type `{says}`, so the client would not read the JSON"));
        } else if matches!(recorded.api, Api::Platform | Api::Data)
            && answer.headers.contains_key(header::CONTENT_ENCODING)
        {
            self.complaints.push(format!("{place}: compressed, which this client can't read"));
        }
    }

    fn weigh_connection(&mut self, case: &Case) {
        let Some(needs) = case.needs.get("GET /connections + GET /api/v3/connections/:id?deep=true") else { return };
        let merged = |pick: fn(&(Value, Value)) -> &Value| {
            let mut merged = serde_json::Map::new();
            for answer in self.connection.iter().map(pick) {
                let fields = answer.pointer("/results/0").or((answer.get("id").is_some()).then_some(answer));
                merged.extend(fields.and_then(Value::as_object).cloned().unwrap_or_default());
            }
            Value::Object(merged)
        };
        let (wanted, ours) = (merged(|pair| &pair.0), merged(|pair| &pair.1));
        let lacks = needs.required.iter().chain(&needs.output).filter_map(|field| fields::lacks(&ours, &wanted, field));
        let lacks: Vec<_> = lacks.map(|lack| format!("the connection: {lack}")).collect();
        self.complaints.extend(lacks);
    }
}

/// The fields that the client needs or reads at this place; the table names places with or without their query.
fn needed(case: &Case, place: &str) -> Vec<String> {
    let bare = place.split('?').next().unwrap_or(place);
    let mut names = Vec::new();
    for key in [place, bare] {
        if let Some(needs) = case.needs.get(key) {
            names.extend(needs.required.iter().chain(&needs.output).cloned());
        }
        names.extend(case.fields_read.get(key).into_iter().flatten().cloned());
    }
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortened_headers_are_written_out() {
        let (name, value) = deviating("accept: …version=3.sdk", "t");
        assert_eq!((name.as_str(), value.as_str()), ("accept", "application/vnd.heroku+json; version=3.sdk"));
        let (_, value) = deviating(r#"authorization: Basic base64(":"+token)"#, "abc");
        assert_eq!(value, "Basic OmFiYw==");
    }
}
