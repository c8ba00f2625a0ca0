import { loadConfig } from '../config.ts';
import { connect } from '../db/connection.ts';
import { startEmbedded } from '../db/embedded/start.ts';
import { migrateToLatest } from '../db/migrate.ts';
import { resetMfaFor, resetPasswordFor } from '../features/accounts/operator.ts';
import { savedDatabaseUrl } from '../features/settings/database-address.ts';

/**
 * npm run account -- reset-password <username>: sets a random password and prints it, this once.
 * npm run account -- reset-mfa <username>: turns MFA off for somebody who lost their device and recovery codes.
 * Both sign that user out everywhere, and work whether Pipewright runs or not. Exit code 0: done; 1: it could not be
 * done; 2: the command is not one of these.
 */
const COMMANDS = ['reset-password', 'reset-mfa'];

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
const complain = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** @returns whether there is such a user. */
async function run(url: string, command: string, username: string): Promise<boolean> {
  await migrateToLatest(url);
  const connection = connect(url, 1);
  try {
    if (command === 'reset-mfa') {
      const done = await resetMfaFor(connection.db, username);
      if (done) say(`MFA is off for ${username}, who is signed out everywhere.`);
      return done;
    }
    const password = await resetPasswordFor(connection.db, username);
    if (password !== null) {
      say(`The password of ${username}, who is signed out everywhere, is now:\n${password}`);
      say('Have it changed after the next sign-in.');
    }
    return password !== null;
  } finally {
    await connection.close();
  }
}

async function inDatabase(work: (url: string) => Promise<boolean>): Promise<boolean> {
  const config = loadConfig(undefined, []);
  const address = config.databaseUrl ?? (await savedDatabaseUrl(config.dataDir));
  if (address !== null) return work(address);
  const embedded = await startEmbedded({ dataDir: config.dataDir, log: () => undefined });
  try {
    return await work(embedded.url);
  } finally {
    await embedded.stop();
  }
}

const [command = '', username = '', ...rest] = process.argv.slice(2);
if (!COMMANDS.includes(command) || username === '' || rest.length > 0) {
  complain('Usage: npm run account -- reset-password|reset-mfa <username>');
  process.exitCode = 2;
} else {
  try {
    if (!(await inDatabase((url) => run(url, command, username)))) {
      complain(`There is no user ${username}.`);
      process.exitCode = 1;
    }
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
