import { createContext, useContext } from 'react';
import type { RunControl } from './use-run-control.ts';

export const RunControlContext = createContext<RunControl | null>(null);

/** How runs are started and stopped here; null on a canvas that is only looked at. */
export const useControlIfAny = (): RunControl | null => useContext(RunControlContext);
