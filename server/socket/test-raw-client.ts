import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A WebSocket client made of a bare TCP connection, for tests: it reads nothing past the handshake until told to. */
export class RawClient {
  readonly #socket: Socket;
  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Connects and ends reading with the answer's head. @throws when the server does not switch protocols. */
  static async open(port: number, path: string): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    const key = randomBytes(16).toString('base64');
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    const [head] = (await once(socket, 'data')) as [Buffer];
    socket.pause();
    if (!head.toString().startsWith('HTTP/1.1 101')) throw new Error(head.toString());
    return new RawClient(socket);
  }

  send(message: object): void {
    const body = Buffer.from(JSON.stringify(message));
    if (body.length > 125) throw new Error('Only short messages.');
    const mask = randomBytes(4);
    const masked = body.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
    this.#socket.write(Buffer.concat([Buffer.of(0x81, 0x80 | body.length), mask, masked]));
  }

  /** Reads what is left until the other side has hung up. @returns how many bytes that was. */
  async drain(): Promise<number> {
    let bytes = 0;
    this.#socket.on('data', (part: Buffer) => {
      bytes += part.length;
    });
    const closed = once(this.#socket, 'close');
    this.#socket.resume();
    await closed;
    return bytes;
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
