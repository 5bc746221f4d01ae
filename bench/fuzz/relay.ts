// A fixed address in front of a server that moves: PostgreSQL is started again on another port, and its clients are to find it without
// being told, as behind any connection proxy.
import { type AddressInfo, connect, createServer, type Server } from 'node:net';

export class Relay {
  readonly #server: Server;
  /** Port of the server now; connections are refused while there is none. */
  target: number | null;

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.target = target;
  }

  static async start(target: number): Promise<Relay> {
    const server = createServer();
    const relay = new Relay(server, target);
    server.on('connection', (client) => {
      client.on('error', () => client.destroy());
      if (relay.target === null) {
        client.destroy();
        return;
      }
      const upstream = connect(relay.target, '127.0.0.1');
      upstream.on('error', () => client.destroy());
      upstream.on('close', () => client.destroy());
      client.on('close', () => upstream.destroy());
      client.pipe(upstream).pipe(client);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return relay;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
  }
}
