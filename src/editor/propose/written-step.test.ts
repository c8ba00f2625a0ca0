import { expect, it } from 'vitest';
import { stepsWritten } from './written-step.ts';

it('reads what is written of an unfinished answer', () => {
  const text = `{ "summary": "x", "commands": [
    { "do": "add_node", "id": "agent_1", "type": "agent", "title": "Helper" },
    { "do": "add_edge", "from": "start.text", "to": "agent_1.messages" },
    { "do": "remove_node", "id": "old" },
    { "do": "add_no`;
  expect(stepsWritten(text)).toEqual(['Add Helper', 'Connect start.text → agent_1.messages', 'Remove old']);
  expect(stepsWritten('')).toEqual([]);
});
