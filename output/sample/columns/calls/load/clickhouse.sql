-- Adds the rows to the table "calls" of a ClickHouse server. Run inside this folder:
--   paste 01_conversation_id.txt 02_campaign_id.txt 03_campaign_name.txt 04_workspace_id.txt 05_agent_id.txt 06_agent_name.txt 07_call_type.txt 08_from_number.txt 09_to_number.txt 10_username.txt 11_status.txt 12_day.txt 13_connected_at.txt 14_ended_at.txt 15_duration_seconds.txt 16_billable_seconds.txt 17_credits.txt 18_expected_credits.txt 19_credits_difference.txt 20_settlement.txt 21_recording_url.txt 22_error_code.txt 23_error_reason.txt 24_transcript_turns.txt 25_context_data.txt 26_call_insights.txt 27_events.txt 28_deliveries.txt 29_origin.txt | clickhouse-client --query "$(cat load/clickhouse.sql)"
CREATE TABLE IF NOT EXISTS "calls" (
  "conversation_id" Nullable(String),
  "campaign_id" Nullable(String),
  "campaign_name" Nullable(String),
  "workspace_id" Nullable(String),
  "agent_id" Nullable(String),
  "agent_name" Nullable(String),
  "call_type" Nullable(String),
  "from_number" Nullable(String),
  "to_number" Nullable(String),
  "username" Nullable(String),
  "status" Nullable(String),
  "day" Nullable(Date32),
  "connected_at" Nullable(DateTime64(6, 'UTC')),
  "ended_at" Nullable(DateTime64(6, 'UTC')),
  "duration_seconds" Nullable(Int64),
  "billable_seconds" Nullable(Int64),
  "credits" Nullable(Decimal(38, 6)),
  "expected_credits" Nullable(Decimal(38, 6)),
  "credits_difference" Nullable(Decimal(38, 6)),
  "settlement" Nullable(String),
  "recording_url" Nullable(String),
  "error_code" Nullable(String),
  "error_reason" Nullable(String),
  "transcript_turns" Nullable(Int64),
  "context_data" Nullable(String),
  "call_insights" Nullable(String),
  "events" Nullable(String),
  "deliveries" Nullable(Int64),
  "origin" Nullable(String)
) ENGINE = MergeTree ORDER BY tuple();
-- A first row that happens to hold the columns' names is a row.
INSERT INTO "calls" ("conversation_id", "campaign_id", "campaign_name", "workspace_id", "agent_id", "agent_name", "call_type", "from_number", "to_number", "username", "status", "day", "connected_at", "ended_at", "duration_seconds", "billable_seconds", "credits", "expected_credits", "credits_difference", "settlement", "recording_url", "error_code", "error_reason", "transcript_turns", "context_data", "call_insights", "events", "deliveries", "origin") SETTINGS input_format_tsv_detect_header = 0 FORMAT TabSeparated
