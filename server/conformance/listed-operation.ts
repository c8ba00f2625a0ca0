import { contract } from '#contract/contract.ts';
import type { Area } from '#contract/operation.ts';
import { type Handlers, type Prepared, prepare } from '#server/http/operation.ts';

const areas: Readonly<Record<string, Area>> = contract;
const unused = (): Promise<unknown> => Promise.reject(new Error('This handler only fills the table.'));
const handlers: Handlers = Object.fromEntries(
  Object.entries(areas).map(([area, operations]) => [
    area,
    Object.fromEntries(Object.keys(operations).map((key) => [key, unused])),
  ]),
);

/** Every operation of the contract, as the adapters see it; whoever adds one to the contract adds it to all tests here. */
export const operations: readonly Prepared[] = prepare(contract, handlers);

/** @throws Error when the contract has no operation of this id, such as `workflows.get`. */
export function operationOf(id: string): Prepared {
  const found = operations.find((one) => one.id === id);
  if (!found) throw new Error(`The contract has no operation ${id}.`);
  return found;
}

/** Whether operations of this area have landed. */
export const hasArea = (area: string): boolean => area in areas;
