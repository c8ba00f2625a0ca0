'use client';

import type { GraphNode, NodeSettings } from '#domain/graph/graph.ts';
import { nodeTitle } from '#domain/graph/graph.ts';
import type { AnyDefinition } from '#domain/node/definition.ts';
import { portsOf } from '#domain/node/definition.ts';
import { Field } from '#ui/field.tsx';
import { NumberField } from '#ui/number-field.tsx';
import { Select } from '#ui/select.tsx';
import { useActions } from '../command/actions-context.ts';
import { useEditor } from '../editor-context.ts';
import { CodeMirror } from './code-mirror.tsx';
import { JoinField } from './join-field.tsx';
import { RetryFields } from './retry-fields.tsx';

const ON_ERROR_ITEMS = [
  { value: 'fail' as const, label: 'Fail the run' },
  { value: 'continue' as const, label: 'Go on with a fallback' },
  { value: 'route' as const, label: 'Go the error way' },
];
const ON_ERROR_HINT = {
  fail: 'The run ends as failed.',
  continue: 'Every output gives the fallback value below.',
  route: 'The node gains an output “Error” that is taken instead of the others.',
} as const;
const DEFAULT_TIMEOUT_S = 60;

/** What the engine does around the node: time limit, retries, errors, joining. */
export function SettingsForm({ node, definition }: { node: GraphNode; definition: AnyDefinition }) {
  const { definitionOf } = useEditor();
  const actions = useActions();
  const { settings } = node;
  const set = (name: string, next: NodeSettings): void => {
    const commands = [{ kind: 'update_node' as const, id: node.id, settings: next }];
    actions.change({
      name: `Change ${name} of ${nodeTitle(node)}`,
      commands,
      mergeKey: `settings:${node.id}:${name}`,
    });
  };
  const joins = portsOf(node, definitionOf).inputs.length > 0;
  return (
    <div className="flex flex-col gap-5">
      <Field label="Time limit" description="A step that takes longer fails; it may be tried again.">
        <NumberField
          value={settings.timeoutMs === undefined ? null : settings.timeoutMs / 1000}
          onValueChange={(seconds) => set('time limit', withTimeout(settings, seconds))}
          min={0.1}
          max={86_400}
          unit="s"
          placeholder={String((definition.timeoutMs ?? DEFAULT_TIMEOUT_S * 1000) / 1000)}
          ariaLabel="Time limit"
        />
      </Field>
      <RetryFields settings={settings} onChange={(next) => set('retry', next)} />
      <Field label="On error" description={ON_ERROR_HINT[settings.onError]}>
        <Select
          items={ON_ERROR_ITEMS}
          value={settings.onError}
          onValueChange={(onError) => set('error handling', { ...settings, onError })}
          ariaLabel="On error"
        />
      </Field>
      {settings.onError === 'continue' ? (
        <Fallback settings={settings} onChange={(next) => set('fallback', next)} />
      ) : null}
      {joins ? (
        <JoinField
          node={node.id}
          value={settings.join}
          onChange={(join) => set('start', { ...settings, join })}
        />
      ) : null}
    </div>
  );
}

function withTimeout(settings: NodeSettings, seconds: number | null): NodeSettings {
  const { timeoutMs: _old, ...rest } = settings;
  return seconds === null ? rest : { ...rest, timeoutMs: Math.round(seconds * 1000) };
}

interface PartProps {
  settings: NodeSettings;
  onChange: (settings: NodeSettings) => void;
}

function Fallback({ settings, onChange }: PartProps) {
  const parse = (text: string): NodeSettings['fallback'] => {
    try {
      return JSON.parse(text) as NodeSettings['fallback'];
    } catch {
      return text;
    }
  };
  return (
    <div className="flex flex-col gap-1.5">
      <span className="text-sm font-medium">Fallback</span>
      <CodeMirror
        label="Fallback"
        mode="json"
        value={settings.fallback === undefined ? '' : JSON.stringify(settings.fallback, null, 2)}
        sameAs={(text) => JSON.stringify(parse(text)) === JSON.stringify(settings.fallback)}
        onChange={(text) => onChange({ ...settings, fallback: parse(text) })}
      />
      <span className="text-xs text-subtle">A JSON value. Left empty, outputs give null.</span>
    </div>
  );
}
