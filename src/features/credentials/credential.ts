import type { OutputOf } from '#contract/contract.ts';

export type CredentialPage = OutputOf<'credentials', 'list'>;
export type Credential = CredentialPage['items'][number];
export type TestResult = OutputOf<'credentials', 'test'>;
