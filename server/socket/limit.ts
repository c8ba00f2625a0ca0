/** The figures sockets are held to. Tests shorten the times; nothing else changes them. */
export interface SocketLimits {
  /** How often the clock looks at every socket. */
  readonly tickMs: number;
  /** A socket nothing was sent on for this long gets a ping… */
  readonly pingAfterMs: number;
  /** …and is closed with 4408 when no pong follows within this. */
  readonly pongWithinMs: number;
  /** How often rights are looked up again. */
  readonly recheckMs: number;
  /** Unsent bytes beyond which sending pauses. */
  readonly holdBytes: number;
  /** Unsent bytes, paused ones included, beyond which the client is dropped with 1013. */
  readonly maxBytes: number;
  /** A paused client that takes nothing for this long is dropped with 1013. */
  readonly stalledMs: number;
  /** A client that does not answer the close by then is cut off. */
  readonly closeWithinMs: number;
  /** The first refusal of an address is delayed by this; each further one twice as long, at most 30 times this. */
  readonly refusalMs: number;
  /** Refusals of an address within a minute after which the handshake itself answers 401. */
  readonly refusalsPerMinute: number;
  readonly maxSubscriptions: number;
  readonly maxSocketsPerUser: number;
  readonly messagesPerSecond: number;
  /** Messages at once on top of that: a client restores all its channels in one go. */
  readonly messageBurst: number;
  readonly maxBadFrames: number;
}

export const LIMITS: SocketLimits = {
  tickMs: 1000,
  pingAfterMs: 30_000,
  pongWithinMs: 10_000,
  recheckMs: 3000,
  holdBytes: 1024 * 1024,
  maxBytes: 4 * 1024 * 1024,
  stalledMs: 30_000,
  closeWithinMs: 3000,
  refusalMs: 1000,
  refusalsPerMinute: 20,
  maxSubscriptions: 100,
  maxSocketsPerUser: 20,
  messagesPerSecond: 20,
  messageBurst: 100,
  maxBadFrames: 10,
};

export const MAX_PAYLOAD_BYTES = 64 * 1024;

/** Why a socket is closed, as the client sees it. */
export const CLOSE = {
  done: 1000,
  refused: 1008,
  restart: 1012,
  later: 1013,
  silent: 4408,
} as const;

export const REFUSED_REASON = 'Invalid or missing token';
