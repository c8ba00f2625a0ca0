import { once } from 'node:events';
import { type Installation, killInstallation, startInstallation } from '../test-installation.ts';
import { pause } from './client.ts';

export interface Member {
  readonly name: string;
  readonly role: 'server' | 'worker';
  /** Null while it is down. */
  installation: Installation | null;
  isPaused: boolean;
}

const LAUNCHES = 5;

export interface FleetOptions {
  readonly servers: number;
  readonly workers: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** How a process ended that was told to stop, and how long it took. */
export interface Exit {
  readonly code: number | null;
  readonly ms: number;
}

/** Several processes of Pipewright on one database, and what may befall them. */
export class Fleet {
  readonly members: Member[];
  private readonly environment: Readonly<Record<string, string>>;

  private constructor({ servers, workers, environment }: FleetOptions) {
    const make = (role: Member['role']) => (_: unknown, n: number) => ({
      name: `${role} ${n + 1}`,
      role,
      installation: null,
      isPaused: false,
    });
    this.environment = environment;
    this.members = [
      ...Array.from({ length: servers }, make('server')),
      ...Array.from({ length: workers }, make('worker')),
    ];
  }

  static async start(options: FleetOptions): Promise<Fleet> {
    const fleet = new Fleet(options);
    // They are process groups of their own, which nobody else would end.
    process.once('exit', () => fleet.killAll());
    const [first, ...rest] = fleet.members;
    if (first) await fleet.launch(first);
    await Promise.all(rest.map((member) => fleet.launch(member)));
    return fleet;
  }

  /** Where servers answer now; one that is paused is still among them, as a load balancer would have it. */
  bases(): string[] {
    return this.members.flatMap(({ role, installation }) =>
      role === 'server' && installation ? installation.url : [],
    );
  }

  /** Members that can be hurt now. */
  healthy(role?: Member['role']): Member[] {
    return this.members.filter(
      (one) => one.installation !== null && !one.isPaused && (role === undefined || one.role === role),
    );
  }

  /** As whoever supervises it would: what ends while it starts, because the database is away, is started again. */
  async launch(member: Member): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        member.installation = await startInstallation({
          PIPEWRIGHT_ROLE: member.role,
          ...this.environment,
        });
        return;
      } catch (error) {
        if (attempt === LAUNCHES) throw error;
        await pause(500);
      }
    }
  }

  /** kill -9. @returns when it was dead, epoch ms. */
  async kill(member: Member): Promise<number> {
    const { installation } = member;
    member.installation = null;
    if (installation) await killInstallation(installation);
    return Date.now();
  }

  /** SIGTERM. */
  async stop(member: Member): Promise<Exit> {
    const { installation } = member;
    member.installation = null;
    return installation ? terminate(installation) : { code: null, ms: 0 };
  }

  /** Starts a successor, and tells the old process to stop once that serves. */
  async roll(member: Member): Promise<Exit> {
    const { installation } = member;
    await this.launch(member);
    return installation ? terminate(installation) : { code: null, ms: 0 };
  }

  /** Stands still for a while, as a machine does that swaps or migrates. */
  async freeze(member: Member, ms: number): Promise<void> {
    const { installation } = member;
    member.isPaused = true;
    installation?.child.kill('SIGSTOP');
    await pause(ms);
    installation?.child.kill('SIGCONT');
    member.isPaused = false;
  }

  /** Starts whatever is down. */
  async complete(): Promise<void> {
    const down = this.members.filter((one) => one.installation === null);
    await Promise.all(down.map((one) => this.launch(one)));
  }

  private killAll(): void {
    for (const { installation } of this.members) {
      const { pid = 0, exitCode, signalCode } = installation?.child ?? {};
      if (pid > 0 && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
    }
  }

  async close(): Promise<void> {
    for (const { installation } of this.members) installation?.child.kill('SIGCONT');
    await Promise.all(this.members.map((member) => this.kill(member)));
  }
}

async function terminate({ child }: Installation): Promise<Exit> {
  const began = Date.now();
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const [code] = (await gone) as [number | null];
  return { code, ms: Date.now() - began };
}
