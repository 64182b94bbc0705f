-- Adds the rows to the table "totals" of a PostgreSQL database. Run inside this folder:
--   psql -v ON_ERROR_STOP=1 -1 -f load/postgres.sql
CREATE TABLE IF NOT EXISTS "totals" (
  "day" date,
  "workspace_id" text,
  "campaign_id" text,
  "agent_id" text,
  "calls" bigint,
  "successful_calls" bigint,
  "failed_calls" bigint,
  "duration_seconds" bigint,
  "billable_seconds" bigint,
  "credits" numeric,
  "expected_credits" numeric
);
\copy "totals" ("day", "workspace_id", "campaign_id", "agent_id", "calls", "successful_calls", "failed_calls", "duration_seconds", "billable_seconds", "credits", "expected_credits") FROM PROGRAM 'paste 01_day.txt 02_workspace_id.txt 03_campaign_id.txt 04_agent_id.txt 05_calls.txt 06_successful_calls.txt 07_failed_calls.txt 08_duration_seconds.txt 09_billable_seconds.txt 10_credits.txt 11_expected_credits.txt' WITH (FORMAT text, ENCODING 'UTF8')
