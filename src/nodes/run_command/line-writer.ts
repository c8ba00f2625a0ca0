/** Cuts text that comes in pieces into lines; the last one is written by `end`. */
export function lineWriter(write: (line: string) => void): { add(text: string): void; end(): void } {
  let open = '';
  return {
    add: (text) => {
      const lines = (open + text).split('\n');
      open = lines.pop() ?? '';
      for (const line of lines) write(line.replace(/\r$/, ''));
    },
    end: () => {
      if (open !== '') write(open);
      open = '';
    },
  };
}
