import { describe, expect, it } from 'vitest';
import { statusData } from './run-event.ts';

const face = { node_id: 'n', component_type: 'workflow', display_name: 'Workflow', node_label: null };

describe('the status of a step that waits', () => {
  it('names the runs it waits for', () => {
    const one = statusData(face, 'waiting', { shown: { execution_id: 'a', workflow: 'w' } });
    expect(one['child_execution_ids']).toEqual(['a']);
    const many = statusData(face, 'waiting', { shown: { execution_ids: ['a', 'b'] } });
    expect(many['child_execution_ids']).toEqual(['a', 'b']);
  });

  it('names none where it waits for something else', () => {
    expect(statusData(face, 'waiting', { shown: { prompt: 'Go?' } })).not.toHaveProperty(
      'child_execution_ids',
    );
  });
});
