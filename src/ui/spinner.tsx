import { cn } from './class-name.ts';

const sizes = { sm: 'size-3.5', md: 'size-4', lg: 'size-6' } as const;

/** Indeterminate progress. With reduced motion it is a still dot inside the ring. `label` is read aloud. */
export function Spinner({
  size = 'md',
  label,
  className,
}: {
  size?: keyof typeof sizes | undefined;
  label?: string | undefined;
  className?: string | undefined;
}) {
  return (
    <span
      role={label ? 'status' : undefined}
      aria-hidden={label ? undefined : true}
      className={cn('inline-flex', className)}
    >
      <svg
        viewBox="0 0 16 16"
        fill="none"
        className={cn('motion-safe:animate-spin', sizes[size])}
        aria-hidden
      >
        <circle cx="8" cy="8" r="6.25" stroke="currentColor" strokeOpacity="0.22" strokeWidth="1.75" />
        <path
          d="M14.25 8A6.25 6.25 0 0 0 8 1.75"
          stroke="currentColor"
          strokeWidth="1.75"
          strokeLinecap="round"
          className="motion-reduce:hidden"
        />
        <circle cx="8" cy="8" r="2.5" fill="currentColor" className="motion-safe:hidden" />
      </svg>
      {label ? <span className="sr-only">{label}</span> : null}
    </span>
  );
}
