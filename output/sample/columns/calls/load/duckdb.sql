-- Adds the rows to the table "calls" of a DuckDB database. Run inside this folder:
--   paste 01_conversation_id.txt 02_campaign_id.txt 03_campaign_name.txt 04_workspace_id.txt 05_agent_id.txt 06_agent_name.txt 07_call_type.txt 08_from_number.txt 09_to_number.txt 10_username.txt 11_status.txt 12_day.txt 13_connected_at.txt 14_ended_at.txt 15_duration_seconds.txt 16_billable_seconds.txt 17_credits.txt 18_expected_credits.txt 19_credits_difference.txt 20_settlement.txt 21_recording_url.txt 22_error_code.txt 23_error_reason.txt 24_transcript_turns.txt 25_context_data.txt 26_call_insights.txt 27_events.txt 28_deliveries.txt 29_origin.txt | duckdb tables.duckdb -f load/duckdb.sql
CREATE TABLE IF NOT EXISTS "calls" (
  "conversation_id" VARCHAR,
  "campaign_id" VARCHAR,
  "campaign_name" VARCHAR,
  "workspace_id" VARCHAR,
  "agent_id" VARCHAR,
  "agent_name" VARCHAR,
  "call_type" VARCHAR,
  "from_number" VARCHAR,
  "to_number" VARCHAR,
  "username" VARCHAR,
  "status" VARCHAR,
  "day" DATE,
  "connected_at" TIMESTAMP,
  "ended_at" TIMESTAMP,
  "duration_seconds" BIGINT,
  "billable_seconds" BIGINT,
  "credits" DECIMAL(38, 6),
  "expected_credits" DECIMAL(38, 6),
  "credits_difference" DECIMAL(38, 6),
  "settlement" VARCHAR,
  "recording_url" VARCHAR,
  "error_code" VARCHAR,
  "error_reason" VARCHAR,
  "transcript_turns" BIGINT,
  "context_data" VARCHAR,
  "call_insights" VARCHAR,
  "events" VARCHAR,
  "deliveries" BIGINT,
  "origin" VARCHAR
);
-- An escaped backslash parts the text; what is left between two of them holds only the other escapes.
CREATE OR REPLACE TEMP MACRO unescaped(x) AS CASE WHEN contains(x, '\') THEN
  array_to_string(list_transform(string_split(x, '\\'), lambda part:
    replace(replace(replace(replace(part, '\t', chr(9)), '\n', chr(10)), '\r', chr(13)), '\x00', chr(0))),
    '\')
  ELSE x END;
INSERT INTO "calls" ("conversation_id", "campaign_id", "campaign_name", "workspace_id", "agent_id", "agent_name", "call_type", "from_number", "to_number", "username", "status", "day", "connected_at", "ended_at", "duration_seconds", "billable_seconds", "credits", "expected_credits", "credits_difference", "settlement", "recording_url", "error_code", "error_reason", "transcript_turns", "context_data", "call_insights", "events", "deliveries", "origin")
SELECT unescaped("conversation_id"), unescaped("campaign_id"), unescaped("campaign_name"), unescaped("workspace_id"), unescaped("agent_id"), unescaped("agent_name"), unescaped("call_type"), unescaped("from_number"), unescaped("to_number"), unescaped("username"), unescaped("status"), "day", "connected_at", "ended_at", "duration_seconds", "billable_seconds", "credits", "expected_credits", "credits_difference", unescaped("settlement"), unescaped("recording_url"), unescaped("error_code"), unescaped("error_reason"), "transcript_turns", unescaped("context_data"), unescaped("call_insights"), unescaped("events"), "deliveries", unescaped("origin")
FROM read_csv('/dev/stdin', auto_detect = false, header = false, delim = '\t', quote = '', escape = '',
  nullstr = '\N', max_line_size = 67108864, buffer_size = 134217728,
  columns = {"conversation_id": 'VARCHAR', "campaign_id": 'VARCHAR', "campaign_name": 'VARCHAR', "workspace_id": 'VARCHAR', "agent_id": 'VARCHAR', "agent_name": 'VARCHAR', "call_type": 'VARCHAR', "from_number": 'VARCHAR', "to_number": 'VARCHAR', "username": 'VARCHAR', "status": 'VARCHAR', "day": 'VARCHAR', "connected_at": 'VARCHAR', "ended_at": 'VARCHAR', "duration_seconds": 'VARCHAR', "billable_seconds": 'VARCHAR', "credits": 'VARCHAR', "expected_credits": 'VARCHAR', "credits_difference": 'VARCHAR', "settlement": 'VARCHAR', "recording_url": 'VARCHAR', "error_code": 'VARCHAR', "error_reason": 'VARCHAR', "transcript_turns": 'VARCHAR', "context_data": 'VARCHAR', "call_insights": 'VARCHAR', "events": 'VARCHAR', "deliveries": 'VARCHAR', "origin": 'VARCHAR'});
