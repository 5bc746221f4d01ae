// Support messages made of phrases, fillers and slips of the finger. One phrase in four of each queue is kept for evaluation alone, so that
// the classifier is asked about sentences it was not trained on.
import type { Example } from '../support-triage/classifier.ts';
import { SeededRandom } from './random.ts';

const PHRASES: Readonly<Record<string, readonly string[]>> = {
  billing: [
    'I was charged twice for the same invoice',
    'please refund the payment of last month',
    'the invoice shows the wrong amount',
    'my card was declined but the money is gone',
    'we need a VAT number on our invoice',
    'why did the subscription price go up',
    'the discount code was not applied to my bill',
    'can you send a receipt for the payment',
    'the refund has not arrived on my card',
    'our billing address on the invoice is outdated',
    'I want to cancel the subscription and get my money back',
    'a charge appears that I do not know',
  ],
  technical: [
    'the api returns error 500 on every request',
    'the dashboard does not load and stays blank',
    'the agent crashes with a timeout error',
    'our webhook stopped receiving events',
    'the export fails with an error message',
    'the app is very slow since the update',
    'the sync job hangs and never finishes',
    'a query returns the wrong result',
    'the page shows an error after the update',
    'requests to the api time out',
    'the integration broke after your last release',
    'the log shows an exception when the job starts',
  ],
  account: [
    'I forgot my password and the reset mail does not come',
    'please change the email address of my account',
    'I cannot log in to my account',
    'how do I add a user to our team',
    'my account is locked after failed logins',
    'please delete my account and my data',
    'the two factor code is not accepted at login',
    'I want to change my user name',
    'a former colleague still has access to our team',
    'the password reset link has expired',
    'please merge my two accounts',
    'my login was hacked and the password changed',
  ],
  delivery: [
    'my parcel has not arrived yet',
    'the tracking number shows no movement',
    'the package was damaged when it arrived',
    'the courier left the parcel at the wrong address',
    'one item is missing from my order',
    'when will my order be shipped',
    'the delivery is two weeks late',
    'please change the delivery address of my order',
    'the wrong item was in the package',
    'the shipment is stuck at customs',
    'nobody rang but the courier says delivery failed',
    'I want to return the item that was shipped',
  ],
  other: [
    'do you have an office in Lisbon',
    'I would like to speak at your conference',
    'are you hiring designers',
    'thank you for the great work',
    'where can I read about your company',
    'may I use your logo in an article',
    'I have a suggestion for your newsletter',
    'who founded your company',
    'is there a partner program',
    'can a journalist interview your founder',
    'your blog post was interesting',
    'do you sponsor student events',
  ],
};
const OPENINGS = ['Hello', 'Hi there', 'Good morning', 'Dear team', 'Hey', ''];
const FILLERS = [
  'I am a customer since last year',
  'I tried it several times',
  'please help',
  'thanks in advance',
  'this is urgent',
  'no rush',
  'my colleague has the same',
  'I wrote to you before',
  'we use it every day',
  '',
];

function slip(text: string, random: SeededRandom): string {
  const at = random.whole(1, text.length - 2);
  return random.next() < 0.5
    ? text.slice(0, at) + text.slice(at + 1)
    : text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2);
}

/** `unseen`: only phrases that training never gives. */
export function supportMessage(seed: number, unseen: boolean): Example {
  const random = new SeededRandom(seed);
  const queue = random.pick(Object.keys(PHRASES));
  const phrases = (PHRASES[queue] ?? []).filter((_, index) => (index % 4 === 3) === unseen);
  let phrase = random.pick(phrases);
  if (random.next() < 0.3) phrase = slip(phrase, random);
  const parts = [random.pick(OPENINGS), phrase, random.pick(FILLERS), random.pick(FILLERS)].filter(Boolean);
  return { text: `${parts.join('. ')}.`, queue };
}

/** What the committed model was trained on. */
export const TRAINING: readonly number[] = Array.from({ length: 3_000 }, (_, index) => index + 1);
