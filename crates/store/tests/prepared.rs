//! What the build knows of the queries is true of the schema.

#[cfg(test)]
mod support;

use std::{fs, path::Path};

use serde_json::Value;
use sqlx::{Column, Executor};
use support::Home;

#[tokio::test]
async fn s7_every_prepared_query_fits_the_schema_that_the_migrations_make() {
    let home = Home::new();
    home.open(1).await.close().await;
    let mut connection = home.connection(true).await;
    let mut checked = 0;
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".sqlx")).unwrap() {
        let file = entry.unwrap().path();
        let prepared: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        let query = prepared["query"].as_str().unwrap();
        let now = connection.describe(query).await.unwrap_or_else(|error| panic!("{query}: {error}"));
        let was = prepared["describe"]["columns"].as_array().unwrap();
        let was: Vec<&str> = was.iter().map(|column| column["name"].as_str().unwrap()).collect();
        let names: Vec<&str> = now.columns().iter().map(Column::name).collect();
        assert_eq!(names, was, "{query}: run crates/store/prepare.sh");
        let nullable: Vec<Option<bool>> =
            serde_json::from_value(prepared["describe"]["nullable"].clone()).unwrap();
        let nullable_now: Vec<Option<bool>> = (0..names.len()).map(|column| now.nullable(column)).collect();
        assert_eq!(nullable_now, nullable, "{query}: run crates/store/prepare.sh");
        checked += 1;
    }
    assert!(checked > 20, "{checked}");
}
