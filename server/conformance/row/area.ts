import { agents, auth, users } from './account.ts';
import { conversations, rewrites } from './chat.ts';
import { pages, visits } from './chat-page.ts';
import { credentials } from './credential.ts';
import { epics, tasks } from './epic.ts';
import { executions } from './execution.ts';
import { edges, nodes } from './graph.ts';
import { inbound, sandboxes, settings } from './installation.ts';
import { mcp } from './mcp.ts';
import { chat, memories } from './memory.ts';
import { memorySearch } from './memory-search.ts';
import { budgets, models } from './model.ts';
import type { Row } from './row.ts';
import { schedules } from './schedule.ts';
import { graphs, workflows } from './workflow.ts';

interface AreaRows {
  readonly section: string;
  /** Of the contract table. */
  readonly area: string;
  readonly rows: readonly Row[];
}

/** The whole contract, in the order in which the rows build on one another. */
export const areas: readonly AreaRows[] = [
  { section: '§1, §2 health, auth and MFA', area: 'auth', rows: auth },
  { section: '§3 users and API keys', area: 'users', rows: users },
  { section: '§3 agent users', area: 'agents', rows: agents },
  { section: '§4 workflows', area: 'workflows', rows: workflows },
  { section: '§21 graphs', area: 'workflows', rows: graphs },
  { section: '§5 nodes', area: 'nodes', rows: nodes },
  { section: '§6 edges', area: 'edges', rows: edges },
  { section: '§7 executions', area: 'executions', rows: executions },
  { section: '§8 chat history', area: 'chat', rows: chat },
  { section: '§8 conversations', area: 'chat', rows: conversations },
  { section: '§8 taking messages back', area: 'chat', rows: rewrites },
  { section: 'hosted chat pages', area: 'chat', rows: pages },
  { section: 'visits of hosted chat pages', area: 'visits', rows: visits },
  { section: '§9 credentials', area: 'credentials', rows: credentials },
  { section: '§10 schedules', area: 'schedules', rows: schedules },
  { section: '§11 memory', area: 'memories', rows: memories },
  { section: 'MCP: workflows as tools', area: 'mcp', rows: mcp },
  { section: '§12 epics', area: 'epics', rows: epics },
  { section: '§13 tasks', area: 'tasks', rows: tasks },
  { section: '§14 settings', area: 'settings', rows: settings },
  { section: '§15 workspaces', area: 'sandboxes', rows: sandboxes },
  { section: 'prices and usage of models', area: 'models', rows: models },
  { section: 'budgets', area: 'budgets', rows: budgets },
  { section: '§17 inbound', area: 'inbound', rows: inbound },
  { section: 'memory search', area: 'memorySearch', rows: memorySearch },
];
