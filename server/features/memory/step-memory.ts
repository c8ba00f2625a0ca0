import type { MemoryAnswer, MemoryRequest } from '#domain/memory/request.ts';
import type { Capabilities } from '#domain/node/executor.ts';
import { StepError } from '#domain/node/executor.ts';
import { isStorable } from '#domain/text.ts';
import type { Db } from '#server/db/connection.ts';
import type { StepPlace } from '#server/engine/interface.ts';
import { createConversations } from './conversation.ts';
import { openEpisode } from './episode.ts';
import { identify } from './identify.ts';
import { type MemoryPlace, memoryPlace } from './place.ts';
import type { MeaningOf } from './question.ts';
import { type Meaning, recall } from './recall.ts';
import { learn, remember } from './remember.ts';

export type StepMemory = Pick<Capabilities, 'conversation' | 'keepConversation' | 'memory'>;

/**
 * What the steps of a run may remember. Everything stays in the environment of the run. `meaningOf`: what questions
 * are looked for by beside their words; absent: nothing.
 */
export function createStepMemory(db: Db, meaningOf: MeaningOf = noMeaning): (step: StepPlace) => StepMemory {
  return (step) => {
    const conversations = createConversations(db, step);
    return {
      conversation: ({ name }) => conversations.load(name),
      keepConversation: ({ name }, messages) => conversations.keep(name, messages),
      memory: async <R extends MemoryRequest>(request: R) => {
        const place = await memoryPlace(db, step);
        if (request.kind !== 'identify') await openEpisode(db, place);
        const meaning: Meaning = (question) => meaningOf(question, { place: step, signal: step.signal });
        return (await answer({ db, meaning, isTool: step.call !== '' }, place, request)) as MemoryAnswer<R>;
      },
    };
  };
}

/** What is learned is cleaned; what is looked for by it would be something else. @throws StepError `bad_memory` */
function refuseUnreadable(request: MemoryRequest): void {
  const asked =
    request.kind === 'identify'
      ? { 'The channel': request.channel, 'Their id': request.externalId }
      : request.kind === 'recall'
        ? { 'The key': request.key, 'The query': request.query }
        : {};
  for (const [what, text] of Object.entries(asked)) {
    if (text === null || isStorable(text)) continue;
    const message = `${what} holds NUL or a broken character, and nothing is remembered by such a text. Take it out first.`;
    throw new StepError('bad_memory', message, { permanent: true });
  }
}

const noMeaning: MeaningOf = () => Promise.resolve(null);

interface Means {
  readonly db: Db;
  readonly meaning: Meaning;
  /** A model asks, with what it was told. */
  readonly isTool: boolean;
}

function answer(
  { db, meaning, isTool }: Means,
  place: MemoryPlace,
  request: MemoryRequest,
): Promise<MemoryAnswer<MemoryRequest>> {
  refuseUnreadable(request);
  switch (request.kind) {
    case 'recall':
      return recall(db, place, request, meaning);
    case 'remember':
      return remember(db, place, request);
    case 'learn':
      return learn(db, place, request);
    case 'identify':
      return identify(db, place, request, isTool);
  }
}
