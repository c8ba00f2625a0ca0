import { setTimeout as pause } from 'node:timers/promises';
import { type Listener, listen } from '#server/db/listener.ts';
import { Assembler } from '#server/db/notify.ts';
import { EPIC_EVENTS } from '#server/features/epics/epic-event.ts';
import { WORKFLOW_EVENTS } from '#server/features/workflows/workflow-event.ts';

export interface FeedOptions {
  /** The database's address. */
  readonly url: string;
  /** One message on `workflow:<slug>`, in order of commit. */
  readonly onMessage: (text: string) => void;
  /** One message on `epic:<id>`, in order of commit. */
  readonly onEpicMessage: (text: string) => void;
  /** Listening has begun, again or for the first time; what was sent before was missed. */
  readonly onConnected: () => void;
}

export interface Feed {
  /** Resolves when it listens for the first time; rejects when it is closed before that. */
  readonly isListening: Promise<void>;
  close(): Promise<void>;
}

const RETRY_MS = 500;

/** Takes pieces and hands on whole texts. */
function assembled(onText: (text: string) => void): (piece: string) => void {
  const assembler = new Assembler();
  return (piece) => {
    const text = assembler.take(piece);
    if (text !== null) onText(text);
  };
}

/** Listens to changes of workflows and epics made by any process, and does not give up. */
export function openFeed(options: FeedOptions): Feed {
  const closing = new AbortController();
  const open = async (): Promise<Listener> => {
    for (;;) {
      closing.signal.throwIfAborted();
      try {
        return await listen({
          url: options.url,
          channels: {
            [WORKFLOW_EVENTS]: assembled(options.onMessage),
            [EPIC_EVENTS]: assembled(options.onEpicMessage),
          },
          onConnected: options.onConnected,
        });
      } catch {
        await pause(RETRY_MS, undefined, { signal: closing.signal });
      }
    }
  };
  const opening = open();
  const isListening = opening.then(() => undefined);
  isListening.catch(() => undefined);
  return {
    isListening,
    close: async () => {
      closing.abort();
      const listener = await opening.catch(() => null);
      await listener?.close();
    },
  };
}
