/** Who a browser or program says it is. */
export interface Visitor {
  /** Such as “Firefox on Windows” or “curl”. */
  readonly name: string;
  readonly device: 'phone' | 'computer' | 'program';
}

// The order matters: browsers name the ones they descend from as well.
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bHeadlessChrome\/|\bChrome\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];
const PHONES = new Set(['iPhone', 'Android']);

/** A user agent's name in words. It is a guess: programs may call themselves anything. */
export function readUserAgent(text: string): Visitor {
  const browser = BROWSERS.find(([sign]) => sign.test(text))?.[1];
  const system = SYSTEMS.find(([sign]) => sign.test(text))?.[1];
  if (browser !== undefined) {
    return {
      name: system === undefined ? browser : `${browser} on ${system}`,
      device: system !== undefined && PHONES.has(system) ? 'phone' : 'computer',
    };
  }
  const program = /^[\w.+-]+/.exec(text)?.[0];
  return { name: program ?? 'A program without a name', device: 'program' };
}
