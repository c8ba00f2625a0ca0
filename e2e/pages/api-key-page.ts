import type { Locator, Page } from '@playwright/test';

/** /settings/api-keys. */
export class ApiKeyPage {
  readonly #page: Page;
  readonly create: Locator;
  readonly table: Locator;
  readonly dialog: Locator;
  readonly secret: Locator;
  constructor(page: Page) {
    this.#page = page;
    this.create = page.getByRole('button', { name: 'Create key' }).first();
    this.table = page.getByRole('table', { name: 'API keys' });
    this.dialog = page.getByRole('dialog');
    this.secret = page.getByTestId('api-key');
  }

  async revoke(name: string): Promise<void> {
    await this.#page.getByRole('button', { name: `Revoke ${name}` }).click();
    await this.#page.getByRole('alertdialog').getByRole('button', { name: 'Revoke key' }).click();
  }
}
