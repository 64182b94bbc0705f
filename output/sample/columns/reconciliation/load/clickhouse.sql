-- Adds the rows to the table "reconciliation" of a ClickHouse server. Run inside this folder:
--   paste 01_campaign_id.txt 02_campaign_name.txt 03_workspace_id.txt 04_ended_at.txt 05_verdict.txt 06_claimed_total_calls.txt 07_counted_total_calls.txt 08_difference_total_calls.txt 09_claimed_successful_calls.txt 10_counted_successful_calls.txt 11_difference_successful_calls.txt 12_claimed_failed_calls.txt 13_counted_failed_calls.txt 14_difference_failed_calls.txt 15_claimed_total_duration.txt 16_counted_total_duration.txt 17_difference_total_duration.txt 18_claimed_billable_duration.txt 19_counted_billable_duration.txt 20_difference_billable_duration.txt 21_claimed_total_credits.txt 22_counted_total_credits.txt 23_difference_total_credits.txt 24_calls_awaiting.txt 25_explained_credits.txt 26_explanation.txt | clickhouse-client --query "$(cat load/clickhouse.sql)"
CREATE TABLE IF NOT EXISTS "reconciliation" (
  "campaign_id" Nullable(String),
  "campaign_name" Nullable(String),
  "workspace_id" Nullable(String),
  "ended_at" Nullable(DateTime64(6, 'UTC')),
  "verdict" Nullable(String),
  "claimed_total_calls" Nullable(Int64),
  "counted_total_calls" Nullable(Int64),
  "difference_total_calls" Nullable(Int64),
  "claimed_successful_calls" Nullable(Int64),
  "counted_successful_calls" Nullable(Int64),
  "difference_successful_calls" Nullable(Int64),
  "claimed_failed_calls" Nullable(Int64),
  "counted_failed_calls" Nullable(Int64),
  "difference_failed_calls" Nullable(Int64),
  "claimed_total_duration" Nullable(Int64),
  "counted_total_duration" Nullable(Int64),
  "difference_total_duration" Nullable(Int64),
  "claimed_billable_duration" Nullable(Int64),
  "counted_billable_duration" Nullable(Int64),
  "difference_billable_duration" Nullable(Int64),
  "claimed_total_credits" Nullable(Decimal(38, 6)),
  "counted_total_credits" Nullable(Decimal(38, 6)),
  "difference_total_credits" Nullable(Decimal(38, 6)),
  "calls_awaiting" Nullable(Int64),
  "explained_credits" Nullable(Decimal(38, 6)),
  "explanation" Nullable(String)
) ENGINE = MergeTree ORDER BY tuple();
-- A first row that happens to hold the columns' names is a row.
INSERT INTO "reconciliation" ("campaign_id", "campaign_name", "workspace_id", "ended_at", "verdict", "claimed_total_calls", "counted_total_calls", "difference_total_calls", "claimed_successful_calls", "counted_successful_calls", "difference_successful_calls", "claimed_failed_calls", "counted_failed_calls", "difference_failed_calls", "claimed_total_duration", "counted_total_duration", "difference_total_duration", "claimed_billable_duration", "counted_billable_duration", "difference_billable_duration", "claimed_total_credits", "counted_total_credits", "difference_total_credits", "calls_awaiting", "explained_credits", "explanation") SETTINGS input_format_tsv_detect_header = 0 FORMAT TabSeparated
