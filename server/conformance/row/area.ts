import { agents, auth, users } from './account.ts';
import { executions } from './execution.ts';
import { edges, nodes } from './graph.ts';
import type { Row } from './row.ts';
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
];
