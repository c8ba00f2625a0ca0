import type { Logger } from 'pino';
import { type LiveSettings, logFileIn } from './live.ts';

/** Whatever lines of the log can be sent to a file by. */
interface Output {
  openFile(path: string, onError: (error: Error) => void): void;
}

/** Opens the log file of the settings. A log that cannot be written must not keep anything from running. */
export function openLogFile(
  output: Output | undefined,
  { config, atStart }: LiveSettings,
  log: Logger,
): void {
  const file = atStart.log_file ? logFileIn(config.dataDir, atStart.log_file) : null;
  if (file === null) return;
  const tell = (error: unknown): void => log.warn({ err: error, file }, 'the log file cannot be written');
  try {
    output?.openFile(file, tell);
  } catch (error) {
    tell(error);
  }
}
