"""The benchmark's job as a good user of ClickHouse would write it, in the embedded chdb: archives to five CSV files.

Usage: chdb_job.py 'GLOB' OUTPUT_DIRECTORY THREADS

The archives are parsed once into a table in memory, deduplicated by event_id, and gathered by conversation_id. In
ClickHouse's favour: rows of the detail tables come in any order, of conflicting and repeated events any one is kept,
deliveries are counted without their duplicates, the origin has no line number, no finding is explained, and nothing is
fsynced.
"""

import sys

from chdb import session

COLUMNS = ", ".join(
    [f"{name} Nullable(String)" for name in """
        event event_id timestamp conversation_id campaign_id workspace_id agent_id agent_name call_type from_number
        to_number username context_data status recording_url call_insights error_code error_reason connected_at
        ended_at campaign_uid campaign_name user_id created_at scheduled_at started_at total_duration
        billable_duration""".split()]
    + [f"{name} Nullable(Int64)" for name in
        "call_duration duration total_contacts total_calls successful_calls failed_calls".split()]
    + ["credits Nullable(Decimal(18, 6))", "total_credits Nullable(Decimal(18, 6))",
       "transcripts Array(Tuple(role String, content String))"])

SETTINGS = [
    "SET max_threads = {threads}",
    "SET input_format_json_read_objects_as_strings = 1",
    "SET input_format_json_read_numbers_as_strings = 1",
    "SET input_format_allow_errors_ratio = 0.05",
    "SET engine_file_truncate_on_insert = 1",
]

EVENTS = """
CREATE TABLE events ENGINE = Memory AS
SELECT *, _file AS archive FROM file('{archives}', 'JSONEachRow', '{columns}')
WHERE event_id IS NOT NULL LIMIT 1 BY event_id
"""

FUNCTIONS = [
    "CREATE OR REPLACE FUNCTION instant AS (text) -> parseDateTime64BestEffortOrNull("
    "concat(substring(assumeNotNull(text), 1, 19), '.', substring(assumeNotNull(text), 21)), 6, 'UTC')",
    "CREATE OR REPLACE FUNCTION stamp AS (moment) -> replaceOne(toString(moment), ' ', 'T')",
    "CREATE OR REPLACE FUNCTION seconds AS (clock) -> toInt64OrNull(splitByChar(':', assumeNotNull(clock))[1]) * 3600"
    " + toInt64OrNull(splitByChar(':', assumeNotNull(clock))[2]) * 60"
    " + toInt64OrNull(splitByChar(':', assumeNotNull(clock))[3])",
]


def told(column, *kinds):
    """The column from the first of the call's events, in order of authority, that has it."""
    values = ", ".join(f"anyIf({column}, event = 'call.{kind}')" for kind in kinds)
    return f"coalesce({values})" if len(kinds) > 1 else values


TOLD = ("processed", "completed", "started")

CALLS = f"""
CREATE TABLE calls ENGINE = Memory AS
WITH joined AS (
  SELECT assumeNotNull(conversation_id) AS id,
    {told("campaign_id", *TOLD, "recording")} AS campaign,
    {told("workspace_id", *TOLD)} AS workspace,
    {told("agent_id", *TOLD, "recording")} AS agent, {told("agent_name", *TOLD)} AS name,
    {told("call_type", *TOLD)} AS type, {told("from_number", *TOLD)} AS from_, {told("to_number", *TOLD)} AS to_,
    {told("username", *TOLD)} AS user, {told("status", "processed", "completed")} AS state,
    instant({told("connected_at", "completed", "started", "recording")}) AS connected,
    instant({told("ended_at", "completed", "recording")}) AS ended, instant(min(timestamp)) AS earliest,
    coalesce({told("duration", "processed")}, {told("call_duration", "completed")}) AS seconds_,
    {told("credits", "processed")} AS billed, {told("recording_url", "processed", "recording")} AS url,
    {told("error_code", "processed", "completed")} AS code,
    {told("error_reason", "processed", "completed")} AS reason,
    max(length(transcripts)) AS turns, {told("context_data", *TOLD)} AS context,
    {told("call_insights", "processed")} AS insights, {told("archive", *TOLD, "recording")} AS origin,
    countIf(event = 'call.started') > 0 AS is_started, countIf(event = 'call.completed') > 0 AS is_completed,
    countIf(event = 'call.processed') > 0 AS is_processed, countIf(event = 'call.recording') > 0 AS is_recorded,
    count() AS deliveries
  FROM events WHERE conversation_id IS NOT NULL GROUP BY conversation_id
), billed AS (
  SELECT *, if(state = 'completed', greatest(1, intDiv(seconds_ + 59, 60)), 0) AS pulses FROM joined
)
SELECT id AS conversation_id, campaign AS campaign_id, n.campaign_name AS campaign_name, workspace AS workspace_id,
  agent AS agent_id, name AS agent_name, type AS call_type, from_ AS from_number, to_ AS to_number,
  user AS username, state AS status, toDate(coalesce(ended, connected, earliest)) AS day,
  connected AS connected_at, ended AS ended_at, seconds_ AS duration_seconds, pulses * 60 AS billable_seconds,
  billed AS credits, pulses AS expected_credits, billed - pulses AS credits_difference,
  multiIf(is_processed OR (is_completed AND state <> 'completed'), 'settled',
    is_completed, 'awaiting_processed', 'awaiting_completed') AS settlement,
  url AS recording_url, code AS error_code, reason AS error_reason, turns AS transcript_turns,
  context AS context_data, insights AS call_insights,
  arrayStringConcat(arrayFilter(x -> x <> '', [if(is_started, 'started', ''), if(is_completed, 'completed', ''),
    if(is_processed, 'processed', ''), if(is_recorded, 'recording', '')]), '+') AS events,
  deliveries, origin
FROM billed LEFT JOIN (
  SELECT campaign_id, any(campaign_name) AS campaign_name FROM events WHERE event LIKE 'campaign.%' GROUP BY campaign_id
) n ON billed.campaign = n.campaign_id
"""

COUNTED = """
CREATE TABLE counted ENGINE = Memory AS
SELECT campaign_id, count() AS calls, countIf(status = 'completed') AS successful,
  countIf(status <> 'completed') AS failed, sum(duration_seconds) AS duration, sum(billable_seconds) AS billable,
  sum(credits) AS credited, countIf(settlement <> 'settled') AS awaiting
FROM calls WHERE campaign_id IS NOT NULL GROUP BY campaign_id
"""

CAMPAIGNS = """
CREATE TABLE campaigns ENGINE = Memory AS
SELECT campaign_id, any(k.uid) AS campaign_uid, any(k.name) AS campaign_name, any(k.workspace) AS workspace_id,
  any(k.user) AS user_id, any(k.agent) AS agent_id, argMax(k.state, k.ended) AS status,
  any(k.contacts) AS total_contacts, any(instant(k.created)) AS created_at, any(instant(k.scheduled)) AS scheduled_at,
  any(instant(k.started)) AS started_at, anyIf(instant(k.end), k.ended) AS ended_at,
  max(k.ended) AS is_ended, any(n.calls) AS calls, any(n.successful) AS successful, any(n.failed) AS failed,
  any(n.duration) AS duration, any(n.billable) AS billable, any(n.credited) AS credited, any(n.awaiting) AS awaiting,
  max(k.calls) AS total_calls, max(k.good) AS successful_calls, max(k.bad) AS failed_calls,
  anyIf(seconds(k.length), k.ended) AS total_duration, anyIf(seconds(k.billed), k.ended) AS billable_duration,
  max(k.credits) AS total_credits, max(k.announced) AS is_announced
FROM (
  SELECT campaign_id, campaign_uid AS uid, campaign_name AS name, workspace_id AS workspace, user_id AS user,
    agent_id AS agent, status AS state, total_contacts AS contacts, created_at AS created, scheduled_at AS scheduled,
    started_at AS started, ended_at AS end, event = 'campaign.ended' AS ended, total_calls AS calls,
    successful_calls AS good, failed_calls AS bad, total_duration AS length, billable_duration AS billed,
    total_credits AS credits, 1 AS announced
  FROM events WHERE event LIKE 'campaign.%'
) k FULL JOIN counted n USING (campaign_id)
GROUP BY campaign_id
"""

TABLES = {
    "calls": """
SELECT * REPLACE (stamp(connected_at) AS connected_at, stamp(ended_at) AS ended_at)
FROM (SELECT * FROM calls ORDER BY connected_at ASC NULLS LAST, conversation_id)""",
    "transcripts": """
SELECT conversation_id, campaign_id, turn, entry.1 AS role, entry.2 AS content
FROM events ARRAY JOIN transcripts AS entry, arrayEnumerate(transcripts) AS turn WHERE event = 'call.processed'""",
    "insights": """
SELECT conversation_id, campaign_id, entry.1 AS name,
  if(startsWith(entry.2, '"'), JSONExtractString(concat('[', entry.2, ']'), 1), entry.2) AS value
FROM events ARRAY JOIN JSONExtractKeysAndValuesRaw(assumeNotNull(call_insights)) AS entry
WHERE event = 'call.processed'""",
    "campaigns": """
SELECT campaign_id, campaign_uid, campaign_name, workspace_id, user_id, agent_id, status, total_contacts,
  stamp(created_at) AS created_at, stamp(scheduled_at) AS scheduled_at, stamp(started_at) AS started_at,
  stamp(ended_at) AS ended_at, calls
FROM campaigns WHERE is_announced ORDER BY campaign_id""",
    "reconciliation": """
SELECT campaign_id, campaign_name, workspace_id, stamp(ended_at) AS ended_at,
  multiIf(NOT is_announced, 'unannounced', NOT is_ended, 'open', awaiting > 0, 'incomplete',
    total_calls = calls AND successful_calls = successful AND failed_calls = failed AND total_duration = duration
      AND billable_duration = billable AND total_credits = credited, 'matched', 'mismatched') AS verdict,
  total_calls AS claimed_total_calls, calls AS counted_total_calls,
  total_calls - toInt64(calls) AS difference_total_calls,
  successful_calls AS claimed_successful_calls, successful AS counted_successful_calls,
  successful_calls - toInt64(successful) AS difference_successful_calls,
  failed_calls AS claimed_failed_calls, failed AS counted_failed_calls,
  failed_calls - toInt64(failed) AS difference_failed_calls,
  total_duration AS claimed_total_duration, duration AS counted_total_duration,
  total_duration - duration AS difference_total_duration,
  billable_duration AS claimed_billable_duration, billable AS counted_billable_duration,
  billable_duration - billable AS difference_billable_duration,
  total_credits AS claimed_total_credits, credited AS counted_total_credits,
  total_credits - credited AS difference_total_credits, awaiting AS calls_awaiting
FROM campaigns ORDER BY campaign_id""",
}


def main():
    archives, output, threads = sys.argv[1:4]
    database = session.Session()
    database.query("CREATE DATABASE books ENGINE = Atomic")
    database.query("USE books")
    for setting in SETTINGS:
        database.query(setting.format(threads=int(threads)))
    for function in FUNCTIONS:
        database.query(function)
    database.query(EVENTS.format(archives=archives.replace("'", "\\'"), columns=COLUMNS))
    for script in (CALLS, COUNTED, CAMPAIGNS):
        database.query(script)
    for table, query in TABLES.items():
        database.query(f"INSERT INTO FUNCTION file('{output}/{table}.csv', 'CSVWithNames') {query}")
    database.close()


if __name__ == "__main__":
    main()
