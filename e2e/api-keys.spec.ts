import { expect, test } from './fixture.ts';
import { ApiKeyPage } from './pages/api-key-page.ts';

test('a key is shown once, works, and stops working when it is revoked', async ({ page, signedIn }) => {
  const keys = new ApiKeyPage(page);
  await page.goto(`${signedIn.url}/settings/api-keys`);
  await keys.create.click();
  await keys.dialog.getByRole('button', { name: 'Create key' }).click();
  await expect(keys.dialog.getByText('Name the program that will use the key.')).toBeVisible();
  await keys.dialog.getByLabel('Name').fill('Deploy script');
  await keys.dialog.getByRole('button', { name: 'Create key' }).click();

  await expect(keys.secret).toBeVisible();
  const secret = (await keys.secret.textContent()) ?? '';
  expect(await signedIn.rest.statusOfKey(secret)).toBe(200);
  await page.getByRole('button', { name: 'I have copied it' }).click();
  await expect(keys.table.getByText('Deploy script')).toBeVisible();
  await page.reload();
  await expect(keys.table.getByText('Deploy script')).toBeVisible();
  await expect(page.getByText(secret)).toHaveCount(0);

  await keys.revoke('Deploy script');
  await expect(page.getByText('“Deploy script” was revoked')).toBeVisible();
  await expect(keys.table.getByText('Deploy script')).toHaveCount(0);
  expect(await signedIn.rest.statusOfKey(secret)).toBe(401);
});
