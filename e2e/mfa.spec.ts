import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, type Installation, test } from './fixture.ts';
import { tabTo } from './keyboard.ts';
import { EntryPage } from './pages/entry-page.ts';
import { SecurityPage } from './pages/security-page.ts';
import { Shell } from './pages/shell.ts';
import { WorkflowListPage } from './pages/workflow-list-page.ts';
import { type Enrolment, RestClient } from './rest-client.ts';
import { codeOf, wrongCodeOf } from './totp.ts';

const PASSWORD = 'tram line window 9';
const REFUSED = 'This code was not accepted';

/** The first step, with keys only; ends at the field for the code when there is one. */
async function enterPassword(page: Page, username: string): Promise<void> {
  const entry = new EntryPage(page);
  await expect(entry.username).toBeFocused();
  await page.keyboard.type(username);
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
}

/** A new user whose second factor is on already. */
async function enrolled(installation: Installation, username: string): Promise<Enrolment> {
  await installation.rest.createUser(username, PASSWORD);
  const key = await installation.rest.signIn(username, PASSWORD);
  return new RestClient(installation.url, key).enrolMfa(codeOf);
}

test('a second factor is turned on, then asked for once with each code', async ({ page, installation }) => {
  await installation.rest.createUser('grace', PASSWORD);
  const entry = new EntryPage(page);
  const list = new WorkflowListPage(page);
  const security = new SecurityPage(page);
  const shell = new Shell(page);
  await page.goto(`${installation.url}/login`);
  await enterPassword(page, 'grace');
  await expect(list.heading).toBeVisible();

  // Enrolment: the key on the screen is all the phone gets.
  await page.goto(`${installation.url}/settings/security`);
  await security.turnOn.click();
  await expect(security.qrCode).toBeVisible();
  await expect(security.code).toBeFocused();
  const key = (await security.key.textContent()) ?? '';
  await security.code.fill(wrongCodeOf(key));
  await expect(security.dialog.getByText('This code does not belong to the key')).toBeVisible();
  await security.code.fill(codeOf(key));
  await expect(security.recoveryCodes).toHaveCount(10);
  const codes = await security.recoveryCodes.allTextContents();
  await expect(security.done).toBeDisabled();
  const download = page.waitForEvent('download');
  await security.dialog.getByRole('button', { name: 'Download' }).click();
  const file = await readFile(await (await download).path(), 'utf8');
  expect(codes.filter((code) => !file.includes(code))).toEqual([]);
  await security.saved.click();
  await security.done.click();
  await expect(page.getByText('10 recovery codes are left')).toBeVisible();

  // Signing in, with keys only. The code of the enrolment may sign in once, and not twice.
  await shell.signOut();
  await enterPassword(page, 'grace');
  await expect(entry.code).toBeFocused();
  const code = codeOf(key);
  await page.keyboard.type(code);
  await expect(list.heading).toBeVisible();
  await shell.signOut();
  await enterPassword(page, 'grace');
  await expect(entry.code).toBeFocused();
  await page.keyboard.type(code);
  await expect(page.getByText(REFUSED)).toBeVisible();
  await expect(entry.code).toBeFocused();

  // A recovery code instead, once.
  const [first = '', second = ''] = codes;
  await tabTo(page, entry.useRecoveryCode);
  await page.keyboard.press('Enter');
  await expect(entry.recoveryCode).toBeFocused();
  await page.keyboard.type(first);
  await page.keyboard.press('Enter');
  await expect(list.heading).toBeVisible();
  await shell.signOut();
  await enterPassword(page, 'grace');
  await entry.useRecoveryCode.click();
  await entry.recoveryCode.fill(first);
  await page.keyboard.press('Enter');
  await expect(page.getByText('This recovery code was not accepted')).toBeVisible();
  await entry.recoveryCode.fill(second);
  await page.keyboard.press('Enter');
  await expect(list.heading).toBeVisible();
});

test('recovery codes are renewed, and one of them turns the second factor off', async ({
  page,
  installation,
}) => {
  const entry = new EntryPage(page);
  const security = new SecurityPage(page);
  const { secret, recovery_codes } = await enrolled(installation, 'adele');
  await page.goto(`${installation.url}/login`);
  await enterPassword(page, 'adele');
  await entry.code.fill(codeOf(secret));
  await expect(new WorkflowListPage(page).heading).toBeVisible();

  await page.goto(`${installation.url}/settings/security`);
  await expect(page.getByText('10 recovery codes are left')).toBeVisible();
  await security.renewCodes.click();
  await security.code.fill(codeOf(secret));
  await expect(security.recoveryCodes).toHaveCount(10);
  const [renewed = ''] = await security.recoveryCodes.allTextContents();
  await security.saved.click();
  await security.done.click();

  // The old ones are worth nothing now.
  await security.turnOff.click();
  await security.dialog.getByRole('button', { name: 'Use a recovery code instead' }).click();
  await security.code.fill(recovery_codes[0] ?? '');
  await page.keyboard.press('Enter');
  await expect(security.dialog.getByText(REFUSED)).toBeVisible();
  await security.code.fill(renewed);
  await page.keyboard.press('Enter');
  await expect(security.turnOn).toBeVisible();

  await new Shell(page).signOut();
  await enterPassword(page, 'adele');
  await expect(new WorkflowListPage(page).heading).toBeVisible();
});

test('after ten wrong codes even what is right is refused', async ({ page, installation }) => {
  const { secret, recovery_codes } = await enrolled(installation, 'margaret');
  const entry = new EntryPage(page);
  const wrong = wrongCodeOf(secret);
  /** One try; the answer is in when this returns. */
  const tryCode = async (code: string) => {
    const answer = page.waitForResponse((response) => response.url().includes('mfa.openSession'));
    await entry.code.fill(code);
    expect((await answer).status()).toBe(401);
    await expect(entry.code).toHaveValue('');
  };
  const startOver = async () => {
    await entry.code.fill(wrong);
    await expect(entry.alert).toContainText('Enter your password again');
    await entry.password.fill(PASSWORD);
    await page.keyboard.press('Enter');
    await expect(entry.code).toBeFocused();
  };

  await page.goto(`${installation.url}/login`);
  await enterPassword(page, 'margaret');
  // A right password is good for five tries.
  for (let tried = 0; tried < 5; tried += 1) await tryCode(wrong);
  await expect(page.getByText('every code is refused for 15 minutes')).toBeVisible();
  await startOver();
  for (let tried = 0; tried < 5; tried += 1) await tryCode(wrong);
  await startOver();
  await tryCode(codeOf(secret));
  await expect(page.getByText(REFUSED)).toBeVisible();
  await entry.useRecoveryCode.click();
  await entry.recoveryCode.fill(recovery_codes[0] ?? '');
  await page.keyboard.press('Enter');
  await expect(page.getByText('This recovery code was not accepted')).toBeVisible();
});

test('a session elsewhere is listed and can be ended', async ({ page, browser, installation }) => {
  await installation.rest.createUser('barbara', PASSWORD);
  const elsewhere = await browser.newPage();
  for (const one of [page, elsewhere]) {
    await one.goto(`${installation.url}/login`);
    await enterPassword(one, 'barbara');
    await expect(new WorkflowListPage(one).heading).toBeVisible();
  }
  await page.goto(`${installation.url}/settings/security`);
  const { sessions } = new SecurityPage(page);
  await expect(sessions).toHaveCount(2);
  await expect(sessions.first()).toContainText('This session');
  await sessions
    .last()
    .getByRole('button', { name: /^Sign out / })
    .click();
  await expect(sessions).toHaveCount(1);
  await elsewhere.reload();
  await expect(elsewhere).toHaveURL(/\/login/);
  await elsewhere.close();
});
