import { dump } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { cpuClock } from '#domain/node/step-fixture.ts';
import { definitionOf } from '#nodes/definitions.ts';
import { checkDocument } from './check-document.ts';

const check = (text: string) => checkDocument(text, definitionOf);
const settings = { onError: 'fail', join: 'all' };
const node = (id: string, type: string, config = {}) => ({
  id,
  type,
  label: null,
  x: 0,
  y: 0,
  config,
  settings,
});
const edge = (id: number, from: string, to: string) => {
  const [[source, sourcePort], [target, targetPort]] = [from.split('.'), to.split('.')];
  return { id, source, sourcePort, target, targetPort, priority: 0 };
};
const documentOf = (nodes: unknown[], edges: unknown[] = []) => ({
  format: 'pipewright/workflow',
  version: 1,
  workflow: { name: 'Checked' },
  nodes,
  edges,
});
const good = documentOf(
  [node('start', 'trigger_manual'), node('say', 'set', { mode: 'text', text: '{{ trigger.text }}' })],
  [edge(1, 'start.payload', 'say.input')],
);

describe('a document that an import takes', () => {
  it.each([
    ['JSON', JSON.stringify(good)],
    ['indented JSON', JSON.stringify(good, null, '\t')],
    ['YAML', dump(good)],
  ])('is valid as %s', (_, text) => {
    expect(check(text)).toEqual({ valid: true, errors: [], warnings: [], nodeCount: 2, edgeCount: 1 });
  });

  it('may have warnings', () => {
    const lonely = { ...good, nodes: [...good.nodes, node('alone', 'set')] };
    expect(check(dump(lonely))).toMatchObject({
      valid: true,
      warnings: [expect.stringContaining('alone')],
      nodeCount: 3,
    });
  });

  it('may use YAML anchors', () => {
    const text = dump(good).replace('config: {}', 'config: &none {}');
    expect(check(text).valid).toBe(true);
  });
});

describe('a document that is wrong', () => {
  it.each([
    ['an unknown type', documentOf([node('x', 'nope')]), "there is no node type 'nope'"],
    ['two nodes of one id', documentOf([node('a', 'set'), node('a', 'set')]), 'a'],
    ['no trigger', documentOf([node('a', 'set')]), 'Nothing starts this workflow'],
    ['a port that does not exist', documentOf(good.nodes, [edge(1, 'start.nope', 'say.input')]), 'nope'],
    [
      'a wrong config',
      documentOf([node('start', 'trigger_manual'), node('a', 'set', { mode: 'x' })]),
      'mode',
    ],
    ['an edge from nowhere', documentOf(good.nodes, [edge(1, 'gone.output', 'say.input')]), 'gone'],
    ['a node without a type', documentOf([{ ...node('a', 'set'), type: null }]), 'nodes.0.type:'],
    ['another format', { ...good, format: 'other' }, 'format:'],
    ['a list', [good], 'The document:'],
  ])('says so: %s', (_, document, message) => {
    const found = check(dump(document));
    expect(found.valid).toBe(false);
    expect(found.errors.join('\n')).toContain(message);
  });

  it('is still counted', () => {
    expect(check(dump({ ...good, version: 2 }))).toMatchObject({
      valid: false,
      nodeCount: 2,
      edgeCount: 1,
    });
  });

  it('says once why it cannot be read, with the line', () => {
    const { errors } = check('nodes:\n  - id: "a\n');
    expect(errors).toEqual([
      expect.stringMatching(/^The document is not valid YAML or JSON: .*\(\d+:\d+\)\.$/),
    ]);
  });
});

describe('a document that is meant to do harm', () => {
  const doubled = ['a: &a0 [x, x]'];
  for (let level = 1; level < 50; level += 1) {
    doubled.push(`a${level}: &a${level} [*a${level - 1}, *a${level - 1}]`);
  }
  const keys = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join('\n');

  it.each([
    ['unfolds aliases', doubled.join('\n'), 'too many values'],
    ['uses many aliases', `- &a x\n${'- *a\n'.repeat(500)}`, 'not valid YAML'],
    ['holds itself', 'nodes: &a [*a]', 'not valid YAML or JSON'],
    ['is nested in lists', '['.repeat(200_000), 'nesting exceeded'],
    ['is nested in closed lists', `{"nodes": ${'['.repeat(99_000)}${']'.repeat(99_000)}}`, 'levels deep'],
    ['is nested by dashes', '- '.repeat(100_000), 'nesting exceeded'],
    [
      'is nested by indentation',
      Array.from({ length: 600 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      'nesting',
    ],
    ['has many keys', keys, 'format:'],
    ['has one key many times', 'a: 1\n'.repeat(40_000), 'duplicated mapping key'],
    ['names a class', 'nodes: !!js/function "() => 1"', 'not valid YAML or JSON'],
    ['sets what objects inherit', '__proto__: { polluted: true }\nnodes: []', 'format:'],
    ['is two documents', 'a: 1\n---\nb: 2', 'not valid YAML or JSON'],
    ['has old YAML dates', '%YAML 1.1\n---\nnodes: 2001-01-01', 'nodes:'],
    ['is empty', '', 'not valid YAML or JSON'],
  ])('is only wrong: it %s', (_, text, message) => {
    const spent = cpuClock();
    const found = check(text);
    expect(spent()).toBeLessThan(1500);
    expect(found.valid).toBe(false);
    expect(found.errors.join('\n')).toContain(message);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('is not even read when it is too large', () => {
    const text = `# ${'x'.repeat(256 * 1024)}\n${dump(good)}`;
    expect(check(text).errors).toEqual([
      'The document is larger than 256 KiB. Import it in the editor instead.',
    ]);
  });

  it('gets at most a hundred messages', () => {
    const many = documentOf(Array.from({ length: 500 }, () => ({ id: '?' })));
    expect(check(JSON.stringify(many)).errors).toHaveLength(100);
  });
});
