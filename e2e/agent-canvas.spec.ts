import type { Locator, Page } from '@playwright/test';
import { type ChatInstallation, expect, test } from './chat-fixture.ts';
import { EditorPage } from './pages/editor-page.ts';
import type { GraphChange } from './rest-client.ts';

async function openEmpty(page: Page, { rest, url }: ChatInstallation, slug: string): Promise<EditorPage> {
  await rest.createWorkflow(slug, slug);
  await page.goto(`${url}/workflows/${slug}`);
  const editor = new EditorPage(page);
  await expect(editor.canvas).toBeVisible();
  return editor;
}

/** The wire from a part up to a slot. */
const plug = (editor: EditorPage, part: string, host: string) =>
  editor.canvas.getByRole('group', { name: new RegExp(`^${part} plugged into ${host}, slot `) });

/** A place of the window that a wire runs through. */
const onWire = (wire: Locator): Promise<{ x: number; y: number }> =>
  wire.locator('.react-flow__edge-interaction').evaluate((line) => {
    if (!(line instanceof SVGPathElement)) throw new Error('A wire is a path.');
    const { x, y } = line
      .getPointAtLength(line.getTotalLength() * 0.6)
      .matrixTransform(line.getScreenCTM() ?? undefined);
    return { x, y };
  });

const below = async (editor: EditorPage, part: string, host: string): Promise<boolean> => {
  const [upper, lower] = await Promise.all([
    editor.card(host).boundingBox(),
    editor.card(part).boundingBox(),
  ]);
  return upper !== null && lower !== null && lower.y > upper.y + upper.height;
};

test('an agent gets its parts with the mouse, and refuses those that do not fit', async ({
  page,
  chatting,
}) => {
  const editor = await openEmpty(page, chatting, 'agent-by-mouse');
  await editor.dragIn('Chat trigger', { x: 60, y: 80 });
  await editor.dragIn('Agent', { x: 360, y: 80 });
  const slot = editor.port({ node: 'agent_1', port: 'model' }, 'input');
  await expect(slot).toHaveAttribute('data-missing', 'true');

  await test.step('the plus of a free slot offers what fits', async () => {
    await slot.click();
    const picker = page.getByRole('dialog', { name: 'Plug into model' });
    await expect(picker.getByRole('option')).toHaveText([/^Model/]);
    await picker.getByRole('option').click();
    await expect(plug(editor, 'Model', 'Agent')).toBeAttached();
    await expect.poll(() => below(editor, 'ai_model_1', 'agent_1')).toBe(true);
    await expect(slot).not.toHaveAttribute('data-missing');
  });

  await test.step('a wire that is dropped on the canvas does too', async () => {
    const tools = editor.port({ node: 'agent_1', port: 'tools' }, 'input');
    const { x, y } = (await tools.boundingBox()) ?? { x: 0, y: 0 };
    await page.mouse.move(x + 7, y + 7);
    await page.mouse.down();
    await page.mouse.move(x + 190, y + 160, { steps: 8 });
    await page.mouse.up();
    const picker = page.getByRole('dialog', { name: 'Plug into tools' });
    await picker.getByRole('combobox').fill('calcul');
    await picker.getByRole('option', { name: /^Calculator/ }).click();
    await expect(plug(editor, 'Calculator', 'Agent')).toBeAttached();
    await expect.poll(() => below(editor, 'calculator_1', 'agent_1')).toBe(true);
  });

  await test.step('the wrong part is refused with the reason', async () => {
    await editor.hoverConnection({ node: 'ai_model_1', port: 'model' }, { node: 'agent_1', port: 'tools' });
    await expect(editor.tooltip).toContainText('gives model, but');
    await expect(editor.tooltip).toContainText('takes tool');
    await editor.release();
    await expect(editor.canvas.locator('g[data-edge-id]')).toHaveCount(2);
  });

  await test.step('what might be plugged in shows its diamond when it is selected', async () => {
    await editor.dragIn('HTTP request', { x: 700, y: 80 });
    const diamond = editor.port({ node: 'http_1', port: 'tool' }, 'output');
    await expect(diamond).toHaveCSS('opacity', '1');
    await editor.canvas.click({ position: { x: 20, y: 20 } });
    await expect(diamond).toHaveCSS('opacity', '0');
    await editor.select('http_1');
    await editor.connect({ node: 'http_1', port: 'tool' }, { node: 'agent_1', port: 'tools' });
    await expect(plug(editor, 'HTTP request', 'Agent')).toBeAttached();
  });

  await test.step('parts are listed at their host, put in order and taken out', async () => {
    await editor.select('agent_1');
    const tools = editor.inspector.getByRole('list', { name: 'Tools' });
    await expect(tools.getByRole('listitem')).toHaveText([/Calculator/, /HTTP request/]);
    await tools.getByRole('button', { name: 'Move HTTP request up' }).click();
    await expect(tools.getByRole('listitem')).toHaveText([/HTTP request/, /Calculator/]);
    await tools.getByRole('button', { name: 'Unplug HTTP request' }).click();
    await expect(plug(editor, 'HTTP request', 'Agent')).toHaveCount(0);
    await page.getByRole('button', { name: /^Undo/ }).click();
    await expect(plug(editor, 'HTTP request', 'Agent')).toBeAttached();
  });

  await test.step('the layout keeps parts below their host', async () => {
    await editor.connect({ node: 'trigger_chat_1', port: 'messages' }, { node: 'agent_1', port: 'messages' });
    await editor.autoLayout.click();
    await editor.fitAll();
    for (const part of ['ai_model_1', 'calculator_1', 'http_1'])
      await expect.poll(() => below(editor, part, 'agent_1')).toBe(true);
  });
});

test('an agent gets its parts with the keyboard alone', async ({ page, chatting }) => {
  const editor = await openEmpty(page, chatting, 'agent-by-keys');
  const { keyboard } = page;
  const pick = async (text: string): Promise<void> => {
    const box = page.getByRole('dialog').getByRole('combobox');
    await expect(box).toBeFocused();
    await keyboard.type(text);
    await keyboard.press('Enter');
  };
  await editor.canvas.focus();
  await keyboard.press('n');
  await pick('agent');
  await expect(editor.card('agent_1')).toBeVisible();
  await editor.canvas.focus();
  await keyboard.press('c');
  await pick('model');
  await expect(page.getByRole('dialog', { name: 'Plug into model' })).toBeVisible();
  await pick('');
  await expect(plug(editor, 'Model', 'Agent')).toBeAttached();

  await editor.canvas.focus();
  await keyboard.press('ArrowUp');
  await expect(editor.inspector.getByText('agent_1', { exact: true })).toBeVisible();
  await keyboard.press('c');
  await pick('tools');
  await expect(page.getByRole('dialog', { name: 'Plug into tools' })).toBeVisible();
  await pick('calculator');
  await expect(plug(editor, 'Calculator', 'Agent')).toBeAttached();
  await editor.canvas.focus();
  await keyboard.press('ArrowLeft');
  await expect(editor.inspector.getByText('ai_model_1', { exact: true })).toBeVisible();
});

const SETTINGS = { onError: 'fail', join: 'all' } as const;

/** Manual trigger → agent with a model and a calculator. */
const assistant = (credential: number): GraphChange => [
  node('start', 'trigger_manual', {}, { x: 0, y: 0 }),
  node('agent', 'agent', { system_prompt: 'You do sums.' }, { x: 340, y: 0 }),
  node('llm', 'ai_model', { llm_credential_id: credential, model_name: 'scripted-1' }, { x: 240, y: 240 }),
  node('calc', 'calculator', {}, { x: 460, y: 240 }),
  edge(1, ['start', 'text'], ['agent', 'messages']),
  edge(2, ['llm', 'model'], ['agent', 'model']),
  edge(3, ['calc', 'tool'], ['agent', 'tools']),
];

const node = (
  id: string,
  type: string,
  config: Record<string, never> | object,
  at: { x: number; y: number },
) =>
  ({
    kind: 'add_node',
    node: { id, type, label: id, ...at, config: config as Record<string, never>, settings: SETTINGS },
  }) as const;

const edge = (id: number, [source, sourcePort]: [string, string], [target, targetPort]: [string, string]) =>
  ({ kind: 'add_edge', edge: { id, source, sourcePort, target, targetPort, priority: 0 } }) as const;

test('a run is seen on the cards of an agent and its parts', async ({ page, chatting }) => {
  const { rest, provider, credentialId, url } = chatting;
  await rest.createWorkflow('Sums', 'sums');
  await rest.changeGraph('sums', 0, assistant(credentialId));
  await page.goto(`${url}/workflows/sums`);
  const editor = new EditorPage(page);
  await expect(editor.card('agent')).toBeVisible();
  provider.script(
    { toolCalls: [{ name: 'calculator', args: { expression: '6*7' } }] },
    { chunks: ['The answer ', 'is 42, ', 'of course.'], holdAfter: 2, usage: { input: 30, output: 9 } },
  );
  const asked = provider.requests.length;
  const run = await rest.execute('sums', 'What is 6*7?');
  await provider.asked(asked + 2);

  await test.step('the tool lights up and counts its calls while the answer streams', async () => {
    await expect(editor.card('calc')).toHaveAttribute('data-state', 'success');
    await expect(editor.card('calc').locator('[data-calls]')).toHaveAttribute('data-calls', '1');
    await expect(editor.card('calc')).toContainText('42');
    await expect(editor.card('agent')).toHaveAttribute('data-state', 'running');
    await expect(editor.card('llm')).toHaveAttribute('data-state', 'running');
    await expect(editor.card('llm').locator('[data-calls]')).toHaveAttribute('data-calls', '2');
    await expect(editor.card('agent').locator('[data-stream]')).toContainText('The answer is 42');
  });

  await test.step('in the end the card says what it took', async () => {
    provider.release();
    await expect(editor.card('agent')).toHaveAttribute('data-state', 'success');
    await expect(editor.card('agent').locator('[data-usage]')).toContainText('54 tokens');
    await expect(editor.card('llm')).toHaveAttribute('data-state', 'success');
    await expect(editor.card('llm').locator('[data-part-usage]')).toContainText('54 tokens');
  });

  await test.step('a run of the past shows the same', async () => {
    await page.reload();
    await editor.canvas.focus();
    await page.keyboard.press('j');
    await page
      .getByRole('region', { name: 'Bottom panel' })
      .getByRole('button', { name: /manual/ })
      .first()
      .click();
    await expect(editor.card('llm')).toHaveAttribute('data-state', 'success');
    await expect(editor.card('llm').locator('[data-part-usage]')).toContainText('54 tokens');
    await expect(editor.card('calc').locator('[data-calls]')).toHaveAttribute('data-calls', '1');
  });

  await test.step('its calls are listed with what was asked and given', async () => {
    await editor.select('agent');
    await editor.inspector.getByRole('tab', { name: 'Data' }).click();
    const calls = editor.inspector.getByRole('region', { name: 'Calls' });
    await expect(calls.getByRole('listitem')).toHaveCount(3);
    await expect(calls.getByRole('listitem').nth(1)).toContainText('42');
    await page.goto(`${url}/executions/${run.execution_id}?node=agent`);
    await expect(page.getByRole('region', { name: 'Calls' })).toContainText('3 calls');
  });
});

test('a step that waits for another workflow says how far that is', async ({ page, chatting }) => {
  const { rest, provider, credentialId, url } = chatting;
  await rest.createWorkflow('Inner', 'inner');
  await rest.changeGraph('inner', 0, [
    node('called', 'trigger_workflow', {}, { x: 0, y: 0 }),
    node('words', 'set', { mode: 'text', text: 'Hello' }, { x: 300, y: 0 }),
    node('agent', 'agent', {}, { x: 600, y: 0 }),
    node(
      'llm',
      'ai_model',
      { llm_credential_id: credentialId, model_name: 'scripted-1' },
      { x: 600, y: 240 },
    ),
    node('last', 'set', { mode: 'text', text: 'Bye' }, { x: 900, y: 0 }),
    edge(1, ['called', 'payload'], ['words', 'input']),
    edge(2, ['words', 'output'], ['agent', 'messages']),
    edge(3, ['llm', 'model'], ['agent', 'model']),
    edge(4, ['agent', 'output'], ['last', 'input']),
  ]);
  await rest.createWorkflow('Outer', 'outer');
  await rest.changeGraph('outer', 0, [
    node('start', 'trigger_manual', {}, { x: 0, y: 0 }),
    node('call', 'workflow', { target_workflow: 'inner' }, { x: 340, y: 0 }),
    edge(1, ['start', 'payload'], ['call', 'payload']),
  ]);
  await page.goto(`${url}/workflows/outer`);
  const editor = new EditorPage(page);
  await expect(editor.card('call')).toBeVisible();
  provider.script({ chunks: ['Well', ' done'], holdAfter: 1 });
  const asked = provider.requests.length;
  await rest.execute('outer');
  await provider.asked(asked + 1);
  await expect(editor.card('call')).toContainText('1 of 3 · agent');
  provider.release();
  await expect(editor.card('call')).toHaveAttribute('data-state', 'success');
  await expect(editor.card('call')).toContainText('3 of 3 steps');
  await editor.card('call').getByRole('link', { name: 'Open its run' }).click();
  await expect(page).toHaveURL(/\/executions\/.+/);
  await expect(page.getByRole('heading', { name: 'Inner' })).toBeVisible();
});

test('an agent is copied, cut and deleted with the mouse and the keyboard, and all of it is undone', async ({
  page,
  chatting,
}) => {
  const { rest, credentialId, url } = chatting;
  await rest.createWorkflow('Copies', 'copies');
  await rest.changeGraph('copies', 0, assistant(credentialId));
  await page.goto(`${url}/workflows/copies`);
  const editor = new EditorPage(page);
  const { keyboard } = page;
  const cards = editor.canvas.locator('[data-card]');
  const plugs = editor.canvas.getByRole('group', { name: / plugged into / });
  await expect(cards).toHaveCount(4);

  await test.step('a copy has parts of its own', async () => {
    await editor.select('agent');
    await editor.canvas.focus();
    await keyboard.press('ControlOrMeta+c');
    await keyboard.press('ControlOrMeta+v');
    await expect(cards).toHaveCount(7);
    await expect(plugs).toHaveCount(4);
    await expect(editor.port({ node: 'agent_1', port: 'model' }, 'input')).not.toHaveAttribute(
      'data-missing',
    );
    await keyboard.press('ControlOrMeta+z');
    await expect(cards).toHaveCount(4);
    await keyboard.press('ControlOrMeta+Shift+z');
    await expect(plugs).toHaveCount(4);
    await keyboard.press('ControlOrMeta+z');
    await expect(cards).toHaveCount(4);
  });

  await test.step('what is cut takes its parts along', async () => {
    await editor.select('agent');
    await editor.canvas.focus();
    await keyboard.press('ControlOrMeta+x');
    await expect(cards).toHaveCount(1);
    await keyboard.press('ControlOrMeta+z');
    await expect(cards).toHaveCount(4);
    await expect(plugs).toHaveCount(2);
  });

  await test.step('a part is deleted with its wire, and comes back with it', async () => {
    await editor.select('calc');
    await editor.canvas.focus();
    await keyboard.press('Delete');
    await expect(cards).toHaveCount(3);
    await expect(plugs).toHaveCount(1);
    await page.getByRole('button', { name: /^Undo/ }).click();
    await expect(plug(editor, 'calc', 'agent')).toBeAttached();
    await page.getByRole('button', { name: /^Redo/ }).click();
    await expect(plug(editor, 'calc', 'agent')).toHaveCount(0);
  });

  await test.step('a wire to a slot is deleted and comes back', async () => {
    const { x, y } = await onWire(plug(editor, 'llm', 'agent'));
    await page.mouse.click(x, y);
    await keyboard.press('Delete');
    await expect(plugs).toHaveCount(0);
    await expect(editor.port({ node: 'agent', port: 'model' }, 'input')).toHaveAttribute(
      'data-missing',
      'true',
    );
    await keyboard.press('ControlOrMeta+z');
    await expect(plugs).toHaveCount(1);
  });

  await test.step('what is dropped on an agent is plugged into its slot', async () => {
    const box = (await editor.card('agent').boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const area = (await editor.canvas.boundingBox()) ?? { x: 0, y: 0 };
    const middle = { x: box.x - area.x + box.width / 2, y: box.y - area.y + box.height / 2 };
    await editor.dragIn('Calculator', middle);
    await expect(plug(editor, 'Calculator', 'agent')).toBeAttached();
    await expect.poll(() => below(editor, 'calculator_1', 'agent')).toBe(true);
  });

  await test.step('a part that is there is plugged in with the keyboard', async () => {
    await keyboard.press('ControlOrMeta+z');
    await expect(plugs).toHaveCount(1);
    await editor.canvas.focus();
    await keyboard.press('Escape');
    await editor.dragIn('Date and time', { x: 700, y: 460 });
    await editor.canvas.focus();
    await keyboard.press('c');
    const picker = page.getByRole('dialog').getByRole('combobox');
    await expect(picker).toBeFocused();
    await keyboard.type('tool');
    await keyboard.press('Enter');
    await expect(page.getByRole('dialog').getByRole('option', { name: /^agent/ })).toBeVisible();
    await keyboard.type('agent');
    await keyboard.press('Enter');
    await expect(plug(editor, 'Date and time', 'agent')).toBeAttached();
    await expect(editor.saved).toBeVisible();
  });
});
