/** One thing a key, the command palette and the shortcut sheet know. */
export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: 'Edit' | 'Run' | 'View' | 'Move' | 'General';
  /** `Mod` is ⌘ on a Mac and Ctrl elsewhere. `J 2` is one after the other. The first is shown. */
  readonly keys: readonly string[];
  /** Acts wherever focus is outside text fields; others only while the canvas has focus or nothing has. */
  readonly anywhere?: boolean;
  /** Left out of the command palette: it makes sense only from the keyboard. */
  readonly keyOnly?: boolean;
  readonly run: () => void;
}
