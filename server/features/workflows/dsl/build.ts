import { isMapping, type Parsed, type Step } from './parse.ts';
import { MODEL_STEPS, STEP_TYPES, TOOL_STEPS, TRIGGER_TYPES } from './step-type.ts';

export interface BuiltNode {
  readonly id: string;
  readonly type: string;
}
export interface BuiltEdge {
  readonly source: string;
  readonly target: string;
  /** As in the API's edges; empty for the flow itself. */
  readonly label: '' | 'llm' | 'tool' | 'skill' | 'loop_body' | 'loop_return';
  /** Of conditional edges. */
  readonly value?: string;
}
export interface Built {
  readonly nodes: readonly BuiltNode[];
  readonly edges: readonly BuiltEdge[];
}

/**
 * The shape of the graph that steps describe: they follow each other; a switch ends that and names where it leads; a
 * loop goes through its body; agents bring their model, tools and skills.
 * @throws Error for a loop without a body and a way to nowhere
 */
export function buildGraph({ trigger, model, steps }: Extract<Parsed, { kind: 'create' }>): Built {
  const draft = new Draft(Object.keys(model).length > 0);
  const type = TRIGGER_TYPES[trigger] ?? trigger;
  let before: string | null = draft.add(`${type}_1`, type);
  const claimed = new Set(steps.flatMap((step) => waysOf(step).map((way) => way.target)));
  for (const step of steps) {
    draft.addStep(step);
    if (before !== null && !claimed.has(step.id))
      draft.connect({ source: before, target: step.id, label: '' });
    before = step.type === 'switch' ? null : step.id;
  }
  const known = new Set(draft.nodes.map((node) => node.id));
  for (const step of steps) {
    for (const { target, value } of waysOf(step)) {
      if (!known.has(target)) throw new Error(`'${step.id}' leads to '${target}', but there is no such step`);
      draft.connect({ source: step.id, target, label: '', value });
    }
  }
  return draft;
}

class Draft implements Built {
  readonly nodes: BuiltNode[] = [];
  readonly edges: BuiltEdge[] = [];
  readonly #hasModel: boolean;

  constructor(hasModel: boolean) {
    this.#hasModel = hasModel;
  }

  add(id: string, type: string): string {
    this.nodes.push({ id, type });
    return id;
  }

  connect(edge: BuiltEdge): void {
    this.edges.push(edge);
  }

  addStep(step: Step): void {
    this.add(step.id, STEP_TYPES[step.type] ?? step.type);
    if (step.type === 'loop') this.#addBody(step);
    if (MODEL_STEPS.has(step.type)) this.#addParts(step);
  }

  #addBody({ id, body }: Step): void {
    if (body.length === 0) throw new Error(`Loop step '${id}' requires a non-empty \`body\` list`);
    let before = id;
    for (const [at, step] of body.entries()) {
      this.addStep(step);
      this.connect({ source: before, target: step.id, label: at === 0 ? 'loop_body' : '' });
      before = step.id;
    }
    this.connect({ source: before, target: id, label: 'loop_return' });
  }

  #addParts({ id, type, fields }: Step): void {
    if (this.#hasModel || isMapping(fields['model'])) {
      this.connect({ source: this.add(`ai_model_${id}`, 'ai_model'), target: id, label: 'llm' });
    }
    if (!TOOL_STEPS.has(type)) return;
    for (const [at, tool] of listOf(fields['tools']).entries()) {
      const word = isMapping(tool) ? tool['type'] : tool;
      if (typeof word !== 'string' || word === '') throw new Error(`Tool ${at} of '${id}' has no type`);
      this.connect({ source: this.add(`${word}_${id}_${at + 1}`, word), target: id, label: 'tool' });
    }
    for (const at of listOf(fields['skills']).keys()) {
      this.connect({ source: this.add(`skill_${id}_${at + 1}`, 'skill'), target: id, label: 'skill' });
    }
  }
}

/** Where a switch leads; other steps lead on to the next one. */
function waysOf({ type, fields }: Step): { readonly target: string; readonly value: string }[] {
  if (type !== 'switch') return [];
  const ways = listOf(fields['rules']).flatMap((rule) => {
    const target = isMapping(rule) ? rule['route'] : undefined;
    return typeof target === 'string' && target !== '' ? [{ target, value: target }] : [];
  });
  const otherwise = fields['default'];
  return typeof otherwise === 'string' && otherwise !== ''
    ? [...ways, { target: otherwise, value: '__other__' }]
    : ways;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
