const COUNT = new Intl.NumberFormat('en-US');
const SHORT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** US dollars, with as many places as it takes to see that something was spent. */
export function dollars(usd: number): string {
  if (usd === 0) return '$0.00';
  if (usd < 0.0001) return '< $0.0001';
  return `$${usd.toLocaleString('en-US', {
    minimumFractionDigits: 2,
    maximumFractionDigits: usd < 0.1 ? 4 : 2,
  })}`;
}

export const count = (value: number): string => COUNT.format(value);

/** `12.4K`, for narrow places. */
export const shortCount = (value: number): string => SHORT.format(value);

/** US dollars per million tokens, as price lists show them. */
export const rate = (usd: number): string =>
  `$${usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 6 })}`;
