// The commands below `aios chain`: what they take, and an example of each. What they do is in bin/commands/chain, loaded when one is called.
import type { Command } from 'commander';

const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  aios chain ${line}`).join('\n')}\n`;

const folder = '--folder <dir>';
const folderText = 'folder of the node (default .aios/chain/node)';
const rpc = '--rpc <url>';
const rpcText = 'RPC of a running node (default http://127.0.0.1:8645)';

/** Adds `chain` and what is below it. */
export function defineChainCommand(program: Command): void {
  const chain = program
    .command('chain')
    .description('run and look into the AiOS chain: nodes, validators, devnets')
    .addHelpText(
      'after',
      examples('devnet', 'status', 'init --folder my-node --genesis genesis.json', 'start --folder my-node'),
    );

  chain
    .command('init')
    .description('make the folder of a node: keys, configuration, genesis')
    .option(folder, folderText)
    .option(
      '--genesis <file>',
      'join the chain of this genesis; without it a new chain begins, with this node as its validator',
    )
    .option('--validator', 'make keys to validate with, also when joining a chain')
    .option('--password-file <file>', 'encrypt the keys with the password in this file')
    .option('--bootstrap <address...>', 'peers to call: /ip4/…/tcp/…/p2p/…')
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      examples(
        'init --folder my-chain',
        'init --folder my-node --genesis genesis.json --bootstrap /ip4/10.0.0.1/tcp/8644',
      ),
    )
    .action(async (options) => (await import('../commands/chain/init.ts')).init(options));

  chain
    .command('start')
    .description('run one node; it validates when its folder has the keys')
    .option(folder, folderText)
    .option('--rpc-port <n>', 'port of its RPC (default: config.json, 8645)')
    .option('--bootstrap <address...>', 'call these peers instead of those in config.json')
    .option('--password-file <file>', 'password of its keys')
    .option('--resync', 'forget all blocks first and fetch them from peers again; what was signed is kept')
    .option('--log <level>', 'trace, debug, info, warn or error (default: config.json, info)')
    .option('--log-stdout', 'write the log to standard output instead of the folder')
    .addHelpText('after', examples('start --folder my-node', 'start --folder my-node --resync'))
    .action(async (options) => (await import('../commands/chain/start.ts')).start(options));

  chain
    .command('devnet')
    .description('run a chain of several validators on this machine, each a process of its own')
    .option(folder, 'folder of all of its nodes (default .aios/chain/devnet)')
    .option('--validators <n>', 'how many (default 4)')
    .option('--rpc-port <n>', 'port of the first one’s RPC (default 8645)')
    .option('--fresh', 'begin a new chain')
    .addHelpText('after', examples('devnet', 'devnet --validators 1 --fresh'))
    .action(async (options) => (await import('../commands/chain/devnet.ts')).devnet(options));

  chain
    .command('keys')
    .description('show what the key files of a folder are for; never the secrets')
    .option(folder, folderText)
    .option('--json', 'print as JSON')
    .addHelpText('after', examples('keys --folder my-node'))
    .action(async (options) => (await import('../commands/chain/keys.ts')).keys(options));

  chain
    .command('status')
    .description('what a running node says of itself: head, finality, validators, peers')
    .option(rpc, rpcText)
    .option('--json', 'print as JSON')
    .addHelpText('after', examples('status', 'status --rpc http://10.0.0.1:8645 --json'))
    .action(async (options) => (await import('../commands/chain/status.ts')).status(options));

  chain
    .command('export')
    .description('write blocks with their transactions and logs as lines of JSON')
    .option(rpc, rpcText)
    .option('--from <n>', 'first block (default 0)')
    .option('--to <n>', 'last block (default: the last final one)')
    .option('--out <file>', 'file to write (default: standard output)')
    .addHelpText('after', examples('export --from 100 --to 200 --out blocks.jsonl'))
    .action(async (options) => (await import('../commands/chain/export.ts')).exportBlocks(options));
}
