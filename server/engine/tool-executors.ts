import type { AnyToolExecutor } from '#domain/node/tool.ts';
import { tool as code_execute } from '#nodes/code_execute/tool.ts';
import { tool as create_agent_user } from '#nodes/create_agent_user/tool.ts';
import { tool as epic_tools } from '#nodes/epic_tools/tool.ts';
import { tool as get_totp_code } from '#nodes/get_totp_code/tool.ts';
import { tool as http_request } from '#nodes/http_request/tool.ts';
import { tool as mcp_client } from '#nodes/mcp_client/tool.ts';
import { tool as memory_read } from '#nodes/memory_read/tool.ts';
import { tool as memory_write } from '#nodes/memory_write/tool.ts';
import { tool as platform_api } from '#nodes/platform_api/tool.ts';
import { tool as run_command } from '#nodes/run_command/tool.ts';
import { tool as scheduler_tools } from '#nodes/scheduler_tools/tool.ts';
import { tool as spawn_and_await } from '#nodes/spawn_and_await/tool.ts';
import { tool as system_health } from '#nodes/system_health/tool.ts';
import { tool as task_tools } from '#nodes/task_tools/tool.ts';
import { tool as validate_gherkin } from '#nodes/validate_gherkin/tool.ts';
import { tool as validate_topology } from '#nodes/validate_topology/tool.ts';
import { tool as web_search } from '#nodes/web_search/tool.ts';
import { tool as whoami } from '#nodes/whoami/tool.ts';
import { tool as workflow } from '#nodes/workflow/tool.ts';
import { tool as workflow_create } from '#nodes/workflow_create/tool.ts';
import { tool as workflow_discover } from '#nodes/workflow_discover/tool.ts';

/** How node types work as tools, by type. Types that are not here run their executor with the arguments as config. */
export const toolExecutors: Readonly<Record<string, AnyToolExecutor>> = {
  code_execute,
  create_agent_user,
  epic_tools,
  get_totp_code,
  http_request,
  memory_write,
  memory_read,
  mcp_client,
  platform_api,
  run_command,
  scheduler_tools,
  spawn_and_await,
  system_health,
  task_tools,
  validate_gherkin,
  validate_topology,
  web_search,
  whoami,
  workflow,
  workflow_create,
  workflow_discover,
};
