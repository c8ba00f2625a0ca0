import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { type ChatInstallation, expect, makeAssistant, test } from './chat-fixture.ts';
import { tabTo } from './keyboard.ts';
import { ChatPage } from './pages/chat-page.ts';
import { EditorPage } from './pages/editor-page.ts';

const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGNk+M/AwMDAxAADCBYAAA4QAQH9m3Q+AAAAAElFTkSuQmCC',
  'base64',
);

/** Opens the hosted page of a workflow in a browser that has no account. */
async function openHosted(page: Page, { rest, url }: ChatInstallation, slug: string): Promise<ChatPage> {
  const settings = { enabled: true, title: 'Ask us', attachments_enabled: true };
  const limits = { visitor_per_minute: 600, page_per_minute: 10_000, daily_tokens: 1_000_000 };
  const { path } = await rest.saveChatPage(slug, { ...settings, ...limits });
  // Until then the browser is nobody.
  const begun = page.waitForResponse(/\/session$/);
  await page.goto(url + path);
  await begun;
  const chat = new ChatPage(page);
  await expect(chat.message).toBeVisible();
  return chat;
}

interface Given {
  readonly name: string;
  readonly type: string;
  readonly base64: string;
}

/** Lets files fall on an element, or pastes them into it, as the browser does for a person. */
async function give(target: Locator, how: 'drop' | 'paste', file: Given): Promise<void> {
  await target.evaluate(
    (element, { event, name, type, base64 }) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))], name, { type }));
      const kept = { bubbles: true, cancelable: true };
      if (event === 'paste')
        element.dispatchEvent(new ClipboardEvent('paste', { ...kept, clipboardData: data }));
      else {
        element.dispatchEvent(new DragEvent('dragover', { ...kept, dataTransfer: data }));
        element.dispatchEvent(new DragEvent('drop', { ...kept, dataTransfer: data }));
      }
    },
    { event: how, ...file },
  );
}

test('files are picked, pasted and dropped; what cannot be sent is said', async ({ page, chatting }) => {
  await makeAssistant(chatting, 'files');
  const chat = await openHosted(page, chatting, 'files');

  await test.step('by the button, by a paste, by a drop', async () => {
    const picking = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: /^Attach files/ }).click();
    await (await picking).setFiles({ name: 'vase.png', mimeType: 'image/png', buffer: PICTURE });
    await expect(chat.draftFiles).toHaveText([/vase\.png/]);
    await give(chat.message, 'paste', {
      name: 'pasted.png',
      type: 'image/png',
      base64: PICTURE.toString('base64'),
    });
    await expect(chat.draftFiles).toHaveText([/vase/, /pasted/]);
    const note = Buffer.from('The vase is broken.').toString('base64');
    await give(chat.conversation, 'drop', { name: 'note.txt', type: 'text/plain', base64: note });
    await expect(chat.draftFiles).toHaveText([/vase/, /pasted/, /note\.txt/]);
  });

  await test.step('a sentence says what was left out and why', async () => {
    await chat.filePicker.setInputFiles([
      { name: 'virus.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') },
      { name: 'huge.png', mimeType: 'image/png', buffer: Buffer.alloc(3 * 1024 * 1024) },
    ]);
    await expect(chat.notes).toContainText('“virus.exe” was left out: this chat takes pictures, text files');
    await expect(chat.notes).toContainText('“huge.png” was left out: it has 3 MB, and 2 MB is the most.');
    await expect(chat.draftFiles).toHaveCount(3);
  });

  await test.step('one is taken away with the keyboard, which leads back to the message', async () => {
    await tabTo(page, chat.draftFiles.getByRole('button', { name: 'Remove pasted.png' }));
    await page.keyboard.press('Enter');
    await expect(chat.draftFiles).toHaveText([/vase/, /note/]);
    await expect(chat.message).toBeFocused();
  });

  await test.step('the model gets the picture and the words', async () => {
    chatting.provider.script({ text: 'I see a vase.' });
    await chat.say('What happened?');
    await expect(chat.answers.last()).toContainText('I see a vase.');
    const asked = JSON.stringify(chatting.provider.requests.at(-1)?.body.messages);
    expect(asked).toContain(PICTURE.toString('base64'));
    expect(asked).toContain('The vase is broken.');
    await expect(chat.draftFiles).toHaveCount(0);
  });

  await test.step('they are there after a reload, can be saved, and go along when the message is changed', async () => {
    await page.reload();
    const picture = chat.questions.last().getByRole('img', { name: 'vase.png' });
    await expect(picture).toBeVisible();
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(2);
    const saving = page.waitForEvent('download');
    await chat.questions
      .last()
      .getByRole('link', { name: /note\.txt/ })
      .click();
    expect(readFileSync(await (await saving).path(), 'utf8')).toBe('The vase is broken.');
    await tabTo(page, chat.questions.last().getByRole('button', { name: 'Edit and send again' }));
    await page.keyboard.press('Enter');
    await expect(chat.message).toBeFocused();
    await expect(chat.draftFiles).toHaveText([/vase/, /note/]);
    chatting.provider.script({ text: 'Still a vase.' });
    await chat.say('And now?');
    await expect(chat.answers.last()).toContainText('Still a vase.');
    expect(JSON.stringify(chatting.provider.requests.at(-1)?.body.messages)).toContain('The vase is broken.');
  });
});

test('what an agent asks is answered in the chat with the keyboard', async ({ page, chatting }) => {
  const { provider, target, url } = chatting;
  await makeAssistant(chatting, 'asking');
  const editor = new EditorPage(page);
  await page.goto(`${url}/workflows/asking`);
  await expect(editor.canvas).toBeVisible();
  await editor.canvas.focus();
  await page.keyboard.press('J');
  await page.keyboard.press('2');
  const chat = new ChatPage(page);
  await expect(chat.message).toBeFocused();
  const deletions = () => target.seen.filter(({ method }) => method === 'DELETE').length;
  const answerWith = async (name: 'Approve' | 'Reject'): Promise<void> => {
    const button = chat.live.getByRole('button', { name, exact: true });
    await expect(button).toBeVisible();
    await expect(chat.spoken).toHaveText('A question waits for your answer.');
    // From the message it is only a few steps back.
    await tabTo(page, button, 'Shift+Tab');
    await page.keyboard.press('Enter');
  };
  const call = { toolCalls: [{ name: 'http_request', args: {} }] };

  await test.step('approved: the tool is called', async () => {
    provider.script(call, { text: 'It is deleted.' });
    await chat.say('Delete the euro');
    expect(deletions()).toBe(0);
    await answerWith('Approve');
    await expect(chat.answers.last()).toContainText('It is deleted.');
    expect(deletions()).toBe(1);
    await expect(chat.message).toBeFocused();
  });

  await test.step('rejected: it is not, and the model hears of it', async () => {
    provider.script(call, { text: 'Then not.' });
    await chat.say('Delete it again');
    await answerWith('Reject');
    await expect(chat.answers.last()).toContainText('Then not.');
    expect(deletions()).toBe(1);
    await expect(chat.message).toBeFocused();
    expect(JSON.stringify(provider.requests.at(-1)?.body.messages)).toContain(
      'A person has refused this call',
    );
  });
});

/** Says so many things as the visitor whose page this is, one after the other. */
async function fill(page: Page, chatting: ChatInstallation, count: number): Promise<void> {
  const base = page.url().replace('/chat/', '/api/v1/chat/');
  chatting.provider.always({
    text: 'An answer of some length, so that a page of them is long enough to scroll.',
  });
  for (let n = 1; n <= count; n += 1) {
    const sent = await page.request.post(`${base}/messages`, { data: { text: `Message ${n}` } });
    expect(sent.status()).toBe(200);
    await expect
      .poll(
        async () => {
          const history = await page.request.get(`${base}/messages?limit=2`);
          const { messages } = (await history.json()) as { messages: { role: string }[] };
          return messages.at(-1)?.role;
        },
        { intervals: [30] },
      )
      .toBe('assistant');
  }
}

const topOf = (element: Locator): Promise<number> =>
  element.evaluate((shown) => shown.getBoundingClientRect().top);

test('a long conversation is read backwards without a jump', async ({ page, chatting }) => {
  await makeAssistant(chatting, 'long');
  const chat = await openHosted(page, chatting, 'long');
  await fill(page, chatting, 25);
  await page.reload();
  await expect(chat.questions).toHaveCount(15);
  const first = chat.questions.filter({ hasText: /Message 11\b/ });

  await test.step('older messages come by themselves, and what is read stays where it is', async () => {
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    await page.route(/before_id=/, async (route) => {
      await held;
      await route.continue();
    });
    await chat.conversation.hover();
    const asked = page.waitForRequest(/before_id=/);
    await page.mouse.wheel(0, -100_000);
    await asked;
    await expect.poll(() => chat.conversation.evaluate((box) => box.scrollTop)).toBe(0);
    const before = await topOf(first);
    letGo();
    await expect(chat.questions).toHaveCount(25);
    expect(Math.abs((await topOf(first)) - before)).toBeLessThanOrEqual(1);
    await expect(chat.questions.first()).toContainText('Message 1');
  });

  await test.step('an answer that comes meanwhile is offered, and does not pull the reader away', async () => {
    chatting.provider.script({ chunks: ['Here ', 'it is.'], holdAfter: 1 });
    await chat.say('The newest');
    await expect(chat.live).toContainText('Here');
    await chat.conversation.hover();
    await page.mouse.wheel(0, -600);
    const latest = page.getByRole('button', { name: 'Jump to latest' });
    await expect(latest).toBeVisible();
    const place = await chat.conversation.evaluate((box) => box.scrollTop);
    chatting.provider.release();
    const fresh = page.getByRole('button', { name: 'New answer' });
    await expect(fresh).toBeVisible();
    expect(await chat.conversation.evaluate((box) => box.scrollTop)).toBe(place);
    await fresh.focus();
    await page.keyboard.press('Enter');
    await expect(chat.answers.last()).toContainText('Here it is.');
    await expect(chat.answers.last()).toBeInViewport();
    await expect(chat.message).toBeFocused();
  });
});

test('the hosted page says to a screen reader what it shows', async ({ page, chatting }) => {
  const { provider, rest } = chatting;
  await makeAssistant(chatting, 'spoken');
  const chat = await openHosted(page, chatting, 'spoken');
  await rest.saveChatPage('spoken', {
    enabled: true,
    title: 'Ask us',
    welcome: 'We know everything.',
    suggestions: ['Where is my order?'],
  });
  await page.reload();
  await expect(page).toHaveTitle('Ask us');
  await expect(page.locator('body')).toMatchAriaSnapshot(`
    - banner:
      - heading "Ask us" [level=1]
      - button /Theme/
    - main:
      - region "Conversation":
        - heading "Conversation" [level=2]
        - paragraph: We know everything.
        - list "Suggestions":
          - listitem:
            - button "Where is my order?"
      - form "New message":
        - textbox "Message"
        - button "Send" [disabled]
      - log "Announcements"
  `);

  await test.step('words that appear are not read; the finished answer is, once', async () => {
    const suggestion = page.getByRole('button', { name: 'Where is my order?' });
    provider.script({ chunks: ['It is **on ', 'its way**.'], holdAfter: 1 });
    await suggestion.focus();
    await page.keyboard.press('Enter');
    await expect(chat.live).toContainText('It is');
    await expect(chat.message).toBeFocused();
    await expect(chat.spoken).toHaveText('Working on an answer.');
    provider.release();
    await expect(chat.spoken).toHaveText('Answer: It is on its way.');
    await expect(page.getByRole('alert').filter({ hasText: /\S/ })).toHaveCount(0);
  });

  await test.step('a conversation has headings, names and what can be done with it', async () => {
    provider.script({ text: 'See:\n\n| Day | Price |\n|---|---|\n| Monday | 4 |' });
    await chat.say('And on Monday?');
    await expect(chat.answers).toHaveCount(2);
    await expect(chat.conversation).toMatchAriaSnapshot(`
      - region "Conversation":
        - heading "Conversation" [level=2]
        - article "Your message":
          - heading "Your message" [level=3]
          - paragraph: Where is my order?
          - button "Copy message"
          - button "Edit and send again"
        - article "Answer":
          - heading "Answer" [level=3]
          - paragraph:
            - text: It is
            - strong: on its way
          - button "Copy answer"
        - article "Your message":
          - paragraph: And on Monday?
        - article "Answer":
          - group "Table":
            - table:
              - rowgroup:
                - row "Day Price":
                  - columnheader "Day"
                  - columnheader "Price"
              - rowgroup:
                - row "Monday 4"
          - button "Answer again"
    `);
  });

  await test.step('a failure is said in words, and Stop leads back to the message', async () => {
    provider.script({ status: 400, error: 'No.' });
    await chat.say('Fail, please');
    await expect(chat.spoken).toHaveText(/^There is no answer\. The model did not take the question/);
    provider.script({ chunks: ['Once upon ', 'a time'], holdAfter: 1 });
    await chat.say('A story');
    await expect(chat.live).toContainText('Once upon');
    await tabTo(page, chat.stop);
    await page.keyboard.press('Enter');
    await expect(chat.spoken).toHaveText('The answer was stopped.');
    await expect(chat.message).toBeFocused();
    provider.release();
  });
});
