import { expect, test } from './fixture.ts';
import { EntryPage } from './pages/entry-page.ts';
import { Shell } from './pages/shell.ts';
import { UserListPage } from './pages/user-list-page.ts';
import { WorkflowListPage } from './pages/workflow-list-page.ts';

const PASSWORD = 'tram line window 9';

test('an administrator makes a user, who works until the account is disabled', async ({
  page,
  browser,
  signedIn,
}) => {
  const users = new UserListPage(page);
  await page.goto(`${signedIn.url}/settings/users`);
  await users.create.click();
  await users.dialog.getByLabel('Username').fill('ada');
  await users.dialog.getByLabel('Password', { exact: true }).fill('short');
  await users.dialog.getByRole('button', { name: 'Create user' }).click();
  await expect(users.dialog.getByText('Use at least 8 characters.')).toBeVisible();
  await users.dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await users.dialog.getByRole('button', { name: 'Create user' }).click();
  await expect(users.dialog.getByText('Username already exists.')).toBeVisible();
  await users.dialog.getByLabel('Username').fill('katherine');
  await users.dialog.getByLabel('First name').fill('Katherine');
  await users.dialog.getByRole('button', { name: 'Create user' }).click();
  await expect(users.row('katherine')).toContainText('Katherine');

  const hers = await browser.newPage();
  const entry = new EntryPage(hers);
  await hers.goto(`${signedIn.url}/login`);
  await entry.fill('katherine', PASSWORD);
  await entry.signIn.click();
  await expect(new WorkflowListPage(hers).heading).toBeVisible();

  await users.choose('katherine', 'Disable');
  await users.confirm('Disable');
  await expect(users.row('katherine')).toContainText('Disabled');
  await hers.goto(`${signedIn.url}/workflows`);
  await expect(hers).toHaveURL(/\/login/);
  await entry.fill('katherine', PASSWORD);
  await entry.signIn.click();
  await expect(entry.alert).toContainText('do not match');

  await users.choose('katherine', 'Enable');
  await expect(users.row('katherine')).not.toContainText('Disabled');
  await entry.fill('katherine', PASSWORD);
  await entry.signIn.click();
  await expect(new WorkflowListPage(hers).heading).toBeVisible();

  // A new password signs her out, too.
  await users.choose('katherine', 'Edit');
  await users.dialog.getByLabel('New password').fill('another tram line 10');
  await users.dialog.getByRole('button', { name: 'Save' }).click();
  await expect(users.dialog).toBeHidden();
  await hers.reload();
  await expect(hers).toHaveURL(/\/login/);
  await entry.fill('katherine', 'another tram line 10');
  await entry.signIn.click();
  await expect(new Shell(hers).account).toBeVisible();
  await hers.close();
});

test('what administrators do is in the audit log', async ({ page, signedIn }) => {
  const { username } = await signedIn.rest.createUser('dorothy', PASSWORD);
  await page.goto(`${signedIn.url}/settings/audit?action=user_created`);
  const log = page.getByRole('table', { name: 'Audit log' });
  const row = log.getByRole('row').filter({ hasText: username });
  await expect(row).toContainText('User created');
  await row.getByRole('button').click();
  const drawer = page.getByRole('dialog', { name: 'User created' });
  await expect(drawer).toContainText('ada');
  await expect(drawer).not.toContainText(PASSWORD);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Check for tampering' }).click();
  await expect(page.getByText('The log is whole')).toBeVisible();
  await page.getByPlaceholder('Search the log').fill('nothing is called like this');
  await expect(page.getByText('Nothing matches')).toBeVisible();
});

test('what is for administrators is neither shown nor given to others', async ({ page, installation }) => {
  await installation.rest.createUser('annie', PASSWORD);
  const entry = new EntryPage(page);
  await page.goto(`${installation.url}/login?next=/settings`);
  await entry.fill('annie', PASSWORD);
  await entry.signIn.click();
  const places = page.getByRole('navigation', { name: 'Settings' });
  await expect(places.getByRole('link', { name: 'Security' })).toBeVisible();
  await expect(places.getByRole('link', { name: 'Users' })).toHaveCount(0);
  await expect(places.getByRole('link', { name: 'Audit log' })).toHaveCount(0);
  await page.goto(`${installation.url}/settings/users`);
  await expect(page.getByText('For administrators only')).toBeVisible();
  await page.goto(`${installation.url}/settings/system`);
  await expect(page.getByLabel('Public address')).toHaveAttribute('readonly');
  await expect(page.getByRole('button', { name: 'Save' })).toHaveCount(0);
});
