-- Adds the rows to the table "totals" of a ClickHouse server. Run inside this folder:
--   paste 01_day.txt 02_workspace_id.txt 03_campaign_id.txt 04_agent_id.txt 05_calls.txt 06_successful_calls.txt 07_failed_calls.txt 08_duration_seconds.txt 09_billable_seconds.txt 10_credits.txt 11_expected_credits.txt | clickhouse-client --query "$(cat load/clickhouse.sql)"
CREATE TABLE IF NOT EXISTS "totals" (
  "day" Nullable(Date32),
  "workspace_id" Nullable(String),
  "campaign_id" Nullable(String),
  "agent_id" Nullable(String),
  "calls" Nullable(Int64),
  "successful_calls" Nullable(Int64),
  "failed_calls" Nullable(Int64),
  "duration_seconds" Nullable(Int64),
  "billable_seconds" Nullable(Int64),
  "credits" Nullable(Decimal(38, 6)),
  "expected_credits" Nullable(Decimal(38, 6))
) ENGINE = MergeTree ORDER BY tuple();
-- A first row that happens to hold the columns' names is a row.
INSERT INTO "totals" ("day", "workspace_id", "campaign_id", "agent_id", "calls", "successful_calls", "failed_calls", "duration_seconds", "billable_seconds", "credits", "expected_credits") SETTINGS input_format_tsv_detect_header = 0 FORMAT TabSeparated
