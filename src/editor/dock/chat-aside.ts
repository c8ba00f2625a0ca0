import { createContext, type ReactNode } from 'react';

/** What the editor tells the conversation beside its canvas. */
export interface ChatAsideProps {
  readonly slug: string;
  /** The chat trigger that is talked to. */
  readonly triggerId: string;
  /** Before anything is sent; what it rejects with is why nothing is. */
  readonly beforeSend: () => Promise<void>;
  /** A run answers now. */
  readonly onRun: (executionId: string) => void;
}

/** The conversation with the workflow that is open; the editor itself knows nothing of conversations. */
export const ChatAside = createContext<(props: ChatAsideProps) => ReactNode>(() => null);
