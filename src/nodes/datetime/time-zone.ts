/** Whether the runtime knows an IANA time zone of this name. */
export function isTimeZone(name: string): boolean {
  // A bare offset would be taken as well, but has no summer time and is no name.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
