import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import { type Caller, until } from '#server/http/test-server.ts';

/** Stands for whoever the links of a workflow are sent to. */
export interface Mailbox {
  readonly url: string;
  /** `host:port`, for the list of private destinations that may be reached. */
  readonly host: string;
  /** The bodies that have arrived. */
  readonly posted: Record<string, unknown>[];
  close(): void;
}

export async function openMailbox(): Promise<Mailbox> {
  const posted: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      posted.push(JSON.parse(body) as Record<string, unknown>);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: `http://${host}/`, host, posted, close: () => server.close() };
}

export const node = (id: string, type: string, config: object = {}, settings: object = {}) => ({
  kind: 'add_node',
  node: { id, type, label: null, x: 0, y: 0, config, settings: { ...DEFAULT_SETTINGS, ...settings } },
});
let edges = 0;
export const edge = (from: string, to: string) => {
  const [source = '', sourcePort = 'output'] = from.split('.');
  const [target = '', targetPort = 'input'] = to.split('.');
  edges += 1;
  return { kind: 'add_edge', edge: { id: edges, source, sourcePort, target, targetPort, priority: 0 } };
};

/** start → ask → a Set node for each way, and beside it a branch that does not wait. */
export async function drawQuestion(who: Caller, slug: string, config: object) {
  await who.ok('workflows.create', { name: slug, slug });
  const ways = ['approved', 'rejected', ...('timeout' in config ? ['timeout'] : [])];
  const set = (id: string) => node(id, 'set', { mode: 'text', text: id });
  await who.ok('workflows.changeGraph', {
    workflow_slug: slug,
    base_revision: 0,
    commands: [
      node('start', 'trigger_manual'),
      node('ask', 'human_confirmation', { prompt: 'Pay {{ trigger.amount }}?', ...config }),
      ...ways.map((way) => set(`is_${way}`)),
      set('beside'),
      edge('start.payload', 'ask.input'),
      ...ways.map((way) => edge(`ask.${way}`, `is_${way}`)),
      edge('start.payload', 'beside.input'),
    ],
  });
}

export const start = async (who: Caller, workflow_slug: string) =>
  (
    await who.ok<{ execution_id: string }>('workflows.execute', {
      workflow_slug,
      payload: { amount: 5 },
    })
  ).execution_id;

export interface Detail {
  status: string;
  final_output: { node_outputs: Record<string, unknown> } | null;
  logs: { node_id: string; status: string; output: unknown }[];
}
export const reaches = (who: Caller, execution_id: string, status: string) =>
  until(async () => {
    const found = await who.ok<Detail>('executions.get', { execution_id });
    return found.status === status ? found : null;
  });
export const statesOf = ({ logs }: Detail) =>
  Object.fromEntries(logs.map((log) => [log.node_id, log.status]));

export interface Approval {
  state: string;
  given: number;
  decided_by: string | null;
  can_decide: boolean;
  prompt: string;
  execution_id: string;
}
export const approvalOf = async (who: Caller, execution_id: string) => {
  const { items } = await who.ok<{ items: Approval[] }>('approvals.ofExecution', { execution_id });
  return items[0];
};
export const resume = (who: Caller, execution_id: string, confirmed: boolean, more: object = {}) =>
  who.call('approvals.resume', { execution_id, confirmed, ...more });
