import { describe, expect, it } from 'vitest';
import { changesOf, entryOf, listed } from './setting.ts';

const config = {
  pipelit_dir: '/data',
  sandbox_mode: 'auto',
  database_url: 'postgresql://a:***@db/x',
  redis_url: '',
  log_level: 'INFO',
  log_file: '',
  platform_base_url: '',
  cors_allow_all_origins: null,
  zombie_execution_threshold_seconds: null,
} as const;

describe('changesOf', () => {
  it('sends nothing that nobody changed, hidden passwords least of all', () => {
    expect(changesOf(config, entryOf(config))).toEqual({});
  });

  it('sends what differs, without spaces around it', () => {
    const entry = {
      ...entryOf(config),
      platform_base_url: ' https://a.example ',
      log_level: 'DEBUG' as const,
    };
    expect(changesOf(config, entry)).toEqual({ platform_base_url: 'https://a.example', log_level: 'DEBUG' });
  });

  it('takes an emptied number for zero', () => {
    const entry = { ...entryOf(config), zombie_execution_threshold_seconds: null };
    expect(changesOf({ ...config, zombie_execution_threshold_seconds: 60 }, entry)).toEqual({
      zombie_execution_threshold_seconds: 0,
    });
  });
});

describe('listed', () => {
  it('names settings as the form does', () => {
    expect(listed(['log_level', 'log_file'])).toBe('Log level and Log file');
    expect(listed(['something_new'])).toBe('something_new');
  });
});
