use std::collections::BTreeSet;

use serde::Deserialize;

use super::Inventory;
use super::difference::SERVER_FACTS;
use crate::Session;
use hcops_model::Fault;

/// What a copy by dump and restore, without owners and grants, will not have of a database, known before it is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Uncopied {
    /// What makes the copy fail, or differ with no way to mend it, one sentence each.
    pub obstacles: Vec<String>,
    /// Grants that it will lack, and what everybody may do in it that they may not now; a person may leave them.
    pub grants: Vec<String>,
    /// What can be made in the new database by hand once the copy is there.
    pub by_hand: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Naming {
    role: String,
    by: String,
}

/// A dump names these roles, whatever else it leaves out, and a restore fails where one is missing.
const NAMED: &str = "
    select r.rolname as role, 'the policy ' || quote_ident(p.polname) || ' on ' || (pg_identify_object('pg_class'::regclass, p.polrelid, 0)).identity as by
    from pg_policy p cross join lateral unnest(p.polroles) u (id) join pg_roles r on r.oid = u.id
    union all
    select r.rolname, 'the user mapping of ' || quote_ident(m.srvname) from pg_user_mappings m join pg_roles r on r.oid = m.umuser
    order by 1, 2";

#[derive(Debug, Deserialize)]
struct Role {
    role: String,
}

/// Compares both databases before the copy: the old one, and the one that it will be copied into. Roles in `left` are left
/// out on purpose; `public` among them stands for grants to everybody. Only looks. Works through a pooler.
///
/// # Errors
/// As a server refuses.
pub async fn uncopied(old: &Session, new: &Session, left: &[String]) -> Result<Uncopied, Fault> {
    let namings: Vec<Naming> = old.rows(NAMED).await?;
    let roles: Vec<Role> = new.rows("select rolname as role from pg_roles").await?;
    let there: BTreeSet<&str> = roles.iter().map(|it| it.role.as_str()).collect();
    let missing = namings.iter().filter(|it| !there.contains(it.role.as_str()));
    let mut obstacles: Vec<String> =
        missing.map(|it| format!("{} names the role {}, which the new database has not", it.by, it.role)).collect();
    let (old, new) = (super::read(old).await?, super::read(new).await?);
    obstacles.extend(servers(&old, &new));
    Ok(Uncopied { obstacles, grants: grants(&old, left), by_hand: settings(&old, &new) })
}

fn servers(old: &Inventory, new: &Inventory) -> Vec<String> {
    let fact = |read: &Inventory, name: &str| {
        let server = read.of_kind("server").next();
        server.and_then(|server| server.facts.get(name)).cloned().unwrap_or_else(|| "none".to_owned())
    };
    let compared = SERVER_FACTS.iter().filter(|name| **name != "large objects");
    compared
        .filter(|name| fact(old, name) != fact(new, name))
        .map(|name| format!("the {name} is {}, and {} in the new database", fact(old, name), fact(new, name)))
        .collect()
}

/// What everybody may do with a new object is not lost, but comes back where it was taken away.
fn grants(old: &Inventory, left: &[String]) -> Vec<String> {
    let is_left = |role: &str| left.iter().any(|it| it == role);
    let mut found = Vec::new();
    for item in old.items.iter().filter(|item| matches!(item.kind.as_str(), "grant" | "default privileges")) {
        let Some((object, role)) = item.name.rsplit_once(" to ") else { continue };
        let is_default = item.kind == "grant"
            && role == "public"
            && ["function ", "type ", "language "].iter().any(|sort| object.starts_with(sort));
        let is_servers = object.starts_with("built-in ") || ["database", "schema public"].contains(&object);
        let is_kept = is_default || is_servers || role == "(owner)" || super::difference::is_herokus(item);
        if !is_kept
            && !is_left(role)
            && !is_left(object.strip_prefix("of ").and_then(|it| it.split(" on ").next()).unwrap_or(""))
        {
            found.push(format!("{} {}", item.kind, item.name));
        }
    }
    if !is_left("public") {
        let granted: BTreeSet<&str> = old.of_kind("grant").map(|item| item.name.as_str()).collect();
        let without = |kind: &'static str| {
            let granted = &granted;
            old.of_kind(kind)
                .filter(|item| !super::difference::is_herokus(item))
                // Of shell types and of base types nobody is asked.
                .filter(move |item| {
                    item.facts.get("sort").is_none_or(|sort| !["p", "b"].contains(&sort.as_str()) || kind == "function")
                })
                .filter(move |item| !granted.contains(format!("{kind} {} to public", item.name).as_str()))
                .map(move |item| format!("{kind} {}, which not everybody may use", item.name))
        };
        found.extend(without("function"));
        found.extend(without("type"));
    }
    found
}

fn settings(old: &Inventory, new: &Inventory) -> Vec<String> {
    let value = |read: &Inventory, name: &str| {
        read.of_kind("setting").find(|item| item.name == name).and_then(|item| item.facts.get("value").cloned())
    };
    let lost = old.of_kind("setting").filter(|item| value(new, &item.name) != item.facts.get("value").cloned());
    let spoken = |item: &super::Item| match item.facts.get("value") {
        Some(value) => format!("the setting {} = {value}", item.name),
        None => format!("the setting {}", item.name),
    };
    lost.map(spoken).collect()
}
