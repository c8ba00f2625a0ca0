import type { Executor } from '#domain/node/executor.ts';
import { execute as agent } from '#nodes/agent/executor.ts';
import { execute as aggregator } from '#nodes/aggregator/executor.ts';
import { execute as assertion } from '#nodes/assertion/executor.ts';
import { execute as calculator } from '#nodes/calculator/executor.ts';
import { execute as categorizer } from '#nodes/categorizer/executor.ts';
import { execute as code } from '#nodes/code/executor.ts';
import { execute as code_execute } from '#nodes/code_execute/executor.ts';
import { execute as csv } from '#nodes/csv/executor.ts';
import { execute as datetime } from '#nodes/datetime/executor.ts';
import { execute as deduplicate } from '#nodes/deduplicate/executor.ts';
import { execute as deep_agent } from '#nodes/deep_agent/executor.ts';
import type { definitions, ExecutableType } from '#nodes/definitions.ts';
import { execute as error_handler } from '#nodes/error_handler/executor.ts';
import { execute as extractor } from '#nodes/extractor/executor.ts';
import { execute as filter } from '#nodes/filter/executor.ts';
import { execute as group } from '#nodes/group/executor.ts';
import { execute as http_request } from '#nodes/http_request/executor.ts';
import { execute as human_confirmation } from '#nodes/human_confirmation/executor.ts';
import { execute as identify_user } from '#nodes/identify_user/executor.ts';
import { execute as json } from '#nodes/json/executor.ts';
import { execute as limit } from '#nodes/limit/executor.ts';
import { execute as loop } from '#nodes/loop/executor.ts';
import { execute as map } from '#nodes/map/executor.ts';
import { execute as memory_read } from '#nodes/memory_read/executor.ts';
import { execute as memory_write } from '#nodes/memory_write/executor.ts';
import { execute as merge } from '#nodes/merge/executor.ts';
import { execute as notify } from '#nodes/notify/executor.ts';
import { execute as output_parser } from '#nodes/output_parser/executor.ts';
import { execute as reply } from '#nodes/reply/executor.ts';
import { execute as reply_chat } from '#nodes/reply_chat/executor.ts';
import { execute as router } from '#nodes/router/executor.ts';
import { execute as run_command } from '#nodes/run_command/executor.ts';
import { execute as set } from '#nodes/set/executor.ts';
import { execute as sort } from '#nodes/sort/executor.ts';
import { execute as spawn_and_await } from '#nodes/spawn_and_await/executor.ts';
import { execute as split } from '#nodes/split/executor.ts';
import { execute as switchNode } from '#nodes/switch/executor.ts';
import { execute as validate_gherkin } from '#nodes/validate_gherkin/executor.ts';
import { execute as validate_topology } from '#nodes/validate_topology/executor.ts';
import { execute as wait } from '#nodes/wait/executor.ts';
import { execute as web_search } from '#nodes/web_search/executor.ts';
import { execute as workflow } from '#nodes/workflow/executor.ts';
import { execute as xml } from '#nodes/xml/executor.ts';

/** What runs, by node type. A type that is not a trigger and is missing here does not compile. */
export const executors = {
  memory_read,
  memory_write,
  identify_user,
  agent,
  deep_agent,
  categorizer,
  router,
  extractor,
  output_parser,
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
  validate_gherkin,
  http_request,
  web_search,
  code_execute,
  run_command,
  notify,
  reply,
  reply_chat,
} satisfies { [K in ExecutableType]: Executor<(typeof definitions)[K]> };
