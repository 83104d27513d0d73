//! Opening the memory: rights, connections, versions, several processes at once.

#[cfg(test)]
mod support;

use std::fs;

use quoth_session::{time::Wall, vocabulary::OwnerId};
use quoth_store::{OpenError, Store, StoreError};
use sqlx::Connection;
use support::{DAWN, Home, run};

#[tokio::test]
async fn d68_a_file_of_a_newer_version_is_refused_with_both_versions_and_not_touched() {
    let home = Home::new();
    home.open(1).await.close().await;
    home.force(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (29991231235959, 'later', 1, x'00', 0); PRAGMA wal_checkpoint(TRUNCATE);",
    )
    .await;
    let before = fs::read(home.file()).unwrap();
    match Store::open(&home.file(), run(2)).await {
        Err(OpenError::Newer { found, known, .. }) => assert!(found == 29_991_231_235_959 && known < found),
        other => panic!("{other:?}"),
    }
    assert_eq!(fs::read(home.file()).unwrap(), before);
}

#[tokio::test]
async fn d68_a_file_that_is_no_database_is_refused_and_not_touched() {
    let home = Home::new();
    fs::create_dir_all(home.file().parent().unwrap()).unwrap();
    fs::write(home.file(), "a letter, not a database, long enough to be taken for one ".repeat(100)).unwrap();
    let before = fs::read(home.file()).unwrap();
    assert!(matches!(Store::open(&home.file(), run(1)).await, Err(OpenError::Database { .. })));
    assert_eq!(fs::read(home.file()).unwrap(), before);
}

#[cfg(unix)]
#[tokio::test]
async fn s7_folder_and_files_are_open_to_their_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let store = home.open(1).await;
    store.current_owner().await.unwrap();
    let folder = home.file().parent().unwrap().to_owned();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let wal = folder.join("history.db-wal");
    for file in [home.file(), wal, folder.join("history.db-shm")] {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s7_several_that_open_a_new_file_at_once_all_get_it_and_one_owner_is_made() {
    let home = std::sync::Arc::new(Home::new());
    let opened = (1..=4).map(|boot| {
        let home = home.clone();
        tokio::spawn(async move { home.open(boot).await.current_owner().await.unwrap() })
    });
    let opened: Vec<_> = opened.collect();
    for owner in opened {
        assert_eq!(owner.await.unwrap(), OwnerId(1));
    }
    assert_eq!(home.number("SELECT count(*) FROM owners").await, 1);
}

#[tokio::test]
async fn d65_the_current_owner_is_remembered_must_be_active_and_is_made_with_the_users_name() {
    let home = Home::new();
    let store = home.open(1).await;
    assert_eq!(store.current_owner().await.unwrap(), OwnerId(1));
    assert_eq!(home.text("SELECT name FROM owners").await, "ann");
    home.force(
        "INSERT INTO owners (id, name, is_active, created_at) VALUES (2, 'bob', 1, 0), (3, 'eve', 0, 0)",
    )
    .await;
    store.use_owner(OwnerId(2), Wall(DAWN)).await.unwrap();
    assert_eq!(store.current_owner().await.unwrap(), OwnerId(2));
    for wrong in [3, 9] {
        let refused = store.use_owner(OwnerId(wrong), Wall(DAWN)).await;
        assert!(matches!(refused, Err(StoreError::NotFound { what: "owner" })));
    }
    // One who left is no longer current, and a new one takes no name that is in use.
    home.force("UPDATE owners SET is_active = 0").await;
    assert_eq!(store.current_owner().await.unwrap(), OwnerId(4));
    assert_eq!(home.text("SELECT name FROM owners WHERE id = 4").await, "ann 2");
}

#[tokio::test]
async fn d66_a_bad_reference_is_refused_by_the_file_itself() {
    let home = Home::new();
    home.open(1).await.close().await;
    let mut connection = home.connection(true).await;
    let refused =
        sqlx::query("INSERT INTO projects (id, owner_id, name, created_at) VALUES ('p', 9999, 'P', 0)")
            .execute(&mut connection)
            .await
            .unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "787");
    connection.close().await.unwrap();
}
