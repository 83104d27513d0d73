//! Where a session belongs: project, engine, session, together its identity. The same session id under another
//! engine or project is another scope.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::SessionId;

/// Between the parts of a printed scope.
const SEPARATOR: &str = "::";
/// What the page calls a session before the app has answered its begin; never stored.
const TEMPORARY: [&str; 2] = ["new-session-", "temp-"];

/// A project's id. Opaque; may hold any character.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProjectId(pub String);

/// A recogniser's id, trimmed and in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EngineId(String);

/// The whole identity of a session as events carry it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Scope {
    /// Which project.
    pub project_id: ProjectId,
    /// What the project was called when the session began.
    pub project_name: String,
    /// Which recogniser.
    pub engine: EngineId,
    /// Which session.
    pub session: SessionId,
}

/// The identity in words, printed as `project::engine::session` and read back from that.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeKey {
    /// Which project.
    pub project: String,
    /// Which recogniser.
    pub engine: String,
    /// Which session; may be a temporary name.
    pub session: String,
}

/// Who has a say in which engine a session runs on, the strongest first.
#[derive(Debug, Clone, Copy, Default)]
pub struct EngineWishes<'a> {
    /// The session's own row.
    pub row: Option<&'a str>,
    /// The active style.
    pub style: Option<&'a str>,
    /// The settings.
    pub settings: Option<&'a str>,
    /// The engines that the installed models are for.
    pub installed: &'a [&'a str],
}

impl EngineId {
    /// The engine that is always there.
    pub const LOCAL: &'static str = "whisper-local";

    /// The engine that `name` means: trimmed, in lower case; the local one where nothing is named. A name that no
    /// engine bears stays as it is, so that an old row keeps saying what it was made with.
    pub fn named(name: Option<&str>) -> Self {
        match name.map(|name| name.trim().to_lowercase()) {
            Some(name) if !name.is_empty() => Self(name),
            _ => Self(Self::LOCAL.to_owned()),
        }
    }

    /// This engine if it is one of `known`, else the local one: what a new session runs on.
    pub fn usable(self, known: &[Self]) -> Self {
        if known.contains(&self) { self } else { Self::named(None) }
    }

    /// The engine of a session, for looking at it as for starting it: what its row says, else what the style wants, else
    /// what the settings say, else the first of the installed models' engines, else the local one. Each is read as
    /// [`EngineId::named`] reads it; a blank one says nothing.
    pub fn resolve(wishes: EngineWishes<'_>) -> Self {
        let EngineWishes { row, style, settings, installed } = wishes;
        let says = |name: &Option<&str>| name.is_some_and(|name| !name.trim().is_empty());
        let named = [row, style, settings].into_iter().find(says).flatten();
        Self::named(named.or_else(|| installed.iter().copied().find(|name| says(&Some(name)))))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Scope {
    /// The identity in words.
    pub fn key(&self) -> ScopeKey {
        ScopeKey {
            project: self.project_id.0.clone(),
            engine: self.engine.0.clone(),
            session: self.session.to_string(),
        }
    }
}

impl ScopeKey {
    /// Reads what [`fmt::Display`] printed. A part that is missing or empty makes it no scope.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, SEPARATOR);
        let (project, engine, session) = (parts.next()?, parts.next()?, parts.next()?);
        if project.is_empty() || engine.is_empty() || session.is_empty() {
            return None;
        }
        Some(Self { project: unescape(project), engine: unescape(engine), session: session.to_owned() })
    }

    /// Whether both name the same session of the same project and engine; never with a part missing.
    pub fn matches(&self, other: &Self) -> bool {
        let whole = |key: &Self| !key.project.is_empty() && !key.engine.is_empty() && !key.session.is_empty();
        whole(self) && whole(other) && self == other
    }

    /// Whether `name` means this session: its bare id, or its whole scope. For tray and command line only.
    pub fn answers_to(&self, name: &str) -> bool {
        !self.session.is_empty()
            && (name == self.session || Self::parse(name).is_some_and(|key| self.matches(&key)))
    }

    /// Whether the session's name is one the page made up until the app answers.
    pub fn is_temporary(&self) -> bool {
        is_temporary(&self.session)
    }
}

/// Prints `project::engine::session`; nothing at all where project or session is missing.
impl fmt::Display for ScopeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.project.is_empty() || self.session.is_empty() {
            return Ok(());
        }
        let Self { project, engine, session } = self;
        write!(f, "{}{SEPARATOR}{}{SEPARATOR}{session}", escape(project), escape(engine))
    }
}

/// Whether `name` is one that the page makes up for a session until the app answers.
pub fn is_temporary(name: &str) -> bool {
    TEMPORARY.iter().any(|prefix| name.starts_with(prefix))
}

/// Whether a session that goes by `tracked` (a bare id or a printed scope) is the one asked for; project and engine
/// count only where they are given.
pub fn is_tracked(tracked: &str, session: &str, project: Option<&str>, engine: Option<&str>) -> bool {
    if tracked == session {
        return true;
    }
    ScopeKey::parse(tracked).is_some_and(|key| {
        key.session == session
            && project.is_none_or(|project| project == key.project)
            && engine.is_none_or(|engine| engine == key.engine)
    })
}

/// Project and engine may hold the separator; only the session, which stands last, may print it as it is.
fn escape(part: &str) -> String {
    part.replace('%', "%25").replace(':', "%3A")
}

fn unescape(part: &str) -> String {
    part.replace("%3A", ":").replace("%25", "%")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(project: &str, engine: &str, session: &str) -> ScopeKey {
        ScopeKey { project: project.into(), engine: engine.into(), session: session.into() }
    }

    #[test]
    fn d1_a_scope_prints_its_three_parts_and_nothing_without_project_or_session() {
        assert_eq!(key("project-a", "codex", "session-1").to_string(), "project-a::codex::session-1");
        assert_eq!(key("", "codex", "session-1").to_string(), "");
        assert_eq!(key("project-a", "codex", "").to_string(), "");
    }

    #[test]
    fn d2_a_session_keeps_further_separators_and_a_missing_part_is_no_scope() {
        let whole = ScopeKey::parse("project-a::codex::session::with::separator").unwrap();
        assert_eq!(whole.session, "session::with::separator");
        assert_eq!(whole.to_string(), "project-a::codex::session::with::separator");
        for broken in ["", "a", "a::b", "a::b::", "::b::c", "a::::c"] {
            assert_eq!(ScopeKey::parse(broken), None, "{broken}");
        }
    }

    #[test]
    fn d3_an_engine_is_trimmed_lowered_and_defaults_but_an_old_row_keeps_its_unknown_one() {
        assert_eq!(EngineId::named(Some("  Whisper-Local ")).as_str(), "whisper-local");
        assert_eq!(EngineId::named(None).as_str(), EngineId::LOCAL);
        assert_eq!(EngineId::named(Some("  ")).as_str(), EngineId::LOCAL);
        let old = EngineId::named(Some("Parakeet"));
        assert_eq!(old.as_str(), "parakeet");
        assert_eq!(old.usable(&[EngineId::named(None)]).as_str(), EngineId::LOCAL);
    }

    #[test]
    fn d17_an_engine_is_resolved_by_row_style_settings_models_and_at_last_the_default() {
        let whole = EngineWishes {
            row: Some(" Row "),
            style: Some("style"),
            settings: Some("settings"),
            installed: &["", "model"],
        };
        let without_row = EngineWishes { row: Some("  "), ..whole };
        let without_style = EngineWishes { style: None, ..without_row };
        let without_settings = EngineWishes { settings: None, ..without_style };
        let without_models = EngineWishes { installed: &[], ..without_settings };
        let levels = [whole, without_row, without_style, without_settings, without_models];
        let engines = levels.map(|wishes| EngineId::resolve(wishes).as_str().to_owned());
        assert_eq!(engines, ["row", "style", "settings", "model", EngineId::LOCAL]);
    }

    #[test]
    fn d4_the_same_id_elsewhere_is_another_scope() {
        let here = key("p", "e", "s");
        assert!(here.matches(&key("p", "e", "s")));
        assert!(!here.matches(&key("p", "other", "s")));
        assert!(!here.matches(&key("other", "e", "s")));
        assert!(!key("p", "", "s").matches(&key("p", "", "s")));
    }

    #[test]
    fn d5_tray_and_command_line_may_name_a_session_barely_or_whole() {
        assert!(key("p", "e", "s").answers_to("s"));
        assert!(key("p", "e", "s").answers_to("p::e::s"));
        assert!(!key("p", "e", "s").answers_to("q::e::s"));
        assert!(!key("p", "e", "").answers_to(""));
    }

    #[test]
    fn d6_both_temporary_prefixes_are_one_kind() {
        assert!(
            is_temporary("new-session-17")
                && is_temporary("temp-x")
                && key("p", "e", "temp-1").is_temporary()
        );
        assert!(!is_temporary("0190-session") && !is_temporary("my-new-session-1"));
    }

    #[test]
    fn d9_a_tracked_session_is_found_by_id_and_narrowed_by_what_is_given() {
        assert!(is_tracked("s", "s", Some("p"), None));
        assert!(is_tracked("p::e::s", "s", None, None));
        assert!(is_tracked("p::e::s", "s", Some("p"), Some("e")));
        assert!(!is_tracked("p::e::s", "s", Some("q"), None));
        assert!(!is_tracked("p::e::s", "s", None, Some("f")));
        assert!(!is_tracked("p::e::s", "t", None, None));
    }

    proptest! {
        #[test]
        fn d2_any_scope_reads_back_as_it_was_printed(
            project in "[a-z%:3A]{1,12}", engine in "[a-z%:]{1,8}", session in "[a-z:]{1,12}"
        ) {
            let whole = key(&project, &engine, &session);
            prop_assert_eq!(ScopeKey::parse(&whole.to_string()), Some(whole));
        }
    }
}
