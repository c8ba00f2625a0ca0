'use client';

import { FileDown } from 'lucide-react';
import { type DragEvent, type ReactNode, useRef, useState } from 'react';

/** Lets a file be dropped anywhere on its children. */
export function ImportDropArea({ onFile, children }: { onFile: (file: File) => void; children: ReactNode }) {
  const [over, setOver] = useState(false);
  // Entering a child leaves its parent, so only the balance tells whether the pointer is still inside.
  const depth = useRef(0);
  const move = (step: 1 | -1) => (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    depth.current += step;
    setOver(depth.current > 0);
  };
  const drop = (event: DragEvent) => {
    const [file] = event.dataTransfer.files;
    depth.current = 0;
    setOver(false);
    if (!file) return;
    event.preventDefault();
    onFile(file);
  };
  return (
    <div
      className="relative flex flex-1 flex-col"
      onDragEnter={move(1)}
      onDragLeave={move(-1)}
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
    >
      {children}
      {over ? (
        <div className="pointer-events-none absolute inset-3 z-10 grid place-items-center rounded-xl border-2 border-dashed border-accent bg-accent-soft/90">
          <span className="flex items-center gap-2 text-base font-medium text-accent-text">
            <FileDown className="size-5" /> Drop to import this workflow
          </span>
        </div>
      ) : null}
    </div>
  );
}
