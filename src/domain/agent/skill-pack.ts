/** A folder with a SKILL.md, as agents are told of it. */
export interface SkillPack {
  /** Below the folder of all packs. */
  readonly path: string;
  readonly name: string;
  readonly description: string;
}

/** The text of a pack's SKILL.md, or of another file of it. */
export interface PackFile {
  /** Of the pack. */
  readonly path: string;
  /** Within the pack. */
  readonly file: string;
}

export const PACK_FILE = 'SKILL.md';
