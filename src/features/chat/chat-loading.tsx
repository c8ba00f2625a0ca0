import { Skeleton } from '#ui/skeleton.tsx';

/** Stands where a conversation will be. */
export function ChatLoading() {
  return (
    <div aria-busy className="flex h-full min-h-0 flex-col">
      <div className="flex min-h-0 flex-1 flex-col justify-end gap-4 p-4">
        <Skeleton className="h-8 w-2/5 self-end rounded-lg" />
        <Skeleton className="h-14 w-3/5 rounded-lg" />
      </div>
      <div className="shrink-0 border-t border-border p-3">
        <Skeleton className="h-10 rounded-md" />
      </div>
    </div>
  );
}
