'use client';

import { type ReactNode, useState } from 'react';
import { Button } from './button.tsx';
import { cn } from './class-name.ts';
import { type CutValue, type Loaded, type ReadPart, withPart } from './json-part.ts';
import { formatSize } from './json-value.ts';

interface JsonCutProps {
  name?: ReactNode;
  cut: CutValue;
  /** Where it lies in the whole value. */
  at: string;
  read: ReadPart;
  renderEntry: (key: string | number, value: unknown) => ReactNode;
}

/** A value that was too large to be sent: how it begins, and a button that fetches it part by part. */
export function JsonCut({ name, cut, at, read, renderEntry }: JsonCutProps) {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [phase, setPhase] = useState<'idle' | 'loading' | 'failed'>('idle');
  const load = async (): Promise<void> => {
    setPhase('loading');
    try {
      const part = await read(at, loaded?.read ?? 0);
      setLoaded(withPart(loaded, part));
      setPhase('idle');
    } catch {
      setPhase('failed');
    }
  };
  const left = loaded === null ? 1 : loaded.total - loaded.read;
  return (
    <div className="py-0.5 pl-4">
      <p className="font-sans text-xs text-subtle">
        {name ? <span className="font-mono">{name} </span> : null}
        {formatSize(cut.bytes)}
        {loaded && loaded.entries.length > 0
          ? `, ${loaded.total.toLocaleString('en')} ${loaded.total === 1 ? 'entry' : 'entries'}`
          : null}
      </p>
      {loaded === null ? <Text className="max-h-36 overflow-hidden">{cut.preview}…</Text> : null}
      {typeof loaded?.whole === 'string' ? (
        <Text className="max-h-80 overflow-y-auto">{loaded.whole}</Text>
      ) : null}
      {loaded && loaded.entries.length > 0 ? (
        <ul className="ml-[0.4375rem] min-w-40 border-l pl-2">
          {loaded.entries.map(([key, value]) => (
            <li key={key}>{renderEntry(key, value)}</li>
          ))}
        </ul>
      ) : null}
      {left > 0 ? (
        <p className="flex items-center gap-2 py-1 font-sans text-xs text-subtle">
          <Button size="sm" loading={phase === 'loading'} onClick={() => void load()}>
            {loaded === null ? 'Load' : 'Load more'}
          </Button>
          {loaded === null ? null : `${left.toLocaleString('en')} left`}
          {phase === 'failed' ? (
            <span role="alert" className="text-danger-text">
              It could not be loaded. Try again.
            </span>
          ) : null}
        </p>
      ) : null}
    </div>
  );
}

function Text({ children, className }: { children: ReactNode; className: string }) {
  return <p className={cn('whitespace-pre-wrap break-all text-muted', className)}>{children}</p>;
}
