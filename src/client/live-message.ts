/** One message of the server on a channel, contract §18.4. Run events also carry `execution_id` and `seq`. */
export interface LiveMessage {
  readonly type: string;
  readonly channel: string;
  /** Unix seconds with fraction. */
  readonly timestamp: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly execution_id?: string;
  readonly seq?: number;
}

/** The message in a frame of text, or null when it is no message of ours. */
export function readMessage(frame: unknown): LiveMessage | null {
  if (typeof frame !== 'string') return null;
  try {
    const value: unknown = JSON.parse(frame);
    if (typeof value !== 'object' || value === null || typeof (value as LiveMessage).type !== 'string')
      return null;
    const message = value as LiveMessage;
    return { ...message, channel: message.channel ?? '', data: message.data ?? {} };
  } catch {
    return null;
  }
}
