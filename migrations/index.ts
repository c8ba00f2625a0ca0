import type { Migration } from 'kysely';
import * as accounts from './0001-create-accounts.ts';
import * as workflows from './0002-create-workflows.ts';
import * as executions from './0003-create-executions.ts';
import * as suspension from './0004-add-suspension.ts';
import * as approvals from './0005-add-approvals.ts';
import * as schedules from './0006-add-schedules.ts';
import * as blobs from './0007-add-blobs.ts';
import * as mfa from './0008-add-mfa.ts';
import * as credentials from './0009-extend-credentials.ts';
import * as memory from './0010-create-memory.ts';
import * as epics from './0011-add-epics.ts';
import * as sandboxes from './0012-create-sandboxes.ts';
import * as inbound from './0013-add-inbound.ts';
import * as auditChain from './0014-chain-audit.ts';
import * as webhookSecrets from './0015-secure-webhooks.ts';
import * as lists from './0016-list-quickly.ts';
import * as stepCalls from './0017-record-calls.ts';
import * as modelCalls from './0018-create-model-calls.ts';
import * as chat from './0019-extend-chat.ts';
import * as memorySearch from './0020-search-memory.ts';
import * as callApprovals from './0021-ask-per-call.ts';
import * as mcpTools from './0022-offer-mcp-tools.ts';
import * as memoryVectors from './0023-embed-memory.ts';
import * as chatShares from './0024-share-chat-pages.ts';
import * as callOrigins from './0025-trace-model-calls.ts';
import * as apiCalls from './0026-claim-api-calls.ts';

/** Every migration, in order. Forward only: a file that has landed never changes. */
export const migrations: Record<string, Migration> = {
  '0001-create-accounts': accounts,
  '0002-create-workflows': workflows,
  '0003-create-executions': executions,
  '0004-add-suspension': suspension,
  '0005-add-approvals': approvals,
  '0006-add-schedules': schedules,
  '0007-add-blobs': blobs,
  '0008-add-mfa': mfa,
  '0009-extend-credentials': credentials,
  '0010-create-memory': memory,
  '0011-add-epics': epics,
  '0012-create-sandboxes': sandboxes,
  '0013-add-inbound': inbound,
  '0014-chain-audit': auditChain,
  '0015-secure-webhooks': webhookSecrets,
  '0016-list-quickly': lists,
  '0017-record-calls': stepCalls,
  '0018-create-model-calls': modelCalls,
  '0019-extend-chat': chat,
  '0020-search-memory': memorySearch,
  '0021-ask-per-call': callApprovals,
  '0022-offer-mcp-tools': mcpTools,
  '0023-embed-memory': memoryVectors,
  '0024-share-chat-pages': chatShares,
  '0025-trace-model-calls': callOrigins,
  '0026-claim-api-calls': apiCalls,
};
