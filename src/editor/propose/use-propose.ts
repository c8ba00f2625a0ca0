import { useCallback, useRef } from 'react';
import { subscribe } from '#client/live.ts';
import { readProblem } from '#client/problem.ts';
import { api } from '#client/trpc.ts';
import type { EditorParts } from '../editor-context.ts';
import { perFrame } from '../run/per-frame.ts';
import type { ChosenModel } from './model-choice.tsx';

/** The largest graph that fits into a prompt. */
const MOST_NODES = 500;

interface Written {
  readonly turn: number;
  readonly text: string;
}

/**
 * Asks for a change; what is written meanwhile shows in the proposal. A later question gives the earlier up. The form
 * that asks is gone while the answer is written, so listening ends with the answer and not with the form.
 */
export function usePropose({ slug, document, proposal }: EditorParts) {
  const stopListening = useRef<() => void>(() => undefined);
  return useCallback(
    async (prompt: string, model: ChosenModel): Promise<void> => {
      const { graph: base, nextEdgeId } = document.store.getState();
      const id = crypto.randomUUID();
      const isCurrent = (): boolean => {
        const now = proposal.getState();
        return now?.stage === 'writing' && now.id === id;
      };
      if (base.nodes.length > MOST_NODES) {
        const problems = [`This works for workflows of up to ${MOST_NODES} nodes.`];
        proposal.setState({ stage: 'asking', prompt, problems }, true);
        return;
      }
      const hangUp = new AbortController();
      const stop = (): void => {
        hangUp.abort();
        if (isCurrent()) proposal.setState({ stage: 'asking', prompt, problems: [], stopped: true }, true);
      };
      proposal.setState({ stage: 'writing', prompt, id, turn: 1, text: '', stop }, true);
      stopListening.current();
      const gather = perFrame<Written>((pieces) => {
        const now = proposal.getState();
        if (now?.stage !== 'writing' || now.id !== id) return;
        const turn = Math.max(now.turn, ...pieces.map((piece) => piece.turn));
        const fresh = pieces.filter((piece) => piece.turn === turn).map((piece) => piece.text);
        const before = turn === now.turn ? now.text : '';
        proposal.setState({ ...now, turn, text: before + fresh.join('') }, true);
      });
      const leave = subscribe(`workflow:${slug}`, {
        onMessage: ({ type, data, execution_id }) => {
          const { turn, text, kind } = data;
          if (type !== 'chat_delta' || execution_id !== id || kind !== 'text') return;
          gather({ turn: Number(turn), text: String(text) });
        },
      });
      stopListening.current = leave;
      try {
        const made = await api.workflows.propose.mutate(
          {
            ...{ workflow_slug: slug, prompt, proposal_id: id, next_edge_id: nextEdgeId },
            ...{ llm_credential_id: model.credential, model_name: model.name },
            ...({ nodes: [...base.nodes], edges: [...base.edges] } as Drawn),
          },
          { signal: hangUp.signal },
        );
        if (!isCurrent()) return;
        const { commands, summary, usage } = made;
        const tokens = usage.input_tokens + usage.output_tokens;
        proposal.setState(
          {
            ...{ stage: 'review', prompt, base, commands, summary, tokens, cost: usage.cost_usd },
            rejected: new Set<string>(),
          },
          true,
        );
      } catch (error) {
        const { complaints, message } = readProblem(error);
        const problems = complaints.length > 0 ? complaints : [message];
        if (isCurrent()) proposal.setState({ stage: 'asking', prompt, problems }, true);
      } finally {
        leave();
      }
    },
    [slug, document, proposal],
  );
}

type Drawn = Pick<Parameters<typeof api.workflows.propose.mutate>[0], 'nodes' | 'edges'>;
