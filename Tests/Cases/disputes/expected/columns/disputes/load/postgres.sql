-- Adds the rows to the table "disputes" of a PostgreSQL database. Run inside this folder:
--   psql -v ON_ERROR_STOP=1 -1 -f load/postgres.sql
CREATE TABLE IF NOT EXISTS "disputes" (
  "subject_id" text,
  "credits_at_stake" numeric,
  "events" bigint
);
\copy "disputes" ("subject_id", "credits_at_stake", "events") FROM PROGRAM 'paste 01_subject_id.txt 02_credits_at_stake.txt 03_events.txt' WITH (FORMAT text, ENCODING 'UTF8')
