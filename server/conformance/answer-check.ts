import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Reply } from './client.ts';
import type { ApiDocument, Described } from './fuzz-request.ts';

/** Says what is wrong with an answer by the document, or null. */
export type AnswerCheck = (described: Described, reply: Reply) => string | null;

export function answerCheck(document: ApiDocument): AnswerCheck {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false });
  ajv.addSchema(document, 'document');
  const known = new Map<string, ValidateFunction>();
  const validatorFor = (pointer: string): ValidateFunction => {
    const found = known.get(pointer) ?? ajv.compile({ $ref: `document#${pointer}` });
    known.set(pointer, found);
    return found;
  };
  const places = new Map(
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => [
        operationId,
        `/paths/${escape(path)}/${method}`,
      ]),
    ),
  );
  return ({ operationId, responses }, reply) => {
    const response = responses[String(reply.status)];
    if (!response) return `The document knows no answer ${reply.status} of ${operationId}.`;
    if (reply.status === 204) return reply.text === '' ? null : 'There is a body after 204.';
    if (!/^application\/json\b/.test(reply.headers['content-type'] ?? '')) return 'The answer is no JSON.';
    const place =
      typeof response.$ref === 'string'
        ? response.$ref.slice(1)
        : `${places.get(operationId) ?? ''}/responses/${reply.status}`;
    const validate = validatorFor(`${place}/content/application~1json/schema`);
    return validate(reply.body) ? null : `The answer breaks its schema: ${ajv.errorsText(validate.errors)}`;
  };
}

const escape = (key: string): string => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));
