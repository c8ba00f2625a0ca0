'use client';

import { Ban } from 'lucide-react';
import { useDrawing } from '../editor-context.ts';

const WIDTH = 320;

/** Says beside the pointer why the thing under it cannot take the edge. */
export function RefusalTip() {
  const reason = useDrawing((state) => state.reason);
  if (!reason) return null;
  const left = Math.max(8, Math.min(reason.at.x + 16, window.innerWidth - WIDTH - 8));
  const top = Math.min(reason.at.y + 16, window.innerHeight - 96);
  return (
    <div
      role="tooltip"
      className="pointer-events-none fixed z-50 flex gap-2 rounded-md bg-text px-3 py-2 text-xs text-surface shadow-raised"
      style={{ left, top, maxWidth: WIDTH }}
    >
      <Ban className="mt-px size-3.5 shrink-0" aria-hidden />
      <span className="min-w-0 break-words">{reason.text}</span>
    </div>
  );
}
