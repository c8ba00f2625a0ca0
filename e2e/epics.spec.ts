import { expect, test } from './fixture.ts';
import { EpicPage } from './pages/epic-page.ts';

test('an epic is made, its tasks wait for each other and are moved by mouse, keyboard and menu', async ({
  page,
  signedIn,
}) => {
  const epics = new EpicPage(page);
  await page.goto(`${signedIn.url}/epics`);
  await page.getByRole('button', { name: 'Create epic' }).first().click();
  await epics.dialog.getByRole('button', { name: 'Create epic' }).click();
  await expect(epics.dialog.getByText('Give the epic a title.')).toBeVisible();
  await epics.dialog.getByLabel('Title').fill('Ship it');
  await epics.dialog.getByRole('button', { name: 'Create epic' }).click();
  await expect(page).toHaveURL(/\/epics\/ep-[0-9a-f]{12}$/);

  await epics.addTask('Design');
  await epics.addTask('Build', 'Design');
  await expect(epics.column('Blocked')).toContainText('Build');

  await epics.card('Design').dragTo(epics.column('Running'));
  await expect(epics.column('Running')).toContainText('Design');
  await epics.card('Design').focus();
  await page.keyboard.press('Shift+ArrowRight');
  await expect(epics.column('Completed')).toContainText('Design');
  await expect(epics.card('Design')).toBeFocused();
  // Completing the one frees the other, which only the server knows.
  await expect(epics.column('Pending')).toContainText('Build');
  await page.keyboard.press('ArrowLeft');
  await expect(epics.card('Build')).toBeFocused();

  await page.getByRole('button', { name: 'Actions for Build' }).click();
  await page.getByRole('menuitem', { name: 'Failed' }).click();
  await expect(epics.column('Failed')).toContainText('Build');
  await expect(page.getByRole('progressbar', { name: 'Completed tasks' })).toHaveAttribute(
    'aria-valuetext',
    '1 of 2 tasks completed, 1 failed',
  );
  await page.reload();
  await expect(epics.column('Failed')).toContainText('Build');
});

test('what others change appears by itself, and a task is edited beside the board', async ({
  page,
  signedIn,
}) => {
  const epics = new EpicPage(page);
  const { id } = await signedIn.rest.createEpic('Live');
  await page.goto(`${signedIn.url}/epics/${id}`);
  await expect(epics.column('Pending')).toContainText('Nothing waits to be started.');
  const task = await signedIn.rest.createTask(id, 'From elsewhere');
  await expect(epics.column('Pending')).toContainText('From elsewhere');
  await signedIn.rest.changeTask(task.id, { status: 'running' });
  await expect(epics.column('Running')).toContainText('From elsewhere');

  await epics.card('From elsewhere').click();
  await expect(page).toHaveURL(/task=tk-/);
  await epics.dialog.getByLabel('Title').fill('Renamed here');
  await epics.dialog.getByRole('button', { name: 'Save' }).click();
  await expect(epics.dialog.getByRole('heading', { name: 'Renamed here' })).toBeVisible();
  await epics.dialog.getByLabel('New note').fill('Looks good');
  await epics.dialog.getByRole('button', { name: 'Add note' }).click();
  await expect(epics.dialog.getByRole('listitem').filter({ hasText: 'Looks good' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(epics.dialog).toBeHidden();
  await expect(epics.column('Running')).toContainText('Renamed here');

  await epics.card('Renamed here').click();
  await epics.dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('button', { name: 'Delete task' }).click();
  await expect(epics.card('Renamed here')).toBeHidden();
});

test('the list is searched, filtered and cleared in bulk', async ({ page, signedIn }) => {
  const epics = new EpicPage(page);
  for (const title of ['Bulk one', 'Bulk two', 'Bulk three']) await signedIn.rest.createEpic(title);
  await page.goto(`${signedIn.url}/epics`);
  await epics.search.fill('Bulk');
  await expect(page).toHaveURL(/q=Bulk/);
  await expect(epics.row('Bulk one')).toBeVisible();
  await page.getByRole('checkbox', { name: 'Select all on this page' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await epics.dialog.or(page.getByRole('alertdialog')).getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('No epic fits this search and filter.')).toBeVisible();
});
