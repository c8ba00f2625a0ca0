import { killDatabase } from '../test-installation.ts';
import { pause } from './client.ts';
import type { Fleet, Member } from './fleet.ts';
import type { TakeoverWatch } from './takeover.ts';

/** `kill` is kill -9, `stop` SIGTERM, `freeze` SIGSTOP and later SIGCONT, `database` kill -9 for PostgreSQL. */
export type Injury = 'kill' | 'stop' | 'freeze' | 'database';

export interface InjuryOptions {
  readonly fleet: Fleet;
  readonly takeover: TakeoverWatch;
  readonly injuries: readonly Injury[];
  readonly everyMs: number;
  /** How long a frozen process stands still. */
  readonly freezeMs: number;
  readonly dataDir: string;
  /** Epoch ms. */
  readonly until: number;
  readonly say: (line: string) => void;
}

export interface Hurt {
  readonly counts: Readonly<Record<Injury, number>>;
  /** Of processes that were told to stop: exit codes other than 0, and the longest time it took. */
  readonly badExits: number;
  readonly slowestStopMs: number;
  readonly frozen: readonly Span[];
}

/** Epoch ms. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const DOWN_MS = 500;

/** Hurts one process after the other and lets each come back. */
export async function hurtUntil(options: InjuryOptions): Promise<Hurt> {
  const { fleet, takeover, injuries, everyMs, freezeMs, until, dataDir, say } = options;
  const counts: Record<Injury, number> = { kill: 0, stop: 0, freeze: 0, database: 0 };
  const healing: Promise<void>[] = [];
  const frozen: Span[] = [];
  let badExits = 0;
  let slowestStopMs = 0;
  const comeBack = async (member: Member): Promise<void> => {
    await pause(DOWN_MS);
    await fleet.launch(member);
  };
  const acts: Record<Injury, (member: Member) => Promise<void>> = {
    kill: async (member) => {
      takeover.killed(await fleet.kill(member));
      await comeBack(member);
    },
    stop: async (member) => {
      const { code, ms } = await fleet.stop(member);
      if (code !== 0) badExits += 1;
      slowestStopMs = Math.max(slowestStopMs, ms);
      await comeBack(member);
    },
    freeze: async (member) => {
      const from = Date.now();
      await fleet.freeze(member, freezeMs);
      frozen.push({ from, to: Date.now() });
    },
    database: () => killDatabase(dataDir),
  };
  for (let n = 0; Date.now() + everyMs < until; ) {
    await pause(everyMs);
    const injury = injuries[n % injuries.length] ?? 'kill';
    // Somebody must be left to go on, and only workers drive runs.
    const member = choose(fleet, injury);
    if (!member) continue;
    n += 1;
    say(injury === 'database' ? 'database: PostgreSQL' : `${injury}: ${member.name}`);
    counts[injury] += 1;
    const healed = acts[injury](member);
    // It is heard of below; unheard until then, it would end everything without a clean-up.
    healed.catch(() => undefined);
    healing.push(healed);
  }
  await Promise.all(healing);
  return { counts, badExits, slowestStopMs, frozen };
}

/** A member whose role others fill meanwhile; a frozen server only keeps its callers waiting, so workers freeze. */
function choose(fleet: Fleet, injury: Injury): Member | undefined {
  const able = fleet
    .healthy(injury === 'freeze' ? 'worker' : undefined)
    .filter((one) => fleet.healthy(one.role).length > 1);
  return able[Math.floor(Math.random() * able.length)];
}
