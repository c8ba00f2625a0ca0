'use client';

import { useEffect, useMemo } from 'react';
import { nodeKey } from '#domain/proposal/proposal.ts';
import { Canvas } from '../canvas/canvas.tsx';
import { createDocument } from '../document/document-store.ts';
import { createEditorParts, EditorContext, useEditor, useProposal } from '../editor-context.ts';
import { FlowProvider } from '../flow/flow.tsx';
import { createRunSession } from '../run/run-session.ts';
import type { Review } from './proposal-store.ts';
import { bothSides, marksOf } from './review.ts';

interface ReviewProps {
  colourMode: 'light' | 'dark';
  touch: boolean;
}

/** The change that is reviewed, drawn over the canvas: what comes, what becomes different, what goes. */
export function ReviewCanvas(props: ReviewProps) {
  const review = useProposal((state) => (state?.stage === 'review' ? state : null));
  if (!review) return null;
  return (
    <FlowProvider>
      <Drawn review={review} {...props} />
    </FlowProvider>
  );
}

function Drawn({ review, ...props }: ReviewProps & { review: Review }) {
  const { definitions, slug, proposal } = useEditor();
  const { base, commands } = review;
  const parts = useMemo(() => {
    const document = createDocument({ graph: bothSides({ base, commands }), readOnly: true });
    const { store } = createRunSession();
    const made = createEditorParts({ slug, document, definitions, run: store, readOnly: true });
    made.layout.setState({ minimap: false });
    return made;
  }, [base, commands, slug, definitions]);
  useEffect(() => {
    const toggle = (node: string): void => {
      const now = proposal.getState();
      if (now?.stage !== 'review') return;
      const rejected = new Set(now.rejected);
      if (!rejected.delete(nodeKey(node))) rejected.add(nodeKey(node));
      proposal.setState({ ...now, rejected }, true);
    };
    parts.marks.setState({ ...marksOf(review), toggle }, true);
  }, [parts, review, proposal]);
  return (
    <EditorContext.Provider value={parts}>
      <section
        aria-label="Proposed change"
        data-review
        className="editor-canvas absolute inset-0 z-20 bg-bg max-md:bottom-[62%]"
      >
        <Canvas {...props} />
      </section>
    </EditorContext.Provider>
  );
}
