#!/bin/bash
# Checks every query of this crate against a database made from migrations/, and writes down what the build needs to know
# of them in .sqlx/, so that a build needs no database. Run it after changing a query or adding a migration; needs sqlite3.
set -euo pipefail
cd "$(dirname "$0")/../.."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cat migrations/*.sql | sqlite3 "$scratch/schema.db"
mkdir "$scratch/sqlx"
# The macros run again only where the crate is compiled again.
touch crates/store/src/lib.rs
SQLX_OFFLINE=false DATABASE_URL="sqlite://$scratch/schema.db" SQLX_OFFLINE_DIR="$scratch/sqlx" cargo check -p quoth-store
rm -rf crates/store/.sqlx
mv "$scratch/sqlx" crates/store/.sqlx
echo "$(ls crates/store/.sqlx | wc -l) queries written to crates/store/.sqlx"
