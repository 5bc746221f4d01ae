// GraphQL over HTTP as the specification's own audit sees it (graphql-http), and the gateway of a foreign supergraph.
import { createServer } from 'node:http';
import { serverAudits } from 'graphql-http';
import { createYoga } from 'graphql-yoga';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OperationContext, ReadPoint, ReadSet } from '#node/platform/operation.ts';
import { createBuilder, FEDERATION_SPEC } from '../builder.ts';
import { composeSupergraph } from '../compose/compose-supergraph.ts';
import { toSubgraph } from '../subgraph.ts';
import { type ServedSupergraph, serveSupergraphFile } from './serve-supergraph-file.ts';
import { createSmallSupergraph } from './testing/small-supergraph.ts';
import { listen, type RunningGateway, startGateway, stop } from './testing/start-gateway.ts';

const logger = pino({ level: 'silent' });

describe('GraphQL over HTTP', () => {
  const small = createSmallSupergraph();
  let running: RunningGateway;
  beforeAll(async () => {
    running = await startGateway([small.directory, small.profiles]);
  });
  afterAll(() => running.close());

  for (const audit of serverAudits({ url: () => running.url, fetchFn: fetch })) {
    it(`${audit.id} ${audit.name}`, async () => {
      const result = await audit.fn();
      // `warn` and `notice` are what the specification leaves to servers; `error` is what it forbids.
      expect(result.status === 'error' ? result.reason : result.status).not.toSatisfy(
        (status: string) => !['ok', 'warn', 'notice'].includes(status),
      );
    });
  }
});

describe('a foreign supergraph', () => {
  it('is served over plain HTTP, without telling its subgraphs anything of ours', async () => {
    const builder = createBuilder<OperationContext>();
    const seen: string[] = [];
    builder.queryType({ fields: (t) => ({ hello: t.string({ resolve: () => 'world' }) }) });
    const schema = builder.toSubGraphSchema({ linkUrl: FEDERATION_SPEC });
    const { sdl } = toSubgraph(schema, 'foreign');
    const yoga = createYoga<{ req: { headers: object } }>({
      schema,
      logging: false,
      context: ({ req }) => {
        seen.push(...Object.keys(req.headers));
        return {
          viewer: null,
          readPoint: new ReadPoint(async () => new Map()),
          reads: new ReadSet(),
        };
      },
    });
    const subgraph = createServer(yoga);
    const url = `http://127.0.0.1:${await listen(subgraph)}/graphql`;
    const composed = composeSupergraph([{ name: 'foreign', sdl, url }]);
    if (!composed.ok) throw new Error('must compose');
    const options = { supergraphSdl: composed.supergraphSdl, port: 0, logger };
    const served: ServedSupergraph = await serveSupergraphFile(options);
    const ask = async () =>
      (
        await fetch(served.url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: 'Bearer secret' },
          body: '{"query":"{ hello }"}',
        })
      ).json();
    expect(await ask()).toEqual({ data: { hello: 'world' } });
    expect(seen).not.toContain('x-aios-context');
    expect(seen).not.toContain('authorization');
    await expect(serveSupergraphFile({ ...options, port: served.port })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
    });
    await served.close();
    await stop(subgraph);
  });
});
