/** The product's mark: two joined nodes. */
export function BrandMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden>
      <rect width="32" height="32" rx="8" className="fill-accent" />
      <path
        d="M9 11h4.5a3.5 3.5 0 0 1 3.5 3.5v3a3.5 3.5 0 0 0 3.5 3.5H23"
        className="fill-none stroke-on-accent"
        strokeWidth="2.25"
        strokeLinecap="round"
      />
      <circle cx="9.5" cy="11" r="3" className="fill-on-accent" />
      <circle cx="22.5" cy="21" r="3" className="fill-on-accent" />
    </svg>
  );
}

/** The mark with the name. */
export function Brand() {
  return (
    <span className="flex items-center gap-2.5 text-lg font-semibold tracking-tight">
      <BrandMark className="size-8" />
      Pipewright
    </span>
  );
}
