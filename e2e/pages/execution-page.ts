import type { Locator, Page } from '@playwright/test';

/** /executions/[id]. */
export class ExecutionPage {
  readonly #page: Page;
  readonly steps: Locator;
  readonly canvas: Locator;
  constructor(page: Page) {
    this.#page = page;
    this.steps = page.getByRole('list', { name: 'Steps' });
    this.canvas = page.getByRole('region', { name: 'Run on the canvas' });
  }

  step(title: string): Locator {
    return this.steps.getByRole('button', { name: title });
  }

  detail(title: string): Locator {
    return this.#page.getByRole('region', { name: `Step ${title}` });
  }
}
