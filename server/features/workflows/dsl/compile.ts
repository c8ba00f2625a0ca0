import type { Graph } from '#domain/graph/graph.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { GraphDraft } from './draft.ts';
import { configOfStep, schemaProblems } from './field.ts';
import { arranged } from './layout.ts';
import type { ChosenModels } from './model.ts';
import { isMapping, type Parsed, type Step } from './parse.ts';
import { addSkill, addTool, type ParentTools, type PartContext, plugPart, settingsOf } from './part.ts';
import { MODEL_STEPS, STEP_TYPES, TOOL_STEPS, TRIGGER_TYPES } from './step-type.ts';
import { END, endsLine, waysOf } from './way.ts';

export interface CompileContext {
  readonly definitionOf: DefinitionOf;
  /** The model of each step that works with one. */
  readonly models: ChosenModels;
  readonly parentTools: ParentTools;
}

export interface Compiled {
  readonly graph: Graph;
  /** What is wrong, each naming the step and the field. */
  readonly problems: readonly string[];
}

/** The graph that steps describe. Whatever is wrong with them is in `problems`; it never throws for it. */
export function compileSteps(
  { trigger, triggerConfig, steps }: Extract<Parsed, { kind: 'create' }>,
  context: CompileContext,
): Compiled {
  const draft = new GraphDraft(context.definitionOf);
  const compiler = new StepCompiler(draft, context, everyStep(steps));
  const first = compiler.addTrigger(trigger, triggerConfig);
  for (const step of steps) compiler.addStep(step);
  compiler.connectLine(steps, first);
  return {
    graph: arranged(draft.graph, context.definitionOf),
    problems: [...compiler.problems, ...draft.problems],
  };
}

export const everyStep = (steps: readonly Step[]): Step[] =>
  steps.flatMap((step) => [step, ...everyStep(step.body)]);

const listIdOf = (loop: string): string => `${loop.slice(0, 58)}_items`;

/** Draws steps and what belongs to them. */
export class StepCompiler {
  readonly problems: string[] = [];
  readonly #draft: GraphDraft;
  readonly #context: CompileContext;
  readonly #known: ReadonlySet<string>;
  /** Steps that others lead to by name. */
  readonly #claimed: ReadonlySet<string>;
  #trigger: string | null = null;

  constructor(draft: GraphDraft, context: CompileContext, steps: readonly Step[]) {
    this.#draft = draft;
    this.#context = context;
    const drawn = draft.graph.nodes.map((node) => node.id);
    this.#known = new Set([...drawn, ...steps.map((step) => step.id), 'trigger']);
    this.#claimed = new Set(steps.flatMap((step) => waysOf(step).map((way) => way.target)));
  }

  addTrigger(word: string, config: Readonly<Record<string, unknown>>): string {
    const type = TRIGGER_TYPES[word] ?? word;
    const definition = this.#context.definitionOf(type);
    if (definition) {
      for (const problem of schemaProblems(definition, config)) this.problems.push(`trigger.${problem}`);
    } else this.#missing('trigger', type);
    this.#trigger = this.#draft.put({ id: this.#draft.freeId(`${type}_1`), type, config });
    return this.#trigger;
  }

  addStep(step: Step): void {
    const { id, fields } = step;
    const type = STEP_TYPES[step.type] ?? step.type;
    const definition = this.#context.definitionOf(type);
    const report = (problem: string): void => void this.problems.push(`'${id}'.${problem}`);
    const label = typeof fields['label'] === 'string' ? fields['label'].slice(0, 200) : null;
    const settings = settingsOf(fields, report);
    if (!definition) {
      this.#missing(id, type);
      this.#draft.put({ id, type, config: {}, label });
    } else {
      const { config, problems } = configOfStep(step, definition, { known: this.#known });
      for (const problem of problems) report(problem);
      this.#draft.put({ id, type, config, label, settings });
    }
    if (step.type === 'loop') this.#addBody(step);
    if (MODEL_STEPS.has(step.type)) this.#addParts(step);
  }

  /** Leads from one step to the next, and along the ways the steps name. `first` comes before all of them. */
  connectLine(steps: readonly Step[], first: string | null): void {
    let before = first;
    let open: string[] = [];
    for (const step of steps) {
      const sources = this.#sourcesOf(step, before, open);
      if (before !== null && !sources.includes(before)) open.push(before);
      open = open.filter((id) => !sources.includes(id));
      for (const source of sources) this.#draft.flow({ source, target: this.#entry(step.id) });
      before = endsLine(step) ? null : step.id;
    }
    for (const step of steps) this.#leave(step);
  }

  #sourcesOf({ id, type, after }: Step, before: string | null, open: readonly string[]): string[] {
    if (after !== null) return after.map((one) => this.#named(id, one)).filter((one) => one !== null);
    if (this.#claimed.has(id)) return [];
    const line = before === null ? [] : [before];
    return type === 'merge' ? [...open, ...line] : line;
  }

  #named(id: string, wanted: string): string | null {
    if (wanted === 'trigger') return this.#trigger;
    if (this.#draft.node(wanted)) return wanted;
    this.problems.push(`'${id}'.after: There is no step '${wanted}'.`);
    return null;
  }

  #leave(step: Step): void {
    for (const { port, target } of waysOf(step)) {
      if (target === END) continue;
      if (!this.#draft.node(target)) {
        this.problems.push(`'${step.id}' leads to '${target}', but there is no such step`);
      } else {
        this.#draft.flow({ source: step.id, sourcePort: port, target: this.#entry(target) });
      }
    }
  }

  /** Where a step is entered: at what gives a loop its list, where that is named. */
  #entry(id: string): string {
    const list = listIdOf(id);
    return this.#draft.node(id)?.type === 'loop' && this.#draft.node(list) ? list : id;
  }

  /** A loop's list may be named; a Set node then gives it. */
  #addList({ id, fields }: Step): void {
    const { over } = fields;
    if (over === undefined || over === null || over === '') return;
    if (typeof over !== 'string') {
      this.problems.push(`'${id}'.over: Must be a path such as trigger.orders, or a template.`);
      return;
    }
    const json = over.includes('{{') ? over : `{{ ${over} }}`;
    const list = this.#draft.put({ id: listIdOf(id), type: 'set', config: { mode: 'json', json } });
    this.#draft.flow({ source: list, target: id, targetPort: 'items' });
  }

  #addBody(loop: Step): void {
    const { id, body } = loop;
    this.#addList(loop);
    const [start, end] = [body[0], body.at(-1)];
    if (!start || !end) {
      this.problems.push(`Loop step '${id}' requires a non-empty \`body\` list`);
      return;
    }
    for (const step of body) this.addStep(step);
    this.#draft.flow({ source: id, sourcePort: 'loop_body', target: this.#entry(start.id) });
    this.connectLine(body, null);
    this.#draft.flow({ source: end.id, target: id, targetPort: 'loop_return' });
  }

  #addParts({ id, type, fields }: Step): void {
    const context: PartContext = {
      draft: this.#draft,
      definitionOf: this.#context.definitionOf,
      parentTools: this.#context.parentTools,
      report: (problem) => void this.problems.push(problem),
    };
    const model = this.#context.models.get(id);
    if (model) {
      const where = `'${id}'.model`;
      plugPart(context, { host: id, type: 'ai_model', id: `ai_model_${id}`, config: { ...model }, where });
    }
    const { parser } = fields;
    if (isMapping(parser)) {
      const where = `'${id}'.parser`;
      plugPart(context, {
        host: id,
        type: 'output_parser',
        id: `parser_${id}`,
        config: { ...parser },
        where,
      });
    }
    if (!TOOL_STEPS.has(type)) return;
    for (const [at, tool] of this.#list(id, 'tools', fields['tools']).entries())
      addTool(context, id, tool, at);
    for (const [at, one] of this.#list(id, 'skills', fields['skills']).entries())
      addSkill(context, id, one, at);
  }

  #list(id: string, field: string, value: unknown): readonly unknown[] {
    if (value === undefined || value === null) return [];
    if (Array.isArray(value)) return value;
    this.problems.push(`'${id}'.${field}: Must be a list.`);
    return [];
  }

  #missing(id: string, type: string): void {
    this.problems.push(`'${id}' needs the node type '${type}', which is not available here`);
  }
}
