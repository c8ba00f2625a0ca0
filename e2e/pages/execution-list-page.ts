import type { Locator, Page } from '@playwright/test';

/** /executions. */
export class ExecutionListPage {
  readonly #page: Page;
  readonly table: Locator;
  readonly rows: Locator;
  readonly range: Locator;
  readonly next: Locator;
  readonly previous: Locator;
  constructor(page: Page) {
    this.#page = page;
    this.table = page.getByRole('table', { name: 'Executions' });
    // The first row names the columns.
    this.rows = this.table.getByRole('row').filter({ has: page.getByRole('link') });
    this.range = page.getByRole('navigation', { name: 'Pages' }).getByRole('status');
    this.next = page.getByRole('button', { name: 'Next page' });
    this.previous = page.getByRole('button', { name: 'Previous page' });
  }

  async filterStatus(label: string): Promise<void> {
    await this.#page.getByRole('combobox', { name: 'Status' }).click();
    await this.#page.getByRole('option', { name: label }).click();
  }

  async selectPage(): Promise<void> {
    await this.#page.getByRole('checkbox', { name: 'Select all on this page' }).click();
  }

  async deleteSelected(): Promise<void> {
    await this.#page
      .getByRole('toolbar', { name: 'Selection' })
      .getByRole('button', { name: 'Delete' })
      .click();
    await this.#page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  }
}
