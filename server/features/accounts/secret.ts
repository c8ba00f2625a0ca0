import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits as 43 URL-safe characters. */
export const randomSecret = (): string => randomBytes(32).toString('base64url');

/** How keys and session tokens are stored. They are random enough that a fast hash is safe. */
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();
