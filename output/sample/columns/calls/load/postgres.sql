-- Adds the rows to the table "calls" of a PostgreSQL database. Run inside this folder:
--   psql -v ON_ERROR_STOP=1 -1 -f load/postgres.sql
CREATE TABLE IF NOT EXISTS "calls" (
  "conversation_id" text,
  "campaign_id" text,
  "campaign_name" text,
  "workspace_id" text,
  "agent_id" text,
  "agent_name" text,
  "call_type" text,
  "from_number" text,
  "to_number" text,
  "username" text,
  "status" text,
  "day" date,
  "connected_at" timestamp,
  "ended_at" timestamp,
  "duration_seconds" bigint,
  "billable_seconds" bigint,
  "credits" numeric,
  "expected_credits" numeric,
  "credits_difference" numeric,
  "settlement" text,
  "recording_url" text,
  "error_code" text,
  "error_reason" text,
  "transcript_turns" bigint,
  "context_data" json,
  "call_insights" json,
  "events" text,
  "deliveries" bigint,
  "origin" text
);
\copy "calls" ("conversation_id", "campaign_id", "campaign_name", "workspace_id", "agent_id", "agent_name", "call_type", "from_number", "to_number", "username", "status", "day", "connected_at", "ended_at", "duration_seconds", "billable_seconds", "credits", "expected_credits", "credits_difference", "settlement", "recording_url", "error_code", "error_reason", "transcript_turns", "context_data", "call_insights", "events", "deliveries", "origin") FROM PROGRAM 'paste 01_conversation_id.txt 02_campaign_id.txt 03_campaign_name.txt 04_workspace_id.txt 05_agent_id.txt 06_agent_name.txt 07_call_type.txt 08_from_number.txt 09_to_number.txt 10_username.txt 11_status.txt 12_day.txt 13_connected_at.txt 14_ended_at.txt 15_duration_seconds.txt 16_billable_seconds.txt 17_credits.txt 18_expected_credits.txt 19_credits_difference.txt 20_settlement.txt 21_recording_url.txt 22_error_code.txt 23_error_reason.txt 24_transcript_turns.txt 25_context_data.txt 26_call_insights.txt 27_events.txt 28_deliveries.txt 29_origin.txt' WITH (FORMAT text, ENCODING 'UTF8')
