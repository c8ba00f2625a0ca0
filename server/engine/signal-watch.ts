import type { SignalSource } from './call-step.ts';
import { backoffOn, type Clock } from './clock.ts';
import type { StoredSignal } from './suspended-step.ts';

export interface SignalWatchOptions {
  readonly executionId: string;
  readonly signals: SignalSource;
  readonly clock: Clock;
  /** Resolves once every suspension so far is recorded; rejects when the run is lost. */
  readonly recorded: () => Promise<void>;
  readonly isOver: () => boolean;
  readonly onHeard: (signals: readonly StoredSignal[]) => void;
  /** No question is under way any more. */
  readonly onRest: () => void;
}

/** Asks for what the suspended steps of a run have been told; one question at a time, none lost. */
export class SignalWatch {
  private readonly options: SignalWatchOptions;
  private asking: 'no' | 'yes' | 'again' = 'no';

  constructor(options: SignalWatchOptions) {
    this.options = options;
  }

  get isAsking(): boolean {
    return this.asking !== 'no';
  }

  /** What came before the suspension was recorded announced itself to nobody: so the answer is sought after that. */
  ask(): void {
    if (this.asking !== 'no') {
      this.asking = 'again';
      return;
    }
    this.asking = 'yes';
    this.askUntilHeard().then(
      () => {
        const again = this.asking === 'again';
        this.asking = 'no';
        if (again && !this.options.isOver()) this.ask();
        else this.options.onRest();
      },
      () => undefined,
    );
  }

  private async askUntilHeard(): Promise<void> {
    const { executionId, signals, clock, recorded, isOver, onHeard } = this.options;
    await recorded();
    for (let attempt = 0; !isOver(); attempt += 1) {
      try {
        const heard = await signals.read(executionId);
        if (!isOver()) onHeard(heard);
        return;
      } catch {
        await backoffOn(clock, attempt);
      }
    }
  }
}
