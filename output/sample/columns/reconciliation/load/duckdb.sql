-- Adds the rows to the table "reconciliation" of a DuckDB database. Run inside this folder:
--   paste 01_campaign_id.txt 02_campaign_name.txt 03_workspace_id.txt 04_ended_at.txt 05_verdict.txt 06_claimed_total_calls.txt 07_counted_total_calls.txt 08_difference_total_calls.txt 09_claimed_successful_calls.txt 10_counted_successful_calls.txt 11_difference_successful_calls.txt 12_claimed_failed_calls.txt 13_counted_failed_calls.txt 14_difference_failed_calls.txt 15_claimed_total_duration.txt 16_counted_total_duration.txt 17_difference_total_duration.txt 18_claimed_billable_duration.txt 19_counted_billable_duration.txt 20_difference_billable_duration.txt 21_claimed_total_credits.txt 22_counted_total_credits.txt 23_difference_total_credits.txt 24_calls_awaiting.txt 25_explained_credits.txt 26_explanation.txt | duckdb tables.duckdb -f load/duckdb.sql
CREATE TABLE IF NOT EXISTS "reconciliation" (
  "campaign_id" VARCHAR,
  "campaign_name" VARCHAR,
  "workspace_id" VARCHAR,
  "ended_at" TIMESTAMP,
  "verdict" VARCHAR,
  "claimed_total_calls" BIGINT,
  "counted_total_calls" BIGINT,
  "difference_total_calls" BIGINT,
  "claimed_successful_calls" BIGINT,
  "counted_successful_calls" BIGINT,
  "difference_successful_calls" BIGINT,
  "claimed_failed_calls" BIGINT,
  "counted_failed_calls" BIGINT,
  "difference_failed_calls" BIGINT,
  "claimed_total_duration" BIGINT,
  "counted_total_duration" BIGINT,
  "difference_total_duration" BIGINT,
  "claimed_billable_duration" BIGINT,
  "counted_billable_duration" BIGINT,
  "difference_billable_duration" BIGINT,
  "claimed_total_credits" DECIMAL(38, 6),
  "counted_total_credits" DECIMAL(38, 6),
  "difference_total_credits" DECIMAL(38, 6),
  "calls_awaiting" BIGINT,
  "explained_credits" DECIMAL(38, 6),
  "explanation" VARCHAR
);
-- An escaped backslash parts the text; what is left between two of them holds only the other escapes.
CREATE OR REPLACE TEMP MACRO unescaped(x) AS CASE WHEN contains(x, '\') THEN
  array_to_string(list_transform(string_split(x, '\\'), lambda part:
    replace(replace(replace(replace(part, '\t', chr(9)), '\n', chr(10)), '\r', chr(13)), '\x00', chr(0))),
    '\')
  ELSE x END;
INSERT INTO "reconciliation" ("campaign_id", "campaign_name", "workspace_id", "ended_at", "verdict", "claimed_total_calls", "counted_total_calls", "difference_total_calls", "claimed_successful_calls", "counted_successful_calls", "difference_successful_calls", "claimed_failed_calls", "counted_failed_calls", "difference_failed_calls", "claimed_total_duration", "counted_total_duration", "difference_total_duration", "claimed_billable_duration", "counted_billable_duration", "difference_billable_duration", "claimed_total_credits", "counted_total_credits", "difference_total_credits", "calls_awaiting", "explained_credits", "explanation")
SELECT unescaped("campaign_id"), unescaped("campaign_name"), unescaped("workspace_id"), "ended_at", unescaped("verdict"), "claimed_total_calls", "counted_total_calls", "difference_total_calls", "claimed_successful_calls", "counted_successful_calls", "difference_successful_calls", "claimed_failed_calls", "counted_failed_calls", "difference_failed_calls", "claimed_total_duration", "counted_total_duration", "difference_total_duration", "claimed_billable_duration", "counted_billable_duration", "difference_billable_duration", "claimed_total_credits", "counted_total_credits", "difference_total_credits", "calls_awaiting", "explained_credits", unescaped("explanation")
FROM read_csv('/dev/stdin', auto_detect = false, header = false, delim = '\t', quote = '', escape = '',
  nullstr = '\N', max_line_size = 67108864, buffer_size = 134217728,
  columns = {"campaign_id": 'VARCHAR', "campaign_name": 'VARCHAR', "workspace_id": 'VARCHAR', "ended_at": 'VARCHAR', "verdict": 'VARCHAR', "claimed_total_calls": 'VARCHAR', "counted_total_calls": 'VARCHAR', "difference_total_calls": 'VARCHAR', "claimed_successful_calls": 'VARCHAR', "counted_successful_calls": 'VARCHAR', "difference_successful_calls": 'VARCHAR', "claimed_failed_calls": 'VARCHAR', "counted_failed_calls": 'VARCHAR', "difference_failed_calls": 'VARCHAR', "claimed_total_duration": 'VARCHAR', "counted_total_duration": 'VARCHAR', "difference_total_duration": 'VARCHAR', "claimed_billable_duration": 'VARCHAR', "counted_billable_duration": 'VARCHAR', "difference_billable_duration": 'VARCHAR', "claimed_total_credits": 'VARCHAR', "counted_total_credits": 'VARCHAR', "difference_total_credits": 'VARCHAR', "calls_awaiting": 'VARCHAR', "explained_credits": 'VARCHAR', "explanation": 'VARCHAR'});
