//! Finding what was said, in the words people type.
//!
//! Words may come in any order, the last one may be unfinished, words in quotes stand together, case and accents don't
//! count, and Chinese and Japanese are found without spaces. Nothing that is typed is an operator, so nothing that is typed is
//! an error.

use std::collections::{HashMap, hash_map::Entry};

use quoth_session::{limits, vocabulary::OwnerId};
use serde::Serialize;
use sqlx::{QueryBuilder, Row};

use crate::{Card, Filter, Store, StoreError, page, script};

/// Of how many matching texts, the latest ones, the best are looked for: a word that is everywhere must not cost a second.
const CANDIDATES: i64 = 1_000;
/// More words than anybody types; the rest is left out.
const MOST_WORDS: usize = 32;
/// How many words of a text are shown around what was found.
const AROUND: i64 = 16;
/// Set around what was found by SQLite; characters that no text has.
const MARKS: (char, char) = ('\u{2}', '\u{3}');

/// A session that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// The session.
    pub card: Card,
    /// Where it was found, in pieces.
    pub snippet: Vec<Piece>,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// The words.
    pub text: String,
    /// Whether this was looked for.
    pub found: bool,
}

impl Store {
    /// The owner's sessions with these words that the filter leaves, the best first; as many as a page holds. Nothing
    /// where nothing is looked for.
    pub async fn search(&self, owner: OwnerId, typed: &str, filter: &Filter) -> Result<Vec<Hit>, StoreError> {
        let Some(words) = expression(typed) else { return Ok(Vec::new()) };
        let mut reading = self.readers.begin().await?;
        let best = best_of(&mut reading, owner, &words, filter).await?;
        let mut hits = Vec::with_capacity(best.len());
        for (session, message) in best {
            let mut query = QueryBuilder::new(page::CARD);
            query.push(" WHERE s.pk = ").push_bind(session);
            let card = query.build_query_as().fetch_one(&mut *reading).await?;
            let snippet: String = sqlx::query_scalar(
                "SELECT snippet(search, 0, ?1, ?2, '…', ?3) FROM search WHERE rowid = ?4 AND search MATCH ?5",
            )
            .bind(MARKS.0.to_string())
            .bind(MARKS.1.to_string())
            .bind(AROUND)
            .bind(message)
            .bind(&words)
            .fetch_one(&mut *reading)
            .await?;
            hits.push(Hit { card, snippet: pieces(&snippet) });
        }
        Ok(hits)
    }
}

/// The sessions with the best match among the latest, each with the message it is in.
async fn best_of(
    connection: &mut sqlx::SqliteConnection,
    owner: OwnerId,
    words: &str,
    filter: &Filter,
) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut query = QueryBuilder::new(
        "SELECT s.pk, search.rowid, search.rank FROM search JOIN messages m ON m.pk = search.rowid \
         JOIN sessions s ON s.pk = m.session_pk",
    );
    page::narrow(&mut query, owner, filter);
    query.push(" AND search MATCH ").push_bind(words.to_owned());
    query.push(" ORDER BY search.rowid DESC LIMIT ").push_bind(CANDIDATES);
    let mut best: HashMap<i64, (f64, i64)> = HashMap::new();
    for row in query.build().fetch_all(connection).await? {
        let (session, message, rank): (i64, i64, f64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        match best.entry(session) {
            Entry::Vacant(vacant) => {
                vacant.insert((rank, message));
            }
            // The lower the rank, the better; of equals the later text.
            Entry::Occupied(mut held) if rank < held.get().0 => {
                held.insert((rank, message));
            }
            Entry::Occupied(_) => {}
        }
    }
    let mut best: Vec<(i64, (f64, i64))> = best.into_iter().collect();
    best.sort_by(|a, b| a.1.0.total_cmp(&b.1.0).then(b.1.1.cmp(&a.1.1)));
    best.truncate(limits::PAGE_ROWS);
    Ok(best.into_iter().map(|(session, (_, message))| (session, message)).collect())
}

/// What was typed, as the index asks for it; nothing where there is no word in it. Every word is quoted, so that none is an
/// operator; all must be there.
pub(crate) fn expression(typed: &str) -> Option<String> {
    let mut terms = Vec::new();
    let mut unfinished = false;
    for (number, part) in typed.split(is_quote).enumerate() {
        let inside_quotes = number % 2 == 1;
        if inside_quotes {
            unfinished &= part.is_empty();
            terms.extend(term(part));
            continue;
        }
        let words: Vec<String> = part.split(is_break).filter_map(term).collect();
        if !words.is_empty() || !part.is_empty() {
            unfinished = !words.is_empty() && !part.ends_with(is_break);
        }
        terms.extend(words);
    }
    terms.truncate(MOST_WORDS);
    if terms.is_empty() {
        return None;
    }
    let mut expression = terms.join(" ");
    // One letter begins every tenth word: it is taken for a whole word until there is another.
    let letters = terms.last().map_or(0, |last| last.trim_matches('"').chars().count());
    if unfinished && letters > 1 {
        expression.push('*');
    }
    Some(expression)
}

/// A word or phrase in quotes; nothing where the index would see no word in it.
fn term(text: &str) -> Option<String> {
    let text: String =
        text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    let text = text.trim();
    text.chars()
        .any(char::is_alphanumeric)
        .then(|| format!("\"{}\"", script::spread(text).unwrap_or_else(|| text.to_owned())))
}

fn is_quote(character: char) -> bool {
    matches!(character, '"' | '“' | '”' | '„' | '«' | '»' | '「' | '」')
}

fn is_break(character: char) -> bool {
    character.is_whitespace() || character.is_control()
}

/// The text between the marks and around them.
fn pieces(marked: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (number, part) in marked.split([MARKS.0, MARKS.1]).enumerate() {
        let (text, found) = (script::gather(part), number % 2 == 1);
        if text.is_empty() {
            continue;
        }
        match pieces.last_mut().filter(|last| last.found == found) {
            Some(last) => last.text.push_str(&text),
            None => pieces.push(Piece { text, found }),
        }
    }
    pieces
}
