import { setTimeout as pause } from 'node:timers/promises';
import type { Message } from '#domain/chat/message.ts';
import {
  addUsage,
  type ModelAnswer,
  type ModelChoice,
  type ModelRequest,
  NO_USAGE,
  type Usage,
} from '#domain/model/model.ts';
import { StepError } from '#domain/node/executor.ts';
import type { StepPlace } from '#server/engine/interface.ts';
import type { OpenedProvider, Vault } from '#server/vault/vault.ts';
import { type AnswerSchema, answerSchema, repairPrompt } from './answer-schema.ts';
import { DeltaSink } from './delta-sink.ts';
import { type ModelFailure } from './model-failure.ts';
import { type ModelTry, type ModelWorld, tryModel } from './model-try.ts';
import { nativeAnswerOf } from './native-answer.ts';
import { refuseSearch, searchesIn } from './native-search.ts';
import type { SchemaMode } from './provider-model.ts';
import type { RawAnswer } from './raw-answer.ts';

export interface ModelCallOptions extends ModelWorld {
  readonly vault: Vault;
  /** Milliseconds before the first further try, twice as many before the second; 500 if absent. */
  readonly backoffMs?: number;
}

export type AskModel = (request: ModelRequest, place: StepPlace) => Promise<ModelAnswer>;

const MAX_RETRIES = 2;
const BACKOFF_MS = 500;
const USUAL_TIMEOUT_S = 300;
const MAX_TIMEOUT_S = 600;
/** No other model is asked after these. */
const ENDS: ReadonlySet<string> = new Set(['aborted', 'budget_exceeded', 'bad_schema']);

/** One request of a step, over all tries and fallbacks. */
interface Asking {
  readonly options: ModelCallOptions;
  readonly request: ModelRequest;
  readonly place: StepPlace;
  readonly schema: AnswerSchema | null;
  readonly sink: DeltaSink | null;
  usage: Usage;
}

/** What steps ask models through. Keys stay behind the guard; answers, errors and prompts are clean of secrets. */
export function createModelCalls(options: ModelCallOptions): AskModel {
  return async (request, place) => {
    const asking: Asking = {
      options,
      request,
      place,
      schema: request.schema ? answerSchema(request.schema) : null,
      sink: request.onDelta ? new DeltaSink(request.onDelta) : null,
      usage: NO_USAGE,
    };
    const { choice } = request;
    const models = [choice, ...choice.fallbacks.map((fallback) => ({ ...choice, ...fallback }))];
    const failures: { model: string; error: StepError }[] = [];
    for (const one of models) {
      try {
        return await askChoice(asking, one);
      } catch (error) {
        if (!(error instanceof StepError) || ENDS.has(error.code)) throw error;
        failures.push({ model: one.model, error });
        asking.sink?.restart();
      }
    }
    throw summedUp(failures);
  };
}

function summedUp(failures: readonly { model: string; error: StepError }[]): StepError {
  const [first, ...others] = failures;
  if (!first) return new StepError('model_bad_request', 'No model is chosen.', { permanent: true });
  if (others.length === 0) return first.error;
  const all = failures.map(({ error }) => error.message).join(' ');
  const permanent = failures.every(({ error }) => error.permanent);
  return new StepError(first.error.code, `None of the ${failures.length} models answered. ${all}`, {
    permanent,
  });
}

/** @throws StepError */
async function askChoice(asking: Asking, choice: ModelChoice): Promise<ModelAnswer> {
  const { options, place, request } = asking;
  const opened = await options.vault.forModel(choice.credential, { ...place, node: place.actor });
  if (choice.nativeSearch === true) refuseSearch(opened);
  asking.sink?.begin(opened.cleaner);
  const endsAt = performance.now() + Math.min(choice.timeout ?? USUAL_TIMEOUT_S, MAX_TIMEOUT_S) * 1000;
  const clean = cleaned({ ...request, choice }, opened);
  const one = { asking, opened, request: clean, endsAt };
  const { schema } = asking;
  const raw = await answered({ ...one, schemaMode: null });
  if (schema === null || raw.toolCalls.length > 0) return finished(one, raw, undefined);
  const read = schema.read(raw.text);
  if (read.ok) return finished(one, raw, read.object);
  asking.sink?.restart();
  const repair = { ...clean, messages: [...clean.messages, ...repairing(raw.text, read.problem)] };
  const second = await answered({ ...one, request: repair, schemaMode: null });
  const again = schema.read(second.text);
  if (again.ok) return finished(one, second, again.object);
  throw misfit(choice, second, again.problem);
}

const repairing = (text: string, problem: string): Message[] => [
  { role: 'assistant', content: text === '' ? '{}' : text },
  { role: 'user', content: repairPrompt(problem) },
];

function misfit({ model }: ModelChoice, { finish }: RawAnswer, problem: string): StepError {
  const why =
    finish?.unified === 'length'
      ? 'The answer was cut off: allow for more tokens.'
      : `Try a simpler schema or another model. ${problem}`;
  return new StepError(
    'model_bad_answer',
    `“${model}” did not answer in the form that was asked for. ${why}`,
  );
}

/** Secrets in use never get into a prompt. */
function cleaned(request: ModelRequest, { cleaner }: OpenedProvider): ModelRequest {
  const { messages, tools } = request;
  return {
    ...request,
    messages: cleaner.value(messages),
    ...(tools && { tools: tools.map(({ read: _, ...face }) => cleaner.value(face)) }),
  };
}

interface Choice {
  readonly asking: Asking;
  readonly opened: OpenedProvider;
  readonly request: ModelRequest;
  readonly endsAt: number;
  readonly schemaMode: SchemaMode | null;
}

/** A provider may stop in the middle of its own searching, so often, and wants to be asked to go on. */
const MOST_PAUSES = 5;

/** The whole answer of one model. @throws StepError */
async function answered(choice: Choice): Promise<RawAnswer> {
  const { request, opened } = choice;
  let answer = await triedAnswer(choice);
  for (let pauses = 0; answer.finish?.raw === 'pause_turn' && pauses < MOST_PAUSES; pauses += 1) {
    const native = nativeAnswerOf(opened.kind, answer.content);
    if (native === null) break;
    const soFar: Message = { role: 'assistant', content: answer.text, native };
    const again = { ...choice, request: { ...request, messages: [...request.messages, soFar] } };
    const more = await triedAnswer(again);
    answer = {
      ...more,
      text: answer.text + more.text,
      reasoning: answer.reasoning + more.reasoning,
      content: [...answer.content, ...more.content],
    };
  }
  return answer;
}

/** With as many further tries as are allowed. @throws StepError */
async function triedAnswer(choice: Choice): Promise<RawAnswer> {
  const { asking, opened, request, endsAt } = choice;
  const retries = Math.min(Math.max(0, request.choice.maxRetries ?? MAX_RETRIES), MAX_RETRIES);
  for (let attempt = 0; ; attempt++) {
    const tried = await tryModel(asking.options, tryOf(choice));
    asking.usage = addUsage(asking.usage, tried.usage);
    if (tried.ok) return tried.answer;
    const { failure } = tried;
    if (takesNoSchema(choice, failure)) return triedAnswer({ ...choice, schemaMode: 'in_prompt' });
    const wait = failure.waitMs ?? (asking.options.backoffMs ?? BACKOFF_MS) * 2 ** attempt;
    const isLast = !failure.retryable || attempt >= retries || performance.now() + wait >= endsAt;
    if (isLast) throw failure.error;
    asking.sink?.restart();
    await pause(wait, undefined, { signal: asking.place.signal }).catch(() => {
      throw new StepError('aborted', `The call of “${request.choice.model}” at ${opened.name} was stopped.`);
    });
  }
}

/** Many servers of one's own refuse schemas they do not know; then it is put into words. */
const takesNoSchema = ({ asking, opened, schemaMode }: Choice, { error }: ModelFailure): boolean =>
  asking.schema !== null &&
  schemaMode === null &&
  error.code === 'model_bad_request' &&
  opened.kind !== 'openai' &&
  opened.kind !== 'anthropic';

function tryOf({ asking, opened, request, endsAt, schemaMode }: Choice): ModelTry {
  const { place, schema, sink } = asking;
  const timeoutMs = Math.max(1, Math.round(endsAt - performance.now()));
  return { place, opened, request, schema, schemaMode, sink, timeoutMs };
}

function finished(
  { asking, opened, request }: Pick<Choice, 'asking' | 'opened' | 'request'>,
  { text, toolCalls, finish, content }: RawAnswer,
  object: unknown,
): ModelAnswer {
  asking.sink?.flush();
  const searches = searchesIn(content);
  const native = nativeAnswerOf(opened.kind, content);
  const clean = opened.cleaner.value({
    text,
    toolCalls,
    ...(searches.length > 0 && { searches }),
    ...(native && { native }),
    ...(object !== undefined && { object }),
  });
  return { ...clean, finish: finishOf(finish), usage: asking.usage, model: request.choice.model };
}

function finishOf(finish: RawAnswer['finish']): ModelAnswer['finish'] {
  switch (finish?.unified) {
    case 'stop':
    case 'length':
      return finish.unified;
    case 'tool-calls':
      return 'tool_calls';
    case 'content-filter':
      return 'content_filter';
    default:
      return 'other';
  }
}
