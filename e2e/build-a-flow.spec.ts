import type { Page } from '@playwright/test';
import { expect, type Installation, PERSON, test } from './fixture.ts';
import { EditorPage } from './pages/editor-page.ts';
import { EntryPage } from './pages/entry-page.ts';
import { WorkflowListPage } from './pages/workflow-list-page.ts';

/** Makes an empty workflow as a person does and opens it. */
async function openNewWorkflow(page: Page, { url }: Installation, name: string): Promise<EditorPage> {
  const entry = new EntryPage(page);
  const list = new WorkflowListPage(page);
  await page.goto(url);
  await entry.fill(PERSON.username, PERSON.password);
  await entry.signIn.click();
  await list.create.click();
  await list.dialog.getByLabel('Name', { exact: true }).fill(name);
  await list.dialog.getByRole('button', { name: 'Create workflow' }).click();
  const editor = new EditorPage(page);
  await expect(editor.canvas).toBeVisible();
  return editor;
}

/** Drags every node in and fills its form; a node is selected by being dropped. */
async function placeNodes(page: Page, editor: EditorPage, rateServer: string): Promise<void> {
  await editor.dragIn('Webhook trigger', { x: 80, y: 60 });
  await expect(editor.card('webhook_1')).toBeVisible();
  await editor.choose('Callers', 'Bearer');
  await editor.choose('Answer', 'When finished');

  await editor.dragIn('Switch', { x: 340, y: 60 });
  await page.getByRole('button', { name: 'Add rule' }).click();
  await editor.write('Rule 1 label', 'Large');
  await editor.write('Rule 1 value', '{{ trigger.body.amount }}');
  await editor.choose('Rule 1 operator', 'is greater than');
  await editor.write('Rule 1 compare with', '100');
  await editor.inspector.getByRole('switch', { name: 'Otherwise' }).click();

  await editor.dragIn('HTTP request', { x: 600, y: 60 });
  await editor.write('URL', `http://${rateServer}/rate/{{ trigger.body.currency }}`);

  await editor.dragIn('Set', { x: 340, y: 340 });
  const fields = { currency: '{{ trigger.body.currency }}', rate: '{{ http_1.body.rate }}', total: TOTAL };
  for (const [at, [field, value]] of Object.entries(fields).entries()) {
    await editor.inspector.getByRole('button', { name: 'Add field' }).click();
    await editor.write(`Fields name ${at + 1}`, field);
    await editor.write(`Fields value ${at + 1}`, value);
  }
  await editor.dragIn('Reply', { x: 600, y: 340 });
  await editor.dragIn('Reply', { x: 600, y: 560 });
  await editor.write('Body', 'Nothing to convert');
  await expect(editor.saved).toBeVisible();
  await editor.fitAll();
}

const TOTAL = '{{ trigger.body.amount | times: http_1.body.rate }} USD';

async function connectNodes(editor: EditorPage): Promise<void> {
  await editor.connect({ node: 'webhook_1', port: 'body' }, { node: 'switch_1', port: 'input' });
  await editor.connect({ node: 'switch_1', port: 'rule_1' }, { node: 'http_1', port: 'input' });
  await editor.connect({ node: 'switch_1', port: '__other__' }, { node: 'reply_2', port: 'input' });
  await editor.connect({ node: 'http_1', port: 'body' }, { node: 'set_1', port: 'input' });
  await editor.connect({ node: 'set_1', port: 'output' }, { node: 'reply_1', port: 'input' });
  await expect(editor.canvas.locator('g[data-edge-id]')).toHaveCount(5);
}

test('a workflow is drawn, refused a wrong edge, run on the canvas and answers a webhook', async ({
  page,
  installation,
}) => {
  test.setTimeout(240_000);
  const { target } = installation;
  const editor = await openNewWorkflow(page, installation, 'Convert large orders');
  await placeNodes(page, editor, target.address);

  await test.step('a wrong edge is refused with the reason', async () => {
    await editor.hoverConnection({ node: 'webhook_1', port: 'method' }, { node: 'http_1', port: 'headers' });
    await expect(editor.tooltip).toContainText('gives string, but');
    await expect(editor.tooltip).toContainText('takes object');
    await editor.release();
    await expect(editor.canvas.locator('g[data-edge-id]')).toHaveCount(0);
  });

  await connectNodes(editor);
  await editor.autoLayout.click();
  await editor.fitAll();
  await expect(editor.saved).toBeVisible();

  await test.step('the run is seen on the cards and the edges', async () => {
    const release = target.hold();
    await editor.runWithInput({ body: { amount: 200, currency: 'EUR' } });
    await expect(editor.card('http_1')).toHaveAttribute('data-state', 'running');
    release();
    for (const node of ['switch_1', 'http_1', 'set_1', 'reply_1']) {
      await expect(editor.card(node)).toHaveAttribute('data-state', 'success');
    }
    await expect(editor.card('reply_2')).toHaveAttribute('data-state', 'skipped');
    await expect(editor.edgeTo('Switch', 'HTTP request')).toHaveAttribute('data-edge-state', 'taken');
    await expect(editor.edgeTo('Switch', 'Reply 2')).toHaveAttribute('data-edge-state', 'skipped');
    expect(target.seen.at(-1)).toMatchObject({ method: 'GET', path: '/rate/EUR' });
  });

  await test.step('a node shows what it gave', async () => {
    await editor.select('set_1');
    await editor.inspector.getByRole('tab', { name: 'Data' }).click();
    const output = editor.inspector.getByRole('region', { name: 'Output' }).first();
    await expect(output).toContainText('1.25');
    await expect(output).toContainText('250 USD');
    await editor.inspector.getByRole('tab', { name: 'Setup' }).click();
  });

  await test.step('the webhook answers with what the workflow computed', async () => {
    await editor.select('webhook_1');
    const url = (await editor.webhookUrl.textContent()) ?? '';
    const order = { amount: 300, currency: 'GBP' };
    expect((await post(url, order)).status).toBe(404);
    await editor.inspector.getByRole('button', { name: 'Make a secret' }).click();
    const secret = (await editor.inspector.getByTestId('webhook-secret').textContent()) ?? '';
    expect((await post(url, order)).status).toBe(401);
    const large = await post(url, order, secret);
    expect(large.status).toBe(200);
    expect(JSON.parse(large.text)).toEqual({ currency: 'GBP', rate: 1.5, total: '450 USD' });
    expect(target.seen.at(-1)).toMatchObject({ path: '/rate/GBP' });

    const calls = target.seen.length;
    const small = await post(url, { amount: 20, currency: 'GBP' }, secret);
    expect(small).toEqual({ status: 200, text: 'Nothing to convert' });
    expect(target.seen.length).toBe(calls);
  });

  await test.step('everything is still there after a reload', async () => {
    await page.reload();
    await expect(editor.canvas.locator('[data-card]')).toHaveCount(6);
    await expect(editor.canvas.locator('g[data-edge-id]')).toHaveCount(5);
  });
});

async function post(url: string, body: unknown, secret?: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(secret !== undefined && { authorization: `Bearer ${secret}` }),
    },
    body: JSON.stringify(body),
  });
  return { status: answer.status, text: await answer.text() };
}
