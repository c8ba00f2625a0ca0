import { type BlockKind, blockIn, type Keywords, keywordsOf, type StepKind, stepIn } from './keyword.ts';

export interface ParseError {
  readonly message: string;
  /** From 1. */
  readonly line: number;
}

interface Step {
  readonly kind: StepKind;
  text: string;
  readonly line: number;
}

export interface Block {
  readonly kind: BlockKind;
  readonly name: string;
  readonly line: number;
  readonly steps: Step[];
  /** Of examples: the names of the columns. */
  columns: string[] | null;
}

export interface Parsed {
  readonly errors: readonly ParseError[];
  /** In the order they are written. */
  readonly blocks: readonly Block[];
}

/** Which blocks may come right after which; the beginning of the text is null. */
const AFTER: Readonly<Record<BlockKind, readonly (BlockKind | null)[]>> = {
  feature: [null],
  rule: ['feature', 'rule', 'background', 'scenario', 'outline', 'examples'],
  background: ['feature', 'rule'],
  scenario: ['feature', 'rule', 'background', 'scenario', 'outline', 'examples'],
  outline: ['feature', 'rule', 'background', 'scenario', 'outline', 'examples'],
  examples: ['scenario', 'outline', 'examples'],
};

/** Reads a feature as far as it can be read; errors come in the order of the lines. */
export function parseGherkin(text: string): Parsed {
  const reader = new Reader();
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) reader.take(line.trim(), index + 1);
  return reader.end();
}

class Reader {
  private readonly errors: ParseError[] = [];
  private readonly blocks: Block[] = [];
  private keywords = keywordsOf('en') as Keywords;
  /** The mark that ends the text block a line is in. */
  private fence: { readonly mark: string; readonly line: number } | null = null;
  /** Cells of the table a line may continue. */
  private cells: number | null = null;
  /** Tags wait for what they belong to. */
  private tagged: number | null = null;

  take(line: string, at: number): void {
    if (this.fence) {
      if (line.startsWith(this.fence.mark)) this.fence = null;
      else this.extend(line);
      return;
    }
    if (line === '') return;
    if (line.startsWith('#')) return this.comment(line, at);
    if (line.startsWith('|')) return this.row(line, at);
    this.cells = null;
    if (line.startsWith('"""') || line.startsWith('```')) return this.open(line, at);
    if (line.startsWith('@')) {
      this.tagged = at;
      return;
    }
    this.text(line, at);
  }

  end(): Parsed {
    if (this.fence) this.refuse(`The text block is never closed with ${this.fence.mark}.`, this.fence.line);
    if (this.tagged !== null)
      this.refuse('Tags belong before a feature, rule, scenario or examples.', this.tagged);
    return { errors: this.errors, blocks: this.blocks };
  }

  private get last(): Block | undefined {
    return this.blocks.at(-1);
  }

  private refuse(message: string, line: number): void {
    this.errors.push({ message, line });
  }

  private comment(line: string, at: number): void {
    const language = /^#\s*language\s*:\s*([\w-]+)/i.exec(line)?.[1];
    if (language === undefined || this.blocks.length > 0) return;
    const found = keywordsOf(language);
    if (found) this.keywords = found;
    else this.refuse(`The language ${language} is not known here; en and de are.`, at);
  }

  private text(line: string, at: number): void {
    const block = blockIn(line, this.keywords);
    if (block) return this.begin(block, at);
    const step = stepIn(line, this.keywords);
    if (step) return this.step(step, line, at);
    const { last } = this;
    // Between the head of a block and its first step, any text describes it.
    if (last && last.steps.length === 0 && last.columns === null) return;
    const shown = line.length > 80 ? `${line.slice(0, 80)}…` : line;
    this.refuse(`“${shown}” is no step and begins nothing. Check the keyword, and the colon after it.`, at);
  }

  private begin({ kind, name }: { kind: BlockKind; name: string }, at: number): void {
    const before = this.last?.kind ?? null;
    if (!AFTER[kind].includes(before)) {
      this.refuse(
        `There can be no ${kind} ${before === null ? 'before the feature' : `right after the ${before}`}.`,
        at,
      );
    }
    if (this.tagged !== null && kind === 'background') this.refuse('A background has no tags.', this.tagged);
    this.tagged = null;
    this.blocks.push({ kind, name, line: at, steps: [], columns: null });
  }

  private step(kind: StepKind, text: string, at: number): void {
    const { last } = this;
    const takes = last && ['background', 'scenario', 'outline'].includes(last.kind);
    if (takes) last.steps.push({ kind, text, line: at });
    // A description may begin with such a word.
    else if (last?.kind !== 'feature' && last?.kind !== 'rule')
      this.refuse('A step stands outside a scenario.', at);
  }

  private open(line: string, at: number): void {
    this.fence = { mark: line.slice(0, 3), line: at };
    if (!this.last?.steps.length) this.refuse('A text block belongs to a step.', at);
  }

  private row(line: string, at: number): void {
    const cells = line.split(/(?<!\\)\|/).slice(1, -1);
    if (!/(?<!\\)\|$/.test(line) || line.length === 1)
      return this.refuse('A row of a table ends with |.', at);
    if (this.cells !== null && this.cells !== cells.length) {
      this.refuse(`This row has ${cells.length} cells, the one before it ${this.cells}.`, at);
    }
    this.cells = cells.length;
    const { last } = this;
    if (last?.kind === 'examples') last.columns ??= cells.map((cell) => cell.trim());
    else if (last?.steps.length) this.extend(line);
    else this.refuse('A table belongs to a step or to examples.', at);
  }

  /** Tables and text blocks count as part of their step. */
  private extend(line: string): void {
    const step = this.last?.steps.at(-1);
    if (step) step.text += `\n${line}`;
  }
}
