import { type Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';
import { type ScriptedProvider, startScriptedProvider } from '#server/model/provider-fixture.ts';

export interface Made {
  readonly slug: string;
  readonly workflow_id: number;
}

export interface Run {
  readonly status: string;
  readonly execution_id: string;
}

/** A function of a tool, and its arguments. */
export type Wanted = readonly [name: string, args: object];

/** Agents that call the functions a test wants, on a whole server. */
export class BotStage {
  readonly server: TestServer;
  readonly llm: ScriptedProvider;
  readonly #accounts = new Map<Caller, number>();

  constructor(server: TestServer, llm: ScriptedProvider) {
    this.server = server;
    this.llm = llm;
  }

  async #accountOf(owner: Caller): Promise<number> {
    const known = this.#accounts.get(owner);
    if (known !== undefined) return known;
    const { id } = await owner.ok<{ id: number }>('credentials.create', {
      name: 'Model',
      credential_type: 'llm',
      detail: { provider_type: 'openai_compatible', base_url: this.llm.openai, api_key: 'sk-scripted' },
    });
    this.#accounts.set(owner, id);
    return id;
  }

  /** A workflow whose agent has the tool, or several of them, separated by commas. */
  async botWith(owner: Caller, tool: string, name = `Bot with ${tool}`, trigger = 'manual'): Promise<Made> {
    const account = await this.#accountOf(owner);
    return owner.ok<Made>('workflows.fromDsl', {
      yaml_str: `name: ${name}
trigger: ${trigger}
model: {credential_id: ${account}, model_name: scripted-1}
steps: [{type: agent, id: bot, prompt: You are the bot., tools: [${tool}]}]`,
    });
  }

  /** Lets the agent call the functions in turn, and gives what it was told of each. */
  async calls(owner: Caller, slug: string, ...wanted: readonly Wanted[]) {
    const { llm } = this;
    const before = llm.requests.length;
    llm.script(...wanted.map(([name, args]) => ({ toolCalls: [{ name, args }] })), { text: 'Done.' });
    const started = { workflow_slug: slug, text: 'Go.' };
    const { execution_id } = await owner.ok<{ execution_id: string }>('workflows.execute', started);
    const run = await this.#ended(owner, execution_id);
    const asked = llm.requests.length - before;
    if (run.status !== 'completed' || asked !== wanted.length + 1) {
      throw new Error(`The run is ${run.status} after ${asked} answers: ${JSON.stringify(run)}`);
    }
    const told = llm.requests.at(-1)?.body.messages.filter(({ role }) => role === 'tool') ?? [];
    return { told: told.map(({ content }) => String(content)), run };
  }

  #ended(owner: Caller, execution_id: string): Promise<Run> {
    return until(async () => {
      const run = await owner.ok<Run>('executions.get', { execution_id });
      return ['completed', 'failed', 'cancelled'].includes(run.status) && run;
    }, 25_000);
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.llm.close();
  }
}

export async function openBotStage(): Promise<BotStage> {
  const llm = await startScriptedProvider();
  return new BotStage(await startTestServer({ PIPEWRIGHT_EGRESS_ALLOW: llm.host }), llm);
}

/** What a tool gave, out of the marks that tell the model it is data. */
export const json = (text: string | undefined) =>
  JSON.parse((text ?? 'null').replaceAll(/^<tool_\w+[^>]*>\n?|\n?<\/tool_\w+>$/g, ''));
