export interface AreaText {
  readonly title: string;
  readonly text: string;
}

/** The groups of the reference, in its order. An area that is missing here comes last, under its own name. */
export const AREAS: Readonly<Record<string, AreaText>> = {
  auth: { title: 'Signing in', text: 'The first account, keys for a password, browsers, the second factor.' },
  sessions: { title: 'Sessions', text: 'Where you are signed in, and how to end that.' },
  mfa: { title: 'Second factor', text: 'Codes of an authenticator app, and recovery codes.' },
  users: { title: 'Users and keys', text: 'Your account and keys; for administrators everybody’s.' },
  agents: { title: 'Agent users', text: 'Accounts of programs: no password, one key.' },
  workflows: { title: 'Workflows', text: 'What runs: its fields, its graph as a whole, its versions.' },
  versions: { title: 'Versions', text: 'Earlier states of a workflow’s graph, kept and brought back.' },
  nodes: { title: 'Nodes', text: 'The steps of a workflow, one at a time.' },
  edges: { title: 'Edges', text: 'What leads from step to step.' },
  executions: { title: 'Executions', text: 'Runs, with what every step was given and gave.' },
  approvals: { title: 'Approvals', text: 'Questions that runs put to people.' },
  schedules: { title: 'Schedules', text: 'Runs at certain times.' },
  webhooks: { title: 'Webhooks', text: 'Addresses that start runs when they are called.' },
  chat: {
    title: 'Chat',
    text:
      'Your conversation with a workflow. The answer as it is written: ' +
      'GET /workflows/{workflow_slug}/chat/stream?execution_id=… answers text/event-stream with the events delta ' +
      '(node_id, turn, kind, text), node, message and, as the last one, end (status, text, message_id, error_code). ' +
      'Files of messages: GET /workflows/{workflow_slug}/chat/attachments/{id}.',
  },
  visits: {
    title: 'Hosted chat',
    text:
      'What visitors of a chat page use; they need no account. The stream and the files are as in Chat, below ' +
      '/chat/{page_id}.',
  },
  mcp: {
    title: 'MCP',
    text:
      'Which workflows are tools for other programs’ agents. Those connect to /mcp of this installation (Streamable ' +
      'HTTP) with an API key.',
  },
  models: { title: 'Models', text: 'What calls of models have cost, and the prices it is worked out by.' },
  budgets: { title: 'Budgets', text: 'How much may be spent on models.' },
  credentials: { title: 'Credentials', text: 'Secrets that steps use; sealed, and never given back.' },
  epics: { title: 'Epics', text: 'Larger pieces of work, with a budget.' },
  tasks: { title: 'Tasks', text: 'What an epic consists of.' },
  memories: { title: 'Memories', text: 'What agents have kept.' },
  memorySearch: {
    title: 'Memory search',
    text: 'Which model memories are embedded with, so that they are found by their meaning, too.',
  },
  sandboxes: { title: 'Workspaces', text: 'Folders that programs work in.' },
  settings: { title: 'Settings', text: 'Of the whole installation.' },
  inbound: { title: 'Inbound messages', text: 'What the message gateway delivers.' },
  sockets: { title: 'Sockets', text: 'How a browser gets its live events.' },
  quotas: { title: 'Quotas', text: 'How much there may be of everything.' },
  audit: { title: 'Audit log', text: 'Who did what to accounts, keys and credentials.' },
};

const ORDER = Object.keys(AREAS);

export const areaOf = (area: string): AreaText => AREAS[area] ?? { title: area, text: '' };

/** Areas in the order of the reference. */
export function inOrder(areas: Iterable<string>): string[] {
  const place = (area: string): number => {
    const at = ORDER.indexOf(area);
    return at === -1 ? ORDER.length : at;
  };
  return [...areas].toSorted((a, b) => place(a) - place(b));
}
