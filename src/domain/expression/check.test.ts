import { describe, expect, it } from 'vitest';
import { checkReferences } from './check.ts';
import { nearest } from './nearest.ts';
import { parseTemplate } from './template.ts';

const ports: Record<string, string[] | null> = {
  agent_1: ['output', 'messages'],
  code_2: null,
  'my node': ['result'],
};
const known = { nodeIds: Object.keys(ports), portsOf: (id: string) => ports[id] ?? null };
const messages = (source: string) =>
  checkReferences(parseTemplate(source), known).map((problem) => problem.message);

describe('checkReferences', () => {
  it('accepts known nodes, ports, roots and everything below a port', () => {
    const source =
      '{{ agent_1.output.any.thing }}{{ code_2.whatever }}{{ nodes["my node"].result }}{{ trigger.body }}' +
      '{{ inputs.x }}{{ run.id }}{% for i in agent_1.messages %}{{ i.text | upcase }}{% endfor %}{{ agent_1 }}';
    expect(messages(source)).toEqual([]);
  });

  it('suggests the nearest node and the nearest port', () => {
    expect(
      messages('{{ agnet_1.output }} {{ agent_1.ouput | upcase }} {{ nodes["my nod"].result }}'),
    ).toEqual([
      'No node called “agnet_1” comes before this one. Did you mean “agent_1”?',
      'Node “agent_1” has no output “ouput”. Did you mean “output”?',
      'No node called “my nod” comes before this one. Did you mean “my node”?',
    ]);
  });

  it('lists the ports when none is near', () => {
    expect(messages('{{ agent_1.zzzzzz }}')).toEqual([
      'Node “agent_1” has no output “zzzzzz”. It has: output, messages.',
    ]);
  });

  it('marks the place in the template', () => {
    expect(checkReferences(parseTemplate('ab {{ trigr.x }}'), known)).toEqual([
      {
        message: 'No node called “trigr” comes before this one. Did you mean “trigger”?',
        text: 'trigr.x',
        from: 3,
        to: 16,
      },
    ]);
  });
});

describe('nearest', () => {
  it('prefers the closest and gives up on the unlike', () => {
    expect(nearest('Agent_1', ['agent_2', 'agent_1'])).toBe('agent_1');
    expect(nearest('x', ['yy', 'zzz'])).toBeNull();
    expect(nearest('output', [])).toBeNull();
  });
});
