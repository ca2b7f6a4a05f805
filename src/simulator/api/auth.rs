use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Call;
use crate::simulator::world::{Refusal, World};

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
