import type { Executor } from '#domain/node/executor.ts';
import { textOfValue } from '#domain/node/json-field.ts';
import type { definition } from './definition.ts';

/** Where triggers say who writes, by the channel the id belongs to where it has one of its own. */
const ID_PATHS = [
  'user_id',
  'from.id',
  'message.from.id',
  'sender.id',
  'sender',
  'visitor_id',
  'email',
  'chat_id',
  'chat.id',
  'user.id',
];
const NAME_PATHS = [
  'display_name',
  'from.first_name',
  'message.from.first_name',
  'username',
  'name',
  'user.name',
];
const CHANNEL_PATHS = ['channel', 'protocol'];

export const execute: Executor<typeof definition> = async (
  { inputs, config, trigger },
  { memory, once, place },
) => {
  const given = inputs['trigger_input'] ?? trigger;
  const { triggerKind } = place();
  const channel =
    textOfValue(inputs['channel']) || config.channel || textAt(given, CHANNEL_PATHS) || triggerKind;
  // Who chats is known better than by what the message says.
  const isChat = triggerKind === 'chat' && inputs['trigger_input'] === undefined;
  const externalId = config.external_id || (isChat ? '' : textAt(given, ID_PATHS));
  const displayName = config.display_name || textAt(given, NAME_PATHS) || null;
  const request = { kind: 'identify', channel, externalId, displayName } as const;
  const found = await once({ key: 'identify', kind: 'tool', title: 'identify', request }, () =>
    memory(request),
  );
  return {
    kind: 'done',
    outputs: { user_id: found.userId, user_context: found.context, is_new_user: found.isNew },
  };
};

/** The first text or number at one of some dotted paths. */
function textAt(value: unknown, paths: readonly string[]): string {
  for (const path of paths) {
    let found = value;
    for (const key of path.split('.')) {
      const isObject = typeof found === 'object' && found !== null && Object.hasOwn(found, key);
      found = isObject ? (found as Readonly<Record<string, unknown>>)[key] : undefined;
    }
    if (typeof found === 'number' || (typeof found === 'string' && found.trim() !== ''))
      return String(found).trim();
  }
  return '';
}
