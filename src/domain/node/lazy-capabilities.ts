import type { StepPlaceView } from './ai-capability.ts';
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
  once: Capabilities['once'] = (call, work) => this.get().once(call, work);
  model = (...args: Args<'model'>) => this.get().model(...args);
  toolFunctions = (...args: Args<'toolFunctions'>) => this.get().toolFunctions(...args);
  callTool = (...args: Args<'callTool'>) => this.get().callTool(...args);
  usePart: Capabilities['usePart'] = (use, work) => this.get().usePart(use, work);
  noteCall = (...args: Args<'noteCall'>) => this.get().noteCall(...args);
  searchServer = () => this.get().searchServer();
  skillPacks = (...args: Args<'skillPacks'>) => this.get().skillPacks(...args);
  skillText = (...args: Args<'skillText'>) => this.get().skillText(...args);
  say = (...args: Args<'say'>) => this.get().say(...args);
  stream = (...args: Args<'stream'>): void => this.get().stream(...args);
  conversation = (...args: Args<'conversation'>) => this.get().conversation(...args);
  keepConversation = (...args: Args<'keepConversation'>) => this.get().keepConversation(...args);
  memory: Capabilities['memory'] = (request) => this.get().memory(request);
  mcp: Capabilities['mcp'] = (request) => this.get().mcp(request);
  platform = (...args: Args<'platform'>) => this.get().platform(...args);
  place = (): StepPlaceView => this.get().place();
  log = (line: string): void => this.get().log(line);
  now = (): number => this.get().now();

  private get(): Capabilities {
    this.made ??= this.make();
    return this.made;
  }
}
