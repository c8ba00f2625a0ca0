import type { Locator, Page } from '@playwright/test';

/** /credentials with its form, and /credentials/[id]. */
export class CredentialPage {
  readonly #page: Page;
  readonly table: Locator;
  readonly create: Locator;
  readonly form: Locator;
  readonly test: Locator;
  readonly models: Locator;
  constructor(page: Page) {
    this.#page = page;
    this.table = page.getByRole('table', { name: 'Credentials' });
    this.create = page.getByRole('button', { name: 'New credential' }).first();
    this.form = page.getByRole('dialog');
    this.test = page.getByRole('button', { name: 'Test', exact: true });
    this.models = page.getByRole('list', { name: 'Models' }).getByRole('listitem');
  }

  row(name: string): Locator {
    return this.table.getByRole('row').filter({ has: this.#page.getByRole('link', { name, exact: true }) });
  }

  async choose(name: string, action: string): Promise<void> {
    await this.#page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
    await this.#page.getByRole('menuitem', { name: action, exact: true }).click();
  }

  async pick(field: string, option: string): Promise<void> {
    await this.form.getByRole('combobox', { name: field }).click();
    await this.#page.getByRole('option', { name: option }).click();
  }
}
