import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definitions } from '#nodes/definitions.ts';
import { chargesOf, type FlowWorld, follow, recordedBy, usageOf } from './ai-flow-fixture.ts';
import { aiRows } from './ai-node-flow-fixture.ts';
import { startOutside } from './ai-outside-fixture.ts';
import { platformRows } from './ai-platform-flow-fixture.ts';
import { costOf, startAiStage } from './ai-stage-fixture.ts';
import { toolRows } from './ai-tool-flow-fixture.ts';
import { startReferenceServer } from './mcp/mcp-fixture.ts';

// A flow of every AI and tool node on one server: what it does, what is recorded of it, and what it costs.

const rows = [...aiRows, ...toolRows, ...platformRows];
let world: FlowWorld;
beforeAll(async () => {
  const [outside, mcp] = await Promise.all([startOutside(), startReferenceServer()]);
  const stage = await startAiStage([outside.host, mcp.host], { PIPEWRIGHT_ENABLE: 'run_command' });
  world = { stage, outside, mcp };
});
afterAll(async () => {
  await world.stage.close();
  await Promise.all([world.outside.close(), world.mcp.close()]);
});

it('there is one for every node that asks models or is a tool', () => {
  const wanted = Object.values(definitions).filter(
    (one) => ['ai', 'tool', 'memory'].includes(one.category) || ('tool' in one && one.tool !== undefined),
  );
  expect(rows.map(({ type }) => type).toSorted()).toEqual(wanted.map(({ type }) => type).toSorted());
});

describe.each(rows)('$type', ({ type, flow }) => {
  it(`${type} does its work once, and every token of it is charged`, async () => {
    const { stage, outside, mcp } = world;
    const one = await flow(world);
    const slug = `flow-${type.replaceAll('_', '-')}`;
    const edges = ['start.payload > text.input', 'text.output > work.messages', 'model.model > work.model'];
    const usual = {
      start: ['trigger_manual'],
      text: ['set', { mode: 'text', text: '{{ trigger.text }}' }],
      model: stage.model,
    } as const;
    await stage.draw(slug, { ...usual, ...one.nodes }, [...edges, ...one.edges]);
    outside.seen.length = 0;
    mcp.calls.length = 0;
    const asked = follow(stage, one.script);
    const run = await stage.run(slug, { text: 'Go.' });
    const { execution_id } = run;

    expect(`${run.status} ${run.error_message}`.trim()).toBe('completed');
    expect(run.final_output).toEqual(one.answer);
    expect(asked()).toBe(one.script.length);
    expect([...outside.seen, ...mcp.calls]).toEqual(one.reached ?? []);
    if (one.told !== undefined) expect(stage.llm.requests.at(-1)?.body.messages).toEqual(one.told);
    expect(await recordedBy(stage, execution_id)).toEqual(
      one.calls.map((call) => ({ ...call, is_error: false })),
    );

    const expected = one.charged.map((call, at) => {
      const { input, cached, output } = usageOf(at + 1);
      const cost_usd = costOf(call.model, { input, cached, output });
      const tokens = { input_tokens: input, cached_tokens: cached, output_tokens: output };
      return { ...call, ...tokens, cost_usd, status: 'ok', is_estimated: false, reserved_tokens: 0 };
    });
    const charges = await chargesOf(stage, execution_id);
    expect(charges.map(({ cost_usd: _, ...row }) => row)).toEqual(
      expected.map(({ cost_usd: _, ...row }) => row),
    );
    expect(charges.map(({ cost_usd }) => cost_usd.toFixed(9))).toEqual(
      expected.map(({ cost_usd }) => cost_usd.toFixed(9)),
    );

    const own = expected.filter(({ node_id }) => node_id in one.nodes);
    expect(run).toMatchObject({ ...totalOf(own), llm_calls: own.length });
    const events = await stage.events(execution_id);
    const done = events.find(({ data }) => data['node_id'] === 'work' && data['status'] === 'success');
    const { total_cost_usd, ...spent } = totalOf(own.filter(({ node_id }) => node_id === 'work'));
    expect(done?.data['token_usage']).toMatchObject({ ...spent, cost_usd: total_cost_usd });
    expect(events.at(-1)?.data['activity_summary']).toMatchObject({
      ...totalOf(expected),
      llm_calls: expected.length,
      tool_invocations: one.calls.filter(({ tool_node }) => tool_node !== null).length,
      child_count: one.children ?? 0,
    });
  });
});

interface Charge {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_usd: number;
}

/** As runs and steps say it; the money within a billionth of a dollar. */
function totalOf(charges: readonly Charge[]) {
  const sum = (of: (one: Charge) => number): number => charges.reduce((all, one) => all + of(one), 0);
  return {
    total_tokens: sum(({ input_tokens, output_tokens }) => input_tokens + output_tokens),
    total_cost_usd: expect.closeTo(
      sum(({ cost_usd }) => cost_usd),
      9,
    ),
  };
}
