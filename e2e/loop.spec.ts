import type { Page } from '@playwright/test';
import { expect, type Installation, test } from './fixture.ts';
import { EditorPage } from './pages/editor-page.ts';

async function openEmptyWorkflow(page: Page, { url, rest }: Installation): Promise<EditorPage> {
  await rest.createWorkflow('Greet everybody', 'greet');
  const editor = new EditorPage(page);
  await page.goto(`${url}/workflows/greet`);
  await expect(editor.canvas).toBeVisible();
  return editor;
}

/** Trigger, loop and reply with the mouse; the body from the invitation at the loop, with the keyboard. */
async function placeNodes(page: Page, editor: EditorPage): Promise<void> {
  await editor.dragIn('Webhook trigger', { x: 60, y: 60 });
  await editor.dragIn('Loop', { x: 340, y: 60 });
  await editor.dragIn('Reply', { x: 600, y: 380 });
  await editor.fitAll();
  await editor.canvas.getByRole('button', { name: 'Each item: add a node' }).click();
  await page.keyboard.type('Set');
  await page.keyboard.press('Enter');
  await expect(editor.card('set_1')).toBeVisible();
  await editor.inspector.getByRole('button', { name: 'Add field' }).click();
  await editor.write('Fields name 1', 'greeting');
  await editor.write('Fields value 1', 'Hello {{ loop.item }}, number {{ loop.index }}');
  await editor.fitAll();
}

test('a loop is drawn with its way back, refuses to be torn open, and shows what each item gave', async ({
  page,
  signedIn,
}) => {
  test.setTimeout(240_000);
  const editor = await openEmptyWorkflow(page, signedIn);
  const edges = editor.canvas.locator('g[data-edge-id]');
  await placeNodes(page, editor);
  await expect(edges).toHaveCount(1);

  await test.step('the end of the body leads back', async () => {
    await editor.connect({ node: 'webhook_1', port: 'body' }, { node: 'loop_1', port: 'items' });
    await editor.connect({ node: 'set_1', port: 'output' }, { node: 'loop_1', port: 'loop_return' });
    await editor.connect({ node: 'loop_1', port: 'results' }, { node: 'reply_1', port: 'input' });
    await expect(edges).toHaveCount(4);
    await expect(editor.edgeTo('Set', 'Loop').locator('.wire')).toHaveAttribute('data-way', 'return');
    await expect(editor.canvas.locator('[data-loop-area="loop_1"]')).toBeVisible();
  });

  await test.step('an edge out of the body is refused with the way out', async () => {
    await editor.hoverConnection({ node: 'set_1', port: 'output' }, { node: 'reply_1', port: 'input' });
    await expect(editor.tooltip).toContainText('lies both in the loop “Loop” (loop_1) and after it');
    await expect(editor.tooltip).toContainText('return port');
    await editor.release();
    await expect(edges).toHaveCount(4);
  });

  await editor.autoLayout.click();
  await editor.fitAll();
  await expect(editor.saved).toBeVisible();

  await test.step('a run counts the items on the cards', async () => {
    await editor.runWithInput({ body: ['Ada', 'Grace', 'Edsger'] });
    for (const node of ['loop_1', 'set_1', 'reply_1'])
      await expect(editor.card(node)).toHaveAttribute('data-state', 'success');
    await expect(editor.card('set_1')).toContainText('3 items');
    await expect(editor.card('loop_1')).toContainText('3 items');
    await expect(editor.edgeTo('Set', 'Loop')).toContainText('×3');
  });

  await test.step('the data of each item is a step away', async () => {
    await editor.select('set_1');
    await editor.inspector.getByRole('tab', { name: 'Data' }).click();
    const output = editor.inspector.getByRole('region', { name: 'Output' }).first();
    await expect(output).toContainText('Hello Ada, number 0');
    await editor.inspector.getByRole('button', { name: 'Next iteration' }).click();
    await expect(output).toContainText('Hello Grace, number 1');
    await editor.inspector.getByRole('textbox', { name: 'Iteration number' }).fill('3');
    await page.keyboard.press('Tab');
    await expect(output).toContainText('Hello Edsger, number 2');
    await expect(editor.inspector.getByRole('button', { name: 'Next iteration' })).toBeDisabled();
  });

  await test.step('the loop gives the results in the order of the items', async () => {
    await editor.select('reply_1');
    const output = editor.inspector.getByRole('region', { name: 'Input' }).first();
    await expect(output).toContainText(/Hello Ada.*Hello Grace.*Hello Edsger/s);
  });
});
