'use client';

import { FileJson } from 'lucide-react';
import { type DragEvent, useRef } from 'react';
import { Button } from '#ui/button.tsx';

/** A place to drop one exported file, with a button that opens the system's file dialog. */
export function FilePicker({ onFile }: { onFile: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    event.stopPropagation();
    const [file] = event.dataTransfer.files;
    if (file) onFile(file);
  };
  return (
    <div
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
      className="flex flex-col items-center gap-3 rounded-lg border border-dashed border-strong bg-sunken px-4 py-8 text-center"
    >
      <FileJson className="size-6 text-subtle" aria-hidden />
      <p className="text-sm text-muted">Drop an exported .json or .yaml file here, or</p>
      <Button onClick={() => input.current?.click()}>Choose a file</Button>
      <input
        ref={input}
        type="file"
        accept=".json,.yaml,.yml,application/json,application/yaml"
        aria-label="Workflow file"
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          // The same file can be chosen again after it was put right.
          event.target.value = '';
          if (file) onFile(file);
        }}
      />
    </div>
  );
}
