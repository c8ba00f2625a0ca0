import { expect, type Installation, test } from './fixture.ts';
import { tabTo } from './keyboard.ts';
import { SchedulePage } from './pages/schedule-page.ts';

/** A workflow that a schedule can run. @returns its id. */
async function addWorkflow({ rest }: Installation, name: string, slug: string): Promise<number> {
  const { id } = await rest.createWorkflow(name, slug);
  const { revision } = await rest.graph(slug);
  const settings = { onError: 'fail', join: 'all' } as const;
  await rest.changeGraph(slug, revision, [
    {
      kind: 'add_node',
      node: { id: 'clock', type: 'trigger_schedule', label: 'Clock', x: 0, y: 0, config: {}, settings },
    },
    {
      kind: 'add_node',
      node: { id: 'reply', type: 'reply', label: null, x: 300, y: 0, config: { body: 'done' }, settings },
    },
    {
      kind: 'add_edge',
      edge: {
        id: 1,
        source: 'clock',
        sourcePort: 'payload',
        target: 'reply',
        targetPort: 'input',
        priority: 0,
      },
    },
  ]);
  return id;
}

test('a schedule is made with the keyboard, tells its next five times, and is run at once', async ({
  page,
  signedIn,
}) => {
  await addWorkflow(signedIn, 'Morning report', 'morning-report');
  const screen = new SchedulePage(page);
  await page.goto(`${signedIn.url}/schedules`);

  await test.step('the form says what is missing', async () => {
    await tabTo(page, screen.create);
    await page.keyboard.press('Enter');
    await expect(screen.form.getByLabel('Name', { exact: true })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(screen.form.getByText('Give the schedule a name.')).toBeVisible();
    await expect(screen.form.getByText('Choose the workflow to run.')).toBeVisible();
  });

  await test.step('it is filled in', async () => {
    await screen.form.getByLabel('Name', { exact: true }).focus();
    await page.keyboard.type('Every working day');
    await tabTo(page, screen.form.getByRole('combobox', { name: 'Workflow' }));
    await page.keyboard.type('Morning');
    await expect(page.getByRole('option', { name: /Morning report/ })).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(screen.form.getByRole('combobox', { name: 'Trigger' })).toBeVisible();
    await expect(screen.nextRuns).toHaveCount(5);
    await tabTo(page, screen.form.getByRole('button', { name: 'At an interval' }));
    await page.keyboard.press('ArrowRight');
    await expect(screen.form.getByRole('button', { name: 'At fixed times' })).toBeFocused();
    await page.keyboard.press('Enter');
    await tabTo(page, screen.form.getByLabel('Pattern'));
    await page.keyboard.type('61 9 * * 1-5');
    await expect(screen.form.getByText(/is no cron pattern/).first()).toBeVisible();
    await expect(screen.nextRuns).toHaveCount(0);
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('30 9 * * 1-5');
    await expect(screen.form.getByText('Monday to Friday at 09:30.')).toBeVisible();
    await expect(screen.nextRuns).toHaveCount(5);
    await expect(screen.nextRuns.filter({ hasText: '09:30' })).toHaveCount(5);
    await expect(screen.nextRuns.filter({ hasText: /Sat|Sun/ })).toHaveCount(0);
    await page.keyboard.press('Enter');
  });

  await test.step('it is in the list', async () => {
    await expect(screen.form).toBeHidden();
    await expect(screen.row('Every working day')).toContainText('Monday to Friday at 09:30');
    await expect(screen.row('Every working day')).toContainText('Morning report');
    await expect(screen.row('Every working day')).toContainText('Active');
  });

  await test.step('its page tells the next five times and runs it at once', async () => {
    await tabTo(page, screen.table.getByRole('link', { name: 'Every working day' }));
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Every working day', level: 1 })).toBeVisible();
    await expect(screen.nextRuns).toHaveCount(5);
    await page.getByRole('button', { name: 'Run now' }).click();
    await expect(screen.history.getByText('By hand')).toBeVisible();
    const run = screen.history.getByRole('link', { name: /Succeeded/ });
    await expect(run).toBeVisible();
    await run.click();
    await expect(page).toHaveURL(/\/executions\//);
    await expect(page.getByRole('heading', { name: 'Morning report' })).toBeVisible();
  });
});

test('schedules are found, paused together, resumed, changed and deleted', async ({ page, signedIn }) => {
  const workflow_id = await addWorkflow(signedIn, 'Stock', 'stock');
  for (const name of ['Stock one', 'Stock two', 'Stock three']) {
    await signedIn.rest.createSchedule({ name, workflow_id, interval_seconds: 3600 });
  }
  const screen = new SchedulePage(page);
  await page.goto(`${signedIn.url}/schedules`);
  await screen.search.fill('Stock t');
  await expect(page).toHaveURL(/q=Stock/);
  await expect(screen.row('Stock one')).toBeHidden();
  await expect(screen.row('Stock two')).toContainText('Every hour');

  await screen.tick('Stock two').click();
  await screen.tick('Stock three').click();
  const selection = page.getByRole('toolbar', { name: 'Selection' });
  await selection.getByRole('button', { name: 'Pause' }).click();
  await expect(screen.row('Stock two')).toContainText('Paused');
  await expect(screen.row('Stock three')).toContainText('Paused');

  await page.getByRole('combobox', { name: 'Status' }).click();
  await page.getByRole('option', { name: 'Paused' }).click();
  await expect(page).toHaveURL(/status=paused/);
  await page.reload();
  await screen.choose('Stock two', 'Resume');
  await expect(screen.row('Stock two')).toBeHidden();

  await screen.choose('Stock three', 'Edit');
  const every = screen.form.getByRole('textbox', { name: 'Every' });
  await every.fill('2');
  await screen.form.getByRole('button', { name: 'Save' }).click();
  await expect(screen.row('Stock three')).toContainText('Every 2 hours');

  await screen.choose('Stock three', 'Delete');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete schedule' }).click();
  await expect(page.getByText('Nothing matches')).toBeVisible();
  const left = (await signedIn.rest.schedules()).items.map((one) => [one.name, one.status]);
  expect(left).toContainEqual(['Stock two', 'active']);
  expect(left.some(([name]) => name === 'Stock three')).toBe(false);
});
