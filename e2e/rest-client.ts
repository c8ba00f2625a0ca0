import type { InputOf, OutputOf } from '../src/contract/contract.ts';

export type Workflow = OutputOf<'workflows', 'create'>;
export type Graph = OutputOf<'workflows', 'graph'>;
export type GraphChange = InputOf<'workflows', 'changeGraph'>['commands'];
export type Execution = OutputOf<'executions', 'get'>;
export type Epic = OutputOf<'epics', 'create'>;
export type Task = OutputOf<'tasks', 'create'>;
export type Credential = OutputOf<'credentials', 'create'>;
export type NewCredential = InputOf<'credentials', 'create'>;
export type Schedule = OutputOf<'schedules', 'create'>;
export type NewSchedule = InputOf<'schedules', 'create'>;
export type ExecutionPage = OutputOf<'executions', 'list'>;

export type ChatSettings = OutputOf<'chat', 'savePage'>;
export type User = OutputOf<'users', 'create'>;

/** What somebody holds who has turned the second factor on. */
export interface Enrolment {
  readonly secret: string;
  readonly recovery_codes: readonly string[];
}

/** The public REST API, the only way tests put anything into a server. */
export class RestClient {
  readonly #base: string;
  readonly #key: string;
  constructor(url: string, key: string) {
    this.#base = `${url}/api/v1`;
    this.#key = key;
  }

  createWorkflow(name: string, slug: string): Promise<Workflow> {
    return this.#send('POST', '/workflows', { name, slug });
  }

  graph(slug: string): Promise<Graph> {
    return this.#send('GET', `/workflows/${slug}/graph`);
  }

  changeGraph(slug: string, baseRevision: number, commands: GraphChange): Promise<{ revision: number }> {
    return this.#send('POST', `/workflows/${slug}/graph`, { base_revision: baseRevision, commands });
  }

  workflows(): Promise<{ items: Workflow[]; total: number }> {
    return this.#send('GET', '/workflows?limit=1000');
  }

  execute(slug: string, text = ''): Promise<{ execution_id: string }> {
    return this.#send('POST', `/workflows/${slug}/execute`, { text });
  }

  execution(id: string): Promise<Execution> {
    return this.#send('GET', `/executions/${id}`);
  }

  executions(query = ''): Promise<ExecutionPage> {
    return this.#send('GET', `/executions${query}`);
  }

  createEpic(title: string): Promise<Epic> {
    return this.#send('POST', '/epics', { title });
  }

  createTask(epicId: string, title: string): Promise<Task> {
    return this.#send('POST', '/tasks', { epic_id: epicId, title });
  }

  changeTask(id: string, change: Omit<InputOf<'tasks', 'update'>, 'task_id'>): Promise<Task> {
    return this.#send('PATCH', `/tasks/${id}`, change);
  }

  createUser(username: string, password: string): Promise<User> {
    return this.#send('POST', '/users', { username, password });
  }

  /** A key for a password, as programs get it. */
  async signIn(username: string, password: string): Promise<string> {
    const { key } = await this.#send<{ key: string }>('POST', '/auth/token', { username, password });
    return key;
  }

  /** Turns the second factor on for whoever the key of this client belongs to. `code` gets the secret. */
  async enrolMfa(code: (secret: string) => string): Promise<Enrolment> {
    const { secret } = await this.#send<{ secret: string }>('POST', '/auth/mfa/setup');
    const { recovery_codes } = await this.#send<Pick<Enrolment, 'recovery_codes'>>(
      'POST',
      '/auth/mfa/verify',
      {
        code: code(secret),
      },
    );
    return { secret, recovery_codes };
  }

  createCredential(input: NewCredential): Promise<Credential> {
    return this.#send('POST', '/credentials', input);
  }

  credentials(): Promise<{ items: Credential[] }> {
    return this.#send('GET', '/credentials?limit=1000');
  }

  createSchedule(input: NewSchedule): Promise<Schedule> {
    return this.#send('POST', '/schedules', input);
  }

  schedules(): Promise<{ items: Schedule[] }> {
    return this.#send('GET', '/schedules?limit=1000');
  }

  /** Sets how a workflow chats with visitors. */
  saveChatPage(
    slug: string,
    wish: Omit<InputOf<'chat', 'savePage'>, 'workflow_slug'>,
  ): Promise<ChatSettings> {
    return this.#send('PUT', `/workflows/${slug}/chat/page`, wish);
  }

  /** The status that a key is answered with when it asks who it is. */
  async statusOfKey(key: string): Promise<number> {
    const answer = await fetch(`${this.#base}/auth/me`, { headers: { authorization: `Bearer ${key}` } });
    return answer.status;
  }

  async #send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(this.#base + path, {
      method,
      headers: { authorization: `Bearer ${this.#key}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${text}`);
    return JSON.parse(text) as T;
  }
}
