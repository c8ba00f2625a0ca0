'use client';

import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import { OPERATORS, UNARY_OPERATORS } from '#domain/graph/operator-name.ts';
import { Button } from '#ui/button.tsx';
import { IconButton } from '#ui/icon-button.tsx';
import { Input } from '#ui/input.tsx';
import { Select } from '#ui/select.tsx';
import { CodeMirror } from './code-mirror.tsx';
import type { FieldSpec } from './field-spec.ts';
import type { Suggestion } from './suggestion.ts';

interface Rule {
  readonly id?: string;
  readonly label?: string;
  readonly left?: unknown;
  readonly field?: string;
  readonly operator: string;
  readonly value?: unknown;
}

interface RuleListProps {
  label: string;
  field: Pick<FieldSpec, 'name' | 'rows' | 'perItem'>;
  value: readonly unknown[];
  onChange: (rules: Rule[]) => void;
  errors: ReadonlyMap<string, string>;
  suggestions: () => readonly Suggestion[];
}

const WORDS: Readonly<Record<string, string>> = {
  gt: 'is greater than',
  lt: 'is less than',
  gte: 'is at least',
  lte: 'is at most',
  equals: 'equals',
  not_equals: 'does not equal',
  after: 'is after (date)',
  before: 'is before (date)',
  after_or_equal: 'is on or after (date)',
  before_or_equal: 'is on or before (date)',
  length_eq: 'has length',
  length_neq: 'has not length',
  length_gt: 'is longer than',
  length_lt: 'is shorter than',
  length_gte: 'is at least this long',
  length_lte: 'is at most this long',
  matches_regex: 'matches pattern',
  not_matches_regex: 'does not match pattern',
};

const OPERATOR_ITEMS = OPERATORS.map((value) => ({
  value: value as string,
  label: WORDS[value] ?? value.replaceAll('_', ' '),
}));
const LEFT_ITEMS = [
  { value: 'left', label: 'Reference' },
  { value: 'field', label: 'Input path' },
];

const textOf = (value: unknown): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);

/** An id no other rule has. It may name a port, so it never changes afterwards. */
function freshId(rules: readonly Rule[]): string {
  const taken = new Set(rules.map((rule) => rule.id));
  let count = rules.length + 1;
  while (taken.has(`rule_${count}`)) count++;
  return `rule_${count}`;
}

/** A rule with the parts that this node's rules have. */
function freshRule(rules: readonly Rule[], has: (part: string) => boolean): Rule {
  return {
    ...(has('id') && { id: freshId(rules) }),
    ...(has('left') && { left: '' }),
    field: '',
    operator: 'equals',
    value: '',
  };
}

/** Comparisons in an order that matters: ways out of a switch, tests of an item. */
export function RuleList({ label, field, value, onChange, errors, suggestions }: RuleListProps) {
  const rules = value as readonly Rule[];
  const has = (part: string): boolean => field.rows.some((one) => one.name === part);
  const edit = (at: number, part: Partial<Rule>): void =>
    onChange(rules.map((rule, index) => (index === at ? { ...rule, ...part } : rule)));
  const swap = (a: number, b: number): void => {
    const next = [...rules];
    const [one, other] = [next[a], next[b]];
    if (!one || !other) return;
    next[a] = other;
    next[b] = one;
    onChange(next);
  };
  return (
    <div role="group" aria-label={label} className="flex flex-col gap-2">
      {rules.map((rule, at) => (
        <div
          key={rule.id ?? at}
          className="flex flex-col gap-1.5 rounded-lg border border-border bg-sunken p-2"
        >
          <div className="flex items-center gap-1">
            {has('label') ? (
              <Input
                value={rule.label ?? ''}
                onValueChange={(text) => edit(at, { label: text })}
                aria-label={`Rule ${at + 1} label`}
                placeholder={`Rule ${at + 1}`}
                inputSize="sm"
                className="min-w-0 flex-1 font-medium"
              />
            ) : (
              <span className="flex-1 pl-1 text-xs font-medium text-subtle">Rule {at + 1}</span>
            )}
            <IconButton
              label={`Move rule ${at + 1} up`}
              icon={<ArrowUp />}
              size="sm"
              disabled={at === 0}
              onClick={() => swap(at, at - 1)}
            />
            <IconButton
              label={`Move rule ${at + 1} down`}
              icon={<ArrowDown />}
              size="sm"
              disabled={at === rules.length - 1}
              onClick={() => swap(at, at + 1)}
            />
            <IconButton
              label={`Remove rule ${at + 1}`}
              icon={<X />}
              size="sm"
              onClick={() => onChange(rules.filter((_, index) => index !== at))}
            />
          </div>
          <RuleBody
            rule={rule}
            at={at}
            byPathOnly={field.perItem || !has('left')}
            edit={(part) => edit(at, part)}
            suggestions={suggestions}
          />
          <RuleError errors={errors} path={`${field.name}.${at}.`} />
        </div>
      ))}
      <Button
        size="sm"
        icon={<Plus />}
        className="self-start"
        onClick={() => onChange([...rules, freshRule(rules, has)])}
      >
        Add rule
      </Button>
    </div>
  );
}

interface BodyProps {
  rule: Rule;
  at: number;
  /** There is one kind of left side, so there is nothing to choose. */
  byPathOnly: boolean;
  edit: (part: Partial<Rule>) => void;
  suggestions: () => readonly Suggestion[];
}

function RuleBody({ rule, at, byPathOnly, edit, suggestions }: BodyProps) {
  const byPath = byPathOnly || rule.left === undefined;
  const unary = (UNARY_OPERATORS as readonly string[]).includes(rule.operator);
  return (
    <>
      <div className="flex items-start gap-1.5">
        {byPathOnly ? null : (
          <Select
            items={LEFT_ITEMS}
            value={byPath ? 'field' : 'left'}
            onValueChange={(kind) =>
              edit(kind === 'left' ? { left: '', field: '' } : { left: undefined, field: '' })
            }
            ariaLabel={`Rule ${at + 1} looks at`}
            className="w-28 shrink-0"
          />
        )}
        <div className="min-w-0 flex-1">
          {byPath ? (
            <Input
              value={rule.field ?? ''}
              onValueChange={(field) => edit({ field })}
              aria-label={`Rule ${at + 1} value`}
              placeholder={byPathOnly ? 'order.total (empty: the item)' : 'order.total'}
              mono
            />
          ) : (
            <CodeMirror
              value={textOf(rule.left)}
              onChange={(left) => edit({ left })}
              label={`Rule ${at + 1} value`}
              mode="template"
              singleLine
              placeholder="{{ trigger.body.amount }}"
              suggestions={suggestions}
            />
          )}
        </div>
      </div>
      <div className="flex items-start gap-1.5">
        <Select
          items={OPERATOR_ITEMS}
          value={rule.operator}
          onValueChange={(operator) => edit({ operator })}
          ariaLabel={`Rule ${at + 1} operator`}
          className={unary ? 'w-full' : 'w-2/5 shrink-0'}
        />
        {unary ? null : (
          <div className="min-w-0 flex-1">
            <CodeMirror
              value={textOf(rule.value)}
              onChange={(text) => edit({ value: text })}
              label={`Rule ${at + 1} compare with`}
              mode="template"
              singleLine
              placeholder="100"
              suggestions={suggestions}
            />
          </div>
        )}
      </div>
    </>
  );
}

function RuleError({ errors, path }: { errors: ReadonlyMap<string, string>; path: string }) {
  const own = [...errors].find(([one]) => one.startsWith(path));
  return own ? <p className="text-xs text-danger-text">{own[1]}</p> : null;
}
