// Reads the calls that an event handler declares (`shares: Vault[event.address].sharesOf(event.params.who)`), so that they can be asked
// before it runs. What graph-node would only notice at the first event is refused at deployment.
import { selectorType } from './event-abi.ts';
import type { AbiItem, AbiParameter, CallArgument, DeclaredCall } from './manifest.ts';
import { atLeast } from './spec-version.ts';

export interface DeclarationContext {
  readonly specVersion: string;
  readonly abis: ReadonlyMap<string, readonly AbiItem[]>;
  /** The event's entry in the ABI. */
  readonly event: AbiItem;
}

const EXPRESSION = /^\s*([^[\s]+)\s*\[([^\]]+)\]\s*\.\s*([^(\s]+)\s*\((.*)\)\s*$/s;

/** @throws Error saying what is wrong with the expression */
export function parseDeclaredCall(label: string, text: string, context: DeclarationContext): DeclaredCall {
  const match = EXPRESSION.exec(text);
  if (!match)
    throw new Error(`${text} is not a call: write Contract[event.address].function(event.params.x)`);
  const [, abiName, at, name, list] = match as unknown as [string, string, string, string, string];
  const abi = context.abis.get(abiName);
  if (!abi)
    throw new Error(
      `${abiName} is not among the ABIs of the mapping: use one of ${[...context.abis.keys()].join(', ')}`,
    );
  // graph-node's rule: of overloaded functions always the first.
  const callee = abi.find((item) => item.type === 'function' && item.name === name);
  if (!callee) throw new Error(`the ABI ${abiName} has no function ${name}`);
  const inputs = callee.inputs ?? [];
  const parts = list.trim() === '' ? [] : list.split(',');
  if (parts.length !== inputs.length)
    throw new Error(`${name} takes ${inputs.length} arguments, ${parts.length} are given`);
  return {
    label,
    function: callee,
    address: argument(at, { name: 'address', type: 'address' }, context),
    arguments: parts.map((part, index) => argument(part.trim(), inputs[index] as AbiParameter, context)),
  };
}

function argument(text: string, wanted: AbiParameter, context: DeclarationContext): CallArgument {
  if (/^0x[0-9a-fA-F]{40}$/.test(text)) {
    requireType(text, 'address', wanted);
    return { kind: 'address', address: `0x${text.slice(2).toLowerCase()}` };
  }
  if (text === 'event.address') {
    requireType(text, 'address', wanted);
    return { kind: 'event-address' };
  }
  const [event, params, name, ...path] = text.split('.');
  if (event !== 'event' || params !== 'params' || !name)
    throw new Error(`${text} is neither an address nor event.address nor event.params.NAME`);
  const inputs = context.event.inputs ?? [];
  const parameter = inputs.findIndex((input) => input.name === name);
  if (parameter < 0)
    throw new Error(
      `the event has no parameter ${name}: it has ${inputs.map((input) => input.name).join(', ')}`,
    );
  if (path.length > 0 && !atLeast(context.specVersion, '1.4.0'))
    throw new Error(`${text} reads a field of a struct, which needs specVersion 1.4.0`);
  let found = inputs[parameter] as AbiParameter;
  // Of anything longer than a word an indexed parameter holds only the hash.
  if (found.indexed && !/^(u?int\d*|address|bool|bytes\d+)$/.test(found.type))
    throw new Error(`${text} is indexed: of its value the log holds only a hash`);
  const indexes = path.map((accessor) => {
    const fields = found.type === 'tuple' ? (found.components ?? []) : [];
    const index = /^\d+$/.test(accessor)
      ? Number(accessor)
      : fields.findIndex((field) => field.name === accessor);
    const field = fields[index];
    if (!field)
      throw new Error(
        `${text} has no ${accessor}: there are ${fields.map((field) => field.name).join(', ') || 'no fields'}`,
      );
    found = field;
    return index;
  });
  requireType(text, selectorType(found), wanted);
  return { kind: 'parameter', parameter, path: indexes };
}

function requireType(text: string, type: string, wanted: AbiParameter): void {
  if (type !== selectorType(wanted))
    throw new Error(
      `${text} is of type ${type}, ${wanted.name || 'the argument'} of ${selectorType(wanted)}`,
    );
}
