import type { Resumed } from '#domain/node/executor.ts';
import type { Fact, StepRef, Suspension } from '#domain/run/fact.ts';
import { stepKey } from './step-key.ts';

/** A signal as it is stored. */
export interface StoredSignal {
  readonly node: string;
  readonly scope: string;
  readonly source: string;
  readonly value: unknown;
}

interface Entry {
  readonly ref: StepRef;
  readonly suspension: Suspension;
}

type Signalled = Extract<Fact, { kind: 'signalled' }>;

/** The suspended steps of one run. */
export class SuspendedSteps {
  private readonly entries = new Map<string, Entry>();

  get size(): number {
    return this.entries.size;
  }

  /** A person is waited for. */
  get isHuman(): boolean {
    return [...this.entries.values()].some(({ suspension }) => suspension.human);
  }

  add({ node, scope, attempt }: StepRef, suspension: Suspension): void {
    this.entries.set(stepKey(node, scope, attempt), { ref: { node, scope, attempt }, suspension });
  }

  remove({ node, scope, attempt }: StepRef): void {
    this.entries.delete(stepKey(node, scope, attempt));
  }

  /** The steps for which everything they wait for has come. They count as going on from here. */
  complete(signals: readonly StoredSignal[]): Signalled[] {
    const facts: Signalled[] = [];
    for (const { ref, suspension } of [...this.entries.values()]) {
      const own = Object.fromEntries(
        signals
          .filter((signal) => signal.node === ref.node && signal.scope === ref.scope)
          .map((signal) => [signal.source, signal.value]),
      );
      if (!suspension.sources.every((source) => Object.hasOwn(own, source))) continue;
      this.remove(ref);
      facts.push(factOf(ref, { timedOut: false, signals: own, kept: suspension.kept }));
    }
    return facts;
  }

  /** Its time is up. */
  expired(ref: StepRef): Signalled | null {
    const entry = this.entries.get(stepKey(ref.node, ref.scope, ref.attempt));
    if (!entry) return null;
    this.remove(ref);
    return factOf(ref, { timedOut: true, signals: {}, kept: entry.suspension.kept });
  }
}

const factOf = ({ node, scope, attempt }: StepRef, resumed: Resumed): Signalled => ({
  kind: 'signalled',
  node,
  scope,
  attempt,
  resumed,
});
