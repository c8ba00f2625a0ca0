import { withoutReturns } from '#domain/graph/frame.ts';
import type { Graph, GraphEdge, GraphNode } from '#domain/graph/graph.ts';
import { downstreamOf } from '#domain/graph/order.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { type Compiled, everyStep, StepCompiler } from './compile.ts';
import { GraphDraft } from './draft.ts';
import { schemaProblems } from './field.ts';
import { arranged } from './layout.ts';
import { chooseModels, chooser, type ModelLook, ModelProblem } from './model.ts';
import { isMapping, type Mapping, type Patch, parseStep, readModel, readTrigger } from './parse.ts';
import { addTool, type ParentTools, type PartContext, plugPart } from './part.ts';
import { TRIGGER_TYPES } from './step-type.ts';

export interface ForkContext {
  readonly look: ModelLook;
  readonly definitionOf: DefinitionOf;
  readonly parent: { readonly tools: ParentTools };
}

/** A graph with patches applied in order. What does not fit is in `problems`, by the number of the patch. */
export async function forkGraph(
  graph: Graph,
  patches: readonly Patch[],
  context: ForkContext,
): Promise<Compiled> {
  const fork = new Fork(graph, context);
  for (const [at, patch] of patches.entries()) await fork.apply(patch, at);
  const keep = new Set(graph.nodes.map((node) => node.id));
  return { graph: arranged(fork.draft.graph, context.definitionOf, keep), problems: fork.problems };
}

/** A patch that does not fit the graph it meets. */
class PatchError extends Error {}

class Fork {
  readonly draft: GraphDraft;
  readonly problems: string[] = [];
  readonly #context: ForkContext;

  constructor(graph: Graph, context: ForkContext) {
    this.draft = new GraphDraft(context.definitionOf, graph);
    this.#context = context;
  }

  async apply({ action, fields }: Patch, at: number): Promise<void> {
    const where = `Patch ${at} (${action})`;
    const told = this.draft.problems.length;
    try {
      await this.#actions[action]?.(fields);
    } catch (error) {
      if (!(error instanceof Error) || !isRefusal(error)) throw error;
      this.problems.push(`${where}: ${error.message}`);
    }
    this.problems.push(...this.draft.problems.slice(told).map((problem) => `${where}: ${problem}`));
  }

  readonly #actions: Readonly<Record<string, (fields: Mapping) => void | Promise<void>>> = {
    add_step: (fields) => this.#addStep(fields),
    remove_step: (fields) => this.#removeStep(this.#node(fields)),
    update_prompt: (fields) => this.#updatePrompt(this.#node(fields), fields['prompt'] ?? fields['text']),
    update_config: (fields) => this.#updateConfig(this.#node(fields), fields['config']),
    add_tool: (fields) => this.#addTool(this.#node(fields), fields['tool'] ?? fields['tool_type']),
    remove_tool: (fields) => this.#removeTool(this.#node(fields), fields['tool'] ?? fields['tool_id']),
    update_trigger: (fields) => this.#updateTrigger(fields),
    update_model: (fields) => this.#updateModel(fields),
  };

  /** The node a patch names by `id` (or `step_id`, `node_id`). */
  #node(fields: Mapping): GraphNode {
    const id = idIn(fields);
    if (id === null) throw new PatchError('Say which step under `id`.');
    const node = this.draft.node(id);
    if (node) return node;
    const ids = this.draft.graph.nodes.map((one) => one.id).slice(0, 30);
    throw new PatchError(`There is no step '${id}'. There are ${ids.join(', ')}.`);
  }

  async #addStep(fields: Mapping): Promise<void> {
    const { definitionOf, look, parent } = this.#context;
    const after = typeof fields['after'] === 'string' ? fields['after'] : null;
    if (after === null) throw new PatchError('Say which step it follows under `after`.');
    const before = this.#node({ id: after });
    const ids = new Set(this.draft.graph.nodes.map((node) => node.id));
    const raw = isMapping(fields['step']) ? { ...fields['step'], after: undefined } : fields['step'];
    const step = parseStep(raw, { at: ids.size, ids, prefix: null });
    const steps = everyStep([step]);
    const model = readModel(fields['model'], '`model`');
    const { models, problems } = await chooseModels(look, { model, steps });
    const context = { definitionOf, models, parentTools: parent.tools };
    const compiler = new StepCompiler(this.draft, context, steps);
    const port = typeof fields['port'] === 'string' ? fields['port'] : undefined;
    const next = this.#nextOf(before, port);
    this.draft.removeEdges(next);
    compiler.addStep(step);
    const sourcePort = port ?? next[0]?.sourcePort;
    this.draft.flow({ source: before.id, sourcePort, target: step.id });
    compiler.connectLine([{ ...step, after: [] }], null);
    for (const edge of next) this.#lead(step.id, edge);
    this.problems.push(...problems, ...compiler.problems);
  }

  /** The edges that a step put behind this one takes over: those of the port most of them leave by. */
  #nextOf({ id }: GraphNode, port: string | undefined): GraphEdge[] {
    const flow = this.draft
      .edgesFrom(id)
      .filter((edge) => !this.draft.isPlug(edge) && edge.sourcePort !== 'loop_body');
    const wanted = port ?? flow[0]?.sourcePort;
    return flow.filter((edge) => edge.sourcePort === wanted);
  }

  #lead(source: string, { target, targetPort }: GraphEdge): void {
    this.draft.flow({ source, target, targetPort });
  }

  /** Takes out a step with what only belongs to it; what came before it leads to what came after. */
  #removeStep({ id, type }: GraphNode): void {
    if (this.#context.definitionOf(type)?.trigger) {
      throw new PatchError(`'${id}' is the trigger. Change it with update_trigger.`);
    }
    const into = this.draft
      .edgesTo(id)
      .filter((edge) => !this.draft.isPlug(edge) && edge.targetPort !== 'loop_return');
    const out = this.draft
      .edgesFrom(id)
      .filter((edge) => !this.draft.isPlug(edge) && edge.sourcePort !== 'loop_body');
    for (const body of this.#bodyOf(id)) this.#drop(body);
    this.#drop(id);
    const gone = new Set<string>();
    for (const from of into) {
      for (const { target, targetPort } of out) {
        if (gone.has(target)) continue;
        this.draft.flow({ source: from.source, sourcePort: from.sourcePort, target, targetPort });
      }
    }
  }

  #bodyOf(id: string): string[] {
    const forward = withoutReturns(this.draft.graph, this.#context.definitionOf);
    const starts = this.draft.edgesFrom(id).filter((edge) => edge.sourcePort === 'loop_body');
    const after = new Set(
      this.draft
        .edgesFrom(id)
        .filter((edge) => edge.sourcePort !== 'loop_body')
        .flatMap((edge) => [edge.target, ...downstreamOf(forward, edge.target)]),
    );
    const inside = starts.flatMap((edge) => [edge.target, ...downstreamOf(forward, edge.target)]);
    return [...new Set(inside)].filter((one) => !after.has(one));
  }

  /** A node and the parts that are plugged into nothing else. */
  #drop(id: string): void {
    const plugged = this.draft.edgesTo(id).filter((edge) => this.draft.isPlug(edge));
    this.draft.remove(id);
    for (const { source } of plugged) if (this.draft.edgesFrom(source).length === 0) this.#drop(source);
  }

  #updatePrompt(node: GraphNode, prompt: unknown): void {
    if (typeof prompt !== 'string') throw new PatchError('`prompt` must be a text.');
    const shape = this.#context.definitionOf(node.type)?.config.shape ?? {};
    const field = ['system_prompt', 'prompt', 'message', 'text'].find((one) => one in shape);
    if (!field)
      throw new PatchError(`'${node.id}' is a ${node.type}, which has no prompt. Use update_config.`);
    this.#updateConfig(node, { [field]: prompt });
  }

  /** Keys that are null are taken out. */
  #updateConfig(node: GraphNode, change: unknown): void {
    if (!isMapping(change)) throw new PatchError('`config` must be a mapping.');
    const merged = Object.entries({ ...node.config, ...change }).filter(([, value]) => value !== null);
    const config = Object.fromEntries(merged);
    const definition = this.#context.definitionOf(node.type);
    const problems = definition ? schemaProblems(definition, config) : [];
    if (problems.length > 0) throw new PatchError(`'${node.id}'.${problems.join(` '${node.id}'.`)}`);
    this.draft.put({ ...node, config });
  }

  #addTool(node: GraphNode, tool: unknown): void {
    addTool(this.#parts(), node.id, tool, this.draft.edgesTo(node.id).length);
  }

  #removeTool(node: GraphNode, tool: unknown): void {
    const plugs = this.draft.edgesTo(node.id).filter((edge) => this.draft.isPlug(edge));
    const fitting = plugs.filter(({ source }) => source === tool || this.draft.node(source)?.type === tool);
    if (fitting.length === 0) {
      const names = plugs.map(({ source }) => source).join(', ') || 'nothing';
      throw new PatchError(`'${node.id}' has no tool '${String(tool)}'. It has ${names}.`);
    }
    this.draft.removeEdges(fitting);
    for (const { source } of fitting) if (this.draft.edgesFrom(source).length === 0) this.#drop(source);
  }

  #updateTrigger(fields: Mapping): void {
    const { definitionOf } = this.#context;
    const triggers = this.draft.graph.nodes.filter((node) => definitionOf(node.type)?.trigger);
    const wanted = idIn(fields);
    const node = wanted === null && triggers.length === 1 ? triggers[0] : this.#node(fields);
    if (!node || !triggers.includes(node)) throw new PatchError('Say which trigger under `id`.');
    const given = fields['trigger'] === undefined ? { ...fields, trigger: wordOf(node.type) } : fields;
    const { trigger, triggerConfig } = readTrigger(given);
    const type = TRIGGER_TYPES[trigger] ?? trigger;
    const definition = definitionOf(type);
    if (!definition) throw new PatchError(`It needs the node type '${type}', which is not available here.`);
    const config = type === node.type ? { ...node.config, ...triggerConfig } : triggerConfig;
    const problems = schemaProblems(definition, config);
    if (problems.length > 0) throw new PatchError(`trigger.${problems.join(' trigger.')}`);
    const out = this.draft.edgesFrom(node.id);
    if (type !== node.type) this.draft.removeEdges(out);
    this.draft.put({ ...node, type, config });
    if (type !== node.type) for (const edge of out) this.#lead(node.id, edge);
  }

  async #updateModel(fields: Mapping): Promise<void> {
    const chosen = await chooser(this.#context.look)(
      readModel(fields['model'] ?? fields['config'], '`model`'),
    );
    if (!chosen) throw new PatchError('Say which model under `model`.');
    if (idIn(fields) === null) return this.#updateAllModels(chosen);
    const host = this.#node(fields);
    if (host.type === 'ai_model') return void this.draft.put({ ...host, config: chosen });
    const plug = this.draft
      .edgesTo(host.id)
      .find(({ source }) => this.draft.node(source)?.type === 'ai_model');
    const model = plug && this.draft.node(plug.source);
    if (plug && model && this.draft.edgesFrom(model.id).length === 1) {
      this.draft.put({ ...model, config: chosen });
      return;
    }
    // Others go on with the model they share.
    if (plug) this.draft.removeEdges([plug]);
    const wish = { host: host.id, type: 'ai_model', id: `ai_model_${host.id}`, config: { ...chosen } };
    plugPart(this.#parts(), { ...wish, where: `'${host.id}'.model` });
  }

  #updateAllModels(chosen: Mapping): void {
    const models = this.draft.graph.nodes.filter((node) => node.type === 'ai_model');
    if (models.length === 0) throw new PatchError('There is no model. Say which step gets one under `id`.');
    for (const node of models) this.draft.put({ ...node, config: chosen });
  }

  #parts(): PartContext {
    return {
      draft: this.draft,
      definitionOf: this.#context.definitionOf,
      parentTools: this.#context.parent.tools,
      report: (problem) => void this.problems.push(problem),
    };
  }
}

function idIn(fields: Mapping): string | null {
  const id = fields['id'] ?? fields['step_id'] ?? fields['node_id'];
  return typeof id === 'string' && id !== '' ? id : null;
}

const wordOf = (type: string): string =>
  Object.entries(TRIGGER_TYPES).find(([, one]) => one === type)?.[0] ?? 'none';

/** What is wrong with a patch, in words; everything else is a fault of ours. */
const isRefusal = (error: Error): boolean =>
  error.constructor === Error || error instanceof PatchError || error instanceof ModelProblem;
