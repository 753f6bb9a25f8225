#!/usr/bin/env bash
# Loads a dataset of 1,000,000 figures into PostgreSQL, beside psql's \copy of the same rows into a table with the same
# key and indexes, in one run. Takes the address of a database that may be written to; needs a release build and psql.
#   cargo build --release --bins --examples && tools/warehouse_speed.sh postgres://user@host:5432/database [FACTS] [RUNS]
set -euo pipefail
address=$1 facts=${2:-1000000} runs=${3:-3}
bin=$(cd "$(dirname "$0")/.." && pwd)/target/release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sql() { psql -X -q -A -t -v ON_ERROR_STOP=1 "$address" -c "SET client_min_messages TO warning" -c "SET search_path TO juesuan_speed" -c "$1"; }
seconds() { local start=$EPOCHREALTIME; "$@" >"$work/said" 2>&1 || { cat "$work/said" >&2; exit 1; }; echo "$start $EPOCHREALTIME" | awk '{printf "%.1f", $2 - $1}'; }

"$bin/examples/many_facts" "$work/data" "$facts" 2>/dev/null
for run in $(seq "$runs"); do
  sql "DROP SCHEMA IF EXISTS juesuan_speed CASCADE"
  load=$(seconds "$bin/juesuan" load --dataset "$work/data" --to "$address" --schema juesuan_speed --quiet)
  [ "$(sql 'SELECT count(*) FROM facts')" = "$facts" ]
  sql "\\copy facts TO '$work/facts.txt'"
  sql "CREATE TABLE copied (LIKE facts INCLUDING ALL)"
  copy=$(seconds sql "\\copy copied FROM '$work/facts.txt'")
  again=$(seconds "$bin/juesuan" load --dataset "$work/data" --to "$address" --schema juesuan_speed --quiet)
  echo "run $run: load $load s, \\copy $copy s, ratio $(awk "BEGIN {printf \"%.2f\", $load / $copy}"), load again $again s"
done
sql "DROP SCHEMA juesuan_speed CASCADE"
