'use client';

import { ExternalLink, RefreshCw } from 'lucide-react';
import { CodeBlock } from '#ui/code-block.tsx';
import { useConfirm } from '#ui/confirm-provider.tsx';
import { CopyButton } from '#ui/copy-button.tsx';
import { Field } from '#ui/field.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { Input } from '#ui/input.tsx';
import { Link } from '#ui/link.tsx';
import { NumberField } from '#ui/number-field.tsx';
import { Switch } from '#ui/switch.tsx';
import { TagField } from '#ui/tag-field.tsx';
import { Textarea } from '#ui/textarea.tsx';
import { originIn, type PageSettings, type PageWish, snippetOf } from './share-wish.ts';

export interface PartProps {
  wish: PageWish;
  change: (part: Partial<PageWish>) => void;
  faults: Readonly<Record<string, string>>;
}

/** The fault of a list is told at one of its entries. */
const faultAt = (faults: PartProps['faults'], name: string): string | undefined =>
  faults[name] ?? Object.entries(faults).find(([path]) => path.startsWith(`${name}.`))?.[1];

interface AddressProps extends PartProps {
  page: PageSettings;
  busy: boolean;
  renew: () => void;
}

export function AddressPart({ page, wish, change, busy, renew }: AddressProps) {
  const confirm = useConfirm();
  const ask = async (): Promise<void> => {
    const sure = await confirm({
      title: 'Give the chat a new address?',
      description: 'The old one stops working at once, and with it every link and widget that uses it.',
      confirmLabel: 'New address',
      tone: 'danger',
    });
    if (sure) renew();
  };
  return (
    <section className="flex flex-col gap-3">
      <Switch
        checked={wish.enabled ?? false}
        onCheckedChange={(enabled) => change({ enabled })}
        label="Hosted page"
        description="Whoever knows the address can chat. The address is random; share it as you like."
      />
      {page.enabled && page.path !== null ? (
        <div className="flex items-center gap-1">
          <code
            data-chat-address
            className="flex min-h-8 min-w-0 flex-1 items-center rounded-md border bg-sunken px-2.5 font-mono text-xs break-all select-all"
          >
            {window.location.origin + page.path}
          </code>
          <CopyButton value={window.location.origin + page.path} label="Copy link" size="md" />
          <Link
            href={window.location.origin + page.path}
            target="_blank"
            rel="noopener"
            aria-label="Open in new tab"
            className="grid size-8 place-items-center rounded-md text-muted hover:bg-hover hover:text-text"
          >
            <ExternalLink className="size-4" aria-hidden />
          </Link>
          <IconButton label="New address…" icon={<RefreshCw />} disabled={busy} onClick={() => void ask()} />
        </div>
      ) : null}
      {wish.enabled && !page.enabled ? (
        <p className="text-xs text-subtle">Save to open the page and see its address.</p>
      ) : null}
    </section>
  );
}

export function WordPart({ wish, change, faults }: PartProps) {
  return (
    <section className="flex flex-col gap-4">
      <Field label="Title" optional error={faults['title']} description="Empty: the name of the workflow.">
        <Input maxLength={100} value={wish.title} onValueChange={(title) => change({ title })} />
      </Field>
      <Field label="Welcome" optional error={faults['welcome']}>
        <Textarea
          rows={2}
          maxLength={2000}
          placeholder="Ask me about your order."
          value={wish.welcome}
          onValueChange={(welcome) => change({ welcome })}
        />
      </Field>
      <Field
        label="Suggestions"
        optional
        error={faultAt(faults, 'suggestions')}
        description="Up to 8 messages to begin with."
      >
        <TagField
          value={wish.suggestions ?? []}
          onValueChange={(next) => change({ suggestions: next.slice(0, 8) })}
          placeholder="Type a message, then Enter"
        />
      </Field>
      <Switch
        checked={wish.attachments_enabled ?? false}
        onCheckedChange={(attachments_enabled) => change({ attachments_enabled })}
        label="Files"
        description="Visitors may attach pictures and text files."
      />
    </section>
  );
}

export function EmbedPart({ page, wish, change, faults }: PartProps & { page: PageSettings }) {
  return (
    <section className="flex flex-col gap-3">
      <Switch
        checked={wish.embed_enabled ?? false}
        onCheckedChange={(embed_enabled) => change({ embed_enabled })}
        label="Widget on other sites"
        description="A button in the corner of your site that opens this chat."
      />
      {wish.embed_enabled ? (
        <>
          <Field
            label="Sites"
            error={faultAt(faults, 'allowed_origins')}
            description="Only pages of these sites may show the chat."
          >
            <TagField
              value={wish.allowed_origins ?? []}
              onValueChange={(next) => change({ allowed_origins: next.map(originIn) })}
              placeholder="https://www.example.com"
            />
          </Field>
          {page.embed_enabled && page.path !== null ? (
            <CodeBlock
              title="Put this into the pages of the site"
              code={snippetOf(window.location.origin, page.path)}
              wrap
            />
          ) : null}
        </>
      ) : null}
    </section>
  );
}

type Limit = 'visitor_per_minute' | 'page_per_minute' | 'network_percent' | 'daily_tokens' | 'daily_usd';

export function LimitPart({ page, wish, change, faults }: PartProps & { page: PageSettings }) {
  const number = (name: Limit) => ({
    value: wish[name] ?? null,
    onValueChange: (value: number | null) => change({ [name]: value ?? undefined }),
  });
  return (
    <section className="flex flex-col gap-3">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Messages of one visitor" error={faults['visitor_per_minute']}>
          <NumberField {...number('visitor_per_minute')} min={1} max={600} unit="a minute" />
        </Field>
        <Field label="Messages of all visitors" error={faults['page_per_minute']}>
          <NumberField {...number('page_per_minute')} min={1} max={10_000} unit="a minute" />
        </Field>
        <Field
          label="Tokens of all visitors"
          error={faults['daily_tokens']}
          description={`${page.used_tokens_today.toLocaleString('en')} used today (UTC).`}
        >
          <NumberField {...number('daily_tokens')} min={0} max={1_000_000_000} step={1000} unit="a day" />
        </Field>
        <Field
          label="Cost of all visitors"
          error={faults['daily_usd']}
          description={`$${page.used_usd_today.toFixed(4)} used today (UTC).`}
        >
          <NumberField {...number('daily_usd')} min={0} max={1_000_000} step={0.5} unit="$ a day" />
        </Field>
        <Field
          label="Share of one network"
          error={faults['network_percent']}
          description="What visitors from one address may use of all this together."
        >
          <NumberField {...number('network_percent')} min={1} max={100} unit="%" />
        </Field>
      </div>
    </section>
  );
}
