// Versions as manifests write them: three numbers, compared as numbers.

/** Whether `version` (such as `1.2.0` or `0.0.9`) is `minimum` or later. Missing parts count as 0. */
export function atLeast(version: string, minimum: string): boolean {
  const left = version.split('.').map(Number);
  const right = minimum.split('.').map(Number);
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
