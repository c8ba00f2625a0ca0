import type { FrameLocator, Locator, Page } from '@playwright/test';

/** A conversation: in the dock of the editor, on a hosted page or inside a widget. */
export class ChatPage {
  readonly message: Locator;
  readonly send: Locator;
  readonly stop: Locator;
  readonly conversation: Locator;
  readonly questions: Locator;
  readonly answers: Locator;
  /** The answer that is being written. */
  readonly live: Locator;
  /** What is read to those who listen. */
  readonly spoken: Locator;
  /** The files of the message that is being written. */
  readonly draftFiles: Locator;
  readonly filePicker: Locator;
  /** Why something cannot be sent. */
  readonly notes: Locator;
  constructor(place: Page | FrameLocator) {
    const composer = place.getByRole('form', { name: 'New message' });
    this.message = place.getByRole('textbox', { name: 'Message', exact: true });
    this.send = place.getByRole('button', { name: 'Send', exact: true });
    this.stop = place.getByRole('button', { name: 'Stop', exact: true });
    this.conversation = place.getByRole('region', { name: 'Conversation' });
    this.questions = this.conversation.getByRole('article', { name: 'Your message' });
    this.answers = this.conversation.getByRole('article', { name: 'Answer', exact: true });
    this.live = this.conversation.getByRole('article', { name: 'Answer being written' });
    this.spoken = place.getByRole('log', { name: 'Announcements' });
    this.draftFiles = composer.getByRole('list', { name: 'Files of this message' }).getByRole('listitem');
    this.filePicker = composer.getByLabel('Files', { exact: true });
    this.notes = composer.getByRole('status');
  }

  toolCall(name: string): Locator {
    return this.conversation.locator(`[data-tool-call="${name}"]`);
  }

  /** Writes a message and sends it with the Enter key. */
  async say(text: string): Promise<void> {
    await this.message.fill(text);
    await this.message.press('Enter');
  }
}
