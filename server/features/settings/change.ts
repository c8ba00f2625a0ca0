import { AppError } from '#domain/problem.ts';
import { logFileIn } from './live.ts';
import { type Change, EMBEDDED, isRedacted, redacted, type SettingName } from './value.ts';

const invalid = (field: SettingName, msg: string): AppError =>
  new AppError('invalid', [{ type: 'value_error', loc: ['body', field], msg }]);

const MODES = ['auto', 'bwrap', 'container', 'none'];

interface Place {
  readonly current: Readonly<Record<SettingName, string | number | boolean>>;
  /** As the environment says. */
  readonly unsaved: Place['current'];
  readonly dataDir: string;
}

export type Changes = Partial<Record<SettingName, string | number | boolean | null>>;

/**
 * What of the request differs from what is set. An address sent back with its password hidden is unchanged; null, and
 * an empty address of the database, go back to what the environment says.
 * @throws AppError `invalid` naming the setting.
 */
export function changesOf(input: Change, { current, unsaved, dataDir }: Place): Changes {
  const changes: Changes = {};
  for (const [name, given] of Object.entries(input) as [SettingName, Change[SettingName]][]) {
    const now = current[name];
    if (given === undefined || given === now) continue;
    if (isAddress(name) && given === redacted(String(now))) continue;
    const value = typeof given === 'string' ? textOf(name, given, dataDir) : given;
    if ((value ?? unsaved[name]) === now) continue;
    if (isAddress(name) && isRedacted(String(value))) {
      throw invalid(name, 'Give the password, too: “***” stands for the one of the saved address.');
    }
    changes[name] = value ?? null;
  }
  return changes;
}

const isAddress = (name: SettingName): boolean => name === 'database_url' || name === 'redis_url';

function textOf(name: SettingName, given: string, dataDir: string): string {
  const text = given.trim();
  switch (name) {
    case 'sandbox_mode':
      if (!MODES.includes(text)) throw invalid(name, `Choose one of ${MODES.join(', ')}.`);
      return text;
    case 'database_url':
      if (text === '') return EMBEDDED;
      if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) {
        throw invalid(name, 'This must be an address such as postgresql://user:password@host:5432/name.');
      }
      return text;
    case 'redis_url':
      if (text !== '' && !/^[a-z][a-z\d+.-]*:\/\//i.test(text)) {
        throw invalid(name, 'This must be an address such as redis://host:6379/0, or empty.');
      }
      return text;
    case 'platform_base_url':
      if (text !== '' && !(/^https?:\/\//.test(text) && URL.canParse(text))) {
        throw invalid(name, 'This must be an address such as https://pipewright.example.com, or empty.');
      }
      return text;
    case 'log_file':
      if (text !== '' && logFileIn(dataDir, text) === null) {
        throw invalid(name, 'The file must be below the data directory.');
      }
      return text;
    default:
      return text;
  }
}
