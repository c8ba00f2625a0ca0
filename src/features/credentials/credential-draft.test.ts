import { describe, expect, test } from 'vitest';
import type { Credential } from './credential.ts';
import { draftOf, faultsOf, newDraft, usualHostsOf } from './credential-draft.ts';
import { faultsFrom, inputOf } from './credential-input.ts';

const stored = (more: Partial<Credential>): Credential =>
  ({ id: 1, name: 'Shop', credential_type: 'tool', detail: {}, hosts: [], ...more }) as Credential;
const typed = (text: string) => ({ masked: null, text });

describe('a new credential', () => {
  test('is asked for what its type cannot do without', () => {
    expect(Object.keys(faultsOf(newDraft('llm')))).toEqual(['name']);
    expect(Object.keys(faultsOf(newDraft('git')))).toEqual(['name', 'access_token']);
    expect(Object.keys(faultsOf(newDraft('gateway')))).toEqual(['name', 'token']);
    expect(Object.keys(faultsOf(newDraft('tool'))).sort()).toEqual(['authToken', 'hosts', 'name']);
    expect(Object.keys(faultsOf(newDraft('tool', 'smtp'))).sort()).toEqual(['host', 'name']);
  });

  test('goes to the hosts of its provider by itself', () => {
    expect(usualHostsOf(newDraft('llm'))).toEqual(['api.openai.com']);
    expect(usualHostsOf(newDraft('git'))).toContain('api.github.com');
    expect(usualHostsOf(newDraft('tool'))).toEqual([]);
    expect(inputOf(newDraft('llm'))).toMatchObject({ hosts: null });
  });

  test('is sent as the API takes it', () => {
    const draft = newDraft('tool');
    const tool = { ...draft.tool, auth: 'header', authName: 'X-Key', token: typed('s3cret') } as const;
    expect(inputOf({ ...draft, name: ' Shop ', hosts: ['shop.example'], tool })).toEqual({
      name: 'Shop',
      hosts: ['shop.example'],
      detail: { tool_type: 'http', config: { auth: 'header', name: 'X-Key', token: 's3cret' } },
    });
  });

  test('a host that is none is told of', () => {
    expect(faultsOf({ ...newDraft('llm'), name: 'x', hosts: ['not a host'] }).hosts).toContain('not a host');
  });
});

describe('a stored credential', () => {
  test('keeps its secret unless another is typed', () => {
    const detail = {
      provider_type: 'openai',
      api_key: 'sk-a****wxyz',
      base_url: '',
      custom_headers: { 'X-A': '****' },
    };
    const draft = draftOf(stored({ credential_type: 'llm', detail, hosts: ['api.openai.com'] }));
    const sent = inputOf(draft);
    expect(sent.detail).not.toHaveProperty('api_key');
    expect(sent.detail).toMatchObject({ custom_headers: { 'X-A': '****' } });
    expect(sent.hosts).toBeNull();
    const replaced = { ...draft, llm: { ...draft.llm, apiKey: { masked: 'sk-a****wxyz', text: 'new' } } };
    expect(inputOf(replaced).detail).toMatchObject({ api_key: 'new' });
  });

  test('sends a tool’s config whole, the mask in place of what stays, and nothing of its own is lost', () => {
    const config = { auth: 'bearer', token: 'abcd****wxyz', region: 'eu' };
    const draft = draftOf(stored({ detail: { tool_type: 'http', config }, hosts: ['shop.example'] }));
    expect(faultsOf(draft)).toEqual({});
    expect(inputOf(draft)).toMatchObject({ detail: { config }, hosts: ['shop.example'] });
  });

  test('recognises its provider by the address', () => {
    const detail = {
      provider_type: 'openai_compatible',
      base_url: 'https://api.groq.com/openai/v1/',
      api_key: '****',
    };
    expect(draftOf(stored({ credential_type: 'llm', detail })).llm.preset).toBe('groq');
    const own = { ...detail, base_url: 'http://10.0.0.7/v1' };
    expect(draftOf(stored({ credential_type: 'llm', detail: own })).llm.preset).toBe('other');
  });
});

test('complaints of the server stand at the fields of the form', () => {
  expect(faultsFrom({ fields: { 'detail.base_url': 'No.', 'hosts.0': 'No host.' }, message: '' })).toEqual({
    base_url: 'No.',
    hosts: 'No host.',
  });
  expect(faultsFrom({ fields: { 'detail.unheard_of': 'No.' }, message: '' })).toEqual({ '': 'No.' });
  expect(faultsFrom({ fields: {}, message: 'The message gateway answered 500.' })).toEqual({
    '': 'The message gateway answered 500.',
  });
});
