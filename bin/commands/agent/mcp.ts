// `aios agent mcp`: the product's /mcp for clients that start a program and speak over its standard input and output. Signs in with a key and
// keeps the token fresh, which a client's configuration cannot. Standard output carries messages of the protocol and nothing else.
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import {
  isInitializeRequest,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
} from '@modelcontextprotocol/sdk/types.js';
import { Endpoint } from '#node/agents/client/endpoint.ts';
import { signedSession, tokenSession } from '#node/agents/client/session.ts';
import { clientSettings } from '#node/platform/config/client-settings.ts';
import { messageOf } from '#node/platform/errors.ts';
import { type ConnectionOptions, chooseCredentials, DEFAULT_ENDPOINT } from './connection.ts';

/** Runs until its input ends. @throws AiosError NOT_SIGNED_IN, NOT_REACHABLE, UNAUTHENTICATED */
export async function mcp(options: ConnectionOptions): Promise<void> {
  const settings = clientSettings();
  const credentials = chooseCredentials(options, settings);
  const endpoint = new Endpoint(options.endpoint ?? settings.url ?? DEFAULT_ENDPOINT);
  const session =
    'token' in credentials
      ? await tokenSession(endpoint, credentials.token)
      : await signedSession(endpoint, credentials.signer);
  const product = new StreamableHTTPClientTransport(new URL('/mcp', endpoint.url), {
    fetch: async (url, init) => {
      const headers = new Headers(init?.headers);
      headers.set('authorization', `Bearer ${await session.token()}`);
      return fetch(url, { ...init, headers });
    },
  });
  const client = new StdioServerTransport();

  let initializing: string | number | undefined;
  client.onmessage = (message) => {
    if (isInitializeRequest(message) && isJSONRPCRequest(message)) initializing = message.id;
    product.send(message).catch((error: unknown) => {
      process.stderr.write(`aios agent mcp: ${messageOf(error)}\n`);
      // A request that could not be sent is answered here: else the client waits for ever.
      if (isJSONRPCRequest(message))
        void client.send({
          jsonrpc: '2.0',
          id: message.id,
          error: { code: -32000, message: `${endpoint.url} could not be asked: ${messageOf(error)}` },
        });
    });
  };
  product.onmessage = (message: JSONRPCMessage) => {
    if (isJSONRPCResultResponse(message) && message.id === initializing)
      product.setProtocolVersion(String(message.result.protocolVersion));
    void client.send(message);
  };
  product.onerror = (error) => process.stderr.write(`aios agent mcp: ${messageOf(error)}\n`);

  const ended = new Promise<void>((resolve) => {
    process.stdin.once('end', resolve).once('close', resolve);
    client.onclose = resolve;
  });
  await product.start();
  await client.start();
  process.stderr.write(`aios agent mcp: ${session.did} at ${endpoint.url}\n`);
  await ended;
  await product.terminateSession().catch(() => {});
  await product.close();
  // A call that still waits must not keep the program alive after its client.
  process.exit();
}
