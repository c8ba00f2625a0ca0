import type { Config } from '../config.ts';

/** How long the launcher may take to give the port up. */
const patience = 5_000;

/**
 * Asks the launcher (`npm run up`), which answers 503 on our port until now, to give it up; call it just before
 * listening. Does nothing when started without the launcher (which passes --launched). `onLauncherGone` is called if the launcher dies
 * later, so that a killed `npm run up` does not leave a server behind.
 */
export async function takeOverPort(
  { launched }: Pick<Config, 'launched'>,
  onLauncherGone: () => void,
): Promise<void> {
  // A channel alone proves nothing: `node --watch` opens one as well.
  if (!launched || process.send === undefined || !process.connected) return;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The launcher did not give the port up.')), patience);
    process.on('message', function waiting(message) {
      if (message !== 'port free') return;
      clearTimeout(timer);
      process.off('message', waiting);
      resolve();
    });
    process.send?.('port please');
  });
  process.once('disconnect', onLauncherGone);
  // Being able to notice the launcher's death must not keep us alive.
  process.channel?.unref();
}
