import { createContext, useContext } from 'react';
import type { Actions } from './action.ts';

export const ActionsContext = createContext<Actions | null>(null);

/** The editor's actions; null on a canvas that is only looked at. */
export const useActionsIfAny = (): Actions | null => useContext(ActionsContext);

/** @throws when used outside an editor: a mistake in the code, not of the person. */
export function useActions(): Actions {
  const actions = useContext(ActionsContext);
  if (!actions) throw new Error('This component must be inside an editor that can be changed.');
  return actions;
}
