import { examplePath, exampleRest } from './example.ts';
import type { Prepared } from './operation.ts';

const CONTINUED = ' \\\n  ';

/** What the examples need to know beforehand, as shell variables. */
export const PREPARATION = `BASE=http://localhost:3000/api/v1
KEY=$(curl -s "$BASE/auth/token/" -H 'Content-Type: application/json' \\
  -d '{"username": "ada", "password": "…"}' | sed 's/.*"key":"\\([^"]*\\)".*/\\1/')`;

/** A call of the operation for a shell: works when pasted after {@link PREPARATION}. */
export function curlExample(prepared: Prepared): string {
  const { operation, takesBody } = prepared;
  const values = examplePath(prepared);
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_match, key: string) => values[key] ?? key);
  const rest = exampleRest(prepared);
  const query = takesBody ? '' : new URLSearchParams(Object.entries(rest).map(textPair)).toString();
  const method = operation.method === 'get' ? '' : `-X ${operation.method.toUpperCase()} `;
  const sendsBody = takesBody && Object.keys(rest).length > 0;
  return [
    `curl ${method}"$BASE${path}/${query && `?${query}`}"`,
    ...headersFor(operation.access),
    ...(sendsBody
      ? ["-H 'Content-Type: application/json'", `-d '${quoted(JSON.stringify(rest, null, 1))}'`]
      : []),
  ].join(CONTINUED);
}

const textPair = ([key, value]: [string, unknown]): [string, string] => [
  key,
  typeof value === 'object' ? JSON.stringify(value) : String(value),
];

/** What is shown in place of somebody's key. */
const SHELL_KEYS: Readonly<Record<string, string>> = { gateway: '$GATEWAY_TOKEN', visitor: '$VISIT_TOKEN' };
const SCRIPT_KEYS: Readonly<Record<string, string>> = { gateway: 'gatewayToken', visitor: 'visitToken' };

function headersFor(access: string): string[] {
  if (access === 'public') return [];
  return [`-H "Authorization: Bearer ${SHELL_KEYS[access] ?? '$KEY'}"`];
}

/** On one line with a blank after each comma, and safe within single quotes. */
const quoted = (json: string): string => json.replaceAll(/\n\s*/g, ' ').replaceAll("'", "'\\''");

/** The same call for a browser or Node. */
export function fetchExample(prepared: Prepared): string {
  const { operation, takesBody } = prepared;
  const values = examplePath(prepared);
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_match, key: string) =>
    scriptName(values[key] ?? key),
  );
  const rest = exampleRest(prepared);
  const query = takesBody ? '' : new URLSearchParams(Object.entries(rest).map(textPair)).toString();
  const sendsBody = takesBody && Object.keys(rest).length > 0;
  const key = SCRIPT_KEYS[operation.access] ?? 'key';
  const headers = [
    ...(operation.access === 'public' ? [] : [`authorization: \`Bearer \${${key}}\``]),
    ...(sendsBody ? ["'content-type': 'application/json'"] : []),
  ];
  const options = [
    ...(operation.method === 'get' ? [] : [`method: '${operation.method.toUpperCase()}'`]),
    ...(headers.length > 0 ? [`headers: { ${headers.join(', ')} }`] : []),
    ...(sendsBody
      ? [`body: JSON.stringify(${JSON.stringify(rest, null, 1).replaceAll(/\n\s*/g, ' ')})`]
      : []),
  ];
  const address = `\`\${base}${path}/${query && `?${query}`}\``;
  const call =
    options.length === 0 ? `fetch(${address})` : `fetch(${address}, {\n  ${options.join(',\n  ')},\n})`;
  return operation.status === 204
    ? `const { status } = await ${call};`
    : `const answer = await ${call};\nconst data = await answer.json();`;
}

/** `$EXECUTION_ID` of the shell is `executionId` here. */
function scriptName(value: string): string {
  if (!value.startsWith('$')) return value;
  const name = value
    .slice(1)
    .toLowerCase()
    .replaceAll(/_(\w)/g, (_match, letter: string) => letter.toUpperCase());
  return `\${${name}}`;
}

/** The shell variables that the paths of these operations name, with where to find their values. */
export function variablesOf(operations: readonly Prepared[]): string[] {
  const names = operations.flatMap((one) => Object.values(examplePath(one)));
  return [...new Set(names.filter((name) => name.startsWith('$')))].toSorted();
}
