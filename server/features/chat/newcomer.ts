import { AppError } from '#domain/problem.ts';
import { Buckets } from '../token-bucket.ts';
import type { OpenPage } from './page.ts';
import { shareOf } from './page-usage.ts';

/** However small a page's limits are, so many people may come from one network in a minute. */
const LEAST = 10;

/**
 * Holds back whoever takes one new visit after the other. Counted by each process for itself, as all requests of
 * strangers are; what the visits may send is counted by all processes together.
 */
export class Newcomers {
  readonly #buckets = new Buckets(LEAST);

  /** @throws AppError `too_many` */
  admit({ page_id, page_per_minute, network_percent }: OpenPage, network: string): void {
    const most = Math.max(LEAST, shareOf(page_per_minute, network_percent));
    const wait = this.#buckets.take(`${page_id} ${network}`, most);
    if (wait === 0) return;
    const detail = 'Too many people from your network have come just now. Wait a moment, then try again.';
    throw new AppError('too_many', detail, { retryAfterSeconds: wait });
  }
}
