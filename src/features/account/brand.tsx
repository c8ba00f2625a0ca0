/** The product's mark and name. */
export function Brand() {
  return (
    <span className="flex items-center gap-2.5 text-lg font-semibold tracking-tight">
      <svg viewBox="0 0 32 32" className="size-8" aria-hidden>
        <rect width="32" height="32" rx="8" className="fill-accent" />
        <path
          d="M9 11h5a4 4 0 0 1 4 4v2a4 4 0 0 0 4 4h1"
          className="fill-none stroke-on-accent"
          strokeWidth="2.5"
          strokeLinecap="round"
        />
        <circle cx="9" cy="11" r="3" className="fill-on-accent" />
        <circle cx="23" cy="21" r="3" className="fill-on-accent" />
      </svg>
      Pipewright
    </span>
  );
}
