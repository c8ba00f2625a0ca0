import type { Capabilities } from './executor.ts';

type Args<K extends keyof Capabilities> = Parameters<Capabilities[K]>;

/** Capabilities that are made when one of them is first used: most pure steps use none. */
export class LazyCapabilities implements Capabilities {
  private readonly make: () => Capabilities;
  private made: Capabilities | undefined;

  constructor(make: () => Capabilities) {
    this.make = make;
  }

  http = (...args: Args<'http'>) => this.get().http(...args);
  code = (...args: Args<'code'>) => this.get().code(...args);
  command = (...args: Args<'command'>) => this.get().command(...args);
  mail = (...args: Args<'mail'>) => this.get().mail(...args);
  startRun = (...args: Args<'startRun'>) => this.get().startRun(...args);
  askApproval = (...args: Args<'askApproval'>) => this.get().askApproval(...args);
  awaitCall = (...args: Args<'awaitCall'>) => this.get().awaitCall(...args);
  checkWorkflow = (...args: Args<'checkWorkflow'>) => this.get().checkWorkflow(...args);
  log = (line: string): void => this.get().log(line);
  now = (): number => this.get().now();

  private get(): Capabilities {
    this.made ??= this.make();
    return this.made;
  }
}
