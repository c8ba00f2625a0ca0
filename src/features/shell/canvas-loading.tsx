import { Spinner } from '#ui/spinner.tsx';

/** Stands where a canvas will be. */
export function CanvasLoading({ label }: { label: string }) {
  return (
    <div className="grid h-full min-h-0 flex-1 place-items-center bg-sunken">
      <Spinner size="lg" label={label} />
    </div>
  );
}
