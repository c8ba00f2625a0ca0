'use client';

import { JOIN_POLICIES } from '#domain/graph/graph.ts';
import { Field } from '#ui/field.tsx';
import { Select } from '#ui/select.tsx';
import { useJoins } from '../canvas/join-mark.tsx';
import { JOIN_WORDS, type Join } from '../join-words.ts';

const ITEMS = JOIN_POLICIES.map((value) => ({
  value,
  label: JOIN_WORDS[value].title,
  description: JOIN_WORDS[value].explanation,
}));

/** When a node with several incoming edges runs. */
export function JoinField({
  node,
  value,
  onChange,
}: {
  node: string;
  value: Join;
  onChange: (join: Join) => void;
}) {
  const joins = useJoins(node);
  const hint = joins
    ? JOIN_WORDS[value].explanation
    : 'Matters once several edges end at this node; now at most one does.';
  return (
    <Field label="When several edges arrive" description={hint}>
      <Select items={ITEMS} value={value} onValueChange={onChange} ariaLabel="When several edges arrive" />
    </Field>
  );
}
