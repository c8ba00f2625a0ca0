/** What a line of Gherkin begins with, by what it means. */
export type StepKind = 'context' | 'action' | 'outcome' | 'more';
export type BlockKind = 'feature' | 'rule' | 'background' | 'scenario' | 'outline' | 'examples';

export interface Keywords {
  readonly blocks: Readonly<Record<BlockKind, readonly string[]>>;
  readonly steps: Readonly<Record<StepKind, readonly string[]>>;
}

const english: Keywords = {
  blocks: {
    feature: ['Feature', 'Business Need', 'Ability'],
    rule: ['Rule'],
    background: ['Background'],
    outline: ['Scenario Outline', 'Scenario Template'],
    scenario: ['Scenario', 'Example'],
    examples: ['Examples', 'Scenarios'],
  },
  steps: { context: ['Given'], action: ['When'], outcome: ['Then'], more: ['And', 'But', '*'] },
};

const german: Keywords = {
  blocks: {
    feature: ['Funktionalität', 'Funktion'],
    rule: ['Regel', 'Rule'],
    background: ['Grundlage', 'Hintergrund', 'Voraussetzungen', 'Vorbedingungen'],
    outline: ['Szenariogrundriss', 'Szenarien'],
    scenario: ['Szenario', 'Beispiel'],
    examples: ['Beispiele'],
  },
  steps: {
    context: ['Angenommen', 'Gegeben sei', 'Gegeben seien'],
    action: ['Wenn'],
    outcome: ['Dann'],
    more: ['Und', 'Aber', '*'],
  },
};

/** By the name in `# language:`; undefined for a language that is not known here. */
export const keywordsOf = (language: string): Keywords | undefined =>
  ({ en: english, de: german })[language.toLowerCase()];

/** The block a line begins, and its name; null for any other line. */
export function blockIn(line: string, { blocks }: Keywords): { kind: BlockKind; name: string } | null {
  for (const [kind, words] of Object.entries(blocks) as [BlockKind, readonly string[]][]) {
    const word = words.find((one) => line.startsWith(`${one}:`));
    if (word !== undefined) return { kind, name: line.slice(word.length + 1).trim() };
  }
  return null;
}

/** The step a line is; null for any other line. */
export function stepIn(line: string, { steps }: Keywords): StepKind | null {
  for (const [kind, words] of Object.entries(steps) as [StepKind, readonly string[]][]) {
    if (words.some((word) => line.startsWith(`${word} `))) return kind;
  }
  return null;
}
