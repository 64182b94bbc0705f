-- Adds the rows to the table "reconciliation" of a PostgreSQL database. Run inside this folder:
--   psql -v ON_ERROR_STOP=1 -1 -f load/postgres.sql
CREATE TABLE IF NOT EXISTS "reconciliation" (
  "campaign_id" text,
  "campaign_name" text,
  "workspace_id" text,
  "ended_at" timestamp,
  "verdict" text,
  "claimed_total_calls" bigint,
  "counted_total_calls" bigint,
  "difference_total_calls" bigint,
  "claimed_successful_calls" bigint,
  "counted_successful_calls" bigint,
  "difference_successful_calls" bigint,
  "claimed_failed_calls" bigint,
  "counted_failed_calls" bigint,
  "difference_failed_calls" bigint,
  "claimed_total_duration" bigint,
  "counted_total_duration" bigint,
  "difference_total_duration" bigint,
  "claimed_billable_duration" bigint,
  "counted_billable_duration" bigint,
  "difference_billable_duration" bigint,
  "claimed_total_credits" numeric,
  "counted_total_credits" numeric,
  "difference_total_credits" numeric,
  "calls_awaiting" bigint,
  "explained_credits" numeric,
  "explanation" text
);
\copy "reconciliation" ("campaign_id", "campaign_name", "workspace_id", "ended_at", "verdict", "claimed_total_calls", "counted_total_calls", "difference_total_calls", "claimed_successful_calls", "counted_successful_calls", "difference_successful_calls", "claimed_failed_calls", "counted_failed_calls", "difference_failed_calls", "claimed_total_duration", "counted_total_duration", "difference_total_duration", "claimed_billable_duration", "counted_billable_duration", "difference_billable_duration", "claimed_total_credits", "counted_total_credits", "difference_total_credits", "calls_awaiting", "explained_credits", "explanation") FROM PROGRAM 'paste 01_campaign_id.txt 02_campaign_name.txt 03_workspace_id.txt 04_ended_at.txt 05_verdict.txt 06_claimed_total_calls.txt 07_counted_total_calls.txt 08_difference_total_calls.txt 09_claimed_successful_calls.txt 10_counted_successful_calls.txt 11_difference_successful_calls.txt 12_claimed_failed_calls.txt 13_counted_failed_calls.txt 14_difference_failed_calls.txt 15_claimed_total_duration.txt 16_counted_total_duration.txt 17_difference_total_duration.txt 18_claimed_billable_duration.txt 19_counted_billable_duration.txt 20_difference_billable_duration.txt 21_claimed_total_credits.txt 22_counted_total_credits.txt 23_difference_total_credits.txt 24_calls_awaiting.txt 25_explained_credits.txt 26_explanation.txt' WITH (FORMAT text, ENCODING 'UTF8')
