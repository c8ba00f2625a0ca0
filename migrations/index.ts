import type { Migration } from 'kysely';
import * as accounts from './0001-create-accounts.ts';
import * as workflows from './0002-create-workflows.ts';
import * as executions from './0003-create-executions.ts';
import * as suspension from './0004-add-suspension.ts';
import * as approvals from './0005-add-approvals.ts';
import * as schedules from './0006-add-schedules.ts';
import * as blobs from './0007-add-blobs.ts';

/** Every migration, in order. Forward only: a file that has landed never changes. */
export const migrations: Record<string, Migration> = {
  '0001-create-accounts': accounts,
  '0002-create-workflows': workflows,
  '0003-create-executions': executions,
  '0004-add-suspension': suspension,
  '0005-add-approvals': approvals,
  '0006-add-schedules': schedules,
  '0007-add-blobs': blobs,
};
