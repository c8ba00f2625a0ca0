import { formsOf, SHORTEST } from './secret-form.ts';

/** What stands where a secret stood. */
export const REDACTED = '[redacted]';

const MAX_RUNS = 2_000;
const MAX_VALUES = 2_000;
/** Deeper values are no JSON that could be stored. */
const MAX_DEPTH = 1_000;

/** Takes the secrets it knows out of texts and values. */
export interface Cleaner {
  text(text: string): string;
  /** A copy where anything had to go, else the value itself. */
  value<T>(value: T): T;
  /** From where on the text may be the beginning of a secret whose rest is still to come; its length: nowhere. */
  openFrom(text: string): number;
}

/**
 * Knows the secrets that are in use in this process. Each run gets its own cleaner once it has used a credential;
 * runs that have used none cost one look at an empty map.
 */
export class Redactor {
  readonly #runs = new Map<string, SecretForms>();
  readonly #everywhere = new SecretForms();

  /** From now on nothing recorded of the run, and no log line, holds these values. `run`: the topmost one. */
  learn(run: string, secrets: readonly string[]): Cleaner {
    const forms = this.#runs.get(run) ?? new SecretForms();
    this.#runs.delete(run);
    this.#runs.set(run, forms);
    if (this.#runs.size > MAX_RUNS) {
      const [oldest] = this.#runs.keys();
      if (oldest !== undefined) this.#runs.delete(oldest);
    }
    forms.add(secrets);
    this.#everywhere.add(secrets);
    return forms;
  }

  /** No log line holds these values any more. @returns what cleans texts of them */
  note(secrets: readonly string[]): Cleaner {
    this.#everywhere.add(secrets);
    const own = new SecretForms();
    own.add(secrets);
    return own;
  }

  /** Null: the run has used no credential in this process. */
  forRun(run: string): Cleaner | null {
    return this.#runs.size === 0 ? null : (this.#runs.get(run) ?? null);
  }

  /** A line without any secret that is in use. */
  line(text: string): string {
    return this.#everywhere.text(text);
  }
}

/** Up to here each is looked for by itself. */
const FEW = 100;

const byLength = (a: string, b: string): number => b.length - a.length;
const startOf = (form: string): string => form.slice(0, SHORTEST);

class SecretForms implements Cleaner {
  readonly #known = new Set<string>();
  /** The longest first, so that none leaves a rest of another behind. */
  #forms: string[] = [];
  #byStart: ReadonlyMap<string, readonly string[]> = new Map();

  add(secrets: readonly string[]): void {
    const fresh = secrets.filter((secret) => !this.#known.has(secret));
    if (fresh.length === 0) return;
    for (const secret of fresh) this.#known.add(secret);
    const kept = [...this.#known].slice(-MAX_VALUES);
    if (kept.length < this.#known.size) {
      this.#known.clear();
      for (const secret of kept) this.#known.add(secret);
    }
    this.#forms = [...new Set(kept.flatMap(formsOf))].sort(byLength);
    this.#byStart = this.#forms.length > FEW ? Map.groupBy(this.#forms, startOf) : new Map();
  }

  text(text: string): string {
    let clean = text;
    const forms = this.#byStart.size === 0 ? this.#forms : this.#formsIn(text);
    for (const form of forms) if (clean.includes(form)) clean = clean.replaceAll(form, REDACTED);
    return clean;
  }

  value<T>(value: T): T {
    return this.#forms.length === 0 ? value : (this.#clean(value, 0) as T);
  }

  openFrom(text: string): number {
    const longest = this.#forms[0]?.length ?? 0;
    for (let at = Math.max(0, text.length - longest + 1); at < text.length; at += 1) {
      const rest = text.slice(at);
      if (this.#forms.some((form) => form.length > rest.length && form.startsWith(rest))) return at;
    }
    return text.length;
  }

  /** Looking for each of thousands would take longer than looking once at every place of a short text. */
  #formsIn(text: string): string[] {
    const found = new Set<string>();
    for (let at = 0; at + SHORTEST <= text.length; at += 1) {
      const candidates = this.#byStart.get(text.substring(at, at + SHORTEST)) ?? [];
      for (const form of candidates) if (text.startsWith(form, at)) found.add(form);
    }
    return [...found].sort(byLength);
  }

  #clean(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return this.text(value);
    if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value;
    if (Array.isArray(value)) {
      const clean = value.map((one) => this.#clean(one, depth + 1));
      return clean.some((one, index) => one !== value[index]) ? clean : value;
    }
    const proto: unknown = Object.getPrototypeOf(value);
    if (proto !== Object.prototype && proto !== null) return value;
    const entries = Object.entries(value);
    const clean = entries.map(([name, one]) => [this.text(name), this.#clean(one, depth + 1)] as const);
    const same = clean.every(
      ([name, one], index) => name === entries[index]?.[0] && one === entries[index]?.[1],
    );
    return same ? value : Object.fromEntries(clean);
  }
}
