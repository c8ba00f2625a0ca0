'use client';

import { memo } from 'react';
import { nodeTitle } from '#domain/graph/graph.ts';
import type { LoopFrame } from '../document/loop-geometry.ts';
import { useDocument } from '../editor-context.ts';
import { FlowLayer, useDetail } from '../flow/flow.tsx';

/** The areas behind the cards that show what each loop repeats. */
export const LoopAreas = memo(function LoopAreas({ frames }: { frames: readonly LoopFrame[] }) {
  if (frames.length === 0) return null;
  return (
    <FlowLayer>
      {frames.map((frame) => (
        <LoopArea key={frame.loop} frame={frame} />
      ))}
    </FlowLayer>
  );
});

function LoopArea({ frame }: { frame: LoopFrame }) {
  const title = useDocument((doc) => nodeTitle(doc.nodes.get(frame.loop) ?? { label: null, id: frame.loop }));
  const detail = useDetail();
  return (
    <div
      aria-hidden
      className="loop-area"
      data-loop-area={frame.loop}
      style={{
        transform: `translate(${frame.x}px, ${frame.y}px)`,
        width: frame.width,
        height: frame.height,
      }}
    >
      {detail === 'full' ? (
        <span className="absolute top-1.5 left-3 max-w-[calc(100%-1.5rem)] truncate text-2xs text-subtle">
          Each item of {title}
        </span>
      ) : null}
    </div>
  );
}
