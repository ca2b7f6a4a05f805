use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Call;
use crate::world::{Refusal, World};

/// Which rules of access an API has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Bearer token, or Basic with an empty user; the rate limit counts.
    Platform,
    /// Bearer token, or Basic with an empty user.
    Data,
    /// Bearer token; unavailable during Connect's maintenance.
    Connect,
    /// Open to all.
    Public,
}

/// Checks the token.
pub(super) fn check(world: &World, access: Access, call: &Call) -> Result<(), Refusal> {
    if access == Access::Public {
        return Ok(());
    }
    let token = token(call.header("authorization").unwrap_or("")).filter(|token| token != "undefined");
    let good = token.is_some_and(|token| !world.account.expired && !world.account.refused_tokens.contains(&token));
    if good { Ok(()) } else { Err(Refusal::new(401, "unauthorized", "Invalid credentials provided.")) }
}

/// What the account's own state refuses (Platform API reference, error ids; docs/heroku/platform.md, "Error bodies").
pub(super) fn check_account(world: &World, call: &Call, is_read: bool) -> Result<(), Refusal> {
    let account = &world.account;
    if call.path == "/account" && account.out_of_scope {
        return Err(Refusal::new(403, "forbidden", "The scope of this authorization does not allow it."));
    }
    if is_read {
        return Ok(());
    }
    if account.suspended_at.is_some() {
        return Err(Refusal::new(403, "suspended", "Your account has been suspended."));
    }
    if account.delinquent_at.is_some() && call.method == "POST" && call.path.ends_with("/addons") {
        return Err(Refusal::new(402, "delinquent", "This account is delinquent with payment."));
    }
    let app = call.path.strip_prefix("/apps/").and_then(|rest| rest.split('/').next());
    check_permissions(world, call, app)?;
    match app {
        Some(app) if account.asks_second_factor && !call.path.ends_with("/pre-authorizations") => {
            let mut refusal = Refusal::new(403, "two_factor", "A second authentication factor is required.");
            refusal.body["app"] = serde_json::json!({ "name": app });
            Err(refusal)
        }
        _ => Ok(()),
    }
}

/// What the account's permissions on an app refuse (Dev Center, App Permissions and Allowed Actions).
fn check_permissions(world: &World, call: &Call, app: Option<&str>) -> Result<(), Refusal> {
    let attachment = call.path.strip_prefix("/addon-attachments");
    let of_attachment = attachment.is_some();
    let by_id = attachment.and_then(|id| world.attachments.iter().find(|one| one.id == id.trim_matches('/')));
    let in_body = call.body["app"].as_str().filter(|_| of_attachment);
    let app = app.or(in_body).or(by_id.map(|one| one.app.as_str()));
    let named = app.and_then(|app| world.app(app).ok()).map(|app| app.name.as_str());
    let Some(allowed) = named.and_then(|app| world.account.permissions.get(app)) else { return Ok(()) };
    let needed: &[&str] =
        if of_attachment || call.path.contains("/addons") { &["operate"] } else { &["deploy", "operate"] };
    if allowed.iter().any(|allowed| needed.contains(&allowed.as_str())) {
        return Ok(());
    }
    Err(Refusal::new(403, "forbidden", "You do not have access to the app."))
}

fn token(header: &str) -> Option<String> {
    let (scheme, value) = header.split_once(' ')?;
    let token = match scheme.to_ascii_lowercase().as_str() {
        "bearer" => value.trim().to_owned(),
        "basic" => {
            let decoded = String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()?;
            decoded.split_once(':')?.1.to_owned()
        }
        _ => return None,
    };
    Some(token).filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use super::token;

    #[test]
    fn both_schemes_carry_a_token() {
        assert_eq!(token("Bearer abc").as_deref(), Some("abc"));
        assert_eq!(token("Basic OmFiYw==").as_deref(), Some("abc"));
        assert_eq!(token("Basic %%%"), None);
        assert_eq!(token("Bearer "), None);
        assert_eq!(token(""), None);
    }
}
