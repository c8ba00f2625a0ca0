'use client';

import { FireTime } from './fire-time.tsx';

interface NextFiresProps {
  /** ISO times. */
  fires: readonly string[];
  /** IANA name of the zone they are told in. */
  timezone: string;
}

/** Times at which a schedule will run, in their order. */
export function NextFires({ fires, timezone }: NextFiresProps) {
  return (
    <ol aria-label="Next runs" className="flex flex-col text-sm">
      {fires.map((at) => (
        <li key={at} className="border-b py-1.5 first:pt-0 last:border-b-0 last:pb-0">
          <FireTime at={at} timezone={timezone} />
        </li>
      ))}
    </ol>
  );
}
