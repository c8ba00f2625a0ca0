import { expect, it } from 'vitest';
import { readImport } from './import-document.ts';
import { jsonOfYaml } from './yaml-text.ts';

it('reads an exported document', async () => {
  const text = 'format: pipewright/workflow\nversion: 1\nworkflow: {name: A}\nnodes: []\nedges: []\n';
  const read = await jsonOfYaml(text);
  expect(read.ok && readImport(read.json)).toMatchObject({ ok: true, document: { workflow: { name: 'A' } } });
});

it('says what is no YAML', async () => {
  expect(await jsonOfYaml('a: [1,')).toMatchObject({ ok: false, faults: [expect.any(String)] });
});

it('takes no language of its own', async () => {
  expect((await jsonOfYaml('a: !!js/function "x"')).ok).toBe(false);
});
