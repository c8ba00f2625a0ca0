/** One message on its way to a chat. */
export interface OutgoingMessage {
  readonly credentialId: string;
  readonly chatId: string;
  readonly text: string;
  /** The same on every try: the gateway may know the message already. */
  readonly key: string;
}

/** `refused`: trying again does not help. */
export type SendResult =
  | { readonly kind: 'sent' }
  | { readonly kind: 'refused' | 'failed'; readonly reason: string };
