import type { Locator, Page } from '@playwright/test';

/** /epics and an epic's board. */
export class EpicPage {
  readonly #page: Page;
  readonly table: Locator;
  readonly search: Locator;
  readonly dialog: Locator;
  constructor(page: Page) {
    this.#page = page;
    this.table = page.getByRole('table', { name: 'Epics' });
    this.search = page.getByRole('searchbox', { name: 'Search epics' });
    this.dialog = page.getByRole('dialog');
  }

  row(title: string): Locator {
    return this.table
      .getByRole('row')
      .filter({ has: this.#page.getByRole('link', { name: title, exact: true }) });
  }

  column(name: string): Locator {
    return this.#page.getByRole('region', { name: 'Board' }).getByRole('group', { name });
  }

  /** The button of a task's card, wherever it is. */
  card(title: string): Locator {
    return this.#page
      .getByRole('region', { name: 'Board' })
      .getByRole('button', { name: new RegExp(`^${title}`) });
  }

  async addTask(title: string, waitsFor?: string): Promise<void> {
    await this.#page.getByRole('button', { name: 'Add task' }).click();
    await this.dialog.getByLabel('Title').fill(title);
    if (waitsFor !== undefined) {
      await this.dialog.getByRole('combobox', { name: 'Waits for' }).fill(waitsFor);
      await this.#page.getByRole('option', { name: waitsFor }).click();
    }
    await this.dialog.getByRole('button', { name: 'Add task' }).click();
    await this.dialog.waitFor({ state: 'hidden' });
  }
}
