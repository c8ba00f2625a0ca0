/** Shorter values are parts of ordinary text too often. */
export const SHORTEST = 8;

/** Every way a secret may stand in a text: as it is, escaped, in addresses and in base64, longest first. */
export function formsOf(secret: string): string[] {
  if (secret.length < SHORTEST) return [];
  const escaped = inJson(secret);
  const url = encodeURIComponent(secret);
  const forms = [
    secret,
    escaped,
    inJson(escaped),
    url,
    url.replaceAll(/%[\dA-F]{2}/g, (code) => code.toLowerCase()),
    new URLSearchParams({ a: secret }).toString().slice(2),
    ...base64Forms(secret),
  ];
  const found = new Set(forms.filter((form) => form.length >= SHORTEST));
  return [...found].sort((a, b) => b.length - a.length);
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** Base64 of the secret with nought, one or two bytes before it, without the characters those have a share in. */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((before) => {
    const all = Buffer.concat([Buffer.alloc(before), bytes]);
    const first = Math.ceil((before * 8) / 6);
    const end = Math.floor((all.length * 8) / 6);
    return [all.toString('base64').slice(first, end), all.toString('base64url').slice(first, end)];
  });
}
