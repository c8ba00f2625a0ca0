import type { Executor } from '#domain/node/executor.ts';
import { execute as code } from '#nodes/code/executor.ts';
import type { definitions, ExecutableType } from '#nodes/definitions.ts';
import { execute as http_request } from '#nodes/http_request/executor.ts';
import { execute as merge } from '#nodes/merge/executor.ts';
import { execute as reply } from '#nodes/reply/executor.ts';
import { execute as set } from '#nodes/set/executor.ts';
import { execute as switchNode } from '#nodes/switch/executor.ts';
import { execute as wait } from '#nodes/wait/executor.ts';

/** What runs, by node type. A type that is not a trigger and is missing here does not compile. */
export const executors = {
  set,
  code,
  switch: switchNode,
  merge,
  wait,
  http_request,
  reply,
} satisfies { [K in ExecutableType]: Executor<(typeof definitions)[K]> };
