import type { Config } from '#server/config.ts';
import { createEgress, type Egress } from '#server/egress/client.ts';
import { createMailer, type Mailer } from '#server/mail/mailer.ts';
import { createGateway, type Gateway } from './gateway.ts';

/** The ways out that trying credentials takes. */
export interface Outbound {
  readonly egress: Egress;
  readonly mailer: Mailer;
  readonly gateway: Gateway;
  close(): Promise<void>;
}

/** The gateway is the operator's own choice, so it may be private; nothing else gets there for that. */
export function createOutbound({ egressAllow, gateway }: Pick<Config, 'egressAllow' | 'gateway'>): Outbound {
  const egress = createEgress({ allow: egressAllow });
  const toGateway = createEgress({ allow: gateway ? [hostAndPort(gateway.url)] : [] });
  return {
    egress,
    mailer: createMailer({ allow: egressAllow }),
    gateway: createGateway(gateway, toGateway),
    close: async () => {
      await Promise.all([egress.close(), toGateway.close()]);
    },
  };
}

function hostAndPort(address: string): string {
  const { hostname, port, protocol } = new URL(address);
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}
