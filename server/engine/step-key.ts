/** Tells steps of one run apart. */
export const stepKey = (node: string, scope: string, attempt: number): string =>
  `${node}\n${scope}\n${attempt}`;
