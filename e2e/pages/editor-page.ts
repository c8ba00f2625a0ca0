import { expect, type Locator, type Page } from '@playwright/test';

interface Port {
  readonly node: string;
  readonly port: string;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** /workflows/[slug]: the canvas and what is around it, used with the mouse and the keyboard. */
export class EditorPage {
  readonly #page: Page;
  readonly canvas: Locator;
  readonly palette: Locator;
  readonly inspector: Locator;
  readonly tooltip: Locator;
  readonly saved: Locator;
  readonly webhookUrl: Locator;
  readonly fit: Locator;
  readonly autoLayout: Locator;
  constructor(page: Page) {
    this.#page = page;
    this.canvas = page.getByRole('region', { name: 'Canvas' });
    this.palette = page.getByRole('region', { name: 'Node palette' });
    this.inspector = page.getByRole('region', { name: 'Inspector' });
    this.tooltip = page.getByRole('tooltip');
    this.saved = page.getByRole('status').filter({ hasText: /^Saved$/ });
    this.webhookUrl = this.inspector.locator('[data-webhook-url]');
    this.fit = page.getByRole('button', { name: 'Fit view' });
    this.autoLayout = page.getByRole('button', { name: 'Auto-layout' });
  }

  card(node: string): Locator {
    return this.canvas.locator(`[data-card="${node}"]`);
  }

  port({ node, port }: Port, side: 'input' | 'output'): Locator {
    return this.canvas.locator(
      `[data-port-node="${node}"][data-port-name="${port}"][data-port-side="${side}"]`,
    );
  }

  edge(id: number): Locator {
    return this.canvas.locator(`g[data-edge-id="${id}"]`);
  }

  /** The edge that ends at an input. */
  edgeTo(source: string, target: string): Locator {
    return this.canvas.getByRole('group', {
      name: new RegExp(`^From ${source}, output .* to ${target}, input `),
    });
  }

  /** The id of the card nearest to the middle of the canvas. */
  async middleCard(): Promise<string> {
    return await this.canvas.evaluate((canvas) => {
      const middleOf = (element: Element): { x: number; y: number } => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return { x: x + width / 2, y: y + height / 2 };
      };
      const goal = middleOf(canvas);
      const away = (card: Element): number => {
        const at = middleOf(card);
        return Math.hypot(at.x - goal.x, at.y - goal.y);
      };
      const cards = [...canvas.querySelectorAll('[data-card]')].sort((a, b) => away(a) - away(b));
      return cards[0]?.getAttribute('data-card') ?? '';
    });
  }

  /** Shows the whole graph and waits until nothing moves any more. */
  async fitAll(): Promise<void> {
    await this.fit.click();
    await this.#still();
  }

  /** Drags a node type from the palette to a place of the canvas, in pixels from its top left corner. */
  async dragIn(title: string, at: Point): Promise<void> {
    const item = this.palette.getByRole('button', { name: title, exact: true });
    await item.scrollIntoViewIfNeeded();
    const area = await boxOf(this.canvas);
    await this.#drag(await middleOf(item), { x: area.x + at.x, y: area.y + at.y });
    await this.#page.mouse.up();
    await this.#still();
  }

  async connect(from: Port, to: Port): Promise<void> {
    await this.hoverConnection(from, to);
    await this.#page.mouse.up();
  }

  /** Draws an edge as far as the other port and keeps the button down. */
  async hoverConnection(from: Port, to: Port): Promise<void> {
    await this.#drag(await middleOf(this.port(from, 'output')), await middleOf(this.port(to, 'input')));
  }

  async release(): Promise<void> {
    await this.#page.mouse.up();
  }

  /** Selects a node by a click on its title and waits for its form. */
  async select(node: string): Promise<void> {
    await this.card(node).click({ position: { x: 90, y: 20 } });
    await expect(this.inspector.getByText(node, { exact: true })).toBeVisible();
  }

  /** Replaces what a field of text, template or JSON holds. */
  async write(field: string, text: string): Promise<void> {
    await this.#overwrite(this.inspector.getByRole('textbox', { name: field, exact: true }), text);
  }

  async choose(field: string, option: string): Promise<void> {
    await this.inspector.getByRole('combobox', { name: field }).click();
    await this.#page.getByRole('option', { name: option, exact: true }).click();
  }

  /** Chooses from a list whose options say more than their name. */
  async pick(field: string, option: RegExp): Promise<void> {
    await this.inspector.getByRole('combobox', { name: field, exact: true }).click();
    await this.#page.getByRole('option', { name: option }).first().click();
  }

  async runWithInput(payload: unknown): Promise<void> {
    await this.#page.getByRole('button', { name: 'Other ways to run' }).click();
    await this.#page.getByRole('menuitem', { name: 'Run with input…' }).click();
    const dialog = this.#page.getByRole('dialog', { name: 'Run with input' });
    await this.#overwrite(dialog.getByRole('textbox'), JSON.stringify(payload));
    await dialog.getByRole('button', { name: 'Run', exact: true }).click();
  }

  /** The canvas pans by itself when a node would be covered; places are only worth measuring once it has stopped. */
  async #still(): Promise<void> {
    await this.canvas
      .locator('[data-card]')
      .first()
      .evaluate(async (card) => {
        const place = (): string => JSON.stringify(card.getBoundingClientRect());
        let before = place();
        for (let same = 0; same < 15; same += 1) {
          await new Promise((painted) => requestAnimationFrame(painted));
          if (place() === before) continue;
          before = place();
          same = 0;
        }
      });
  }

  async #overwrite(box: Locator, text: string): Promise<void> {
    await box.click();
    await this.#page.keyboard.press('ControlOrMeta+A');
    await this.#page.keyboard.press('Delete');
    // As a paste or an input method does: brackets are not doubled, suggestions do not jump in.
    await this.#page.keyboard.insertText(text);
  }

  async #drag(from: Point, to: Point): Promise<void> {
    const { mouse } = this.#page;
    await mouse.move(from.x, from.y);
    await mouse.down();
    await mouse.move(from.x + 8, from.y + 4, { steps: 2 });
    await mouse.move(to.x, to.y, { steps: 12 });
  }
}

async function boxOf(element: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  await expect(element).toBeVisible();
  const box = await element.boundingBox();
  if (!box) throw new Error(`${String(element)} takes no room.`);
  return box;
}

/** The middle of an element, in pixels of the window. */
export async function middleOf(element: Locator): Promise<Point> {
  const { x, y, width, height } = await boxOf(element);
  return { x: x + width / 2, y: y + height / 2 };
}
