import type { Page } from '@playwright/test';
import { expect, type Installation, test } from './fixture.ts';
import { EditorPage, middleOf } from './pages/editor-page.ts';
import type { GraphChange } from './rest-client.ts';

const COLUMNS = 40;
const NODES = 1000;

/** Makes a chain of 1,000 nodes laid out as a grid. */
async function makeLargeGraph({ rest }: Installation): Promise<void> {
  await rest.createWorkflow('Large', 'large');
  const { revision } = await rest.graph('large');
  const changes: GraphChange = [];
  for (let n = 0; n < NODES; n += 1) {
    changes.push({
      kind: 'add_node',
      node: {
        id: `n${n}`,
        type: n === 0 ? 'trigger_manual' : 'set',
        label: `Node ${n}`,
        x: (n % COLUMNS) * 320,
        y: Math.floor(n / COLUMNS) * 160,
        config: {},
        settings: { onError: 'fail', join: 'all' },
      },
    });
  }
  for (let n = 1; n < NODES; n += 1) {
    const sourcePort = n === 1 ? 'payload' : 'output';
    const edge = {
      id: n,
      source: `n${n - 1}`,
      sourcePort,
      target: `n${n}`,
      targetPort: 'input',
      priority: 0,
    };
    changes.push({ kind: 'add_edge', edge });
  }
  await rest.changeGraph('large', revision, changes);
}

interface Counters {
  cardRenders: number;
  status?: (nodeId: string, status: string) => void;
}
type CountedWindow = Window & { __pipewright_counters?: Counters };

/** How often cards were drawn while `action` ran and until the browser had painted twice after it. */
async function rendersDuring(page: Page, action: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const { __pipewright_counters: counters } = window as CountedWindow;
    if (counters) counters.cardRenders = 0;
  });
  await action();
  return await page.evaluate(async () => {
    await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
    return (window as CountedWindow).__pipewright_counters?.cardRenders ?? Number.NaN;
  });
}

test('a graph of 1,000 nodes stays within its drawing budget', async ({ page, signedIn }) => {
  test.setTimeout(180_000);
  await makeLargeGraph(signedIn);
  await page.addInitScript(() => window.localStorage.setItem('pipewright:counters', '1'));
  const editor = new EditorPage(page);
  await page.goto(`${signedIn.url}/workflows/large`);
  // The first picture shows all of them, which takes a moment.
  await expect(editor.canvas.locator('[data-card]').first()).toBeVisible({ timeout: 60_000 });
  await page.getByTitle('Zoom to 100 %').click();
  await expect
    .poll(() => page.evaluate(() => document.querySelectorAll('*').length), { timeout: 30_000 })
    .toBeLessThanOrEqual(2500);
  const id = await editor.middleCard();
  const card = editor.card(id);

  await test.step('dragging one node in 40 steps draws at most 60 cards', async () => {
    const from = await middleOf(card);
    await page.mouse.move(from.x, from.y);
    const renders = await rendersDuring(page, async () => {
      await page.mouse.down();
      await page.mouse.move(from.x + 80, from.y + 40, { steps: 40 });
      await page.mouse.up();
    });
    expect(renders).toBeGreaterThan(0);
    expect(renders).toBeLessThanOrEqual(60);
  });

  await test.step('one status draws one card', async () => {
    await expect(editor.saved).toBeVisible();
    const renders = await rendersDuring(page, () =>
      page.evaluate((node) => (window as CountedWindow).__pipewright_counters?.status?.(node, 'running'), id),
    );
    expect(renders).toBe(1);
    await expect(card).toHaveAttribute('data-state', 'running');
  });
});
