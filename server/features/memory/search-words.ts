import { type RawBuilder, sql } from 'kysely';

const MOST_WORDS = 32;
const LONGEST_WORD = 60;
/** Shorter beginnings occur in too much. */
const SHORTEST_BEGINNING = 4;

/**
 * What to look for in a column of `memory_words`: any of the words of a question, longer ones by their beginning as
 * well. Null where it has none.
 */
export function searchWords(question: string): RawBuilder<string> | null {
  const words = [...new Set(question.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])]
    .filter((word) => word.length <= LONGEST_WORD)
    .slice(0, MOST_WORDS);
  if (words.length === 0) return null;
  const any = words.map((word) => (word.length < SHORTEST_BEGINNING ? word : `${word}:*`)).join(' | ');
  return sql<string>`(to_tsquery('simple', ${any}) || to_tsquery('english', ${any}))`;
}
