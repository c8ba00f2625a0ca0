const NAMES = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];

/** The choices of a select of priorities; one that is set but not usual is among them. */
export function priorityItems(current: number): { value: string; label: string }[] {
  const usual = NAMES.map((name, at) => ({ value: String(at + 1), label: `${at + 1} – ${name}` }));
  const isUsual = usual.some(({ value }) => value === String(current));
  return isUsual ? usual : [...usual, { value: String(current), label: String(current) }];
}
