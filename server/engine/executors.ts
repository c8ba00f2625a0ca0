import type { Executor } from '#domain/node/executor.ts';
import { execute as aggregator } from '#nodes/aggregator/executor.ts';
import { execute as assertion } from '#nodes/assertion/executor.ts';
import { execute as calculator } from '#nodes/calculator/executor.ts';
import { execute as code } from '#nodes/code/executor.ts';
import { execute as csv } from '#nodes/csv/executor.ts';
import { execute as datetime } from '#nodes/datetime/executor.ts';
import { execute as deduplicate } from '#nodes/deduplicate/executor.ts';
import type { definitions, ExecutableType } from '#nodes/definitions.ts';
import { execute as error_handler } from '#nodes/error_handler/executor.ts';
import { execute as filter } from '#nodes/filter/executor.ts';
import { execute as group } from '#nodes/group/executor.ts';
import { execute as http_request } from '#nodes/http_request/executor.ts';
import { execute as human_confirmation } from '#nodes/human_confirmation/executor.ts';
import { execute as json } from '#nodes/json/executor.ts';
import { execute as limit } from '#nodes/limit/executor.ts';
import { execute as loop } from '#nodes/loop/executor.ts';
import { execute as map } from '#nodes/map/executor.ts';
import { execute as merge } from '#nodes/merge/executor.ts';
import { execute as notify } from '#nodes/notify/executor.ts';
import { execute as reply } from '#nodes/reply/executor.ts';
import { execute as run_command } from '#nodes/run_command/executor.ts';
import { execute as set } from '#nodes/set/executor.ts';
import { execute as sort } from '#nodes/sort/executor.ts';
import { execute as spawn_and_await } from '#nodes/spawn_and_await/executor.ts';
import { execute as split } from '#nodes/split/executor.ts';
import { execute as switchNode } from '#nodes/switch/executor.ts';
import { execute as validate_topology } from '#nodes/validate_topology/executor.ts';
import { execute as wait } from '#nodes/wait/executor.ts';
import { execute as workflow } from '#nodes/workflow/executor.ts';
import { execute as xml } from '#nodes/xml/executor.ts';

/** What runs, by node type. A type that is not a trigger and is missing here does not compile. */
export const executors = {
  set,
  code,
  map,
  sort,
  limit,
  group,
  deduplicate,
  aggregator,
  split,
  json,
  csv,
  xml,
  datetime,
  calculator,
  switch: switchNode,
  filter,
  assertion,
  merge,
  loop,
  wait,
  human_confirmation,
  workflow,
  spawn_and_await,
  error_handler,
  validate_topology,
  http_request,
  run_command,
  notify,
  reply,
} satisfies { [K in ExecutableType]: Executor<(typeof definitions)[K]> };
