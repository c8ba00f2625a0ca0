/** What the renderer posts to a template thread. */
export interface TemplateMessage {
  templates: string[];
  /** JSON text of the roots the templates name. */
  scope: string;
  /** Whether a missing value is an error. */
  strict: boolean;
}

/** What the thread posts back: the texts in the order of the templates, or the first thing that went wrong. */
export type TemplateReply =
  | { kind: 'rendered'; texts: string[] }
  | { kind: 'missing'; expression: string }
  | { kind: 'failed'; code: 'template_error' | 'template_limit'; message: string };
