// Multinomial naive Bayes over words and pairs of words, with add-one smoothing; log-probabilities are integers of 1/1000, so that
// the model file is small and the sums are exact.

export interface Model {
  readonly queues: readonly string[];
  /** Log-prior of each queue. */
  readonly priors: readonly number[];
  /** Log-probability of a word nobody saw, for each queue. */
  readonly unseen: readonly number[];
  readonly words: { readonly [word: string]: readonly number[] };
}

export interface Example {
  readonly text: string;
  readonly queue: string;
}

const SCALE = 1000;

/** Words of at least two letters, and pairs of neighbours. */
export function featuresOf(text: string): string[] {
  const words = text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 1)
    .slice(0, 2_000);
  return [...words, ...words.slice(1).map((word, index) => `${words[index]} ${word}`)];
}

/** @param least how often a feature must be seen to be kept */
export function train(examples: readonly Example[], least = 2): Model {
  const queues = [...new Set(examples.map(({ queue }) => queue))].sort();
  const counts = new Map<string, number[]>();
  const totals = queues.map(() => 0);
  const documents = queues.map(() => 0);
  for (const { text, queue } of examples) {
    const index = queues.indexOf(queue);
    documents[index] = (documents[index] ?? 0) + 1;
    for (const feature of new Set(featuresOf(text))) {
      const row = counts.get(feature) ?? queues.map(() => 0);
      row[index] = (row[index] ?? 0) + 1;
      counts.set(feature, row);
    }
  }
  const kept = [...counts]
    .filter(([, row]) => row.reduce((sum, count) => sum + count, 0) >= least)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [, row] of kept)
    row.forEach((count, index) => {
      totals[index] = (totals[index] ?? 0) + count;
    });
  const scaled = (probability: number): number => Math.round(Math.log(probability) * SCALE);
  const size = kept.length + 1;
  const words = Object.fromEntries(
    kept.map(([feature, row]) => [
      feature,
      row.map((count, index) => scaled((count + 1) / ((totals[index] ?? 0) + size))),
    ]),
  );
  return {
    queues,
    priors: documents.map((count) => scaled(count / examples.length)),
    unseen: totals.map((total) => scaled(1 / (total + size))),
    words,
  };
}

/** Queues from the most to the least probable, and the features that spoke most for the first. */
export function classify(
  model: Model,
  text: string,
): { ranked: { queue: string; probability: number }[]; words: string[] } {
  const features = [...new Set(featuresOf(text))].filter((feature) => Object.hasOwn(model.words, feature));
  const scores = model.queues.map((_, index) =>
    features.reduce((sum, feature) => sum + (model.words[feature]?.[index] ?? 0), model.priors[index] ?? 0),
  );
  const most = Math.max(...scores);
  const weights = scores.map((score) => Math.exp((score - most) / SCALE));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const ranked = model.queues
    .map((queue, index) => ({ queue, probability: (weights[index] ?? 0) / total }))
    .sort((left, right) => right.probability - left.probability || (left.queue < right.queue ? -1 : 1));
  const first = model.queues.indexOf(ranked[0]?.queue ?? '');
  const speaks = (feature: string): number => {
    const row = model.words[feature] ?? [];
    const others = row.filter((_, index) => index !== first);
    return (row[first] ?? 0) - Math.max(...others);
  };
  const words = features
    .filter((feature) => speaks(feature) > 0)
    .sort((left, right) => speaks(right) - speaks(left) || (left < right ? -1 : 1));
  return { ranked, words: words.slice(0, 5) };
}
