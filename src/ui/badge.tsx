import { cva } from 'class-variance-authority';
import type { ReactNode } from 'react';
import { cn } from './class-name.ts';

const badgeStyle = cva(
  'inline-flex h-5 max-w-full align-middle shrink-0 items-center gap-1 whitespace-nowrap rounded-full border px-2 text-2xs font-medium [&_svg]:size-3 [&_svg]:shrink-0',
  {
    variants: {
      tone: {
        neutral: 'border-border bg-sunken text-muted',
        accent: 'border-accent/20 bg-accent-soft text-accent-text',
        success: 'border-status-success/25 bg-success-soft text-success-text',
        warning: 'border-status-waiting/35 bg-warning-soft text-warning-text',
        danger: 'border-status-failed/25 bg-danger-soft text-danger-text',
      },
    },
  },
);

export type BadgeTone = 'neutral' | 'accent' | 'success' | 'warning' | 'danger';

export interface BadgeProps {
  tone?: BadgeTone | undefined;
  icon?: ReactNode;
  mono?: boolean | undefined;
  title?: string | undefined;
  className?: string | undefined;
  children: ReactNode;
}

/** One or two words about a thing. The words carry the meaning; the colour only repeats it. */
export function Badge({ tone = 'neutral', icon, mono = false, title, className, children }: BadgeProps) {
  return (
    <span title={title} className={cn(badgeStyle({ tone }), mono && 'font-mono', className)}>
      {icon}
      <span className="truncate">{children}</span>
    </span>
  );
}
