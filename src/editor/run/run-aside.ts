import { createContext, type ReactNode } from 'react';

/** What the page shows beside the steps of a run that waits for a person; the editor itself knows nothing of it. */
export const RunAside = createContext<(executionId: string) => ReactNode>(() => null);
