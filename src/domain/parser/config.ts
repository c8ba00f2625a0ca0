import { z } from 'zod';

export const PARSER_TYPES = ['json', 'regex', 'list'] as const;
const LONGEST_PATTERN = 1000;

/** How an Output parser reads a text, whether it runs as a step or is plugged into another node. */
export const parserConfig = z
  .object({
    parser_type: z
      .enum(PARSER_TYPES)
      .default('json')
      .describe(
        'json: a JSON value, also inside other text. regex: what a pattern finds. list: one entry per line.',
      )
      .meta({ title: 'Read as', field: { control: 'select', group: 'required' } }),
    pattern: z
      .string()
      .max(LONGEST_PATTERN)
      .default('')
      .describe(
        'A regular expression (RE2). With named groups an object comes out, else the texts that were found.',
      )
      .meta({
        title: 'Pattern',
        field: {
          control: 'text',
          group: 'required',
          placeholder: 'Order (?P<number>\\d+)',
          when: { field: 'parser_type', in: ['regex'] },
        },
      }),
    on_failure: z
      .enum(['fail', 'text'])
      .default('fail')
      .describe('fail: what cannot be read fails the step. text: the text itself comes out.')
      .meta({ title: 'When it cannot be read', field: { control: 'select', group: 'common' } }),
  })
  .superRefine(({ parser_type, pattern }, context) => {
    if (parser_type === 'regex' && pattern === '') {
      context.addIssue({ code: 'custom', path: ['pattern'], message: 'Write the pattern to look for.' });
    }
  });
export type ParserConfig = z.output<typeof parserConfig>;
