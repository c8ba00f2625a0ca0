const MAX_STRING = 2048;
const MAX_CHARACTERS = 32_768;

interface Budget {
  left: number;
  cut: boolean;
}

/**
 * A copy of a value that is small enough for an event: strings longer than 2,048 characters end in "...", and what
 * goes beyond 32 Ki characters in all is left out. The full value is in the step's row.
 */
export function preview(value: unknown): { value: unknown; cut: boolean } {
  const budget: Budget = { left: MAX_CHARACTERS, cut: false };
  const copy = shorten(value, budget, 0);
  return { value: copy, cut: budget.cut };
}

function shorten(value: unknown, budget: Budget, depth: number): unknown {
  if (typeof value === 'string') return shortenText(value, budget);
  if (value === null || typeof value !== 'object') {
    budget.left -= 8;
    return value;
  }
  if (depth > 64) {
    budget.cut = true;
    return '...';
  }
  return Array.isArray(value) ? shortenList(value, budget, depth) : shortenObject(value, budget, depth);
}

function shortenText(text: string, budget: Budget): string {
  const limit = Math.min(MAX_STRING, Math.max(0, budget.left));
  budget.left -= Math.min(text.length, limit) + 2;
  return text.length > limit ? `${text.slice(0, limit)}...` : text;
}

function shortenList(list: readonly unknown[], budget: Budget, depth: number): unknown[] {
  const copy: unknown[] = [];
  for (const item of list) {
    if (budget.left <= 0) {
      budget.cut = true;
      break;
    }
    copy.push(shorten(item, budget, depth + 1));
  }
  return copy;
}

function shortenObject(object: object, budget: Budget, depth: number): unknown {
  if ('toJSON' in object && typeof object.toJSON === 'function')
    return shorten(object.toJSON(), budget, depth + 1);
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(object)) {
    if (budget.left <= 0) {
      budget.cut = true;
      break;
    }
    budget.left -= key.length + 4;
    const shortened = shorten((object as Record<string, unknown>)[key], budget, depth + 1);
    if (key === '__proto__') continue;
    copy[key] = shortened;
  }
  return copy;
}
