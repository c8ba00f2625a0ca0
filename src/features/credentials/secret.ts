/** A secret as a form holds it. What is stored is never known here, only its mask. */
export interface Secret {
  /** Null: nothing is stored. */
  readonly masked: string | null;
  /** Null: what is stored stays. */
  readonly text: string | null;
}

export const NO_SECRET: Secret = { masked: null, text: '' };

/** What an API answer shows of a stored secret; empty or absent when there is none. */
export function keptSecret(shown: unknown): Secret {
  return typeof shown === 'string' && shown !== '' ? { masked: shown, text: null } : NO_SECRET;
}

/** As it is sent by itself: absent when it stays. */
export const changedSecret = ({ text }: Secret): string | undefined => text ?? undefined;

/** As it is sent inside something that is replaced as a whole: the mask stands for what is stored. */
export const secretInside = ({ masked, text }: Secret): string => text ?? masked ?? '';

/** Whether there will be a secret once the form is saved. */
export const hasSecret = ({ masked, text }: Secret): boolean =>
  text === null ? masked !== null : text !== '';
