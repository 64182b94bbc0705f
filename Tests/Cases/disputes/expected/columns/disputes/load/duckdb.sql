-- Adds the rows to the table "disputes" of a DuckDB database. Run inside this folder:
--   paste 01_subject_id.txt 02_credits_at_stake.txt 03_events.txt | duckdb tables.duckdb -f load/duckdb.sql
CREATE TABLE IF NOT EXISTS "disputes" (
  "subject_id" VARCHAR,
  "credits_at_stake" DECIMAL(38, 6),
  "events" BIGINT
);
-- An escaped backslash parts the text; what is left between two of them holds only the other escapes.
CREATE OR REPLACE TEMP MACRO unescaped(x) AS CASE WHEN contains(x, '\') THEN
  array_to_string(list_transform(string_split(x, '\\'), lambda part:
    replace(replace(replace(replace(part, '\t', chr(9)), '\n', chr(10)), '\r', chr(13)), '\x00', chr(0))),
    '\')
  ELSE x END;
INSERT INTO "disputes" ("subject_id", "credits_at_stake", "events")
SELECT unescaped("subject_id"), "credits_at_stake", "events"
FROM read_csv('/dev/stdin', auto_detect = false, header = false, delim = '\t', quote = '', escape = '',
  nullstr = '\N', max_line_size = 67108864, buffer_size = 134217728,
  columns = {"subject_id": 'VARCHAR', "credits_at_stake": 'VARCHAR', "events": 'VARCHAR'});
