import type { Locator, Page } from '@playwright/test';

/** The pages before anyone is signed in: first set-up and sign-in. */
export class EntryPage {
  readonly username: Locator;
  readonly password: Locator;
  readonly createAccount: Locator;
  readonly signIn: Locator;
  readonly code: Locator;
  readonly useRecoveryCode: Locator;
  readonly recoveryCode: Locator;
  readonly alert: Locator;
  constructor(page: Page) {
    this.username = page.getByLabel('Username');
    this.password = page.getByLabel('Password', { exact: true });
    this.createAccount = page.getByRole('button', { name: 'Create account' });
    this.signIn = page.getByRole('button', { name: 'Sign in' });
    this.code = page.getByLabel('Six-digit code');
    this.useRecoveryCode = page.getByRole('button', { name: 'Use a recovery code instead' });
    this.recoveryCode = page.getByLabel('Recovery code');
    // Next keeps an empty announcer with this role on every page.
    this.alert = page.getByRole('alert').and(page.locator(':not(#__next-route-announcer__)'));
  }

  async fill(username: string, password: string): Promise<void> {
    await this.username.fill(username);
    await this.password.fill(password);
  }
}
