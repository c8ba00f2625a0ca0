import { describe, expect, it } from 'vitest';
import { readImport } from './import-document.ts';

const document = {
  format: 'pipewright/workflow',
  version: 1,
  workflow: { name: 'Mail', description: '', tags: null },
  nodes: [],
  edges: [],
};
const refused = (text: string) => {
  const result = readImport(text);
  return result.ok ? null : result;
};

describe('readImport', () => {
  it('takes an exported document', () => {
    expect(readImport(JSON.stringify(document))).toMatchObject({
      ok: true,
      document: { workflow: { name: 'Mail' } },
    });
  });

  it('tells the kinds of wrong files apart', () => {
    expect(refused('  ')?.message).toBe('The file is empty.');
    expect(refused('{"a":')?.message).toContain('not valid JSON');
    expect(refused('[1,2]')?.message).toContain('not a workflow exported from Pipewright');
    expect(refused('{"nodes":[]}')?.message).toContain('not a workflow exported from Pipewright');
  });

  it('names the places that are wrong', () => {
    const broken = { ...document, workflow: { name: '' }, nodes: [{ id: 'x' }] };
    const result = refused(JSON.stringify(broken));
    expect(result?.message).toContain('damaged');
    expect(result?.faults.some((fault) => fault.startsWith('workflow › name'))).toBe(true);
    expect(result?.faults.some((fault) => fault.startsWith('nodes › 0 › type'))).toBe(true);
  });
});
