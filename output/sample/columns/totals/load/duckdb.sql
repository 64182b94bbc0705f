-- Adds the rows to the table "totals" of a DuckDB database. Run inside this folder:
--   paste 01_day.txt 02_workspace_id.txt 03_campaign_id.txt 04_agent_id.txt 05_calls.txt 06_successful_calls.txt 07_failed_calls.txt 08_duration_seconds.txt 09_billable_seconds.txt 10_credits.txt 11_expected_credits.txt | duckdb tables.duckdb -f load/duckdb.sql
CREATE TABLE IF NOT EXISTS "totals" (
  "day" DATE,
  "workspace_id" VARCHAR,
  "campaign_id" VARCHAR,
  "agent_id" VARCHAR,
  "calls" BIGINT,
  "successful_calls" BIGINT,
  "failed_calls" BIGINT,
  "duration_seconds" BIGINT,
  "billable_seconds" BIGINT,
  "credits" DECIMAL(38, 6),
  "expected_credits" DECIMAL(38, 6)
);
-- An escaped backslash parts the text; what is left between two of them holds only the other escapes.
CREATE OR REPLACE TEMP MACRO unescaped(x) AS CASE WHEN contains(x, '\') THEN
  array_to_string(list_transform(string_split(x, '\\'), lambda part:
    replace(replace(replace(replace(part, '\t', chr(9)), '\n', chr(10)), '\r', chr(13)), '\x00', chr(0))),
    '\')
  ELSE x END;
INSERT INTO "totals" ("day", "workspace_id", "campaign_id", "agent_id", "calls", "successful_calls", "failed_calls", "duration_seconds", "billable_seconds", "credits", "expected_credits")
SELECT "day", unescaped("workspace_id"), unescaped("campaign_id"), unescaped("agent_id"), "calls", "successful_calls", "failed_calls", "duration_seconds", "billable_seconds", "credits", "expected_credits"
FROM read_csv('/dev/stdin', auto_detect = false, header = false, delim = '\t', quote = '', escape = '',
  nullstr = '\N', max_line_size = 67108864, buffer_size = 134217728,
  columns = {"day": 'VARCHAR', "workspace_id": 'VARCHAR', "campaign_id": 'VARCHAR', "agent_id": 'VARCHAR', "calls": 'VARCHAR', "successful_calls": 'VARCHAR', "failed_calls": 'VARCHAR', "duration_seconds": 'VARCHAR', "billable_seconds": 'VARCHAR', "credits": 'VARCHAR', "expected_credits": 'VARCHAR'});
