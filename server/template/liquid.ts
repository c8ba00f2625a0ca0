import { Liquid, type Template } from 'liquidjs';

/** Filters that are left out: those that evaluate a text as an expression, hashes, and `raw`, which skips JSON. */
const FILTERS: ReadonlySet<string> = new Set(
  (
    'escape xml_escape escape_once newline_to_br strip_html abs at_least at_most ceil divided_by floor minus plus ' +
    'modulo times round url_decode url_encode slugify join last first reverse sort sort_natural size map sum ' +
    'compact concat slice where reject group_by has find find_index uniq date date_to_xmlschema date_to_rfc822 ' +
    'date_to_string date_to_long_string append prepend lstrip rstrip strip downcase upcase capitalize remove ' +
    'remove_first remove_last split strip_newlines squish replace replace_first replace_last truncate truncatewords ' +
    'normalize_whitespace number_of_words array_to_sentence_string base64_encode base64_decode default to_integer'
  ).split(' '),
);

/** Tags that read other templates; there are none to read. */
const FORBIDDEN_TAGS = ['include', 'render', 'layout', 'block'];

const NO_FILES = {
  readFile: () => Promise.reject(new Error('There are no template files.')),
  readFileSync: () => {
    throw new Error('There are no template files.');
  },
  exists: () => Promise.resolve(false),
  existsSync: () => false,
  contains: () => Promise.resolve(false),
  containsSync: () => false,
  resolve: (_dir: string, file: string) => file,
};

/** Limits of one template: characters parsed, milliseconds rendered, and units of memory as Liquid counts them. */
export const PARSE_LIMIT = 100_000;
export const RENDER_LIMIT_MS = 200;
const MEMORY_LIMIT = 1_000_000;

/** An engine that can only read its scope: no files, no functions, own properties, and limits on everything. */
export function createLiquid(): Liquid {
  const liquid = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: true,
    lenientIf: true,
    parseLimit: PARSE_LIMIT,
    renderLimit: RENDER_LIMIT_MS,
    memoryLimit: MEMORY_LIMIT,
    timezoneOffset: 0,
    fs: NO_FILES,
    relativeReference: false,
    outputEscape: asOutput,
  });
  for (const name of Object.keys(liquid.filters)) if (!FILTERS.has(name)) delete liquid.filters[name];
  for (const name of FORBIDDEN_TAGS) delete liquid.tags[name];
  liquid.registerFilter('json', (value: unknown, indent: unknown) => asJson(value, indent));
  return liquid;
}

export type ParsedLiquid = Template[];

function asJson(value: unknown, indent: unknown): string {
  return JSON.stringify(value ?? null, null, typeof indent === 'number' ? Math.min(indent, 8) : undefined);
}

/** Objects and lists appear in text as JSON, like in templates without Liquid. */
function asOutput(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined || typeof value === 'function') return '';
  return typeof value === 'object' ? asJson(value, undefined) : String(value);
}
