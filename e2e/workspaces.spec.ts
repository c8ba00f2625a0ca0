import { expect, test } from './fixture.ts';

test('a workspace is made, changed, emptied and deleted', async ({ page, signedIn }) => {
  await page.goto(`${signedIn.url}/workspaces`);
  const table = page.getByRole('table', { name: 'Workspaces' });
  await expect(table.getByRole('button', { name: 'default', exact: true })).toBeVisible();

  await page.getByRole('button', { name: 'Create workspace' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Add variable' }).click();
  await dialog.getByRole('button', { name: 'Create workspace' }).click();
  await expect(dialog.getByText('Give the workspace a name.')).toBeVisible();
  await dialog.getByLabel('Name', { exact: true }).fill('Reports');
  await dialog.getByLabel('Name of variable 1').fill('API_TOKEN');
  await dialog.getByLabel('Value of variable 1').fill('a value only I see');
  await dialog.getByRole('button', { name: 'Create workspace' }).click();
  await expect(page.getByText('“Reports” was created')).toBeVisible();

  await table.getByRole('button', { name: 'Reports', exact: true }).click();
  await expect(dialog.getByLabel('Value of variable 1')).toHaveAttribute('type', 'password');
  await dialog.getByRole('button', { name: 'Show password' }).click();
  await expect(dialog.getByLabel('Value of variable 1')).toHaveValue('a value only I see');
  await dialog.getByRole('button', { name: 'Remove variable 1' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('“Reports” was saved')).toBeVisible();

  const menu = table.getByRole('button', { name: 'Actions for Reports' });
  await menu.click();
  await page.getByRole('menuitem', { name: 'Empty the folder' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Empty folder' }).click();
  await expect(page.getByText('The folder of “Reports” was empty already.')).toBeVisible();

  await menu.click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(table.getByRole('button', { name: 'Reports', exact: true })).toHaveCount(0);
});

test('a name somebody has is refused beside the field', async ({ page, signedIn }) => {
  await page.goto(`${signedIn.url}/workspaces`);
  await page.getByRole('button', { name: 'Create workspace' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('default');
  await dialog.getByRole('button', { name: 'Create workspace' }).click();
  await expect(dialog.getByText('Workspace with this name already exists.')).toBeVisible();
});
