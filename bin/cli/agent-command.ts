// The commands below `aios agent`: what they take, and an example of each. What they do is in bin/commands/agent, loaded when one is called.
import type { Command } from 'commander';

const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  aios agent ${line}`).join('\n')}\n`;

/** What every command that speaks to a product takes. */
function reaching(command: Command): Command {
  return command
    .option('--endpoint <url>', 'the running product (default AIOS_URL, or http://127.0.0.1:4000)')
    .option('--key <file>', 'sign in with the key in this file (default AIOS_KEY, the key itself)')
    .option('--token <token>', 'use this access token (default AIOS_TOKEN)')
    .option('--account <n>', 'sign in with this account of the devnet; 3 to 9 are for users')
    .option('--json', 'print the outcome as JSON');
}

/** Adds `agent` and what is below it. */
export function defineAgentCommand(program: Command): void {
  const agent = program
    .command('agent')
    .description('make, test, deploy, run and replay agents')
    .addHelpText(
      'after',
      examples(
        'init my-prices --template dynamic-pricing',
        'test my-prices',
        'deploy my-prices --account 14 --licence 12 --network 4',
        'run 1 --account 14 --input @my-prices/input.json --follow',
        'replay 1 --account 14 --local',
      ),
    );

  agent
    .command('init')
    .description('make an agent that runs as it stands')
    .argument('[name]', 'folder to make; its last part names the agent')
    .option('--language <language>', 'typescript or python (default typescript, or that of the template)')
    .option('--template <name>', 'begin with one of the shipped agents')
    .option('--list', 'show the templates')
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      examples(
        'init hello                                 a small one in TypeScript',
        'init hello --language python               or in Python',
        'init my-prices --template dynamic-pricing  a whole one to change',
      ),
    )
    .action(async (name, options) => (await import('../commands/agent/init.ts')).init(name, options));

  agent
    .command('test')
    .description('run the golden scenarios of a package in the real runtime; exit code 1 when one differs')
    .argument('[folder]', 'folder of its agent.json', '.')
    .option('--only <text>', 'only scenarios with this in their name')
    .option('--update', 'record what comes out now as what is expected')
    .option('--watch', 'run again whenever a file changes')
    .option('--json', 'print the outcome as JSON')
    .addHelpText('after', examples('test', 'test my-prices --only ceiling', 'test my-prices --update'))
    .action(async (folder, options) => (await import('../commands/agent/test.ts')).test(folder, options));

  reaching(
    agent
      .command('deploy')
      .description('deploy a package as the active version, under a licence, in a network')
      .argument('[folder]', 'folder of its agent.json', '.')
      .option('--licence <id>', 'the AiNFT it runs under')
      .option('--network <id>', 'where it works')
      .option('--environment <id>', 'in this environment of the network only'),
  )
    .addHelpText(
      'after',
      examples(
        'deploy --licence 12 --network 3',
        'deploy my-prices --licence 12 --network 3 --environment 3-1 --json',
        'deploy                                     tells which licences and networks are yours',
      ),
    )
    .action(async (folder, options) => (await import('../commands/agent/deploy.ts')).deploy(folder, options));

  reaching(
    agent
      .command('run')
      .description(
        'run a deployed agent and wait for what comes of it; exit code 1 when it does not complete',
      )
      .argument('<deployment>', 'id that deploy printed')
      .option('--input <json>', 'what it is given: JSON, @file, or @- for standard input')
      .option('--follow', 'show logs and steps as they happen')
      .option('--no-wait', 'return once it has been accepted')
      .option('--attempts <n>', 'how often it is tried when what it called failed (default 1)'),
  )
    .addHelpText(
      'after',
      examples(
        `run 7 --input '{"sku": "PEAR"}'`,
        'run 7 --input @input.json --follow',
        `run 7 --input @input.json --json | jq .output`,
      ),
    )
    .action(async (deployment, options) =>
      (await import('../commands/agent/run.ts')).run(deployment, options),
    );

  reaching(
    agent
      .command('logs')
      .description('what happened in a run, in order and without gaps')
      .argument('<run>', 'id of the run')
      .option('--follow', 'go on until the run has ended, also over lost connections')
      .option('--after <cursor>', 'only what followed this cursor of an event'),
  )
    .addHelpText('after', examples('logs 42', 'logs 42 --follow', 'logs 42 --json | jq -r .data.text'))
    .action(async (run, options) => (await import('../commands/agent/run.ts')).logs(run, options));

  reaching(
    agent
      .command('replay')
      .description('run it again with the recorded answers and compare digests; exit code 1 when they differ')
      .argument('<run>', 'id of the run')
      .option('--local', 'on this machine: fetches code and answers, trusts nothing else'),
  )
    .addHelpText('after', examples('replay 42', 'replay 42 --local'))
    .action(async (run, options) => (await import('../commands/agent/replay.ts')).replayRun(run, options));

  agent
    .command('mcp')
    .description(
      'your agents as tools for an MCP client that starts programs (stdio); signs in and stays signed in',
    )
    .option('--endpoint <url>', 'the running product (default AIOS_URL, or http://127.0.0.1:4000)')
    .option('--key <file>', 'sign in with the key in this file (default AIOS_KEY, the key itself)')
    .option('--token <token>', 'use this access token (default AIOS_TOKEN); it ends after 15 minutes')
    .option('--account <n>', 'sign in with this account of the devnet; 3 to 9 are for users')
    .addHelpText('after', examples('mcp --key ~/.aios.key', 'mcp --account 3'))
    .action(async (options) => (await import('../commands/agent/mcp.ts')).mcp(options));
}
