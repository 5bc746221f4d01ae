// libp2p 3 calls `Promise.withResolvers`, which Node has from 22 on. Imported before libp2p wherever that is imported.

interface WithResolvers {
  withResolvers?: <Value>() => {
    promise: Promise<Value>;
    resolve: (value: Value | PromiseLike<Value>) => void;
    reject: (reason?: unknown) => void;
  };
}

const promises = Promise as unknown as WithResolvers;
if (!promises.withResolvers)
  Object.defineProperty(Promise, 'withResolvers', {
    configurable: true,
    writable: true,
    value: <Value>() => {
      let resolve!: (value: Value | PromiseLike<Value>) => void;
      let reject!: (reason?: unknown) => void;
      const promise = new Promise<Value>((yes, no) => {
        resolve = yes;
        reject = no;
      });
      return { promise, resolve, reject };
    },
  });
