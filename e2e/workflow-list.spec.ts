import { readFile } from 'node:fs/promises';
import { expect, test } from './fixture.ts';
import { WorkflowListPage } from './pages/workflow-list-page.ts';

test('searching, ordering and paging live in the address', async ({ page, signedIn }) => {
  for (let n = 1; n <= 30; n += 1) {
    await signedIn.rest.createWorkflow(`Paged ${String(n).padStart(2, '0')}`, `paged-${n}`);
  }
  const list = new WorkflowListPage(page);
  await page.goto(`${signedIn.url}/workflows`);
  await list.search.fill('Paged');
  await expect(page).toHaveURL(/q=Paged/);
  await page.getByRole('combobox', { name: 'Order' }).click();
  await page.getByRole('option', { name: 'Name' }).click();
  await expect(list.row('Paged 01')).toBeVisible();
  await expect(page.getByText('1–25 of 30')).toBeVisible();

  await page.getByRole('button', { name: 'Next page' }).click();
  await expect(list.row('Paged 26')).toBeVisible();
  await expect(page).toHaveURL(/offset=25/);
  await page.reload();
  await expect(list.row('Paged 26')).toBeVisible();
  await page.goBack();
  await expect(list.row('Paged 01')).toBeVisible();

  // Going back may replace the screen once more after its rows are there, and the search box with it.
  await expect(async () => {
    await list.search.fill('no such thing');
    await expect(page.getByText('No workflow fits the search “no such thing”.')).toBeVisible({
      timeout: 3000,
    });
  }).toPass();
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await expect(list.search).toHaveValue('');
});

test('a new workflow shows its address and opens in the editor', async ({ page, signedIn }) => {
  const list = new WorkflowListPage(page);
  await page.goto(`${signedIn.url}/workflows`);
  await list.create.click();
  await list.dialog.getByRole('button', { name: 'Create workflow' }).click();
  await expect(list.dialog.getByText('Give the workflow a name.')).toBeVisible();
  await list.dialog.getByLabel('Name', { exact: true }).fill('Äpfel & Öl');
  await expect(list.dialog.getByLabel('Address')).toHaveValue('apfel-ol');
  await list.dialog.getByRole('button', { name: 'Create workflow' }).click();
  await expect(page).toHaveURL(/\/workflows\/apfel-ol$/);
});

test('a deleted workflow can be brought back, and is gone once the time is over', async ({
  page,
  signedIn,
}) => {
  await signedIn.rest.createWorkflow('Keep me', 'keep-me');
  await signedIn.rest.createWorkflow('Lose me', 'lose-me');
  const slugs = async () => (await signedIn.rest.workflows()).items.map((one) => one.slug);
  const list = new WorkflowListPage(page);
  await page.goto(`${signedIn.url}/workflows?q=me`);

  await list.choose('Keep me', 'Delete');
  await expect(list.row('Keep me')).toBeHidden();
  await expect(list.menuOf('Lose me')).toBeFocused();
  await list.undo.click();
  await expect(list.row('Keep me')).toBeVisible();
  expect(await slugs()).toContain('keep-me');

  await list.choose('Lose me', 'Delete');
  await expect(list.row('Lose me')).toBeHidden();
  await expect.poll(slugs, { timeout: 20_000 }).not.toContain('lose-me');
  expect(await slugs()).toContain('keep-me');
});

test('leaving the page carries a deletion out', async ({ page, signedIn }) => {
  await signedIn.rest.createWorkflow('Left behind', 'left-behind');
  const list = new WorkflowListPage(page);
  await page.goto(`${signedIn.url}/workflows?q=Left`);
  await list.choose('Left behind', 'Delete');
  await expect(list.row('Left behind')).toBeHidden();
  await page.goto('about:blank');
  await expect
    .poll(async () => (await signedIn.rest.workflows()).items.some((one) => one.slug === 'left-behind'), {
      timeout: 4_000,
    })
    .toBe(false);
});

test('several workflows are deleted at once', async ({ page, signedIn }) => {
  for (const name of ['Bulk one', 'Bulk two', 'Bulk three']) {
    await signedIn.rest.createWorkflow(name, name.toLowerCase().replace(' ', '-'));
  }
  const list = new WorkflowListPage(page);
  await page.goto(`${signedIn.url}/workflows?q=Bulk`);
  await list.tick('Bulk one').click();
  await list.tick('Bulk two').click();
  await page.getByRole('toolbar', { name: 'Selection' }).getByRole('button', { name: 'Delete' }).click();
  await expect(list.table.getByRole('link', { name: /^Bulk/ })).toHaveCount(1);
  await expect(list.row('Bulk three')).toBeVisible();
});

test('an exported workflow is imported again, and a wrong file says what is wrong', async ({
  page,
  signedIn,
}) => {
  await signedIn.rest.createWorkflow('Travels', 'travels');
  const list = new WorkflowListPage(page);
  await page.goto(`${signedIn.url}/workflows?q=Travels`);
  const download = await list.export('Travels');
  expect(download.suggestedFilename()).toBe('travels.json');
  const text = await readFile(await download.path(), 'utf8');

  await list.import.click();
  await list.offer('notes.txt', 'not json at all');
  await expect(list.dialog.getByRole('alert')).toContainText('not valid JSON');
  await list.offer('other.json', '{"nodes":[]}');
  await expect(list.dialog.getByRole('alert')).toContainText('not a workflow exported from Pipewright');

  await list.offer('travels.json', text);
  await list.dialog.getByLabel('Name').fill('Travels back');
  await list.dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page).toHaveURL(/\/workflows\/travels-back/);
});
