'use client';

import { CodeBlock } from '#ui/code-block.tsx';
import { CopyButton } from '#ui/copy-button.tsx';
import { useDocument } from '../editor-context.ts';
import { WebhookSecret } from './webhook-secret.tsx';

interface WebhookAddressProps {
  nodeId: string;
  method: string;
  /** How callers show that they may call. */
  auth: string;
}

/** What a caller shows, as options of curl; nothing for signatures, which have to be computed. */
const SHOWN: Readonly<Record<string, string>> = {
  bearer: ` -H 'Authorization: Bearer <secret>'`,
  basic: ` -u 'webhook:<secret>'`,
  hmac: ` -H 'X-Signature: t=<unix seconds>,v1=<HMAC-SHA256 of "t.body">'`,
};

/** Where a webhook trigger is called, once the node is saved, and with which secret. */
export function WebhookAddress({ nodeId, method, auth }: WebhookAddressProps) {
  const path = useDocument((state) => state.webhooks[nodeId]);
  if (!path) return <p className="text-sm text-subtle">The address appears here once the node is saved.</p>;
  const url = path.startsWith('http') ? path : new URL(path, window.location.origin).href;
  const body = method === 'GET' ? '' : ` -H 'Content-Type: application/json' -d '{"name":"Ada"}'`;
  return (
    <div className="flex flex-col gap-2">
      <span className="text-sm font-medium">Address</span>
      <div className="flex min-w-0 items-center gap-1 rounded-md border border-strong bg-sunken py-1 pr-1 pl-2.5">
        <code data-webhook-url className="min-w-0 flex-1 truncate font-mono text-xs" title={url}>
          {url}
        </code>
        <CopyButton value={url} label="Copy address" size="sm" />
      </div>
      <CodeBlock
        code={`curl -X ${method} '${url}'${SHOWN[auth] ?? ''}${body}`}
        title="Try it"
        language="shell"
        wrap
      />
      {auth === 'none' ? (
        <span className="text-xs text-warning-text">
          Anyone who knows the address can start this workflow.
        </span>
      ) : (
        <WebhookSecret key={nodeId} nodeId={nodeId} />
      )}
    </div>
  );
}
