import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSkillFolder } from './skill-folder.ts';

let place: string;
let root: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'pipewright-skills-'));
  root = join(place, 'skills');
});
afterEach(() => rm(place, { recursive: true, force: true }));

const folder = () => createSkillFolder(root);
async function put(path: string, text: string | Buffer): Promise<void> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
const head = (name: string, description: string): string =>
  `---\nname: ${name}\ndescription: ${description}\n---\nDo it.`;

describe('packs', () => {
  test('are found in a folder and the folders in it, by name, with what their heads say', async () => {
    await put('support/refund/SKILL.md', head('refund', 'Money back'));
    await put(
      'support/angry/SKILL.md',
      '---\nname: "calm"\ndescription: >\n  Someone is\n  angry\n---\nBreathe.',
    );
    await put('plain/SKILL.md', 'No head.');
    await put('support/notes.txt', 'no skill');
    await put('.hidden/SKILL.md', head('hidden', ''));
    expect(await folder().packs('')).toEqual([
      { path: 'plain', name: 'plain', description: '' },
      { path: 'support/angry', name: 'calm', description: 'Someone is angry' },
      { path: 'support/refund', name: 'refund', description: 'Money back' },
    ]);
    expect(await folder().packs('support/refund')).toMatchObject([{ name: 'refund' }]);
    expect(await folder().packs(join(root, 'plain'))).toMatchObject([{ path: 'plain' }]);
  });

  test('a head that is no YAML is read line by line', async () => {
    await put('a/SKILL.md', head('refund', 'Use when: money, back'));
    expect(await folder().packs('a')).toMatchObject([
      { name: 'refund', description: 'Use when: money, back' },
    ]);
  });

  test.each([
    ['', 'skill_folder_missing', 'The folder of skills is not there'],
    ['support', 'skill_folder_missing', 'The folder “support” is not there'],
    ['\0', 'skill_folder_missing', 'is not there'],
    ['x'.repeat(999), 'skill_folder_missing', 'is not there'],
  ])('that are missing say so: %j', async (path, code, words) => {
    await expect(folder().packs(path)).rejects.toMatchObject({
      code,
      permanent: true,
      message: expect.stringContaining(words),
    });
  });

  test('an empty folder says so, and a file is none', async () => {
    await put('empty/readme.md', 'nothing');
    await expect(folder().packs('empty')).rejects.toMatchObject({ code: 'skill_folder_empty' });
    await expect(folder().packs('empty/readme.md')).rejects.toMatchObject({
      code: expect.stringMatching(/^skill_/),
    });
  });
});

describe('nothing outside of the folder is read', () => {
  beforeEach(async () => {
    await put('good/SKILL.md', head('good', ''));
    await put('good/more/form.md', 'A form.');
    await mkdir(join(place, 'secret'));
    await writeFile(join(place, 'secret', 'SKILL.md'), 'TOP SECRET');
    await mkdir(join(place, 'skills-too'));
    await writeFile(join(place, 'skills-too', 'SKILL.md'), 'TOP SECRET');
  });

  test.each(['..', '../secret', 'good/../../secret', '/etc', '../skills-too', 'good/../..'])(
    'by the path %s',
    async (path) => {
      await expect(folder().packs(path)).rejects.toMatchObject({ code: 'skill_folder_missing' });
    },
  );

  test('by a link', async () => {
    await symlink(join(place, 'secret'), join(root, 'linked'));
    await mkdir(join(root, 'sly'));
    await symlink(join(place, 'secret', 'SKILL.md'), join(root, 'sly', 'SKILL.md'));
    await symlink(join(place, 'secret', 'SKILL.md'), join(root, 'good', 'link.md'));
    await symlink('loop', join(root, 'loop'));
    await expect(folder().packs('linked')).rejects.toMatchObject({ code: 'skill_folder_missing' });
    await expect(folder().packs('loop')).rejects.toMatchObject({ code: 'skill_folder_missing' });
    await expect(folder().packs('sly')).rejects.toMatchObject({ code: 'skill_folder_empty' });
    expect(await folder().packs('')).toMatchObject([{ name: 'good' }]);
    await expect(folder().text({ path: 'good', file: 'link.md' })).rejects.toMatchObject({
      code: 'skill_file_missing',
    });
  });

  test('by the name of a file', async () => {
    expect(await folder().text({ path: 'good', file: 'SKILL.md' })).toContain('Do it.');
    expect(await folder().text({ path: 'good', file: 'more/form.md' })).toBe('A form.');
    await put('other/SKILL.md', 'Of another pack.');
    for (const file of [
      '../other/SKILL.md',
      '../../secret/SKILL.md',
      '/etc/passwd',
      'more',
      '',
      '.',
      'nope.md',
    ]) {
      await expect(folder().text({ path: 'good', file })).rejects.toMatchObject({
        code: 'skill_file_missing',
      });
    }
  });
});

test('what is too large or no text is refused', async () => {
  await put('big/SKILL.md', 'x'.repeat(200_001));
  await expect(folder().packs('big')).rejects.toMatchObject({ code: 'skill_too_large' });
  await put('odd/SKILL.md', head('odd', ''));
  await put('odd/picture.png', Buffer.from([1, 0, 2]));
  await expect(folder().text({ path: 'odd', file: 'picture.png' })).rejects.toMatchObject({
    code: 'skill_file_missing',
  });
});
