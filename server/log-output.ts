import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { type DestinationStream, pino } from 'pino';

/** Where the log goes: to standard output, and to a file as well once one is opened. */
export interface LogOutput extends DestinationStream {
  /** Lines go to the end of the file, too. A file that cannot be written is told of and given up. */
  openFile(path: string, onError: (error: Error) => void): void;
}

export function createLogOutput(): LogOutput {
  const standard = pino.destination({ dest: 1, sync: false });
  let file: WriteStream | null = null;
  return {
    write: (line) => {
      standard.write(line);
      file?.write(line);
    },
    openFile: (path, onError) => {
      mkdirSync(dirname(path), { recursive: true });
      file = createWriteStream(path, { flags: 'a', mode: 0o600 });
      file.once('error', (error) => {
        file = null;
        onError(error);
      });
    },
  };
}
