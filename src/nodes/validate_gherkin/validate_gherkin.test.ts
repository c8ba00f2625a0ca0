import { describe, expect, it } from 'vitest';
import { cpuClock, outputsOf, portsText } from '#domain/node/step-fixture.ts';
import { checkGherkin } from './check.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const good = `# A comment
@shop
Feature: Buying
  As somebody I want to buy.

  Background:
    Given a shop

  Rule: Only with money
    Scenario: Enough money
      When I pay
        | coin | count |
        | 1    | 2     |
      Then I get it
        """
        Feature: this is text
        """
      And I am happy

    Scenario Outline: Many
      When I pay <sum>
      Then I get <thing>
      Examples:
        | sum | thing |
        | 1   | bread |
`;
const codes = (text: string) => {
  const { lint_errors, lint_warnings } = checkGherkin(text);
  return [...lint_errors, ...lint_warnings].map(({ code, line }) => `${code}:${line}`);
};
const steps = '    Given a\n    When b\n    Then c\n';

it('finds nothing wrong with a feature that is well written', () => {
  expect(checkGherkin(good)).toEqual({ valid: true, parse_errors: [], lint_errors: [], lint_warnings: [] });
  const german =
    '# language: de\nFunktionalität: A\n  Szenario: B\n    Angenommen x\n    Wenn y\n    Dann z\n';
  expect(checkGherkin(german)).toMatchObject({ valid: true, parse_errors: [], lint_warnings: [] });
});

describe('syntax', () => {
  it.each([
    [`Scenario: A\n${steps}`, 1],
    ['Feature: A\nFeature: B\n', 2],
    ['Feature: A\n  Scenario: B\n    Given a\n    Whenever b\n', 4],
    ['Feature: A\n  Scenario: B\n    Given a\n      | x | y |\n      | 1 |\n', 5],
    ['Feature: A\n  Scenario: B\n    Given a\n      | x\n', 4],
    ['Feature: A\n  Scenario: B\n    Given a\n    """\n    open\n', 4],
    ['Feature: A\n  Examples:\n    | a |\n', 2],
    ['# language: xx\nFeature: A\n', 1],
    [`Feature: A\n  Scenario: B\n${steps}  @late\n`, 6],
  ])('refuses %j at its line', (text, line) => {
    const { valid, parse_errors } = checkGherkin(text);
    expect(valid).toBe(false);
    expect(parse_errors[0]?.line).toBe(line);
  });
});

describe('lint', () => {
  it.each([
    ['# nothing but a comment', ['W003:1']],
    [`Feature:\n  Scenario: A\n${steps}`, ['W001:1']],
    [`Feature: A\n  Scenario:\n${steps}`, ['W002:2']],
    ['Feature: A\n', ['W004:1']],
    ['Feature: A\n  Scenario: B\n', ['W005:2']],
    [`Feature: A\n  Background:\n  Scenario: B\n${steps}`, ['W006:2']],
    ['Feature: A\n  Scenario: B\n    And x\n', ['C001:2', 'C002:2', 'C003:2']],
    [`Feature: A\n  Scenario: B\n${steps}  Scenario: B\n${steps}`, ['C004:6']],
    [
      'Feature: A\n  Scenario Outline: B\n    Given <a>\n    When b\n    Then <z>\n    Examples:\n      | a |\n      | 1 |\n',
      ['E001:5'],
    ],
  ])('%j: %j', (text, found) => {
    expect(codes(text)).toEqual(found);
  });

  it('only errors make it invalid', () => {
    expect(checkGherkin(`Feature:\n  Scenario: A\n${steps}`).valid).toBe(true);
    expect(checkGherkin('Feature: A\n  Scenario Outline: B\n    Given <a>\n').valid).toBe(false);
  });
});

it('is quick with a large text', () => {
  const elapsed = cpuClock();
  checkGherkin(`Feature: A\n${`  Scenario: B\n${steps}`.repeat(8000)}`);
  checkGherkin(`Feature: A\n  Scenario: B\n    Given ${'|<'.repeat(100_000)}`);
  expect(elapsed()).toBeLessThan(3000);
});

it('runs as a step, of the form or of what arrives', async () => {
  const run = (config: Record<string, unknown>, input?: unknown) =>
    outputsOf(definition, execute, { config, inputs: { input } });
  expect(await run({}, good)).toMatchObject({ valid: true });
  expect(await run({ spec: 'nothing' }, good)).toMatchObject({
    valid: false,
    output: { parse_errors: [{ line: 1 }] },
  });
  await expect(run({}, ' ')).rejects.toMatchObject({ code: 'missing_value' });
  expect(portsText(definition)).toEqual([['input: any'], ['output: object', 'valid: boolean']]);
});
