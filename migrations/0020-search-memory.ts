// -- additive
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Words are found as they stand, in whatever language, and by their English stems besides.
    create function memory_words(words text) returns tsvector language sql immutable parallel safe
      return to_tsvector('simple'::regconfig, words) || to_tsvector('english'::regconfig, words);
    create function memory_words(words json) returns tsvector language sql immutable parallel safe
      return json_to_tsvector('simple'::regconfig, words, '["all"]') ||
        json_to_tsvector('english'::regconfig, words, '["all"]');

    alter table memory_facts
      -- Spaces, underscores and hyphens are the same in keys.
      add column folded_key text not null
        generated always as (btrim(regexp_replace(lower(key), '[[:space:]_-]+', ' ', 'g'))) stored,
      add column words tsvector not null
        generated always as (
          memory_words(regexp_replace(key, '[[:space:]_-]+', ' ', 'g')) || memory_words(value)) stored;
    create index memory_facts_folded on memory_facts (environment_id, folded_key);
    create index memory_facts_words on memory_facts using gin (words);
    create index memory_facts_newest on memory_facts (environment_id, updated_at desc);

    alter table memory_episodes
      add column words tsvector not null generated always as (memory_words(coalesce(summary, ''))) stored;
    create index memory_episodes_words on memory_episodes using gin (words);
    -- A run is one episode, however often its end is looked at.
    create unique index memory_episodes_run on memory_episodes (execution_id);

    alter table memory_procedures
      add column folded_name text not null
        generated always as (btrim(regexp_replace(lower(name), '[[:space:]_-]+', ' ', 'g'))) stored,
      add column words tsvector not null
        generated always as (
          memory_words(regexp_replace(name, '[[:space:]_-]+', ' ', 'g') || ' ' || description)) stored;
    create index memory_procedures_words on memory_procedures using gin (words);

    create index memory_users_telegram on memory_users (environment_id, telegram_id) where telegram_id is not null;
    create index memory_users_email on memory_users (environment_id, lower(email)) where email is not null;
    -- Which conversation a run belongs to.
    create index chat_messages_run on chat_messages (execution_id) where execution_id is not null;
  `.execute(db);
}
