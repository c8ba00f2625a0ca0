import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { type ChatInstallation, expect, test } from './chat-fixture.ts';
import { ChatPage } from './pages/chat-page.ts';

interface Site {
  readonly origin: string;
  readonly server: Server;
}

/** A site of somebody else, with the widget in its page. */
async function startSite(script: string): Promise<Site> {
  const page = `<!doctype html><html lang="en"><title>Shop</title><body><h1>Shop</h1>
<a href="#top">A link</a>${script}</body></html>`;
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(page);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

/** A workflow that answers every message with itself, without a model. */
async function makeEcho({ rest }: ChatInstallation, slug: string): Promise<void> {
  await rest.createWorkflow('Echo', slug);
  const { revision } = await rest.graph(slug);
  const node = { label: null, x: 0, y: 0, settings: {} };
  await rest.changeGraph(slug, revision, [
    { kind: 'add_node', node: { ...node, id: 'chat', type: 'trigger_chat', config: {} } },
    {
      kind: 'add_node',
      node: {
        ...node,
        id: 'reply',
        type: 'reply_chat',
        x: 320,
        config: { message: 'You said {{ trigger.text }}' },
      },
    },
    {
      kind: 'add_edge',
      edge: { id: 1, source: 'chat', sourcePort: 'text', target: 'reply', targetPort: 'input', priority: 0 },
    },
  ]);
}

const frameOf = (page: Page) => page.frameLocator('iframe[title="Chat"]');

test('a widget on another site is used with keys only', async ({ page, chatting }) => {
  await makeEcho(chatting, 'echo');
  const settings = { enabled: true, title: 'Ask us', suggestions: ['Hello?'] };
  const { page_id: id } = await chatting.rest.saveChatPage('echo', settings);
  const site = await startSite(`<script src="${chatting.url}/widget.js" data-chat="${id}" async></script>`);
  const named = { ...settings, embed_enabled: true, allowed_origins: [site.origin] };
  await chatting.rest.saveChatPage('echo', named);

  await page.goto(site.origin);
  const button = page.getByRole('button', { name: 'Open Chat' });
  await expect(button).toBeVisible();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(button).toBeFocused();
  await page.keyboard.press('Enter');
  const chat = new ChatPage(frameOf(page));
  await expect(chat.message).toBeFocused();
  await page.keyboard.type('Good morning');
  await page.keyboard.press('Enter');
  await expect(chat.answers.last()).toContainText('You said Good morning');

  await test.step('Escape closes it, and the focus is where it was', async () => {
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog', { name: 'Chat' })).toBeHidden();
    await expect(button).toBeFocused();
  });

  await test.step('the visitor finds the conversation again', async () => {
    await page.reload();
    await button.click();
    await expect(chat.questions).toHaveText(/Good morning/);
    await frameOf(page).getByRole('button', { name: 'Close chat' }).click();
    await expect(page.getByRole('dialog', { name: 'Chat' })).toBeHidden();
  });
  site.server.close();
});

test('only the sites that were named may show the chat', async ({ chatting }) => {
  await makeEcho(chatting, 'named');
  const shop = 'https://shop.example';
  const open = { enabled: true, embed_enabled: true, allowed_origins: [shop] };
  const { page_id: id } = await chatting.rest.saveChatPage('named', open);
  const headersOf = async (path: string) => {
    const answer = await fetch(chatting.url + path);
    await answer.text();
    return { status: answer.status, headers: answer.headers };
  };
  const embedded = await headersOf(`/embed/${id}`);
  expect(embedded.status).toBe(200);
  expect(embedded.headers.get('content-security-policy')).toContain(`frame-ancestors ${shop}`);
  expect(embedded.headers.get('x-frame-options')).toBeNull();
  const hosted = await headersOf(`/chat/${id}`);
  expect(hosted.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(hosted.headers.get('x-frame-options')).toBe('DENY');
  const script = await headersOf('/widget.js');
  expect(script.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
});

test('a chat that is switched off is not there', async ({ page, chatting }) => {
  await makeEcho(chatting, 'closed');
  const { page_id: id } = await chatting.rest.saveChatPage('closed', { enabled: true });
  const address = `${chatting.url}/chat/${id}`;
  expect((await page.goto(address))?.status()).toBe(200);
  await expect(new ChatPage(page).message).toBeVisible();
  await chatting.rest.saveChatPage('closed', { enabled: false });
  expect((await page.goto(address))?.status()).toBe(404);
  await expect(page.getByText('There is no chat here')).toBeVisible();
  expect((await page.goto(`${chatting.url}/embed/${id}`))?.status()).toBe(404);
});
