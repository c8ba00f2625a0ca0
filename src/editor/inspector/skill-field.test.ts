import { expect, test } from 'vitest';
import { definition } from '#nodes/skill/definition.ts';
import { fieldsOf, isShown } from './field-spec.ts';

const shown = (config: Record<string, unknown>): string[] =>
  fieldsOf(definition)
    .filter((field) => isShown(field, config))
    .map(({ name }) => name);
const WRITTEN = ['name', 'description', 'instructions'];

test('a skill asks for its text or for its folder, and for both only where it does not say', () => {
  expect(definition.starter).toEqual({ skill_source: 'text' });
  expect(shown({ skill_source: 'text' })).toEqual(['skill_source', ...WRITTEN]);
  expect(shown({ skill_source: 'filesystem' })).toEqual(['skill_source', 'skill_path']);
  expect(shown({ skill_path: 'support' })).toEqual(['skill_source', 'skill_path', ...WRITTEN]);
});
