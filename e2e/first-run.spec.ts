import { expect, PERSON, test } from './fixture.ts';
import { chooseFromMenu, tabTo } from './keyboard.ts';
import { EntryPage } from './pages/entry-page.ts';
import { Shell } from './pages/shell.ts';
import { WorkflowListPage } from './pages/workflow-list-page.ts';

test('the first visitor makes the account, signs out and signs in again', async ({ page, emptyServer }) => {
  const entry = new EntryPage(page);
  const list = new WorkflowListPage(page);
  await page.goto(emptyServer.url);
  await expect(page).toHaveURL(/\/setup$/);

  await entry.fill('', 'short');
  await entry.createAccount.click();
  await expect(page.getByText('Choose a username.')).toBeVisible();
  await expect(page.getByText('Use at least 8 characters.')).toBeVisible();

  await entry.fill(PERSON.username, PERSON.password);
  await entry.createAccount.click();
  await expect(list.heading).toBeVisible();

  await new Shell(page).signOut();
  await expect(page).toHaveURL(/\/login$/);
  await page.goto(`${emptyServer.url}/setup`);
  await expect(page).toHaveURL(/\/login$/);

  await entry.fill(PERSON.username, 'not the password');
  await entry.signIn.click();
  await expect(entry.alert).toContainText('do not match');
  await entry.fill(PERSON.username, PERSON.password);
  await entry.signIn.click();
  await expect(list.heading).toBeVisible();
});

test('somebody who is signed out comes back to the page that was asked for', async ({
  page,
  installation,
}) => {
  const entry = new EntryPage(page);
  await page.goto(`${installation.url}/executions?status=failed`);
  await expect(page).toHaveURL(/\/login\?next=/);
  await entry.fill(PERSON.username, PERSON.password);
  await entry.signIn.click();
  await expect(page).toHaveURL(`${installation.url}/executions?status=failed`);
});

test('a session that ends is renewed in place', async ({ page, signedIn }) => {
  await page.goto(`${signedIn.url}/settings`);
  const name = page.getByLabel('First name');
  await name.fill('Augusta');
  await page.context().clearCookies();
  await page.getByRole('button', { name: 'Save' }).click();
  const dialog = page.getByRole('dialog', { name: 'You have been signed out' });
  await dialog.getByLabel('Password', { exact: true }).fill(PERSON.password);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await expect(dialog).toBeHidden();
  await expect(name).toHaveValue('Augusta');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Profile saved')).toBeVisible();
});

test('everything up to a new workflow works with the keyboard alone', async ({ page, installation }) => {
  const entry = new EntryPage(page);
  const list = new WorkflowListPage(page);
  await page.goto(`${installation.url}/login`);
  await expect(entry.username).toBeFocused();
  await page.keyboard.type(PERSON.username);
  await page.keyboard.press('Tab');
  await page.keyboard.type(PERSON.password);
  await page.keyboard.press('Enter');
  await expect(list.heading).toBeVisible();

  await tabTo(page, list.create);
  await page.keyboard.press('Enter');
  await expect(list.dialog.getByLabel('Name', { exact: true })).toBeFocused();
  await page.keyboard.type('Made by keys');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/workflows\/made-by-keys$/);

  await page.goto(`${installation.url}/workflows`);
  await chooseFromMenu(page, list.menuOf('Made by keys'), 'Duplicate');
  await expect(list.table.getByRole('link', { name: /^Made by keys/ })).toHaveCount(2);

  await chooseFromMenu(page, new Shell(page).account, 'Sign out');
  await expect(page).toHaveURL(/\/login$/);
});
