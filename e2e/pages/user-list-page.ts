import type { Locator, Page } from '@playwright/test';

/** /settings/users. */
export class UserListPage {
  readonly #page: Page;
  readonly table: Locator;
  readonly create: Locator;
  readonly dialog: Locator;
  constructor(page: Page) {
    this.#page = page;
    this.table = page.getByRole('table', { name: 'Users' });
    this.create = page.getByRole('button', { name: 'Create user' }).first();
    this.dialog = page.getByRole('dialog');
  }

  row(username: string): Locator {
    return this.table
      .getByRole('row')
      .filter({ has: this.#page.getByRole('button', { name: username, exact: true }) });
  }

  async choose(username: string, command: string): Promise<void> {
    await this.#page.getByRole('button', { name: `Actions for ${username}` }).click();
    await this.#page.getByRole('menuitem', { name: command, exact: true }).click();
  }

  async confirm(command: string): Promise<void> {
    await this.#page.getByRole('alertdialog').getByRole('button', { name: command }).click();
  }
}
