import { cn } from './class-name.ts';

const sizes = { sm: 'size-5 text-[9px]', md: 'size-6 text-2xs', lg: 'size-9 text-sm' } as const;

export interface AvatarProps {
  name: string;
  size?: keyof typeof sizes | undefined;
  /** CSS colour of the ring, for people who are present. */
  color?: string | undefined;
  className?: string | undefined;
}

/** A person's initials. */
export function Avatar({ name, size = 'md', color, className }: AvatarProps) {
  return (
    <span
      role="img"
      aria-label={name}
      title={name}
      className={cn(
        'inline-flex shrink-0 select-none items-center justify-center overflow-hidden rounded-full border bg-active font-semibold text-muted',
        sizes[size],
        color && 'border-2',
        className,
      )}
      style={color ? { borderColor: color } : undefined}
    >
      {initials(name)}
    </span>
  );
}

function initials(name: string): string {
  const words = name.split(/[\s@._-]+/).filter((word) => word !== '');
  const letters = [words[0], words.length > 1 ? words[words.length - 1] : undefined];
  return letters
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
}
