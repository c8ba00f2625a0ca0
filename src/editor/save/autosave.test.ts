import { describe, expect, it } from 'vitest';
import type { GraphCommand } from '#domain/graph/command.ts';
import { createDocument } from '../document/document-store.ts';
import { testGraph, testNode } from '../document/testing.ts';
import {
  type Autosave,
  createAutosave,
  type SavePort,
  type SaveResult,
  type SaveStatus,
} from './autosave.ts';
import { type DraftBox, loadDraft } from './draft-storage.ts';

const graph = testGraph([testNode('a'), testNode('b')]);
const start = { graph, revision: 3, nextEdgeId: 1, webhooks: {} };
const label = (id: string, text: string): GraphCommand => ({ kind: 'update_node', id, label: text });
const saved = (revision: number): SaveResult => ({
  kind: 'saved',
  answer: { revision, nextEdgeId: 1, webhooks: {} },
});

function memoryBox(): DraftBox {
  const held = new Map<string, string>();
  return {
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => void held.set(key, value),
    removeItem: (key) => void held.delete(key),
  };
}

/** A server that gives prepared answers and remembers what it was sent. */
function scripted(answers: SaveResult[]) {
  const calls: { base: number; commands: readonly GraphCommand[] }[] = [];
  const port: SavePort = {
    save: (base, commands) => {
      calls.push({ base, commands });
      return Promise.resolve(answers.shift() ?? { kind: 'unreachable' });
    },
    load: () => Promise.resolve(start),
  };
  return { calls, port };
}

function open(answers: SaveResult[], drafts = memoryBox()) {
  const document = createDocument(start);
  const { calls, port } = scripted(answers);
  const save = createAutosave({ slug: 's', document, port, start, drafts, draft: loadDraft(drafts, 's') });
  const stop = save.start();
  return { document, save, calls, drafts, stop };
}

async function settled(save: Autosave, wanted: SaveStatus): Promise<void> {
  const deadline = Date.now() + 3000;
  while (save.store.getState().status !== wanted) {
    if (Date.now() > deadline) throw new Error(`Still ${save.store.getState().status}, not ${wanted}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('autosave', () => {
  it('sends what was typed as one command on the revision it was made on', async () => {
    const { document, save, calls, drafts, stop } = open([saved(4)]);
    for (const text of ['H', 'He', 'Hel']) document.apply({ name: 'Rename', commands: [label('a', text)] });
    expect(loadDraft(drafts, 's')?.commands).toEqual([label('a', 'Hel')]);
    expect(await save.flush()).toBe('saved');
    expect(calls).toEqual([{ base: 3, commands: [label('a', 'Hel')] }]);
    expect(loadDraft(drafts, 's')).toBeNull();
    stop();
  });

  it('keeps the queue when nobody answers, and a later visit sends it', async () => {
    const first = open([{ kind: 'unreachable' }]);
    first.document.apply({ name: 'Rename', commands: [label('a', 'Kept')] });
    expect(await first.save.flush()).toBe('offline');
    expect(first.save.store.getState().queued).toBe(1);
    first.stop();
    const second = open([saved(4)], first.drafts);
    expect(second.document.store.getState().nodes.get('a')?.label).toBe('Kept');
    await settled(second.save, 'saved');
    expect(second.calls[0]?.commands).toEqual([label('a', 'Kept')]);
    second.stop();
  });

  it('puts changes of other nodes under its own and saves on', async () => {
    const { document, save, calls, stop } = open([
      { kind: 'stale', revision: 5, missed: [label('b', 'Theirs')] },
      saved(6),
    ]);
    document.apply({ name: 'Rename', commands: [label('a', 'Mine')] });
    await save.flush();
    await settled(save, 'saved');
    expect(calls[1]).toEqual({ base: 5, commands: [label('a', 'Mine')] });
    expect([...document.store.getState().nodes.values()].map((node) => node.label)).toEqual([
      'Mine',
      'Theirs',
    ]);
    stop();
  });

  it('asks when both changed the same thing, and keeps mine when told to', async () => {
    const { document, save, calls, stop } = open([
      { kind: 'stale', revision: 5, missed: [label('a', 'Theirs')] },
      saved(6),
    ]);
    document.apply({ name: 'Rename', commands: [label('a', 'Mine')] });
    expect(await save.flush()).toBe('conflict');
    expect(document.store.getState().nodes.get('a')?.label).toBe('Mine');
    save.resolveConflict('mine');
    await settled(save, 'saved');
    expect(calls[1]).toEqual({ base: 5, commands: [label('a', 'Mine')] });
    stop();
  });

  it('takes theirs when told to and has nothing left to send', async () => {
    const { document, save, stop } = open([{ kind: 'stale', revision: 5, missed: [label('a', 'Theirs')] }]);
    document.apply({ name: 'Rename', commands: [label('a', 'Mine')] });
    await save.flush();
    save.resolveConflict('theirs');
    expect(save.store.getState()).toMatchObject({ status: 'saved', revision: 5, queued: 0 });
    expect(document.store.getState().nodes.get('a')?.label).toBe('Theirs');
    stop();
  });

  it('does not repeat a batch whose answer was lost', async () => {
    const { document, save, calls, stop } = open([
      { kind: 'stale', revision: 4, missed: [label('a', 'Mine')] },
    ]);
    document.apply({ name: 'Rename', commands: [label('a', 'Mine')] });
    expect(await save.flush()).toBe('saved');
    expect(calls).toHaveLength(1);
    stop();
  });

  it('says why the server refuses and holds on to the change', async () => {
    const { document, save, stop } = open([{ kind: 'refused', message: 'No such port.' }]);
    document.apply({ name: 'Rename', commands: [label('a', 'Mine')] });
    expect(await save.flush()).toBe('refused');
    expect(save.store.getState()).toMatchObject({ refusal: 'No such port.', queued: 1 });
    stop();
  });
});
