use postgres_protocol::escape::{escape_identifier, escape_literal};

/// A column that a mapped field has become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// Its name: the field's, in lower case.
    pub(super) name: String,
    kind: Kind,
}

/// What a Salesforce field holds. The simulator knows fields by name only, so this is told from the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Reference,
    ExternalId,
    Text(u16),
    Email,
    Picklist,
    LongText,
    Number,
    Date,
    DateTime,
    Checkbox,
}

impl Column {
    /// The column of a field, by the field's API name.
    pub(super) fn of(field: &str, is_external_id: bool) -> Self {
        let name = field.to_lowercase();
        let kind = if is_external_id { Kind::ExternalId } else { Kind::of(&name) };
        Self { name, kind }
    }

    /// Its quoted name.
    pub(super) fn quoted(&self) -> String {
        escape_identifier(&self.name)
    }

    /// Its type in Postgres (docs/heroku/connect.md, "Mapped tables").
    pub(super) fn sql_type(&self) -> String {
        match self.kind {
            Kind::Reference => "varchar(18)".to_owned(),
            Kind::Text(length) => format!("varchar({length})"),
            Kind::Email => "varchar(80)".to_owned(),
            Kind::ExternalId | Kind::Picklist => "varchar(255)".to_owned(),
            Kind::LongText => "text".to_owned(),
            Kind::Number => "double precision".to_owned(),
            Kind::Date => "date".to_owned(),
            Kind::DateTime => "timestamp".to_owned(),
            Kind::Checkbox => "boolean".to_owned(),
        }
    }

    /// Whether a free text of any kind can stand in it, long enough for a mark.
    pub(super) const fn takes_free_text(&self) -> bool {
        matches!(self.kind, Kind::Text(_) | Kind::LongText | Kind::Email | Kind::Picklist)
    }

    /// Whether people read this first when they look for a record.
    pub(super) const fn is_a_name(&self) -> bool {
        matches!(self.kind, Kind::Text(_))
    }

    /// Whether Salesforce alone sets it, so that an app leaves it empty.
    pub(super) fn is_set_by_salesforce(&self) -> bool {
        ["systemmodstamp", "createddate", "lastmodifieddate", "isdeleted"].contains(&self.name.as_str())
    }

    /// A plausible value of an object's record number `n`, as an SQL expression.
    pub(super) fn value(&self, object: &str) -> String {
        let object = escape_literal(object);
        match self.kind {
            Kind::Reference => "'001' || lpad((1 + n % 500)::text, 12, '0') || 'AAA'".to_owned(),
            Kind::ExternalId => "'ext-' || n".to_owned(),
            Kind::Text(_) => format!("{object} || ' ' || n"),
            Kind::Email => "'person' || n || '@people.example'".to_owned(),
            Kind::Picklist => "(array['New', 'Working', 'Closed', null])[1 + n % 4]".to_owned(),
            Kind::LongText => {
                "case n % 3 when 0 then null when 1 then '' else repeat('several words ', (n % 40)::int) end".to_owned()
            }
            Kind::Number => "case when n % 11 = 0 then null else n / 7.0::float8 end".to_owned(),
            Kind::Date => "date '2024-01-01' + (n % 900)::int".to_owned(),
            Kind::DateTime => "timestamp '2025-01-01' + n * interval '61 seconds'".to_owned(),
            Kind::Checkbox if self.name == "isdeleted" => "false".to_owned(),
            Kind::Checkbox => "n % 5 = 0".to_owned(),
        }
    }
}

impl Kind {
    fn of(name: &str) -> Self {
        let plain = name.strip_suffix("__c").unwrap_or(name);
        match plain {
            "systemmodstamp" | "createddate" | "lastmodifieddate" => Self::DateTime,
            "name" => Self::Text(255),
            "lastname" | "firstname" | "title" | "subject" => Self::Text(80),
            "email" => Self::Email,
            "description" | "comments" => Self::LongText,
            _ => Self::by_ending(plain),
        }
    }

    fn by_ending(plain: &str) -> Self {
        let ends = |endings: &[&str]| endings.iter().any(|ending| plain.ends_with(ending));
        if ends(&["id"]) {
            Self::Reference
        } else if ends(&["date"]) {
            Self::Date
        } else if ends(&["amount", "revenue", "number", "count", "quantity", "price", "probability"]) {
            Self::Number
        } else if plain.starts_with("is") || plain.starts_with("has") || ends(&["active"]) {
            Self::Checkbox
        } else {
            Self::Picklist
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Column;

    #[test]
    fn types_are_those_that_connect_gives() {
        let types = [
            ("AccountId", "varchar(18)"),
            ("Name", "varchar(255)"),
            ("LastName", "varchar(80)"),
            ("Status__c", "varchar(255)"),
            ("Description", "text"),
            ("Total_Amount__c", "double precision"),
            ("CloseDate", "date"),
            ("CreatedDate", "timestamp"),
            ("IsDeleted", "boolean"),
        ];
        for (field, expected) in types {
            assert_eq!(Column::of(field, false).sql_type(), expected, "{field}");
        }
        assert_eq!(Column::of("Legacy_Id__c", true).sql_type(), "varchar(255)");
        assert!(!Column::of("Legacy_Id__c", true).takes_free_text());
    }
}
