import { parseArgs } from 'node:util';
import { DEFECTS, type Defect } from './defect.ts';
import { type Simulated, simulate } from './simulate.ts';

/**
 * `--seed N` lives through one seed and prints everything that happens in it; `--seeds N` goes through many (from
 * `--from`, 1 if absent) and stops at the first that fails. `--defect NAME` builds a fault in.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '10000' },
    from: { type: 'string', default: '1' },
    defect: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

async function showOne(seed: number, defect: Defect | null): Promise<boolean> {
  const lines: string[] = [];
  const result = await simulate(seed, { defect, lines });
  for (const line of lines) print(line);
  print(
    `seed ${seed}, hash ${result.hash.toString(16)}, ${result.events} events: ${result.failure ?? 'all promises kept'}`,
  );
  return result.failure === null;
}

async function goThrough(from: number, count: number, defect: Defect | null): Promise<boolean> {
  const began = performance.now();
  const total: Record<string, number> = { seeds: 0, failed: 0, runs: 0, events: 0 };
  const add = ({ runs, events, stats, failure }: Simulated): void => {
    const one = { seeds: 1, failed: failure === null ? 0 : 1, runs, events, ...stats };
    for (const [name, value] of Object.entries(one)) total[name] = (total[name] ?? 0) + value;
  };
  for (let seed = from; seed < from + count; seed += 1) {
    const result = await simulate(seed, { defect });
    add(result);
    if (result.failure !== null) {
      print(`seed ${seed}: ${result.failure}`);
      if (!values.keep) break;
    }
  }
  const seconds = (performance.now() - began) / 1000;
  print(`${JSON.stringify(total)} in ${seconds.toFixed(1)} s`);
  return total.failed === 0;
}

function defectNamed(name: string | undefined): Defect | null {
  if (name === undefined) return null;
  if (Object.hasOwn(DEFECTS, name)) return name as Defect;
  throw new Error(`There is no defect ${name}. There are: ${Object.keys(DEFECTS).join(', ')}.`);
}

const defect = defectNamed(values.defect);
const isGood =
  values.seed === undefined
    ? await goThrough(Number(values.from), Number(values.seeds), defect)
    : await showOne(Number(values.seed), defect);
process.exitCode = isGood ? 0 : 1;
