// The front door: the `aios` command. Each subcommand lives in its own file and is loaded only when it is called.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Command } from 'commander';
import { packageRoot } from '#node/platform/package-root.ts';
import { defineAgentCommand } from './cli/agent-command.ts';
import { defineChainCommand } from './cli/chain-command.ts';
import { printError } from './cli/screen.ts';

// graphql-js then skips looking for a second copy of itself at every type check, a third of the cost of an operation.
if (process.env.NODE_ENV === undefined) {
  process.env.NODE_ENV = 'production';
  // An assumption of ours is not the operator's word that this is production: development keys depend on that.
  process.env.AIOS_NODE_ENV_ASSUMED = '1';
}

const { version } = createRequire(import.meta.url)(join(packageRoot, 'package.json')) as { version: string };

const program = new Command('aios')
  .description('One GraphQL endpoint over chains, agents and business networks.')
  .version(version)
  .configureHelp({ sortSubcommands: false, showGlobalOptions: false })
  .showHelpAfterError('(aios --help lists every command)');

const port = '--port <n>';

program
  .command('start')
  .description('run the product: database, devnet, indexer, endpoint, web app')
  .option(port, 'port of the endpoint and the web app (default 4000)')
  .option('--host <address>', 'address to listen on (default 127.0.0.1)')
  .option('--data <dir>', 'folder for everything that is kept (default .aios)')
  .option('--fresh', 'forget all data of earlier runs first')
  .option('--no-demo', 'leave out the demo businesses on the devnet')
  .option(
    '--role <roles>',
    'run only these roles: gateway, services, indexer, agents, prover, devnet (comma-separated; needs DATABASE_URL)',
  )
  .option('--services-url <url>', 'where another process serves the service subgraphs')
  .option(
    '--services-port <n>',
    'port on which the role services listens when it runs without a gateway (default 4001)',
  )
  .option('--log <level>', 'trace, debug, info, warn or error (default info)')
  .option('--log-stdout', 'write the log to standard output instead of the data folder')
  .addHelpText(
    'after',
    '\nExamples:\n  aios start                         everything, in one process tree\n  aios start --fresh --no-demo       an empty chain and an empty directory\n  DATABASE_URL=… aios start --role indexer,devnet\n',
  )
  .action(async (options) => (await import('./commands/start.ts')).start(options));

program
  .command('gateway')
  .description('serve any federated supergraph whose subgraphs are HTTP services')
  .requiredOption('--supergraph <file>', 'composed supergraph (SDL)')
  .option(port, 'port to listen on (default 4000)')
  .option('--host <address>', 'address to listen on (default 127.0.0.1)')
  .action(async (options) => (await import('./commands/gateway.ts')).gateway(options));

const subgraph = program
  .command('subgraph')
  .description('deploy and inspect indexed subgraphs (projects of The Graph)');
const server = ['--url <url>', 'the running product (default http://127.0.0.1:4000)'] as const;

subgraph
  .command('deploy')
  .description('deploy a built or buildable subgraph under a name')
  .argument('<name>', 'name it answers under: /subgraphs/name/NAME')
  .argument('<folder>', 'folder of its subgraph.yaml')
  .option('--source <source>', "recorded:DIR to index recorded blocks instead of the manifest's network")
  .option('--network <name>', 'chain to index instead of the one the manifest names')
  .option('--start-block <n>', "start there instead of at the manifest's block")
  .option('--federate <alias>', 'put it into the supergraph under this alias, while it is served')
  .option('--data <dir>', 'data folder of the product (default .aios)')
  .option('--no-wait', 'return once it is accepted, without waiting for it to catch up')
  .option('--json', 'print the outcome as JSON')
  .action(async (name, folder, options) =>
    (await import('./commands/subgraph.ts')).deploy(name, folder, options),
  );

subgraph
  .command('list')
  .description('deployments, their heads and their health')
  .option('--data <dir>', 'data folder of the product (default .aios)')
  .option('--json', 'print as JSON')
  .action(async (options) => (await import('./commands/subgraph.ts')).list(options));

subgraph
  .command('init')
  .description('make a project that builds: from an ABI, or an ERC-20 as an example')
  .argument('<folder>', 'folder to make; it must not exist, or be empty')
  .option('--abi <file>', "JSON of the contract's ABI; its events become entities")
  .option('--contract <name>', "the contract's name (default: that of the ABI's file)")
  .option('--address <address>', 'where the contract stands; without it any contract with these events')
  .option('--network <name>', 'chain of the manifest (default devnet)')
  .option('--start-block <n>', "block to start at, best the one of the contract's creation (default 0)")
  .option('--json', 'print the outcome as JSON')
  .action(async (folder, options) => (await import('./commands/subgraph-project.ts')).init(folder, options));

subgraph
  .command('build')
  .description('generate types and compile a project with graph-cli, into its build folder')
  .argument('[folder]', 'folder of its subgraph.yaml', '.')
  .option('--json', 'print the outcome as JSON')
  .action(async (folder, options) => (await import('./commands/subgraph-project.ts')).build(folder, options));

const operate = () => import('./commands/subgraph-operations.ts');

subgraph
  .command('status')
  .description('all that is known of one deployment; exit code 1 when it has failed')
  .argument('<name>', 'its name or id')
  .option('--data <dir>', 'data folder of the product (default .aios)')
  .option('--json', 'print as JSON')
  .action(async (name, options) => (await operate()).status(name, options));

subgraph
  .command('pause')
  .description('stop indexing a deployment; it goes on answering')
  .argument('<name>', 'its name or id')
  .option('--data <dir>', 'data folder of the product (default .aios)')
  .option('--json', 'print the outcome as JSON')
  .action(async (name, options) => (await operate()).setPaused(name, true, options));

subgraph
  .command('resume')
  .description('go on indexing a paused deployment')
  .argument('<name>', 'its name or id')
  .option('--data <dir>', 'data folder of the product (default .aios)')
  .option('--json', 'print the outcome as JSON')
  .action(async (name, options) => (await operate()).setPaused(name, false, options));

subgraph
  .command('rewind')
  .description(
    'take a deployment back to an earlier block, while it is indexed and served; it goes on from there',
  )
  .argument('<name>', 'its name or id')
  .requiredOption('--to <block>', 'block that becomes the head, or "start" to index everything again')
  .option('--data <dir>', 'data folder of the product (default .aios)')
  .option('--json', 'print the outcome as JSON')
  .action(async (name, options) => (await operate()).rewind(name, options));

subgraph
  .command('remove')
  .description('remove a name; its deployment goes with its last name')
  .argument('<name>')
  .option('--data <dir>', 'data folder of the product (default .aios)')
  .option('--json', 'print the outcome as JSON')
  .action(async (name, options) => (await import('./commands/subgraph.ts')).remove(name, options));

subgraph
  .command('federate')
  .description('put a deployment into the supergraph, while it is served')
  .argument('<name>')
  .requiredOption(
    '--alias <alias>',
    'prefix of its names there: my-pairs gives myPairs_tokens, MyPairs_Token',
  )
  .option('--data <dir>', 'data folder of the product (default .aios)')
  .option('--no-wait', 'return before the running product has taken it up')
  .option('--json', 'print the outcome as JSON')
  .action(async (name, options) => (await import('./commands/federate.ts')).federate(name, options));

subgraph
  .command('unfederate')
  .description('take a deployment out of the supergraph; it stays deployed')
  .argument('<name>')
  .option('--alias <alias>', 'only this one of its aliases')
  .option('--data <dir>', 'data folder of the product (default .aios)')
  .action(async (name, options) => (await import('./commands/federate.ts')).unfederate(name, options));

defineAgentCommand(program);
defineChainCommand(program);

const ipfs = program.command('ipfs').description('files for subgraphs that read them, kept in the database');

ipfs
  .command('add')
  .description('add files as "ipfs add" does, so that file data sources find them without a gateway')
  .argument('<files...>')
  .option('--cid-version <n>', '0 or 1, as in "ipfs add"', '0')
  .option('--data <dir>', 'data folder of the product (default .aios)')
  .option('--json', 'print as JSON')
  .action(async (files, options) => (await import('./commands/ipfs.ts')).add(files, options));

const supergraph = program.command('supergraph').description('the composed schema of this checkout');

supergraph
  .command('compose')
  .description('write schema/supergraph.graphql and one SDL per subgraph')
  .option('--check', 'write nothing; fail when what is committed differs')
  .action(async (options) => (await import('./commands/supergraph.ts')).compose(options));

program
  .command('status')
  .description('health of a running product')
  .option(...server)
  .option('--json', 'print as JSON')
  .action(async (options) => (await import('./commands/status.ts')).status(options));

program
  .command('config')
  .description('show the settings in force and check them')
  .option('--json', 'print as JSON')
  .action(async (options) => (await import('./commands/config.ts')).config(options));

try {
  await program.parseAsync();
} catch (error) {
  printError(error);
  // A part that failed half-way may still hold timers or threads; the error has been said, so nothing is waited for.
  process.exit(1);
}
