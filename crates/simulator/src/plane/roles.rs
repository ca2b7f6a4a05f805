use super::PlaneFault;
use super::server::Server;
use crate::world::Database;

/// Makes the database and its roles in a new server, as Heroku does: the default credential is an ordinary role that owns
/// the database and may look at what the server does; the others may connect.
pub(super) async fn found(server: &mut Server, database: &Database) -> Result<(), PlaneFault> {
    let (name, owner) = (identifier(&database.database), identifier(&database.user));
    run(server, &role(&database.user, &database.password)).await?;
    run(server, &format!("grant pg_monitor to {owner}")).await?;
    let there = format!("select count(*) from pg_database where datname = {}", literal(&database.database));
    if server.ask("looking for the database", &there).await? == "0" {
        run(server, &format!("create database {name} owner {owner}")).await?;
    }
    admit_others(server, database).await
}

/// Gives a fork, which holds its origin's names, its own: a fork has new credentials (docs/heroku/procedures.md,
/// "Rollback recovery").
pub(super) async fn rename(server: &mut Server, database: &Database, from: (&str, &str)) -> Result<(), PlaneFault> {
    let (old_name, old_owner) = from;
    let there = format!("select count(*) from pg_database where datname = {}", literal(old_name));
    if old_name != database.database && server.ask("looking for the database", &there).await? == "1" {
        let (old, new) = (identifier(old_name), identifier(&database.database));
        run(server, &format!("alter database {old} rename to {new}")).await?;
    }
    let there = format!("select count(*) from pg_roles where rolname = {}", literal(old_owner));
    if old_owner != database.user && server.ask("looking for the owner", &there).await? == "1" {
        let (old, new) = (identifier(old_owner), identifier(&database.user));
        run(server, &format!("alter role {old} rename to {new}")).await?;
    }
    run(server, &role(&database.user, &database.password)).await?;
    admit_others(server, database).await
}

async fn admit_others(server: &mut Server, database: &Database) -> Result<(), PlaneFault> {
    for credential in &database.credentials {
        run(server, &role(credential, &database.password)).await?;
    }
    Ok(())
}

fn role(name: &str, password: &str) -> String {
    let (quoted, password) = (identifier(name), literal(password));
    let there = format!("select from pg_roles where rolname = {}", literal(name));
    format!(
        "do $body$ begin if not exists ({there}) then create role {quoted} login; end if; end $body$;
         alter role {quoted} login password {password}"
    )
}

async fn run(server: &mut Server, script: &str) -> Result<(), PlaneFault> {
    server.own().await?.batch_execute(script).await.map_err(PlaneFault::sql("making roles and databases"))
}

fn identifier(text: &str) -> String {
    postgres_protocol::escape::escape_identifier(text)
}

fn literal(text: &str) -> String {
    postgres_protocol::escape::escape_literal(text)
}
