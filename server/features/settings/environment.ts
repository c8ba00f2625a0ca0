import { Resolver } from 'node:dns/promises';
import { access, readFile } from 'node:fs/promises';
import { machine, type as systemName } from 'node:os';
import type { OutputOf } from '#contract/contract.ts';
import { versionOf, whereIs } from '#server/command/program.ts';
import { createEgress } from '#server/egress/client.ts';

export type EnvironmentOut = OutputOf<'settings', 'get'>['environment'];

const RUNTIMES = ['python3', 'pip3', 'node', 'npm', 'bash', 'git'] as const;
/** What commands can hardly do without, and what they often use. */
const TIER_1 = ['bash', 'cat', 'ls', 'cp', 'mv', 'mkdir', 'rm', 'chmod', 'grep', 'sed', 'head', 'tail', 'wc'];
const TIER_2 = ['find', 'sort', 'awk', 'xargs', 'tee', 'curl', 'wget', 'git', 'tar', 'unzip', 'jq'];
/** Reserved for such uses; it is asked for nothing but to answer. */
const PROBE_HOST = 'example.com';
const PROBE_MS = 2500;
/** Whoever asks again so soon gets the same report. */
const FRESH_MS = 5000;

export interface EnvironmentProbe {
  /** The newest report; the first one is made when it is asked for. */
  report(): Promise<EnvironmentOut>;
  /** Looks anew, though not more often than every few seconds. */
  recheck(): Promise<EnvironmentOut>;
}

export interface ProbeOptions {
  /** Private destinations outbound calls may reach. */
  readonly egressAllow: readonly string[];
  /** The sandbox mode this process started with. */
  readonly sandboxMode: string;
}

export function createEnvironmentProbe(options: ProbeOptions): EnvironmentProbe {
  let newest: { at: number; report: Promise<EnvironmentOut> } | null = null;
  const look = (): Promise<EnvironmentOut> => {
    const one = { at: Date.now(), report: survey(options) };
    newest = one;
    one.report.catch(() => {
      if (newest === one) newest = null;
    });
    return one.report;
  };
  return {
    report: () => newest?.report ?? look(),
    recheck: () => (newest && Date.now() - newest.at < FRESH_MS ? newest.report : look()),
  };
}

async function survey({ egressAllow, sandboxMode }: ProbeOptions): Promise<EnvironmentOut> {
  const [container, bwrap, runtimes, tier1, tier2, dns, http] = await Promise.all([
    containerKind(),
    whereIs('bwrap'),
    findRuntimes(),
    findTools(TIER_1, 1),
    findTools(TIER_2, 2),
    resolves(PROBE_HOST),
    answers(`https://${PROBE_HOST}/`, egressAllow),
  ]);
  const missing = tier1.filter(([, tool]) => !tool.available).map(([name]) => name);
  const blocked =
    whyNot(sandboxMode, container) ??
    (missing.length === 0 ? null : `These tools are missing: ${missing.join(', ')}.`);
  return {
    os: systemName(),
    arch: machine(),
    container,
    bwrap_available: bwrap !== null,
    rootfs_ready: false,
    sandbox_mode: container === null ? 'none' : 'container',
    capabilities: {
      runtimes: Object.fromEntries(runtimes),
      // A tool of both tiers counts as the first.
      shell_tools: Object.fromEntries([...tier2, ...tier1]),
      network: { dns, http },
    },
    tier1_met: missing.length === 0,
    tier2_warnings: tier2
      .filter(([, tool]) => !tool.available)
      .map(([name]) => `${name} is not installed: programs that use it will fail.`),
    gate: { passed: blocked === null, blocked_reason: blocked },
  };
}

/** Why programs cannot be kept apart as the setting asks for; null: they can. */
function whyNot(sandboxMode: string, container: string | null): string | null {
  if (sandboxMode === 'bwrap') {
    return 'The setting asks for bubblewrap, which Pipewright does not run programs in. Choose “auto”.';
  }
  if (sandboxMode === 'container' && container === null) {
    return 'The setting asks for a container, and this is none. Choose “auto”, or run Pipewright in one.';
  }
  return null;
}

/** Why no step may run a program on this machine; null: they may. */
export async function whyBlocked(sandboxMode: string): Promise<string | null> {
  return whyNot(sandboxMode, await containerKind());
}

async function findRuntimes() {
  return Promise.all(
    RUNTIMES.map(async (name) => {
      const path = await whereIs(name);
      const version = path === null ? null : await versionOf(path);
      return [name, { available: path !== null, version, path }] as const;
    }),
  );
}

async function findTools<T extends 1 | 2>(names: readonly string[], tier: T) {
  return Promise.all(
    names.map(async (name) => [name, { available: (await whereIs(name)) !== null, tier }] as const),
  );
}

/** What kind of container this process is in, as far as it leaves marks. */
export async function containerKind(): Promise<string | null> {
  const isThere = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    );
  if (await isThere('/var/run/secrets/kubernetes.io')) return 'kubernetes';
  if (await isThere('/.dockerenv')) return 'docker';
  if (await isThere('/run/.containerenv')) return 'podman';
  const groups = await readFile('/proc/1/cgroup', 'utf8').catch(() => '');
  return /kubepods|docker|containerd|libpod|lxc/.exec(groups)?.[0] ?? null;
}

async function resolves(host: string): Promise<boolean> {
  const resolver = new Resolver({ timeout: PROBE_MS, tries: 1 });
  return resolver.resolve4(host).then(
    (addresses) => addresses.length > 0,
    () => false,
  );
}

async function answers(url: string, allow: readonly string[]): Promise<boolean> {
  const egress = createEgress({ allow });
  const request = {
    method: 'HEAD',
    url,
    headers: {},
    body: null,
    timeoutMs: PROBE_MS,
    maxBytes: 1024,
    followRedirects: false,
  };
  try {
    return (await egress.request(request, AbortSignal.timeout(PROBE_MS))).status > 0;
  } catch {
    return false;
  } finally {
    await egress.close();
  }
}
