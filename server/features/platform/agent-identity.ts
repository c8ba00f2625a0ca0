import type { Contract } from '#contract/contract.ts';
import { may, refusal } from '#domain/access/permission.ts';
import { AppError } from '#domain/problem.ts';
import { type HandlersOf, type RequestContext, signedIn } from '../handler.ts';

export interface IdentityOptions {
  readonly agents: HandlersOf<Contract['agents']>;
  readonly credentials: HandlersOf<Contract['credentials']>;
  /** Where this installation is reached: the only place the key is ever sent to. */
  readonly publicUrl: string;
}

export interface AgentIdentity {
  readonly username: string;
  readonly credential_id: number;
  readonly credential_name: string;
  /** False: it was there already. */
  readonly created: boolean;
}

/**
 * An agent user with a credential that holds its key, made once: nobody sees the key. One whose credential has been
 * deleted is made anew, since its key is lost.
 */
export async function provideAgent(
  { agents, credentials, publicUrl }: IdentityOptions,
  context: RequestContext,
  { username, purpose }: { readonly username: string; readonly purpose: string },
): Promise<AgentIdentity> {
  const viewer = signedIn(context);
  if (!may(viewer, 'credential.edit')) throw new AppError('forbidden', refusal('credential.edit'));
  const name = `agent ${username}`;
  const page = { limit: 1000, offset: 0 };
  const stored = await credentials.list(context, { ...page, q: name, type: 'tool' });
  const credential = stored.items.find((one) => one.name === name);
  const listed = await agents.list(context, { ...page, q: username });
  const agent = listed.items.find((one) => one.username === username && one.created_by === viewer.username);
  if (agent && credential) {
    return { username, credential_id: credential.id, credential_name: name, created: false };
  }
  if (agent) await agents.delete(context, { user_id: agent.id });
  if (credential) await credentials.remove(context, { credential_id: credential.id });
  const { id, key } = await agents.create(context, { username, purpose });
  try {
    const made = await credentials.create(context, {
      name,
      credential_type: 'tool',
      detail: { tool_type: 'http', config: { auth: 'bearer', token: key } },
      hosts: [publicUrl],
    });
    return { username, credential_id: made.id, credential_name: name, created: true };
  } catch (error) {
    // Its key would be lost.
    await agents.delete(context, { user_id: id });
    throw error;
  }
}
