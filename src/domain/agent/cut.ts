/** A text of at most about `most` characters: its beginning and its end, with a note of what is missing between. */
export function cutMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.floor(most / 2);
  const missing = text.length - 2 * half;
  return `${text.slice(0, half)}\n[… ${missing} characters left out …]\n${text.slice(text.length - half)}`;
}
