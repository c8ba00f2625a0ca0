import type { Page } from '@playwright/test';
import { expect, type Installation, test } from './fixture.ts';
import { tabTo } from './keyboard.ts';
import { EditorPage } from './pages/editor-page.ts';

async function openEmptyWorkflow(page: Page, { url, rest }: Installation): Promise<EditorPage> {
  await rest.createWorkflow('Refunds', 'refunds');
  const editor = new EditorPage(page);
  await page.goto(`${url}/workflows/refunds`);
  await expect(editor.canvas).toBeVisible();
  return editor;
}

/** A question between a trigger and two replies, one for each answer. */
async function drawQuestion(editor: EditorPage): Promise<void> {
  await editor.dragIn('Webhook trigger', { x: 60, y: 60 });
  await editor.dragIn('Ask a person', { x: 340, y: 60 });
  await editor.write('Question', 'Refund {{ trigger.body.amount }} €?');
  await editor.dragIn('Reply', { x: 640, y: 60 });
  await editor.dragIn('Reply', { x: 640, y: 340 });
  await editor.fitAll();
  const question = 'human_confirmation_1';
  await editor.connect({ node: 'webhook_1', port: 'body' }, { node: question, port: 'input' });
  await editor.connect({ node: question, port: 'approved' }, { node: 'reply_1', port: 'input' });
  await editor.connect({ node: question, port: 'rejected' }, { node: 'reply_2', port: 'input' });
  await expect(editor.canvas.locator('g[data-edge-id]')).toHaveCount(3);
  await expect(editor.saved).toBeVisible();
}

test('a run asks a person, waits, and goes the way that was chosen', async ({ page, signedIn }) => {
  test.setTimeout(240_000);
  const editor = await openEmptyWorkflow(page, signedIn);
  await drawQuestion(editor);
  const asks = page.getByRole('button', { name: 'Waits for an answer' });
  const dialog = page.getByRole('dialog', { name: 'Answer' });
  const card = editor.card('human_confirmation_1');

  await test.step('the run is interrupted with the question', async () => {
    await editor.runWithInput({ body: { amount: 40 } });
    await expect(card).toHaveAttribute('data-state', 'waiting');
    await expect(asks).toBeVisible();
    const { items } = await signedIn.rest.executions('?workflow_slug=refunds');
    expect(items[0]).toMatchObject({ status: 'interrupted' });
  });

  await test.step('it is approved with the mouse', async () => {
    await asks.click();
    await expect(dialog).toContainText('Refund 40 €?');
    await dialog.getByLabel('Response').fill('She called twice');
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await expect(dialog).toBeHidden();
    await expect(editor.card('reply_1')).toHaveAttribute('data-state', 'success');
    await expect(editor.card('reply_2')).toHaveAttribute('data-state', 'skipped');
    await editor.select('human_confirmation_1');
    await editor.inspector.getByRole('tab', { name: 'Data' }).click();
    await expect(editor.inspector.getByRole('region', { name: 'Output' }).first()).toContainText(
      'She called twice',
    );
  });

  await test.step('the next one is rejected with the keyboard', async () => {
    await editor.runWithInput({ body: { amount: 900 } });
    await expect(card).toHaveAttribute('data-state', 'waiting');
    await tabTo(page, asks);
    await page.keyboard.press('Enter');
    await expect(dialog).toContainText('Refund 900 €?');
    await tabTo(page, dialog.getByRole('button', { name: 'Reject' }));
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    await expect(editor.card('reply_2')).toHaveAttribute('data-state', 'success');
    await expect(editor.card('reply_1')).toHaveAttribute('data-state', 'skipped');
    await expect
      .poll(async () =>
        (await signedIn.rest.executions('?workflow_slug=refunds')).items.map((run) => run.status),
      )
      .toEqual(['completed', 'completed']);
  });
});
