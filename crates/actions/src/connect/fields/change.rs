use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::field::defined_as;
use crate::connect::by_sql::BySql;
use crate::connect::pointer::Pointer;
use crate::reach::Databases;
use crate::sight::satisfied;
use crate::{Action, Context};
use hcops_database::column::{self, Difference};
use hcops_heroku::if_found;
use hcops_model::{Effect, Fault, Prior, Seen};

/// Holds a field's definition in Salesforce against its column, and says which method the change needs.
///
/// Two sources of Heroku's differ. The staff's text of 2026-05-22 (heroku-connect-plugin, pull request 292): Connect alters a
/// column by itself for a length that has become longer; a shorter length, another type or anything else needs the field
/// taken out of the mapping, saved and put in again. The Dev Center article on maintenance operations (2022): for any other
/// length the mapping is saved, for another type the field is taken out and put in.
pub(crate) struct Change(pub(crate) Arc<Databases>);

/// Which field.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The app of the connection.
    app: String,
    /// The connection's id.
    connection: String,
    /// The address of its region, as discovery gave it.
    region_url: String,
    /// The object's API name.
    object: String,
    /// The field's API name.
    field: String,
    /// The method of the plan.
    method: Method,
    /// What the operator says that the change is; it counts for more than what was seen.
    #[serde(default)]
    kind: Option<Kind>,
    /// The database, where it may be looked at.
    #[serde(default)]
    by_sql: BySql,
}

/// A method of the procedure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Method {
    /// The mapping is saved.
    Simple,
    /// The field is taken out of the mapping and put in again.
    Complex,
}

/// What has become of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    /// Its length has become longer.
    Longer,
    /// Its length has become shorter.
    Shorter,
    /// It has another type, or something else has changed.
    Type,
}

/// What was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Output {
    /// What the change is, as far as that is known.
    kind: Option<Kind>,
    /// The method that is proposed for it.
    proposed_method: Option<Method>,
    /// The same in sentences, for those who approve the plan.
    before_approval: Vec<String>,
    /// What was seen, in a sentence.
    seen: String,
}

impl Action for Change {
    const NAME: &'static str = "connect.field-change";
    const SUMMARY: &'static str = "Say what has changed of a field, and which method that needs.";
    const EFFECT: Effect = Effect::ReadOnly;
    type Params = Params;
    type Output = Output;

    async fn observe(&self, context: &Context, params: &Params, _prior: &Prior) -> Result<Seen<Output>, Fault> {
        let salesforce = salesforce(context, params).await?;
        let column = self.column(context, params).await;
        let difference = salesforce
            .as_deref()
            .zip(column.as_deref())
            .and_then(|(salesforce, column)| column::difference(column, salesforce));
        let seen = format!(
            "{}.{} is {} in Salesforce, and its column {}",
            params.object,
            params.field,
            salesforce.as_deref().unwrap_or("not shown"),
            column.as_deref().unwrap_or("was not looked at")
        );
        let kind = params.kind.or(difference.and_then(kind_of));
        let proposed_method = kind.map(|kind| if kind == Kind::Longer { Method::Simple } else { Method::Complex });
        let mut told = vec![format!("{seen}: {}.", verdict(params, difference))];
        told.push(advice(params, kind, difference));
        Ok(satisfied(Output { kind, proposed_method, before_approval: told, seen }))
    }
}

impl Change {
    /// The type of the column as the server writes it. One that can't be looked at is not known; the step that checks
    /// whether the database can be reached says why.
    async fn column(&self, context: &Context, params: &Params) -> Option<String> {
        let session = self.0.session(context, params.by_sql.new_database()?).await.ok()?;
        let (table, name) = (params.object.to_lowercase(), params.field.to_lowercase());
        column::kind(&session, &params.by_sql.schema, &table, &name).await.ok()?
    }
}

/// What Salesforce has the field as, where Connect shows it.
async fn salesforce(context: &Context, params: &Params) -> Result<Option<String>, Fault> {
    let pointer = Pointer { region_url: &params.region_url, connection: &params.connection };
    let listed = if_found(context.clients.connect.object_fields(&pointer.address(context)?, &params.object).await)?;
    let field = listed.into_iter().flatten().find(|field| field.name == params.field);
    Ok(field.and_then(|field| defined_as(&field.rest)))
}

fn kind_of(difference: Difference) -> Option<Kind> {
    match difference {
        Difference::None => None,
        Difference::Longer => Some(Kind::Longer),
        Difference::Shorter => Some(Kind::Shorter),
        Difference::Type => Some(Kind::Type),
    }
}

fn verdict(params: &Params, difference: Option<Difference>) -> String {
    let seen = match difference {
        None => "what has changed is not seen from here",
        Some(Difference::None) => "the column is what the field is",
        Some(Difference::Longer) => "the field has become longer",
        Some(Difference::Shorter) => "the field has become shorter",
        Some(Difference::Type) => "the field has another type",
    };
    match params.kind.filter(|kind| difference.and_then(kind_of) != Some(*kind)) {
        Some(told) => format!("{seen}; --kind says {}", told.word()),
        None => seen.to_owned(),
    }
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Longer => "longer",
            Self::Shorter => "shorter",
            Self::Type => "type",
        }
    }
}

/// Where the two sources differ, both are named.
const STAFF: &str = "heroku-connect-plugin, pull request 292, 2026-05-22";
const ARTICLE: &str = "the Dev Center article of 2022";

fn advice(params: &Params, kind: Option<Kind>, difference: Option<Difference>) -> String {
    let other = |method: &str| {
        format!(
            "`hcops plan field-change --method {method} --object {} --field {} -a {}`",
            params.object, params.field, params.app
        )
    };
    match (kind, params.method) {
        (None, _) if difference == Some(Difference::None) => format!(
            "Nothing is left to do about its type and length. Where something else has changed: {}.",
            other("complex")
        ),
        (None, _) => format!(
            "A longer field needs nothing, or the method simple. A shorter one and one of another type need the method complex \
             ({STAFF}); {ARTICLE} calls a shorter one simple as well. Say which it is: --kind longer, shorter or type."
        ),
        (Some(Kind::Longer), Method::Simple) => format!(
            "Nothing need be done: Connect alters the column at the next sync ({STAFF}). By {ARTICLE} the mapping is saved, as \
             this plan does; that does no harm."
        ),
        (Some(Kind::Longer), Method::Complex) => format!(
            "For that the method simple is enough, and this one drops the column: Connect alters it at the next sync \
             ({STAFF}), or when the mapping is saved ({ARTICLE}). {}",
            other("simple")
        ),
        (Some(kind), Method::Simple) => format!(
            "The method complex is proposed: {}. For that the field has to be taken out of the mapping and put in again \
             ({STAFF}). {} After this plan the column may be as it was.",
            other("complex"),
            if kind == Kind::Shorter {
                "The Dev Center article of 2022 has the mapping saved, as this plan does."
            } else {
                "The Dev Center article of 2022 says the same."
            }
        ),
        (Some(Kind::Shorter), Method::Complex) => format!(
            "For that the field has to be taken out of the mapping and put in again, as this plan does ({STAFF}). By {ARTICLE} \
             the mapping is saved only, which may leave the column as it is: {}.",
            other("simple")
        ),
        (Some(Kind::Type), Method::Complex) => {
            format!(
                "For that the field is taken out of the mapping and put in again, as this plan does ({STAFF}; {ARTICLE})."
            )
        }
    }
}
