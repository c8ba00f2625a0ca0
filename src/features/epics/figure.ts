/** An amount of US dollars; small ones keep the digits that tell them apart. */
export const money = (usd: number): string =>
  usd.toLocaleString('en', {
    style: 'currency',
    currency: 'USD',
    maximumFractionDigits: usd !== 0 && usd < 1 ? 4 : 2,
  });

export const numberOf = (value: number): string => value.toLocaleString('en');
