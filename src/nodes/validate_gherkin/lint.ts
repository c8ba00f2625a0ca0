import type { Block } from './parse.ts';

export interface Finding {
  readonly code: string;
  readonly message: string;
  /** From 1. */
  readonly line: number;
}

/** What could be better in a feature that can be read. Codes: E is wrong, W is doubtful, C is style. */
export function lint(blocks: readonly Block[]): Finding[] {
  const feature = blocks.find(({ kind }) => kind === 'feature');
  const findings: Finding[] = [];
  const find = (code: string, line: number, message: string): void => {
    findings.push({ code, message, line });
  };
  if (!feature) find('W003', 1, 'The text has no feature.');
  else if (feature.name === '') find('W001', feature.line, 'The feature has no name.');
  const scenarios = blocks.filter(({ kind }) => kind === 'scenario' || kind === 'outline');
  if (feature && scenarios.length === 0) find('W004', feature.line, 'The feature has no scenarios.');
  const names = new Set<string>();
  let background: Block | undefined;
  for (const [index, block] of blocks.entries()) {
    if (block.kind === 'background') background = block;
    if (block.kind === 'background' && block.steps.length === 0)
      find('W006', block.line, 'The background has no steps.');
    if (!scenarios.includes(block)) continue;
    if (block.name === '') find('W002', block.line, 'The scenario has no name.');
    else if (names.has(block.name))
      find('C004', block.line, `There is another scenario called “${block.name}”.`);
    names.add(block.name);
    if (block.steps.length === 0) find('W005', block.line, 'The scenario has no steps.');
    else missingSteps(block, background, find);
    unknownPlaceholders(block, examplesOf(blocks, index), find);
  }
  return findings;
}

type Find = (code: string, line: number, message: string) => void;

function missingSteps({ steps, line }: Block, background: Block | undefined, find: Find): void {
  const kinds = new Set(steps.map(({ kind }) => kind));
  const isGiven = kinds.has('context') || (background?.steps.some(({ kind }) => kind === 'context') ?? false);
  if (!isGiven) find('C001', line, 'The scenario has no Given.');
  if (!kinds.has('action')) find('C002', line, 'The scenario has no When.');
  if (!kinds.has('outcome')) find('C003', line, 'The scenario has no Then.');
}

function examplesOf(blocks: readonly Block[], index: number): Block[] {
  const found: Block[] = [];
  for (const block of blocks.slice(index + 1)) {
    if (block.kind !== 'examples') break;
    found.push(block);
  }
  return found;
}

function unknownPlaceholders({ kind, steps }: Block, examples: readonly Block[], find: Find): void {
  if (kind !== 'outline' && examples.length === 0) return;
  for (const { text, line } of steps) {
    const used = new Set([...text.matchAll(/<([^<>\n]{1,200})>/g)].map((match) => match[1] ?? ''));
    for (const name of used) {
      if (examples.length > 0 && examples.every(({ columns }) => columns?.includes(name))) continue;
      find('E001', line, `“<${name}>” is no column of the examples.`);
    }
  }
}
