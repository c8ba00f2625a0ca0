import { z } from 'zod';
import { type Message, message } from '../chat/message.ts';
import { StepError } from '../node/executor.ts';
import { textOfValue } from '../node/json-field.ts';
import { withoutSealed } from './state.ts';

/**
 * What an agent is to answer: the text of its template, else what arrived. Instructions to the system that arrive
 * with a conversation stay behind: an agent has its own.
 * @throws StepError `no_input` when there is nothing
 */
export function messagesFor(arrived: unknown, template: string): Message[] {
  if (template.trim() !== '') return [{ role: 'user', content: template }];
  // Nor does what only a provider can have sealed: whoever wrote it here is not the provider.
  const found = withoutSealed(conversationOf(arrived).filter((one) => one.role !== 'system'));
  if (found.length > 0) return found;
  const problem = 'Nothing arrived that could be answered. Connect the port Messages or fill in “Message”.';
  throw new StepError('no_input', problem, { permanent: true });
}

const list = z.array(message);

function conversationOf(value: unknown): Message[] {
  const many = list.safeParse(value);
  if (many.success) return many.data;
  const one = message.safeParse(value);
  if (one.success) return [one.data];
  const text = textOfValue(value);
  return text === '' ? [] : [{ role: 'user', content: text }];
}
