const MAX_LINES = 1_000;

/** Cuts text that comes in pieces into lines, at most a thousand; the last one is written by `end`. */
export function lineWriter(write: (line: string) => void): { add(text: string): void; end(): void } {
  let open = '';
  let left = MAX_LINES;
  const put = (line: string): void => {
    if (left > 0) write(line.replace(/\r$/, ''));
    else if (left === 0) write('… further lines are only in the output');
    left--;
  };
  return {
    add: (text) => {
      const lines = (open + text).split('\n');
      open = lines.pop() ?? '';
      for (const line of lines) put(line);
    },
    end: () => {
      if (open !== '') put(open);
      open = '';
    },
  };
}
