"""The benchmark's job as a good user of DuckDB would write it: archives to five CSV files.

Usage: duckdb_job.py 'GLOB' OUTPUT_DIRECTORY THREADS

The archives are parsed once into a table in memory, deduplicated by event_id, and joined by conversation_id. In
DuckDB's favour: rows of the detail tables come in any order, of a conflict any delivery is kept, the origin has no line
number, no finding is explained, and nothing is fsynced.
"""

import sys

import duckdb

EVENTS = """
CREATE TABLE events AS
SELECT * FROM read_json($archives, format = 'newline_delimited', ignore_errors = true, filename = 'archive',
  maximum_object_size = 16777216, columns = {
    event: 'VARCHAR', event_id: 'VARCHAR', timestamp: 'VARCHAR', conversation_id: 'VARCHAR', campaign_id: 'VARCHAR',
    workspace_id: 'VARCHAR', agent_id: 'VARCHAR', agent_name: 'VARCHAR', call_type: 'VARCHAR',
    from_number: 'VARCHAR', to_number: 'VARCHAR', username: 'VARCHAR', context_data: 'JSON', status: 'VARCHAR',
    call_duration: 'BIGINT', duration: 'BIGINT', credits: 'DECIMAL(18,6)', recording_url: 'VARCHAR',
    call_insights: 'JSON', transcripts: 'STRUCT(role VARCHAR, content VARCHAR)[]', error_code: 'VARCHAR',
    error_reason: 'VARCHAR', connected_at: 'VARCHAR', ended_at: 'VARCHAR', campaign_uid: 'VARCHAR',
    campaign_name: 'VARCHAR', user_id: 'VARCHAR', total_contacts: 'BIGINT', created_at: 'VARCHAR',
    scheduled_at: 'VARCHAR', started_at: 'VARCHAR', total_calls: 'BIGINT', successful_calls: 'BIGINT',
    failed_calls: 'BIGINT', total_duration: 'VARCHAR', billable_duration: 'VARCHAR',
    total_credits: 'DECIMAL(18,6)'})
WHERE event_id IS NOT NULL;
"""

BOOKS = """
CREATE MACRO instant(text) AS
  coalesce(try_cast(text AS TIMESTAMP), try_strptime(text, '%Y-%m-%dT%H:%M:%S:%f'));
CREATE MACRO seconds(clock) AS
  split_part(clock, ':', 1)::BIGINT * 3600 + split_part(clock, ':', 2)::BIGINT * 60 + split_part(clock, ':', 3)::BIGINT;
CREATE MACRO stamp(moment) AS strftime(moment, '%Y-%m-%dT%H:%M:%S.%f');

CREATE TABLE delivered AS
  SELECT conversation_id, count(*) AS deliveries FROM events WHERE conversation_id IS NOT NULL GROUP BY ALL;
-- Of the deliveries of one event the first counts, of several events of one kind the latest: both are few.
DELETE FROM events WHERE rowid IN (
  SELECT unnest(list_sort(list(rowid))[2:]) FROM events GROUP BY event_id HAVING count(*) > 1);
DELETE FROM events WHERE rowid IN (
  SELECT unnest(list(rowid ORDER BY timestamp DESC)[2:]) FROM events
  WHERE conversation_id IS NOT NULL GROUP BY conversation_id, event HAVING count(*) > 1);
CREATE VIEW started AS SELECT * FROM events WHERE event = 'call.started';
CREATE VIEW completed AS SELECT * FROM events WHERE event = 'call.completed';
CREATE VIEW processed AS SELECT * FROM events WHERE event = 'call.processed';
CREATE VIEW recording AS SELECT * FROM events WHERE event = 'call.recording';
"""

CALLS = """
CREATE TABLE calls AS
WITH joined AS (
  SELECT d.conversation_id,
    coalesce(p.campaign_id, c.campaign_id, s.campaign_id, r.campaign_id) AS campaign_id,
    coalesce(p.workspace_id, c.workspace_id, s.workspace_id) AS workspace_id,
    coalesce(p.agent_id, c.agent_id, s.agent_id, r.agent_id) AS agent_id,
    coalesce(p.agent_name, c.agent_name, s.agent_name) AS agent_name,
    coalesce(p.call_type, c.call_type, s.call_type) AS call_type,
    coalesce(p.from_number, c.from_number, s.from_number) AS from_number,
    coalesce(p.to_number, c.to_number, s.to_number) AS to_number,
    coalesce(p.username, c.username, s.username) AS username,
    coalesce(p.status, c.status) AS status,
    instant(coalesce(c.connected_at, s.connected_at, r.connected_at)) AS connected_at,
    instant(coalesce(c.ended_at, r.ended_at)) AS ended_at,
    least(instant(p.timestamp), instant(c.timestamp), instant(s.timestamp), instant(r.timestamp)) AS earliest,
    coalesce(p.duration, c.call_duration) AS duration_seconds,
    p.credits,
    coalesce(p.recording_url, r.recording_url) AS recording_url,
    coalesce(p.error_code, c.error_code) AS error_code,
    coalesce(p.error_reason, c.error_reason) AS error_reason,
    len(p.transcripts) AS transcript_turns,
    coalesce(p.context_data, c.context_data, s.context_data) AS context_data,
    p.call_insights,
    concat_ws('+', if(s.event_id IS NULL, NULL, 'started'), if(c.event_id IS NULL, NULL, 'completed'),
      if(p.event_id IS NULL, NULL, 'processed'), if(r.event_id IS NULL, NULL, 'recording')) AS events,
    d.deliveries,
    coalesce(p.archive, c.archive, s.archive, r.archive) AS origin,
    p.event_id IS NOT NULL AS is_processed, c.event_id IS NOT NULL AS is_completed
  FROM delivered d
    LEFT JOIN started s USING (conversation_id) LEFT JOIN completed c USING (conversation_id)
    LEFT JOIN processed p USING (conversation_id) LEFT JOIN recording r USING (conversation_id)
), billed AS (
  SELECT *,
    if(status = 'completed', greatest(1, (duration_seconds + 59) // 60), 0) AS pulses
  FROM joined
)
SELECT b.conversation_id, b.campaign_id, n.campaign_name, b.workspace_id, agent_id, agent_name, call_type, from_number,
  to_number, username, status, coalesce(ended_at, connected_at, earliest)::DATE AS day,
  connected_at, ended_at, duration_seconds, pulses * 60 AS billable_seconds, credits,
  pulses AS expected_credits, credits - pulses AS credits_difference,
  CASE WHEN is_processed OR is_completed AND status <> 'completed' THEN 'settled'
    WHEN is_completed THEN 'awaiting_processed' ELSE 'awaiting_completed' END AS settlement,
  recording_url, error_code, error_reason, transcript_turns, context_data, call_insights, events, deliveries, origin
FROM billed b LEFT JOIN (
  SELECT campaign_id, any_value(campaign_name) AS campaign_name FROM events WHERE event LIKE 'campaign.%' GROUP BY ALL
) n USING (campaign_id);
"""

CAMPAIGNS = """
CREATE TABLE counted AS
SELECT campaign_id, count(*) AS calls, count(*) FILTER (status = 'completed') AS successful,
  count(*) FILTER (status <> 'completed') AS failed, sum(duration_seconds) AS duration,
  sum(billable_seconds) AS billable, sum(credits) AS credits,
  count(*) FILTER (settlement <> 'settled') AS awaiting
FROM calls WHERE campaign_id IS NOT NULL GROUP BY ALL;

CREATE TABLE campaigns AS
SELECT coalesce(k.campaign_id, n.campaign_id) AS campaign_id, max(campaign_uid) AS campaign_uid,
  max(campaign_name) AS campaign_name, max(workspace_id) AS workspace_id, max(user_id) AS user_id,
  max(agent_id) AS agent_id, arg_max(status, event = 'campaign.ended') AS status,
  max(total_contacts) AS total_contacts, max(instant(created_at)) AS created_at,
  max(instant(scheduled_at)) AS scheduled_at, max(instant(started_at)) AS started_at,
  max(instant(ended_at)) AS ended_at, any_value(n.calls) AS calls,
  bool_or(event = 'campaign.ended') AS is_ended, bool_or(event IS NOT NULL) AS is_announced,
  max(total_calls) AS total_calls, max(successful_calls) AS successful_calls, max(failed_calls) AS failed_calls,
  max(seconds(total_duration)) AS total_duration, max(seconds(billable_duration)) AS billable_duration,
  max(total_credits) AS total_credits
FROM (SELECT * FROM events WHERE event LIKE 'campaign.%') k FULL JOIN counted n USING (campaign_id)
GROUP BY ALL;
"""

TABLES = {
    "calls": """
SELECT * REPLACE (stamp(connected_at) AS connected_at, stamp(ended_at) AS ended_at)
FROM calls ORDER BY calls.connected_at NULLS LAST, conversation_id""",
    "transcripts": """
SELECT conversation_id, campaign_id, turn, transcripts[turn].role AS role, transcripts[turn].content AS content
FROM (SELECT conversation_id, campaign_id, transcripts, unnest(range(1, len(transcripts) + 1)) AS turn FROM processed)
""",
    "insights": """
SELECT conversation_id, campaign_id, key AS name, value ->> '$' AS value
FROM processed, json_each(call_insights)""",
    "campaigns": """
SELECT campaign_id, campaign_uid, campaign_name, workspace_id, user_id, agent_id, status, total_contacts,
  stamp(created_at) AS created_at, stamp(scheduled_at) AS scheduled_at, stamp(started_at) AS started_at,
  stamp(ended_at) AS ended_at, calls
FROM campaigns WHERE is_announced ORDER BY campaign_id""",
    "reconciliation": """
SELECT c.campaign_id, campaign_name, workspace_id, stamp(ended_at) AS ended_at,
  CASE WHEN NOT is_announced THEN 'unannounced' WHEN NOT is_ended THEN 'open' WHEN awaiting > 0 THEN 'incomplete'
    WHEN (total_calls, successful_calls, failed_calls, total_duration, billable_duration, total_credits)
      = (n.calls, successful, failed, duration, billable, credits) THEN 'matched' ELSE 'mismatched' END AS verdict,
  total_calls AS claimed_total_calls, n.calls AS counted_total_calls, total_calls - n.calls AS difference_total_calls,
  successful_calls AS claimed_successful_calls, successful AS counted_successful_calls,
  successful_calls - successful AS difference_successful_calls,
  failed_calls AS claimed_failed_calls, failed AS counted_failed_calls,
  failed_calls - failed AS difference_failed_calls,
  total_duration AS claimed_total_duration, duration AS counted_total_duration,
  total_duration - duration AS difference_total_duration,
  billable_duration AS claimed_billable_duration, billable AS counted_billable_duration,
  billable_duration - billable AS difference_billable_duration,
  total_credits AS claimed_total_credits, credits AS counted_total_credits,
  total_credits - credits AS difference_total_credits, awaiting AS calls_awaiting
FROM campaigns c LEFT JOIN counted n USING (campaign_id) ORDER BY c.campaign_id""",
}


def main():
    archives, output, threads = sys.argv[1:4]
    database = duckdb.connect()
    database.execute(f"SET threads = {int(threads)}")
    database.execute("SET preserve_insertion_order = false")
    database.execute(EVENTS.replace("$archives", "'" + archives.replace("'", "''") + "'"))
    for script in (BOOKS, CALLS, CAMPAIGNS):
        database.execute(script)
    for table, query in TABLES.items():
        database.execute(f"COPY ({query}) TO '{output}/{table}.csv' (FORMAT csv, HEADER)")


if __name__ == "__main__":
    main()
