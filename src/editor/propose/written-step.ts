const COMMAND = /"do"\s*:\s*"(\w+)"((?:(?!"do"\s*:)[\s\S])*)/g;
const WORDS: Readonly<Record<string, string>> = {
  add_node: 'Add',
  change_node: 'Change',
  remove_node: 'Remove',
  add_edge: 'Connect',
  remove_edge: 'Disconnect',
};

/** What an unfinished answer proposes so far, one line for each command whose subject is written already. */
export function stepsWritten(text: string): string[] {
  return [...text.matchAll(COMMAND)].flatMap(([, kind = '', rest = '']) => {
    const verb = WORDS[kind];
    const value = (key: string): string | undefined =>
      new RegExp(`"${key}"\\s*:\\s*"([^"]+)"`).exec(rest)?.[1];
    const subject = kind.endsWith('_edge')
      ? value('to') && `${value('from') ?? ''} → ${value('to') ?? ''}`
      : (value('title') ?? value('id'));
    return verb && subject ? [`${verb} ${subject}`] : [];
  });
}
