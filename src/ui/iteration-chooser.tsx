'use client';

import { ChevronFirst, ChevronLast, ChevronLeft, ChevronRight } from 'lucide-react';
import { Button } from './button.tsx';
import { IconButton } from './icon-button.tsx';
import { NumberField } from './number-field.tsx';

interface IterationChooserProps {
  iterations: readonly { readonly failed: boolean }[];
  /** From 0. */
  at: number;
  onChange: (at: number) => void;
  failedOnly: boolean;
  onFailedOnlyChange: (only: boolean) => void;
  /** Which repetition is shown, where its number alone does not tell. */
  caption?: string | undefined;
}

/** Goes through what a loop did item by item, or only through what failed. */
export function IterationChooser(props: IterationChooserProps) {
  const { iterations, at, onChange, failedOnly, onFailedOnlyChange, caption } = props;
  const failed = iterations.filter((one) => one.failed).length;
  const allowed = (index: number): boolean => !failedOnly || iterations[index]?.failed === true;
  const seek = (from: number, step: 1 | -1): number | null => {
    for (let index = from; index >= 0 && index < iterations.length; index += step)
      if (allowed(index)) return index;
    return null;
  };
  const go = (index: number | null): void => {
    if (index !== null) onChange(index);
  };
  const [previous, next] = [seek(at - 1, -1), seek(at + 1, 1)];
  const last = iterations.length - 1;
  return (
    <div role="group" aria-label="Iteration" className="flex flex-wrap items-center gap-1 text-xs">
      <IconButton
        label="First iteration"
        icon={<ChevronFirst />}
        size="sm"
        disabled={previous === null}
        onClick={() => go(seek(0, 1))}
      />
      <IconButton
        label="Previous iteration"
        icon={<ChevronLeft />}
        size="sm"
        disabled={previous === null}
        onClick={() => go(previous)}
      />
      <NumberField
        ariaLabel="Iteration number"
        value={at + 1}
        min={1}
        max={iterations.length}
        step={1}
        className="w-24"
        onValueChange={(value) => {
          if (value !== null) onChange(Math.min(last, Math.max(0, Math.round(value) - 1)));
        }}
      />
      <span className="text-subtle tabular-nums">of {iterations.length.toLocaleString('en')}</span>
      <IconButton
        label="Next iteration"
        icon={<ChevronRight />}
        size="sm"
        disabled={next === null}
        onClick={() => go(next)}
      />
      <IconButton
        label="Last iteration"
        icon={<ChevronLast />}
        size="sm"
        disabled={next === null}
        onClick={() => go(seek(last, -1))}
      />
      {failed > 0 ? (
        <Button
          size="sm"
          variant="ghost"
          aria-pressed={failedOnly}
          className={failedOnly ? 'bg-selected' : ''}
          onClick={() => {
            onFailedOnlyChange(!failedOnly);
            if (!failedOnly && !iterations[at]?.failed) onChange(iterations.findIndex((one) => one.failed));
          }}
        >
          Failed only ({failed.toLocaleString('en')})
        </Button>
      ) : null}
      {caption ? <span className="w-full text-subtle">{caption}</span> : null}
    </div>
  );
}
