'use client';

import { createStore } from 'zustand/vanilla';
import { type LiveMessage, readMessage } from './live-message.ts';

export type { LiveMessage } from './live-message.ts';

/** `closed`: nobody listens. `reconnecting`: the connection was lost and is being tried again. */
export type LiveStatus = 'closed' | 'connecting' | 'open' | 'reconnecting';
/** Whether live messages arrive now; read it with `useStore(liveStore, …)` of zustand. */
export const liveStore = createStore<{ readonly status: LiveStatus }>(() => ({ status: 'closed' }));

export interface Subscription {
  /** Only run events after this one; it moves on by itself, so nothing is doubled or lost over a reconnect. */
  readonly afterSeq?: number;
  readonly onMessage: (message: LiveMessage) => void;
  /** The server has confirmed the channel; `again` after a lost connection: refetch what may have been missed. */
  readonly onReady?: (again: boolean) => void;
  /** The server refused the channel. */
  readonly onRefused?: (code: string) => void;
}

interface Listener {
  readonly subscription: Subscription;
  seq: number;
  /** The connection on which the server confirmed it last; 0 before. */
  connection: number;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** The server pings every 30 s; silence for longer means the line is dead. */
const SILENCE_MS = 45_000;
const LINGER_MS = 5_000;

const channels = new Map<string, Set<Listener>>();
let socket: WebSocket | null = null;
let connection = 0;
let failures = 0;
let reconnectTimer: ReturnType<typeof setTimeout> | undefined;
let silenceTimer: ReturnType<typeof setTimeout> | undefined;
let lingerTimer: ReturnType<typeof setTimeout> | undefined;

/**
 * Listens on a channel (`workflow:<slug>`, `execution:<id>`) over the one shared connection, across reconnects.
 * @returns the function that stops listening.
 */
export function subscribe(channel: string, subscription: Subscription): () => void {
  const listener: Listener = { subscription, seq: subscription.afterSeq ?? 0, connection: 0 };
  const listeners = channels.get(channel) ?? new Set();
  channels.set(channel, listeners.add(listener));
  clearTimeout(lingerTimer);
  if (socket?.readyState === WebSocket.OPEN) announce(channel);
  else connect();
  return () => leave(channel, listener);
}

function leave(channel: string, listener: Listener): void {
  const listeners = channels.get(channel);
  if (!listeners?.delete(listener) || listeners.size > 0) return;
  channels.delete(channel);
  send({ type: 'unsubscribe', channel });
  // Going from page to page leaves and joins within moments; keep the line for that long.
  if (channels.size === 0) lingerTimer = setTimeout(hangUp, LINGER_MS);
}

function hangUp(): void {
  clearTimeout(reconnectTimer);
  const old = socket;
  socket = null;
  old?.close(1000, 'Client disconnect');
  liveStore.setState({ status: 'closed' });
}

function send(message: Record<string, unknown>): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

/** Asks from the oldest event any listener still lacks; each listener drops what it has already seen. */
function announce(channel: string): void {
  const listeners = [...(channels.get(channel) ?? [])];
  const after = Math.min(...listeners.map((one) => one.seq));
  send({ type: 'subscribe', channel, ...(channel.startsWith('execution:') && { after_seq: after }) });
}

function connect(): void {
  if (socket || channels.size === 0) return;
  clearTimeout(reconnectTimer);
  const { protocol, host } = window.location;
  const opening = new WebSocket(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/ws/`);
  socket = opening;
  connection += 1;
  liveStore.setState({ status: failures === 0 ? 'connecting' : 'reconnecting' });
  opening.onopen = () => {
    for (const channel of channels.keys()) announce(channel);
    heard();
  };
  opening.onmessage = (event) => {
    heard();
    const message = readMessage(event.data);
    if (message) receive(message);
  };
  opening.onclose = () => {
    if (socket === opening) lost();
  };
}

function heard(): void {
  clearTimeout(silenceTimer);
  silenceTimer = setTimeout(() => socket?.close(), SILENCE_MS);
}

function lost(): void {
  socket = null;
  clearTimeout(silenceTimer);
  if (channels.size === 0) {
    liveStore.setState({ status: 'closed' });
    return;
  }
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures) * (0.75 + Math.random() / 2);
  failures += 1;
  liveStore.setState({ status: 'reconnecting' });
  reconnectTimer = setTimeout(connect, pause);
}

function receive(message: LiveMessage): void {
  switch (message.type) {
    case 'ping':
      send({ type: 'pong' });
      return;
    case 'subscribed':
      confirmed(message.channel);
      return;
    case 'error':
      for (const listener of channels.get(message.channel) ?? []) {
        listener.subscription.onRefused?.(String((message as { code?: unknown }).code ?? 'forbidden'));
      }
      return;
    default:
      for (const listener of channels.get(message.channel) ?? []) deliver(listener, message);
  }
}

function confirmed(channel: string): void {
  // Only an accepted channel proves that the line works: a server may accept and then close on a bad session.
  failures = 0;
  liveStore.setState({ status: 'open' });
  for (const listener of channels.get(channel) ?? []) {
    // Who joins a channel has it confirmed once more for those who were there; they have missed nothing.
    if (listener.connection === connection) continue;
    const again = listener.connection > 0;
    listener.connection = connection;
    listener.subscription.onReady?.(again);
  }
}

function deliver(listener: Listener, message: LiveMessage): void {
  const inOrder = message.channel.startsWith('execution:') && typeof message.seq === 'number';
  if (inOrder) {
    if ((message.seq ?? 0) <= listener.seq) return;
    listener.seq = message.seq ?? listener.seq;
  }
  listener.subscription.onMessage(message);
}

if (typeof window !== 'undefined') {
  window.addEventListener('online', () => {
    failures = 0;
    if (!socket) connect();
  });
}
