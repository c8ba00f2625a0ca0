import type { Locator, Page } from '@playwright/test';

/** What surrounds every page of a signed-in person. */
export class Shell {
  readonly #page: Page;
  readonly account: Locator;
  constructor(page: Page) {
    this.#page = page;
    this.account = page.getByRole('button', { name: /^Account: / });
  }

  async signOut(): Promise<void> {
    await this.account.click();
    await this.#page.getByRole('menuitem', { name: 'Sign out' }).click();
  }
}
