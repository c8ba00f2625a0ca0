import type { z } from 'zod';
import { workflowDocument } from '#contract/workflow.ts';
import { EMPTY_GRAPH, type Graph } from '#domain/graph/graph.ts';
import { type Problem, validateGraph } from '#domain/graph/validate.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import type { WorkflowCheck } from '#domain/node/executor.ts';
import { AppError } from '#domain/problem.ts';
import { applyChecked, checkGraph } from './graph-check.ts';
import { commandsFor } from './workflow-writer.ts';
import { readYaml } from './yaml.ts';

const MAX_BYTES = 256 * 1024;
const MAX_MESSAGES = 100;

type Counts = Pick<WorkflowCheck, 'nodeCount' | 'edgeCount'>;

/**
 * Checks the text of a workflow document, YAML or JSON, as an import and the canvas would. Nothing is stored.
 * Whatever is wrong with the document is in the answer; it never throws for it.
 */
export function checkDocument(text: string, definitionOf: DefinitionOf): WorkflowCheck {
  if (Buffer.byteLength(text) > MAX_BYTES) {
    return refused([`The document is larger than ${MAX_BYTES / 1024} KiB. Import it in the editor instead.`]);
  }
  const read = readDocument(text);
  if ('errors' in read) return refused(read.errors, read.counts);
  return checkDrawn(read, definitionOf);
}

function readDocument(text: string): Graph | { errors: string[]; counts?: Counts } {
  try {
    const value = readYaml(text);
    const document = workflowDocument.safeParse(value);
    if (document.success) return document.data;
    return { errors: document.error.issues.map(issueText), counts: countsOf(value) };
  } catch (error) {
    const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { errors: [`The document is not valid YAML or JSON: ${why.replace(/[:.]?$/, '.')}`] };
  }
}

function checkDrawn({ nodes, edges }: Graph, definitionOf: DefinitionOf): WorkflowCheck {
  const graph: Graph = { nodes, edges };
  const counts = { nodeCount: nodes.length, edgeCount: edges.length };
  const drawn = drawnFrom(graph, definitionOf);
  // What an import would not even store is not looked at more closely.
  if ('errors' in drawn) return refused(drawn.errors, counts);
  const problems = validateGraph(drawn, definitionOf);
  const ofLevel = (level: Problem['level']): string[] =>
    problems
      .filter((problem) => problem.level === level)
      .map((problem) => problem.message)
      .slice(0, MAX_MESSAGES);
  const errors = ofLevel('error');
  return { valid: errors.length === 0, errors, warnings: ofLevel('warning'), ...counts };
}

/** The graph as an import would draw it, or why it would not. */
function drawnFrom(graph: Graph, definitionOf: DefinitionOf): Graph | { errors: string[] } {
  try {
    const drawn = applyChecked(EMPTY_GRAPH, commandsFor(graph));
    checkGraph(EMPTY_GRAPH, drawn, definitionOf);
    return drawn;
  } catch (error) {
    if (error instanceof AppError) return { errors: messagesOf(error) };
    throw error;
  }
}

function messagesOf({ detail }: AppError): string[] {
  if (typeof detail === 'string') return [detail];
  if ('validation_errors' in detail) return [...detail.validation_errors];
  return detail.map((one) => one.msg);
}

function refused(errors: readonly string[], counts: Counts = { nodeCount: 0, edgeCount: 0 }): WorkflowCheck {
  return { valid: false, errors: errors.slice(0, MAX_MESSAGES), warnings: [], ...counts };
}

const issueText = ({ path, message }: z.core.$ZodIssue): string =>
  `${path.map(String).join('.') || 'The document'}: ${message}`;

/** How much a document that does not fit the form seems to hold. */
function countsOf(value: unknown): Counts {
  const lengthOf = (key: string): number => {
    const list: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : null;
    return Array.isArray(list) ? list.length : 0;
  };
  return { nodeCount: lengthOf('nodes'), edgeCount: lengthOf('edges') };
}
