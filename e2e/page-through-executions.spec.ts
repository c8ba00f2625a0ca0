import { expect, type Installation, test } from './fixture.ts';
import { ExecutionListPage } from './pages/execution-list-page.ts';
import { ExecutionPage } from './pages/execution-page.ts';

const settings = { onError: 'fail', join: 'all' } as const;

/** A workflow that fails when it is started with the text `no`. */
async function makeWorkflow({ rest }: Installation): Promise<void> {
  await rest.createWorkflow('Picky', 'picky');
  const { revision } = await rest.graph('picky');
  const node = { label: null, y: 0, settings };
  await rest.changeGraph('picky', revision, [
    { kind: 'add_node', node: { ...node, id: 'start', type: 'trigger_manual', x: 0, config: {} } },
    {
      kind: 'add_node',
      node: {
        ...node,
        id: 'check',
        type: 'code',
        label: 'Check',
        x: 320,
        config: {
          language: 'javascript',
          code: "if (trigger.text === 'no') throw new Error('The text was no.');\nreturn { said: trigger.text };",
        },
      },
    },
    {
      kind: 'add_edge',
      edge: { id: 1, source: 'start', sourcePort: 'text', target: 'check', targetPort: 'input', priority: 0 },
    },
  ]);
}

async function runAll({ rest }: Installation, texts: readonly string[]): Promise<void> {
  for (const text of texts) await rest.execute('picky', text);
  await expect
    .poll(async () => {
      const { items } = await rest.executions('?workflow_slug=picky&limit=1000');
      return items.filter((one) => one.completed_at !== null).length;
    })
    .toBe(texts.length);
}

test('runs are paged, filtered, opened and deleted', async ({ page, signedIn }) => {
  await makeWorkflow(signedIn);
  await runAll(signedIn, [...Array.from({ length: 28 }, (_, n) => `run ${n}`), 'no', 'no']);
  const list = new ExecutionListPage(page);
  await page.goto(`${signedIn.url}/executions?workflow=picky`);
  await expect(list.range).toHaveText('1–25 of 30');
  await list.next.click();
  await expect(list.range).toHaveText('26–30 of 30');
  await expect(list.rows).toHaveCount(5);
  await list.previous.click();
  await expect(list.rows).toHaveCount(25);

  await list.filterStatus('Failed');
  await expect(list.range).toHaveText('1–2 of 2');
  await expect(page).toHaveURL(/status=failed/);
  await list.rows.first().getByRole('link').click();
  const run = new ExecutionPage(page);
  await expect(run.step('Check')).toBeVisible();
  await expect(run.detail('Check')).toContainText('The text was no.');
  await expect(run.canvas.locator('[data-state="failed"]')).toHaveCount(1);

  await page.goBack();
  await expect(list.range).toHaveText('1–2 of 2');
  await list.selectPage();
  await list.deleteSelected();
  await expect(page.getByText('Nothing matches')).toBeVisible();
  expect((await signedIn.rest.executions('?workflow_slug=picky&limit=0')).total).toBe(28);
});

test('a run that arrives while the list is open appears by itself', async ({ page, signedIn }) => {
  const list = new ExecutionListPage(page);
  await page.goto(`${signedIn.url}/executions?workflow=picky`);
  await expect(list.rows).toHaveCount(25);
  await signedIn.rest.execute('picky', 'late');
  await expect(list.range).toHaveText('1–25 of 29');
});

test('a run that waits is cancelled from its page', async ({ page, signedIn }) => {
  const { rest } = signedIn;
  await rest.createWorkflow('Patient', 'patient');
  const { revision } = await rest.graph('patient');
  const node = { label: null, y: 0, settings };
  await rest.changeGraph('patient', revision, [
    { kind: 'add_node', node: { ...node, id: 'start', type: 'trigger_manual', x: 0, config: {} } },
    {
      kind: 'add_node',
      node: { ...node, id: 'pause', type: 'wait', x: 320, config: { duration: 1, unit: 'hours' } },
    },
    {
      kind: 'add_edge',
      edge: { id: 1, source: 'start', sourcePort: 'text', target: 'pause', targetPort: 'input', priority: 0 },
    },
  ]);
  const { execution_id: id } = await rest.execute('patient');
  const run = new ExecutionPage(page);
  await page.goto(`${signedIn.url}/executions/${id}`);
  await expect(run.canvas.locator('[data-state="waiting"]')).toHaveCount(1);
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel execution' }).click();
  await expect(page.getByRole('button', { name: 'Run again' })).toBeVisible();
  expect((await rest.execution(id)).status).toBe('cancelled');
});
