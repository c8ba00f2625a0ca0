import type { ApiDocument, Described } from './fuzz-request.ts';

/** How a caller of the generated types looks: the shape of openapi-fetch, without its code. */
const PRELUDE = `import type { paths } from './api.d.ts';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Content<T> = T extends { content: { 'application/json': infer C } } ? C : undefined;
type Parameters<O> = O extends { parameters: infer P } ? { [K in keyof P as P[K] extends undefined ? never : K]: P[K] } : never;
type Body<O> = O extends { requestBody: infer B } ? Content<B> : O extends { requestBody?: infer B } ? Content<NonNullable<B>> | undefined : undefined;
type Responses<O> = O extends { responses: infer R } ? R : never;
type Good<R> = { [S in keyof R]: S extends 200 | 201 | 202 | 204 ? Content<R[S]> : never }[keyof R];
type Bad<R> = { [S in keyof R]: S extends 200 | 201 | 202 | 204 ? never : Content<R[S]> }[keyof R];

declare function call<P extends keyof paths, M extends Method & keyof paths[P]>(
  method: M,
  path: P,
  init: { params: Parameters<paths[P][M]>; body: Body<paths[P][M]> },
): { data: Good<Responses<paths[P][M]>>; error: Bad<Responses<paths[P][M]>> };

/** Fails to compile for \`any\` and \`never\`: types that say nothing. */
declare function said<T>(value: 0 extends 1 & T ? ['any'] : [T] extends [never] ? ['never'] : T): void;
`;

/** Calls to every operation of a document in terms of the types that openapi-typescript makes of it. */
export function typedCalls(document: ApiDocument): string {
  const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => callText(path, method, described)),
  );
  return `${PRELUDE}\n${calls.join('\n')}`;
}

function callText(path: string, method: string, { operationId, parameters, requestBody }: Described): string {
  const needed = (where: 'path' | 'query'): string[] => {
    const values = (parameters ?? [])
      .filter((one) => one.in === where && (where === 'path' || one.required === true))
      .map(({ name, schema }) => `${name}: ${schema.type === 'integer' ? '1' : "'x'"}`);
    return values.length > 0 ? [`${where}: { ${values.join(', ')} }`] : [];
  };
  const example = requestBody?.content['application/json'].example;
  const params = `{ ${[...needed('path'), ...needed('query')].join(', ')} }`;
  const body = example === undefined ? 'undefined' : JSON.stringify(example);
  const place = `'${method}', '${path}'`;
  return `{
  // ${operationId}
  const { data, error } = call(${place}, { params: ${params}, body: ${body} });
  said(data);
  said(error.detail);
  const code: string = error.code;
  void code;
}`;
}
