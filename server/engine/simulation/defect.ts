import { RunWriter } from '../run-writer.ts';

/** Faults built in on purpose, to see that the simulation finds them. */
export const DEFECTS = {
  'fence-forgotten': 'A record passes whoever owns the run by whichever claim, and after its end.',
  'sequence-forgotten': 'A record passes a second time when its first answer was lost.',
  'answer-forgotten': 'A record whose answer was lost counts as refused.',
  'record-forgotten': 'A claim leaves out the last effect that was recorded.',
  'barrier-missing': 'An effect does not wait until what it follows from is on disk.',
  'early-signal-lost': 'A signal that came before its step was suspended is not seen.',
  'signal-without-job': 'A signal gives its run no job.',
  'wake-lost': 'A run that waits for a time is parked without a job.',
  'skip-lost': 'A path that is not taken gives no token to what lies behind it.',
  'takeover-without-job': 'Runs of a dead process are freed and not queued.',
  'cancel-forgotten': 'Whoever takes a run over does not see that it is to be stopped.',
  'parent-not-told': 'The end of a run does not signal the step that waits for it.',
} as const;

export type Defect = keyof typeof DEFECTS;

/** Puts a defect of the engine's own code in place. @returns what takes it out again. */
export function plant(defect: Defect | null): () => void {
  if (defect !== 'barrier-missing') return () => undefined;
  const { barrier } = RunWriter.prototype;
  RunWriter.prototype.barrier = function go(): Promise<void> {
    void barrier.call(this).catch(() => undefined);
    return Promise.resolve();
  };
  return () => {
    RunWriter.prototype.barrier = barrier;
  };
}
