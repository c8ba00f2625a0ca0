import { isFolderSkill, skillConfig } from '#domain/agent/skill-config.ts';
import type { Graph, GraphNode } from '#domain/graph/graph.ts';
import { named, type Problem } from '#domain/graph/problem.ts';
import { modelConfig } from '#domain/model/config.ts';
import { StepError } from '#domain/node/executor.ts';
import type { Db } from '#server/db/connection.ts';
import { searchToolOf } from '#server/model/native-search.ts';
import type { SkillFolder } from '#server/skills/skill-folder.ts';

interface Outside {
  readonly db: Db;
  readonly skills: SkillFolder;
  readonly environmentId: number;
}

/** What is wrong in a graph that only shows on this server: its folders, and what its accounts can do. */
export async function outsideProblems(outside: Outside, { nodes }: Graph): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const node of nodes) {
    if (node.type === 'skill') problems.push(...(await folderProblems(outside, node)));
    if (node.type === 'ai_model') problems.push(...(await searchProblems(outside, node)));
  }
  return problems;
}

async function folderProblems({ skills }: Outside, node: GraphNode): Promise<Problem[]> {
  const read = skillConfig.safeParse(node.config);
  if (!read.success || !isFolderSkill(read.data)) return [];
  try {
    await skills.packs(read.data.skill_path);
    return [];
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    const message = `${named(node)}: skill_path — ${error.message}`;
    return [{ level: 'warning', code: error.code, nodeId: node.id, field: 'skill_path', message }];
  }
}

async function searchProblems({ db, environmentId }: Outside, node: GraphNode): Promise<Problem[]> {
  const read = modelConfig.safeParse(node.config);
  if (!read.success || !read.data.use_native_search) return [];
  const { llm_credential_id, fallbacks } = read.data;
  const ids = [llm_credential_id, ...fallbacks.map((one) => one.llm_credential_id)];
  const known = ids.filter((id): id is number => typeof id === 'number');
  if (known.length === 0) return [];
  const rows = await db
    .selectFrom('credentials')
    .select(['name', 'public_detail'])
    .where('id', 'in', known)
    .where('environment_id', '=', environmentId)
    .where('type', '=', 'llm')
    .orderBy('id')
    .execute();
  return rows.flatMap(({ name, public_detail }): Problem[] => {
    const kind = String((public_detail as { provider_type?: unknown }).provider_type ?? '');
    if (searchToolOf(kind)) return [];
    const message = `${named(node)}: use_native_search — “${name}” (${kind}) has no web search of its own. Turn “Search the web” off, or choose an account of OpenAI or Anthropic.`;
    const code = 'native_search_unavailable';
    return [{ level: 'error', code, nodeId: node.id, field: 'use_native_search', message }];
  });
}
