import { ChevronRight } from 'lucide-react';
import type { CredentialKind } from './credential-kind.tsx';

interface KindChoiceProps {
  kinds: readonly CredentialKind[];
  onChoose: (kind: CredentialKind) => void;
}

/** The first step of a new credential: what it is for. */
export function KindChoice({ kinds, onChoose }: KindChoiceProps) {
  return (
    <ul className="flex flex-col gap-2">
      {kinds.map((kind) => (
        <li key={kind.id}>
          <button
            type="button"
            onClick={() => onChoose(kind)}
            className="flex w-full items-center gap-3 rounded-lg border bg-surface px-3.5 py-3 text-left transition-colors hover:bg-hover"
          >
            <span className="flex size-8 shrink-0 items-center justify-center rounded-md border bg-sunken text-muted [&_svg]:size-4">
              {kind.icon}
            </span>
            <span className="min-w-0 flex-1">
              <span className="block font-medium">{kind.label}</span>
              <span className="block text-xs text-subtle">{kind.description}</span>
            </span>
            <ChevronRight className="size-4 shrink-0 text-subtle" aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}
