-- Adds the rows to the table "disputes" of a ClickHouse server. Run inside this folder:
--   paste 01_subject_id.txt 02_credits_at_stake.txt 03_events.txt | clickhouse-client --query "$(cat load/clickhouse.sql)"
CREATE TABLE IF NOT EXISTS "disputes" (
  "subject_id" Nullable(String),
  "credits_at_stake" Nullable(Decimal(38, 6)),
  "events" Nullable(Int64)
) ENGINE = MergeTree ORDER BY tuple();
-- A first row that happens to hold the columns' names is a row.
INSERT INTO "disputes" ("subject_id", "credits_at_stake", "events") SETTINGS input_format_tsv_detect_header = 0 FORMAT TabSeparated
