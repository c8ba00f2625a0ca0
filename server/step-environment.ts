import {
  MissingValueError,
  TemplateLimitError,
  TemplateSyntaxError,
} from '#domain/expression/template-error.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { type Capabilities, StepError } from '#domain/node/executor.ts';
import { refusingCapabilities } from '#domain/node/refusing-capabilities.ts';
import type { EngineOptions, StepPlace } from '#server/engine/interface.ts';
import packageFile from '../package.json' with { type: 'json' };
import { CodeError } from './code/code-error.ts';
import { createCodeRunner } from './code/runner.ts';
import { runCommand } from './command/run-command.ts';
import type { Db } from './db/connection.ts';
import { createEgress } from './egress/client.ts';
import { EgressError } from './egress/egress-error.ts';
import type { StepMemory } from './features/memory/step-memory.ts';
import type { Platform } from './features/platform/platform.ts';
import type { UseSandbox } from './features/sandboxes/use.ts';
import { checkDocument } from './features/workflows/check-document.ts';
import type { StepStream } from './live/step-stream.ts';
import { createMailer } from './mail/mailer.ts';
import { createMcpCalls } from './mcp/mcp-client.ts';
import { createModelCalls } from './model/model-call.ts';
import { signedCalls } from './signed-call.ts';
import type { SkillFolder } from './skills/skill-folder.ts';
import { createTemplateRenderer } from './template/renderer.ts';
import { TemplateFailure } from './template/template-failure.ts';
import type { Vault } from './vault/vault.ts';

/** What steps are given of the outside world, and how their templates are filled in. */
export interface StepEnvironment extends Pick<EngineOptions, 'capabilities' | 'render'> {
  close(): Promise<void>;
}

export interface StepEnvironmentOptions {
  /** Where calls of models are written down. */
  readonly db: Db;
  /** Private destinations that outbound requests may reach. */
  readonly egressAllow: readonly string[];
  /** Threads for user code and for templates, each. */
  readonly workers: number;
  readonly log: (message: string) => void;
  readonly outside: Outside;
  readonly definitionOf: DefinitionOf;
  /** Whether the operator has enabled anything that touches the host. */
  readonly hostAccess: boolean;
  /** Opens the credentials that steps use. */
  readonly vault: Vault;
  /** Instructions that the operator keeps on disk. */
  readonly skills: SkillFolder;
  /** Why no program may be run; null: they may. */
  readonly commandsBlocked: string | null;
  /** The API for steps. */
  readonly platform: Platform;
  /** Opens the workspaces that programs work in. */
  readonly sandboxOf: UseSandbox;
  /** Shows what steps write while they write it. */
  readonly stream: StepStream;
  /** What steps remember. */
  readonly memoryOf: (place: StepPlace) => StepMemory;
}

type Suspending = 'startRun' | 'askApproval' | 'awaitCall';

/** What steps ask for and then wait for, told which step it is. */
export type Outside = {
  readonly [K in Suspending]: (
    place: StepPlace,
    ...args: Parameters<Capabilities[K]>
  ) => ReturnType<Capabilities[K]>;
};

const { version } = packageFile;

/** Trying again helps against these; every other failure stays the same. */
const PASSING: ReadonlySet<string> = new Set(['unreachable', 'timeout', 'aborted']);

export function createStepEnvironment({
  db,
  egressAllow,
  workers,
  log,
  outside,
  definitionOf,
  hostAccess,
  vault,
  skills,
  sandboxOf,
  commandsBlocked,
  platform,
  memoryOf,
  stream,
}: StepEnvironmentOptions): StepEnvironment {
  const egress = createEgress({ allow: egressAllow });
  const code = createCodeRunner({ workers, log });
  const mailer = createMailer({ allow: egressAllow });
  const { http, mail } = signedCalls({ egress, mailer, vault });
  const askModel = createModelCalls({ db, egress, vault });
  const askMcp = createMcpCalls({ egress, vault, version });
  const templates = createTemplateRenderer({ workers });
  // A step that is given up is ended by the engine; its templates stop by themselves within a second.
  const never = new AbortController().signal;
  const options = { missing: 'error' } as const;
  return {
    capabilities: (place) => ({
      ...refusingCapabilities({}),
      ...memoryOf(place),
      stream: (piece) => stream(place, piece),
      http: (request) => http(request, place).catch(rethrow),
      mail: (message) => mail(message, place).catch(rethrow),
      ...(hostAccess && {
        command: async (request) => {
          if (commandsBlocked !== null)
            throw new StepError('not_available', commandsBlocked, { permanent: true });
          const sandbox = request.folder === null ? null : await sandboxOf(request.folder, place);
          return runCommand(request, place.signal, sandbox);
        },
      }),
      searchServer: () => vault.preferredSearch({ ...place, node: place.actor }),
      skillPacks: (path) => skills.packs(path),
      skillText: (file) => skills.text(file),
      mcp: (request) => askMcp(request, place).catch(rethrow),
      model: (request) => askModel(request, place).catch(rethrow),
      startRun: (request) => outside.startRun(place, request),
      askApproval: (request) => outside.askApproval(place, request),
      awaitCall: (request) => outside.awaitCall(place, request),
      platform: (request) => platform(place, request),
      checkWorkflow: async (text) => checkDocument(text, definitionOf),
      code: (request) =>
        code.run({ ...request, globals: { ...request.globals } }, place.signal).catch(rethrow),
    }),
    render: (config, context, verbatim) => {
      const [templated, kept] = split(config, verbatim);
      try {
        const rendered = templates.renderSync(templated, { ...context }, options);
        if (rendered !== undefined) return { ...(rendered as object), ...kept };
      } catch (error) {
        return rethrow(error);
      }
      return templates
        .render(templated, { ...context }, options, never)
        .then((rendered) => ({ ...(rendered as object), ...kept }), rethrow);
    },
    close: async () => {
      await Promise.all([egress.close(), code.close(), templates.close()]);
    },
  };
}

type Config = Readonly<Record<string, unknown>>;

/** Source code and patterns are no templates: they are kept out and put back as they were. */
function split(config: Config, verbatim: readonly string[]): [Config, Config] {
  if (verbatim.length === 0) return [config, {}];
  const entries = Object.entries(config);
  return [
    Object.fromEntries(entries.filter(([key]) => !verbatim.includes(key))),
    Object.fromEntries(entries.filter(([key]) => verbatim.includes(key))),
  ];
}

/** The errors of the three services in the one form the engine records. */
function rethrow(error: unknown): never {
  if (error instanceof EgressError || error instanceof CodeError) {
    throw new StepError(error.code, error.message, { permanent: !PASSING.has(error.code) });
  }
  if (error instanceof TemplateFailure) throw new StepError(error.code, error.message, { permanent: true });
  if (error instanceof MissingValueError)
    throw new StepError('missing_value', error.message, { permanent: true });
  if (error instanceof TemplateSyntaxError) {
    throw new StepError('template_error', error.message, { permanent: true });
  }
  if (error instanceof TemplateLimitError) {
    throw new StepError('template_limit', error.message, { permanent: true });
  }
  throw error;
}
