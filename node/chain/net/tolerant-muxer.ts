// yamux writes to its connection in moments when nobody could catch what that throws: when a stream is opened or read while the other side
// hangs up, the whole process would end (@chainsafe/libp2p-yamux 8.0). What cannot be sent any more is dropped here; the streams hear of the end
// when the connection closes, which it does at once. It also tells the other side after every piece that it may send as much again, which is half
// of all packets where messages are small: here it does so once half of the window is used, as yamux's specification has it.
import { yamux } from '@chainsafe/libp2p-yamux';

type MakeYamux = ReturnType<typeof yamux>;
/** What yamux's streams have, and do not tell of. */
interface Windowed {
  readonly state: number;
  readonly recvWindow: number;
  readonly recvWindowCapacity: number;
  sendWindowUpdate(): void;
}
interface Open {
  send(data: unknown): boolean;
  _newStream(...options: unknown[]): Windowed;
}

/** Of a stream that both sides have agreed on: before, the same frame says that it opens. */
const established = 3;

export function tolerantYamux(options: Parameters<typeof yamux>[0]): MakeYamux {
  const makeFactory = yamux(options);
  return (...components) => {
    const factory = makeFactory(...components);
    const create = factory.createStreamMuxer.bind(factory);
    factory.createStreamMuxer = (connection) => {
      const created = create(connection);
      const muxer = created as unknown as Open;
      const send = muxer.send.bind(muxer);
      muxer.send = (data) => {
        try {
          return send(data);
        } catch {
          return false;
        }
      };
      const make = muxer._newStream.bind(muxer);
      muxer._newStream = (...options) => {
        const stream = make(...options);
        const update = stream.sendWindowUpdate.bind(stream);
        stream.sendWindowUpdate = () => {
          const { state, recvWindow, recvWindowCapacity } = stream;
          if (state !== established || 2 * recvWindowCapacity <= recvWindow) update();
        };
        return stream;
      };
      return created;
    };
    return factory;
  };
}
