// Support triage: a local classifier decides; a language model is asked only when the classifier is unsure, the input names a model and the
// manifest grants `llm`. When the model fails or answers something else, the classifier's word stands.
import { classify } from './classifier.ts';
import model from './model.json';

const SURE = 0.75;
const URGENT =
  /\b(urgent|asap|immediately|outage|down|stolen|hacked|fraud|cannot log ?in|data loss|production)\b/i;
const LOW = /\b(suggestion|feature request|feedback|whenever|no rush|curious)\b/i;

interface Message {
  readonly message: string;
  readonly llmModel?: string;
}

interface World {
  call(capability: 'llm.chat', args: object): { readonly text: string };
  log(...parts: readonly unknown[]): void;
}

function askModel(input: Message, aios: World): string | undefined {
  try {
    const { text } = aios.call('llm.chat', {
      model: input.llmModel,
      maxTokens: 8,
      messages: [
        {
          role: 'system',
          content: `Answer with one word, the queue of this support message: ${model.queues.join(', ')}.`,
        },
        { role: 'user', content: input.message.slice(0, 4_000) },
      ],
    });
    const word = text
      .trim()
      .toLowerCase()
      .replace(/[^a-z]/g, '');
    if (model.queues.includes(word)) return word;
    aios.log('the model named no queue, the classifier decides');
  } catch (error) {
    aios.log('no language model, the classifier decides:', error instanceof Error ? error.message : error);
  }
  return undefined;
}

export function run(input: Message, aios: World) {
  const { ranked, words } = classify(model, input.message);
  const [first] = ranked;
  const confidence = Math.round((first?.probability ?? 0) * 10_000) / 10_000;
  const asked = confidence < SURE && input.llmModel !== undefined ? askModel(input, aios) : undefined;
  return {
    queue: asked ?? first?.queue ?? 'other',
    confidence,
    priority: URGENT.test(input.message) ? 'urgent' : LOW.test(input.message) ? 'low' : 'normal',
    by: asked === undefined ? 'classifier' : 'llm',
    words,
  };
}
