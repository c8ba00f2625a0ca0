import type { Input } from './client.ts';
import { operations } from './listed-operation.ts';
import { ABSENT, type World } from './world.ts';

/** A body that names a thing of somebody else, and the same body with a thing that never was. */
export interface ForeignReference {
  readonly id: string;
  readonly foreign: Input;
  readonly absent: Input;
  /** The two ids as text, which answers may echo. */
  readonly mask: readonly string[];
}

interface Kind {
  /** Names of body fields that hold an id of this kind. */
  readonly fields: RegExp;
  readonly of: (world: World) => unknown;
  readonly absent: unknown;
}

/** Which fields of bodies refer to what. */
const KINDS: readonly Kind[] = [
  {
    fields: /^(workflow_id|error_handler_workflow_id|subworkflow_id)$/,
    of: ({ flow }) => flow.workflowId,
    absent: 2_000_000_011,
  },
  { fields: /^workflow_slug$/, of: ({ path }) => path.workflow_slug, absent: ABSENT.workflow_slug },
  {
    fields: /^(execution_id|reuse_execution_id)$/,
    of: ({ path }) => path.execution_id,
    absent: ABSENT.execution_id,
  },
  { fields: /^epic_id$/, of: ({ path }) => path.epic_id, absent: ABSENT.epic_id },
  {
    fields: /^depends_on$/,
    of: ({ path }) => path.task_id && [path.task_id],
    absent: [ABSENT.task_id],
  },
];

/** Every body field of the contract that refers to something, with what is `whose`. */
export function foreignReferences(whose: World): ForeignReference[] {
  const plain = operations
    .filter(
      ({ operation: { access }, takesBody }) =>
        takesBody && !['public', 'visitor', 'gateway'].includes(access),
    )
    .flatMap(({ id, operation, pathKeys }) =>
      Object.keys(operation.input.shape)
        .filter((field) => !pathKeys.has(field))
        .flatMap((field) =>
          KINDS.filter(({ fields, of }) => fields.test(field) && of(whose) !== undefined).map((kind) => ({
            id,
            foreign: { [field]: kind.of(whose) },
            absent: { [field]: kind.absent },
            mask: [kind.of(whose), kind.absent].flat().map(String),
          })),
        ),
    );
  return [...plain, ...inside(whose)];
}

/** References that lie deeper in a body. */
function inside(whose: World): ForeignReference[] {
  const { credential_id } = whose.path;
  if (credential_id === undefined) return [];
  const variable = (id: unknown): Input => ({
    env_vars: [{ key: 'TOKEN', source: 'credential', credential_id: id, credential_field: 'token' }],
  });
  return ['sandboxes.create', 'sandboxes.update'].map((id) => ({
    id,
    foreign: variable(credential_id),
    absent: variable(ABSENT.credential_id),
    mask: [String(credential_id), String(ABSENT.credential_id)],
  }));
}
