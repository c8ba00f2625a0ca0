import { cn } from './class-name.ts';

const fills = {
  accent: 'bg-accent',
  success: 'bg-status-success',
  warning: 'bg-status-waiting',
  danger: 'bg-status-failed',
} as const;

export interface ProgressBarProps {
  /** 0 to 1; null when the end is not known. */
  value: number | null;
  /** What progresses; read aloud. */
  label: string;
  tone?: keyof typeof fills | undefined;
  className?: string | undefined;
}

/** How far something has come. */
export function ProgressBar({ value, label, tone = 'accent', className }: ProgressBarProps) {
  const percent = value === null ? 35 : Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={value === null ? undefined : percent}
      className={cn('h-1.5 w-full overflow-hidden rounded-full bg-active', className)}
    >
      <div
        className={cn(
          'h-full rounded-full transition-[width]',
          fills[tone],
          value === null && 'motion-safe:animate-shimmer',
        )}
        style={{ width: `${percent}%` }}
      />
    </div>
  );
}
