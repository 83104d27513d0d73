//! Whose words these are, so that no owner, however wrong, breaks a dictation.
//!
//! [`choose_owner`] decides, without a database; `resolve` asks and answers within the transaction that then writes the
//! row.

use quoth_session::{time::Wall, vocabulary::OwnerId};
use sqlx::SqliteConnection;

use crate::{Run, Store, StoreError};

/// Where the current owner is remembered.
const CURRENT: &str = "current_owner";

/// Who is said to be the owner, by whom; the first that is valid is. As text, because it may come from anywhere.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OwnerWishes<'a> {
    /// The row itself.
    pub row: Option<&'a str>,
    /// The settings.
    pub configured: Option<&'a str>,
    /// The trash the row comes out of.
    pub trash: Option<&'a str>,
    /// The record of a deletion.
    pub deleted: Option<&'a str>,
    /// Who uses the app.
    pub current: Option<OwnerId>,
}

/// How an owner came to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OwnerSource {
    /// As asked for.
    Direct,
    /// Nobody valid was asked for: whoever uses the app.
    FallbackUser,
    /// Nor was that one valid: the first who is, or one made for it.
    FirstActive,
}

/// What [`choose_owner`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnerChoice {
    /// This one.
    Owner(OwnerId, OwnerSource),
    /// There is no active owner: one is to be made, as [`OwnerSource::FirstActive`].
    Make,
}

impl OwnerSource {
    /// The word in the history.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::FallbackUser => "fallback_user",
            Self::FirstActive => "first_active",
        }
    }
}

impl<'a> OwnerWishes<'a> {
    fn in_order(&self) -> impl Iterator<Item = &'a str> {
        [self.row, self.configured, self.trash, self.deleted].into_iter().flatten()
    }

    /// What is kept beside a row whose owner is another than was asked for.
    fn asked_for(&self) -> Option<&'a str> {
        self.in_order().map(str::trim).find(|text| !text.is_empty())
    }
}

/// The owner: each wish in order, then the current owner, then the first active one. `active` holds the active owners, the
/// oldest first.
pub fn choose_owner(wishes: &OwnerWishes<'_>, active: &[OwnerId]) -> OwnerChoice {
    let valid = |owner: &OwnerId| active.contains(owner);
    if let Some(owner) = wishes.in_order().filter_map(read_id).find(valid) {
        return OwnerChoice::Owner(owner, OwnerSource::Direct);
    }
    if let Some(owner) = wishes.current.filter(valid) {
        return OwnerChoice::Owner(owner, OwnerSource::FallbackUser);
    }
    match active.first() {
        Some(owner) => OwnerChoice::Owner(*owner, OwnerSource::FirstActive),
        None => OwnerChoice::Make,
    }
}

/// The number a text means: trimmed, a fraction cut off, positive; nothing otherwise.
fn read_id(text: &str) -> Option<OwnerId> {
    let text = text.trim();
    let whole = text.parse::<i64>().ok().or_else(|| {
        let number: f64 = text.parse().ok()?;
        // Beyond 2^53 a fraction has no whole number of its own.
        (number.is_finite() && number.abs() < 9_007_199_254_740_992.0).then_some(number.trunc() as i64)
    });
    whole.filter(|number| *number > 0).map(OwnerId)
}

/// An owner that exists, with what was asked for if that is another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) id: OwnerId,
    pub(crate) source: OwnerSource,
    pub(crate) requested: Option<String>,
}

/// The owner for a row that is written in the same transaction. Makes one if there is none. The current owner is looked up
/// where `wishes` name none.
pub(crate) async fn resolve(
    connection: &mut SqliteConnection,
    wishes: OwnerWishes<'_>,
    run: &Run,
) -> Result<Owner, StoreError> {
    let current = match wishes.current {
        Some(owner) => Some(owner),
        None => current(connection).await?,
    };
    let active = sqlx::query_scalar!(r#"SELECT id AS "id!" FROM owners WHERE is_active = 1 ORDER BY id"#)
        .fetch_all(&mut *connection)
        .await?;
    let active: Vec<OwnerId> = active.into_iter().map(OwnerId).collect();
    let (id, source) = match choose_owner(&OwnerWishes { current, ..wishes }, &active) {
        OwnerChoice::Owner(id, source) => (id, source),
        OwnerChoice::Make => (make(connection, run).await?, OwnerSource::FirstActive),
    };
    let as_asked = |asked: &&str| read_id(asked) != Some(id);
    let requested = wishes.asked_for().filter(as_asked).map(str::to_owned);
    if let Some(requested) = &requested {
        tracing::warn!(
            requested,
            owner = id.0,
            source = source.name(),
            "not a valid owner; another one is taken"
        );
    }
    Ok(Owner { id, source, requested })
}

async fn current(connection: &mut SqliteConnection) -> Result<Option<OwnerId>, StoreError> {
    let value = sqlx::query_scalar!("SELECT value FROM settings WHERE key = ?", CURRENT)
        .fetch_optional(connection)
        .await?;
    Ok(value.as_deref().and_then(read_id))
}

/// A new owner with the name of whoever uses the computer; numbered where an owner who is not active bears that name.
async fn make(connection: &mut SqliteConnection, run: &Run) -> Result<OwnerId, StoreError> {
    let name = match run.person.trim() {
        "" => "Local user",
        name => name,
    };
    let names: Vec<String> =
        sqlx::query_scalar!("SELECT name FROM owners").fetch_all(&mut *connection).await?;
    let numbered = (2_u32..).map(|number| format!("{name} {number}"));
    let free = std::iter::once(name.to_owned()).chain(numbered).find(|name| !names.contains(name));
    let made = sqlx::query!("INSERT INTO owners (name, created_at) VALUES (?, ?)", free, run.at.0)
        .execute(connection)
        .await?;
    Ok(OwnerId(made.last_insert_rowid()))
}

impl Store {
    /// The owner that the app is used by, made if there is none: the remembered one, else the first active one.
    pub async fn current_owner(&self) -> Result<OwnerId, StoreError> {
        let mut transaction = self.write().await?;
        let owner = resolve(&mut transaction, OwnerWishes::default(), &self.run).await?;
        transaction.commit().await?;
        Ok(owner.id)
    }

    /// From now on the app is used by this owner, who must be active.
    pub async fn use_owner(&self, owner: OwnerId, at: Wall) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        let value = owner.0.to_string();
        let done = sqlx::query!(
            "INSERT INTO settings (key, value, updated_at) SELECT ?1, ?2, ?3 \
             WHERE EXISTS (SELECT 1 FROM owners WHERE id = ?4 AND is_active = 1) \
             ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at",
            CURRENT,
            value,
            at.0,
            owner.0
        )
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::NotFound { what: "owner" });
        }
        transaction.commit().await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTIVE: [OwnerId; 3] = [OwnerId(2), OwnerId(5), OwnerId(7)];

    fn chosen(wishes: OwnerWishes<'_>) -> OwnerChoice {
        choose_owner(&wishes, &ACTIVE)
    }

    #[test]
    fn d65_a_configured_owner_who_does_not_exist_gives_way_to_the_current_one() {
        let wishes =
            OwnerWishes { configured: Some("9999"), current: Some(OwnerId(5)), ..OwnerWishes::default() };
        assert_eq!(chosen(wishes), OwnerChoice::Owner(OwnerId(5), OwnerSource::FallbackUser));
    }

    #[test]
    fn d65_each_candidate_is_tried_in_its_order_and_a_bad_one_hides_no_good_one() {
        let all = OwnerWishes {
            row: Some("2"),
            configured: Some("5"),
            trash: Some("7"),
            deleted: Some("2"),
            current: Some(OwnerId(7)),
        };
        let direct = |id| OwnerChoice::Owner(OwnerId(id), OwnerSource::Direct);
        assert_eq!(chosen(all), direct(2));
        let all = OwnerWishes { row: Some("1"), ..all };
        assert_eq!(chosen(all), direct(5));
        let all = OwnerWishes { configured: Some("NaN"), ..all };
        assert_eq!(chosen(all), direct(7));
        let all = OwnerWishes { trash: None, ..all };
        assert_eq!(chosen(all), direct(2));
        let all = OwnerWishes { deleted: Some(""), ..all };
        assert_eq!(chosen(all), OwnerChoice::Owner(OwnerId(7), OwnerSource::FallbackUser));
    }

    #[test]
    fn d65_without_a_valid_current_owner_it_is_the_first_active_one_and_without_any_one_is_made() {
        let wishes = OwnerWishes { row: Some("1"), current: Some(OwnerId(1)), ..OwnerWishes::default() };
        assert_eq!(chosen(wishes), OwnerChoice::Owner(OwnerId(2), OwnerSource::FirstActive));
        assert_eq!(choose_owner(&wishes, &[]), OwnerChoice::Make);
    }

    #[test]
    fn d65_an_id_is_trimmed_and_cut_and_what_is_no_positive_number_is_none() {
        for (text, id) in [("7", 7), (" 7\n", 7), ("7.9", 7), ("1e1", 10), ("9223372036854775807", i64::MAX)]
        {
            assert_eq!(read_id(text), Some(OwnerId(id)), "{text}");
        }
        for none in ["", " ", "null", "NaN", "inf", "0", "0.5", "-3", "1e300", "seven", "7;"] {
            assert_eq!(read_id(none), None, "{none}");
        }
    }
}
