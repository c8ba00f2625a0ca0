import { useSelection } from '../editor-context.ts';

/** The one selected node; null for none or several. */
export function useOnlySelected(): string | null {
  return useSelection(({ nodes }) => {
    if (nodes.size !== 1) return null;
    const [id = null] = nodes;
    return id;
  });
}
