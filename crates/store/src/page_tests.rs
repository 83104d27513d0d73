//! The plans of the page's queries.

use super::*;
use crate::Run;

#[tokio::test]
async fn d25_a_page_reads_its_index_in_order_whatever_the_filter() {
    let folder = tempfile::tempdir().unwrap();
    let boot = quoth_session::ids::BootId(uuid::Uuid::from_u128(1));
    let run = Run { boot, person: "ann".into(), at: Wall(0) };
    let store = Store::open(&folder.path().join("history.db"), run).await.unwrap();
    let project = Filter { project: Some("p".into()), ..Filter::default() };
    let app = Filter { app: Some("editor".into()), ..Filter::default() };
    for (filter, index) in
        [(Filter::default(), "sessions_recent"), (project, "sessions_of_project"), (app, "sessions_of_app")]
    {
        let after = Some(Cursor { started_at: 1, pk: 1 });
        let sql = page_query(OwnerId(1), &filter, after).sql().to_owned();
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(&format!("EXPLAIN QUERY PLAN {sql}")).fetch_all(&store.readers).await.unwrap();
        let plan: Vec<String> = plan.into_iter().map(|row| row.3).collect();
        assert!(plan[0].contains(&format!("USING INDEX {index}")), "{plan:?}");
        assert!(
            !plan.iter().any(|step| step.contains("TEMP B-TREE FOR ORDER") || step.starts_with("SCAN s")),
            "{plan:?}"
        );
    }
}
